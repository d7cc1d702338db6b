/**
 * Which roots a set of new facts can have changed. Pure.
 *
 * An event changes the journeys of its objects' roots. A link that was not there before changes the roots of everything below its child, hence of
 * every event that names any of that, hence (by the intersection of rule 4) the journeys of whatever else those events name. Ancestors are taken over all links ever
 * stated, held or not, so that the roots an object had before a retraction are among them.
 */
import type { EverLinked, NamingEvent } from "@/lib/domain/ever-linked";
import { type ObjectCatalogue, type ObjectKey, objectKey, objectOfKey, rankOf } from "@/lib/domain/object";

/**
 * @param touched ranked objects that the new facts name
 * @param relinked children whose links may have changed
 */
export function candidateRoots(
  touched: Iterable<ObjectKey>,
  relinked: Iterable<ObjectKey>,
  everLinked: EverLinked,
  events: readonly NamingEvent[],
  catalogue: ObjectCatalogue,
): Set<ObjectKey> {
  const affected = new Set(touched);
  const below = everLinked.descendants(relinked);
  for (const key of below) affected.add(key);
  if (below.size > 0) {
    for (const event of events) {
      const named = event.objects.filter((object) => rankOf(catalogue, object.type) !== null).map(objectKey);
      if (named.some((key) => below.has(key))) for (const key of named) affected.add(key);
    }
  }
  return new Set(
    [...everLinked.ancestors(affected)].filter((key) => rankOf(catalogue, objectOfKey(key).type) !== null),
  );
}
