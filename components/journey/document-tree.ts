/** The tree of a journey's objects, and what each system last said of each. Pure. */
import type { Journey, JourneyEvent, JourneyObject } from "@/lib/domain/journey";
import { type ObjectKey, type ObjectRef, objectKey } from "@/lib/domain/object";
import { statusWord } from "./event-label";

export interface DocumentNode {
  readonly object: JourneyObject;
  /** Path from the root: an object with several parents stands under each of them. */
  readonly path: string;
  readonly depth: number;
  /** Other parents than the one it stands under here, inside or outside this journey. */
  readonly otherParents: readonly ObjectRef[];
  readonly statuses: readonly {
    readonly source: string;
    readonly word: string;
    readonly at: string;
    readonly failed: boolean;
  }[];
}

/** An object shared by many is shown under each; beyond this many lines the tree stops and says so. */
export const DOCUMENT_LINES_MAX = 2_000;

export function documentTree(journey: Pick<Journey, "root" | "objects" | "events">): DocumentNode[] {
  const children = new Map<ObjectKey, JourneyObject[]>();
  for (const object of journey.objects) {
    for (const parent of object.parents) {
      const key = objectKey(parent);
      children.set(key, [...(children.get(key) ?? []), object]);
    }
  }
  const statuses = statusesOf(journey.events);
  const nodes: DocumentNode[] = [];
  const visit = (object: JourneyObject, parent: ObjectKey | null, above: readonly ObjectKey[]) => {
    if (nodes.length >= DOCUMENT_LINES_MAX) return;
    const key = objectKey(object);
    nodes.push({
      object,
      path: [...above, key].join("\u0001"),
      depth: above.length,
      otherParents: object.parents.filter((other) => objectKey(other) !== parent && above.length > 0),
      statuses: statuses.get(key) ?? [],
    });
    // Dirty data may hold a cycle: a branch ends where it meets itself.
    for (const child of children.get(key) ?? []) {
      if (objectKey(child) !== key && !above.includes(objectKey(child))) visit(child, key, [...above, key]);
    }
  };
  const root = journey.objects.find((object) => objectKey(object) === objectKey(journey.root));
  if (root) visit(root, null, []);
  return nodes;
}

function statusesOf(events: readonly JourneyEvent[]): Map<ObjectKey, DocumentNode["statuses"]> {
  const last = new Map<ObjectKey, Map<string, JourneyEvent>>();
  for (const event of events) {
    for (const object of event.objects) {
      const key = objectKey(object);
      const bySource = last.get(key) ?? new Map<string, JourneyEvent>();
      bySource.set(event.source, event);
      last.set(key, bySource);
    }
  }
  return new Map(
    [...last].map(([key, bySource]) => [
      key,
      [...bySource.values()].map((event) => ({
        source: event.source,
        word: statusWord(event),
        at: event.occurredAt,
        failed: event.outcome === "failed" || event.outcome === "rejected",
      })),
    ]),
  );
}
