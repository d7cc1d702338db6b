/**
 * Projects dirty journeys: facts → rows of `journeys`. One pass takes a set of touched objects, finds every root they can
 * have changed, reads the facts of all of them in a few set queries, and writes one row (or tombstone) per root.
 *
 * Two workers may project one root at once. Each reads after its own facts are stored, so the one that stored the last fact reads
 * all facts and writes the largest version; the table keeps that row. A pass that fails is tried again: it is a pure function of facts.
 */
import { assemble } from "@/lib/domain/assembly";
import { type ObjectKey, objectKey, objectOfKey, rankOf } from "@/lib/domain/object";
import type { FactReader } from "@/lib/queries/fact-reader";
import type { JourneyRules } from "@/lib/queries/journey";
import type { FactEvent } from "@/lib/queries/journey-events";
import { type Neighbourhood, readAncestors, readNeighbourhood } from "@/lib/queries/neighbourhood";
import { candidateRoots, EverLinked } from "./candidates";
import { type JourneyRow, journeyRow, tombstone } from "./journey-rows";

/** Roots whose facts are read together. A root is some 20 events and 15 links, so a set is a few tens of thousand small rows. */
export const ROOTS_PER_SET = 400;

export interface ProjectionStore extends FactReader {
  insert(table: string, rows: readonly object[]): Promise<void>;
}

export interface TouchedObjects {
  /** Ranked objects that new facts name. */
  readonly touched: ReadonlySet<ObjectKey>;
  /** Children whose links may have changed. */
  readonly relinked: ReadonlySet<ObjectKey>;
}

/** Projects every journey that these objects can have changed. @returns how many rows were written. */
export async function projectJourneys(
  store: ProjectionStore,
  rules: JourneyRules,
  { touched, relinked: stated }: TouchedObjects,
): Promise<number> {
  const relinked = new Set(stated);
  const isRanked = (key: ObjectKey) => rankOf(rules.catalogue, objectOfKey(key).type) !== null;
  const seeds = [...new Set([...touched, ...relinked])].filter(isRanked);
  const ancestry = new EverLinked(await readAncestors(store, rules.catalogue, seeds, null), rules.catalogue);
  const pending = [...ancestry.ancestors(seeds)].filter(isRanked);
  const done = new Set<ObjectKey>();
  let written = 0;
  while (pending.length > 0) {
    const set = pending.splice(0, ROOTS_PER_SET).filter((key) => !done.has(key));
    if (set.length === 0) continue;
    for (const key of set) done.add(key);
    const neighbourhood = await readNeighbourhood(store, rules.catalogue, set, null);
    const everLinked = new EverLinked(neighbourhood.statements, rules.catalogue);
    // Stated again after a retraction, a link changes although this worker has projected it before.
    for (const key of everLinked.contested) if (touched.has(key)) relinked.add(key);
    const rows = rowsOf(set, relinked, neighbourhood, everLinked, rules);
    if (rows.length > 0) await store.insert("journeys", rows);
    written += rows.length;
    // A changed link reaches roots that share an event with what hangs below it; those were not above the touched objects.
    const reached = relinkedWithin(set, relinked, everLinked);
    if (reached.size === 0) continue;
    const further = candidateRoots([], reached, everLinked, neighbourhood.events, rules.catalogue);
    for (const key of further) if (!done.has(key)) pending.push(key);
  }
  return written;
}

/** The relinked children below this set. */
function relinkedWithin(
  set: readonly ObjectKey[],
  relinked: ReadonlySet<ObjectKey>,
  everLinked: EverLinked,
): Set<ObjectKey> {
  const below = everLinked.descendants(set);
  return new Set([...relinked].filter((key) => below.has(key)));
}

function rowsOf(
  set: readonly ObjectKey[],
  relinked: ReadonlySet<ObjectKey>,
  neighbourhood: Neighbourhood,
  everLinked: EverLinked,
  rules: JourneyRules,
): JourneyRow[] {
  const assembly = assemble(neighbourhood, rules.catalogue);
  const facts = { assembly, everLinked, eventsOf: indexByObject(neighbourhood.events), systems: rules.systems };
  const rows: JourneyRow[] = [];
  for (const key of set) {
    const known = facts.eventsOf.has(key) || everLinked.parents.has(key) || everLinked.children.has(key);
    if (!known) continue;
    if (assembly.isRoot(key)) rows.push(journeyRow(key, facts));
    // An object that has just gained a parent may stand as a root in another worker's row, written before the link was seen.
    else if (relinked.has(key) || inCycle(key, everLinked)) rows.push(tombstone(key, facts));
  }
  return rows;
}

const inCycle = (key: ObjectKey, everLinked: EverLinked): boolean =>
  everLinked.ancestors(everLinked.parents.get(key) ?? []).has(key);

function indexByObject(events: readonly FactEvent[]): Map<ObjectKey, FactEvent[]> {
  const index = new Map<ObjectKey, FactEvent[]>();
  for (const event of events) {
    for (const object of event.objects) {
      const key = objectKey(object);
      const known = index.get(key);
      if (known) known.push(event);
      else index.set(key, [event]);
    }
  }
  return index;
}
