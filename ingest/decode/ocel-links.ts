/**
 * Object-to-object relations of an OCEL log as explicit links, and which event carries which (docs/mapping-guide.md, "OCEL 2.0").
 * A log says its relations apart from its events; we say each with exactly one event, so that a link has its proof.
 */
import type { StatedLink } from "@/lib/domain/event";

/** 0 for root types, larger is lower, null for context. */
export type RankOfType = (type: string) => number | null;

export interface MappedObject {
  readonly type: string;
  readonly id: string;
}

/** An event as far as placing links is concerned. */
export interface NamingEvent {
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string;
  readonly objectIds: ReadonlySet<string>;
}

interface Relation {
  readonly childId: string;
  readonly parentId: string;
}

/** One direction per pair: the lower-ranked object is the child; of two with one rank, the relation's source is the parent. */
export function linkOfRelation(
  source: MappedObject,
  target: MappedObject,
  rankOf: RankOfType,
): { readonly child: MappedObject; readonly parent: MappedObject } | null {
  const [sourceRank, targetRank] = [rankOf(source.type), rankOf(target.type)];
  if (sourceRank === null || targetRank === null || source === target) return null;
  return sourceRank > targetRank ? { child: source, parent: target } : { child: target, parent: source };
}

/**
 * Gives each relation to one event: the first, by time and id, that names both ends; else the child; else the parent. What no event
 * can carry (nobody names an end, or the event is full) is under null.
 */
export function placeLinks(
  relations: readonly Relation[],
  events: readonly NamingEvent[],
  linksPerEventMax: number,
): Map<string | null, Relation[]> {
  const ordered = events.toSorted((a, b) => compare(a.time, b.time) || compare(a.id, b.id));
  const naming = new Map<string, NamingEvent[]>();
  for (const event of ordered) {
    for (const objectId of event.objectIds) {
      const list = naming.get(objectId);
      if (list) list.push(event);
      else naming.set(objectId, [event]);
    }
  }
  const placed = new Map<string | null, Relation[]>();
  const inOrder = relations.toSorted((a, b) => compare(a.childId, b.childId) || compare(a.parentId, b.parentId));
  for (const relation of inOrder) {
    const carrier = carrierOf(relation, naming);
    const isFull = carrier !== null && (placed.get(carrier)?.length ?? 0) >= linksPerEventMax;
    const key = isFull ? null : carrier;
    const list = placed.get(key);
    if (list) list.push(relation);
    else placed.set(key, [relation]);
  }
  return placed;
}

function carrierOf(
  { childId, parentId }: Relation,
  naming: ReadonlyMap<string, readonly NamingEvent[]>,
): string | null {
  const ofChild = naming.get(childId) ?? [];
  const ofParent = naming.get(parentId) ?? [];
  // The shorter list is searched: a hub's thousands of events are not walked once per neighbour.
  const both =
    ofChild.length <= ofParent.length
      ? ofChild.find((event) => event.objectIds.has(parentId))
      : ofParent.find((event) => event.objectIds.has(childId));
  return (both ?? ofChild[0] ?? ofParent[0])?.id ?? null;
}

/** By code unit: the same on every machine, unlike a locale's order. */
export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const statedLink = (child: MappedObject, parent: MappedObject): StatedLink => ({
  child: { type: child.type, id: child.id },
  parent: { type: parent.type, id: parent.id },
});
