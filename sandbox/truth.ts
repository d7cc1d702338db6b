import type { CanonicalEvent, Link, ObjectRef } from "./event";

/**
 * The reference for correlation: the written rules of the design (section 4), by brute force over one closed group of
 * events. It shares no code with the product and is meant to be read beside the rules, not to be fast.
 */

/** Rank by position: the design's list, roots first. A type that is not here is context and never links. */
const RANKS: readonly (readonly string[])[] = [
  ["order", "purchase_order", "transfer"],
  ["erp_order"],
  ["order_item"],
  ["fulfillment"],
  ["shipment"],
  ["package"],
  ["tracking"],
  ["warehouse_task"],
  ["erp_document"],
  ["invoice"],
  ["journal_entry"],
  ["payment"],
  ["return"],
  ["credit_memo"],
  ["trace"],
];

/** Numbers of this type are unique per issuer only. */
const PER_ISSUER = "warehouse_task";

/** A canonical object: `type id`. Types hold no blank, so the first one parts them. */
export type ObjectKey = string;

export interface CanonicalLink {
  readonly child: ObjectKey;
  readonly parent: ObjectKey;
}

export interface Reference {
  rootsOfObject(key: ObjectKey): ReadonlySet<ObjectKey>;
  /** Everything that an object hangs below. */
  above(key: ObjectKey): ReadonlySet<ObjectKey>;
  rootsOfEvent(event: CanonicalEvent): ReadonlySet<ObjectKey>;
  readonly objects: ReadonlySet<ObjectKey>;
}

export function splitKey(key: ObjectKey): { type: string; id: string } {
  const blank = key.indexOf(" ");
  return { type: key.slice(0, blank), id: key.slice(blank + 1) };
}

const RANK_OF_TYPE = new Map(RANKS.flatMap((types, rank) => types.map((type) => [type, rank] as const)));

function rankOf(type: string): number | undefined {
  return RANK_OF_TYPE.get(type);
}

function isRootType(key: ObjectKey): boolean {
  return rankOf(splitKey(key).type) === 0;
}

/** Rule 1. Undefined for context. */
export function canonicalKey(source: string, object: ObjectRef): ObjectKey | undefined {
  if (rankOf(object.type) === undefined) return undefined;
  const trimmed = object.id.trim();
  const id = source === "erp" && /^\d+$/.test(trimmed) ? trimmed.replace(/^0+(?=\d)/, "") : trimmed;
  return object.type === PER_ISSUER ? `${object.type} ${object.issuer ?? source}:${id}` : `${object.type} ${id}`;
}

function objectsOf(event: CanonicalEvent): ObjectKey[] {
  return event.data.objects.flatMap((object) => canonicalKey(event.source, object) ?? []);
}

/** Rule 2. Explicit links and only those; else each object to all objects of the nearest higher rank that is named. */
export function linksOf(event: CanonicalEvent): CanonicalLink[] {
  const { links } = event.data;
  if (links !== undefined) return links.flatMap((link) => canonicalLink(event.source, link) ?? []);
  const named = objectsOf(event);
  return named.flatMap((child) => {
    const rank = rankOf(splitKey(child).type) ?? 0;
    const higher = named.filter((key) => (rankOf(splitKey(key).type) ?? 0) < rank);
    const nearest = Math.max(...higher.map((key) => rankOf(splitKey(key).type) ?? 0));
    return higher.filter((key) => rankOf(splitKey(key).type) === nearest).map((parent) => ({ child, parent }));
  });
}

function canonicalLink(source: string, link: Link): CanonicalLink | undefined {
  const child = canonicalKey(source, link.child);
  const parent = canonicalKey(source, link.parent);
  return child === undefined || parent === undefined || child === parent ? undefined : { child, parent };
}

/** Rule 6: a retraction takes back what was stated before it, by the time in the source, then the event's id. */
function livingLinks(events: readonly CanonicalEvent[]): CanonicalLink[] {
  const ordered = [...events].sort((a, b) => compare(a.time, b.time) || compare(a.id, b.id));
  const living = new Map<string, CanonicalLink>();
  for (const event of ordered) {
    for (const link of linksOf(event)) {
      const key = `${link.child} < ${link.parent}`;
      if (event.type === "link.retracted") living.delete(key);
      else living.set(key, link);
    }
  }
  return [...living.values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function correlate(events: readonly CanonicalEvent[]): Reference {
  const parents = new Map<ObjectKey, Set<ObjectKey>>();
  for (const { child, parent } of livingLinks(events)) {
    parents.set(child, (parents.get(child) ?? new Set()).add(parent));
  }
  const objects = new Set(events.flatMap(objectsOf));
  const above = (key: ObjectKey): Set<ObjectKey> => {
    const seen = new Set<ObjectKey>();
    const queue = [...(parents.get(key) ?? [])];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...(parents.get(next) ?? []));
    }
    return seen;
  };

  const known = new Map<ObjectKey, ReadonlySet<ObjectKey>>();
  const rootsOfObject = (key: ObjectKey): ReadonlySet<ObjectKey> => {
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    // Rule 3. A cycle counts as one object: all that lie above each other.
    const higher = above(key);
    const cycle = higher.has(key) ? [...higher].filter((other) => above(other).has(key)) : [key];
    const outside = [...new Set(cycle.flatMap((member) => [...(parents.get(member) ?? [])]))].filter(
      (parent) => !cycle.includes(parent),
    );
    const rootTyped = outside.filter(isRootType);
    const from = rootTyped.length > 0 ? rootTyped : outside;
    const roots =
      from.length === 0 ? new Set([standIn(cycle)]) : new Set(from.flatMap((parent) => [...rootsOfObject(parent)]));
    known.set(key, roots);
    return roots;
  };

  // Rule 4.
  const rootsOfEvent = (event: CanonicalEvent): ReadonlySet<ObjectKey> => {
    const named = objectsOf(event);
    const rootTyped = named.filter(isRootType);
    if (rootTyped.length > 0) return new Set(rootTyped.flatMap((key) => [...rootsOfObject(key)]));
    const each = named.map(rootsOfObject);
    const union = new Set(each.flatMap((roots) => [...roots]));
    const shared = [...union].filter((root) => each.every((roots) => roots.has(root)));
    return shared.length > 0 ? new Set(shared) : union;
  };
  return { rootsOfObject, above, rootsOfEvent, objects };
}

/** The highest-ranked, then smallest, member of a cycle. */
function standIn(cycle: readonly ObjectKey[]): ObjectKey {
  const [first] = [...cycle].sort(
    (a, b) =>
      (rankOf(splitKey(a).type) ?? 0) - (rankOf(splitKey(b).type) ?? 0) || compare(splitKey(a).id, splitKey(b).id),
  );
  if (first === undefined) throw new Error("truth: a cycle has members");
  return first;
}
