/**
 * Every link ever stated, whether or not it holds: what can have been, or may come to be. It only grows as facts are added, which is what versions of
 * projected rows are counted by. Pure.
 */
import type { LinkStatement } from "./correlation";
import { type ObjectCatalogue, type ObjectKey, objectKey, rankOf } from "./object";

/** Every link ever stated between ranked objects, in both directions, regardless of whether it holds. */
export class EverLinked {
  readonly parents = new Map<ObjectKey, Set<ObjectKey>>();
  readonly children = new Map<ObjectKey, Set<ObjectKey>>();
  /** Statements per child: how much is known of an object's own links. */
  readonly statementsOf = new Map<ObjectKey, number>();
  /** Children of links that somebody retracted at some time. */
  readonly contested = new Set<ObjectKey>();
  readonly #closureSizes = new Map<ObjectKey, number>();
  readonly #closureSizesOfEvents = new Map<NamingEvent, number>();

  constructor(statements: Iterable<LinkStatement>, catalogue: ObjectCatalogue) {
    for (const statement of statements) {
      if (rankOf(catalogue, statement.child.type) === null || rankOf(catalogue, statement.parent.type) === null)
        continue;
      const child = objectKey(statement.child);
      const parent = objectKey(statement.parent);
      addTo(this.parents, child, parent);
      addTo(this.children, parent, child);
      this.statementsOf.set(child, (this.statementsOf.get(child) ?? 0) + 1);
      if (statement.act !== "stated") this.contested.add(child);
    }
  }

  /** The keys and everything above them. */
  ancestors(keys: Iterable<ObjectKey>): Set<ObjectKey> {
    return reach(keys, this.parents);
  }

  /** The keys and everything below them. */
  descendants(keys: Iterable<ObjectKey>): Set<ObjectKey> {
    return reach(keys, this.children);
  }

  /** Statements on the way up from an object: only ever grows with the facts. */
  closureSize(key: ObjectKey): number {
    let size = this.#closureSizes.get(key);
    if (size === undefined) {
      size = 0;
      for (const ancestor of this.ancestors([key])) size += this.statementsOf.get(ancestor) ?? 0;
      this.#closureSizes.set(key, size);
    }
    return size;
  }

  /** The sum over an event's objects. Kept: an event that names 10,000 orders is asked for by each of them. */
  closureSizeOfEvent(event: NamingEvent): number {
    let size = this.#closureSizesOfEvents.get(event);
    if (size === undefined) {
      size = event.objects.reduce((sum, object) => sum + this.closureSize(objectKey(object)), 0);
      this.#closureSizesOfEvents.set(event, size);
    }
    return size;
  }
}

export interface NamingEvent {
  readonly objects: readonly { readonly type: string; readonly id: string }[];
}

function reach(keys: Iterable<ObjectKey>, edges: ReadonlyMap<ObjectKey, ReadonlySet<ObjectKey>>): Set<ObjectKey> {
  const seen = new Set(keys);
  // A Set is walked in insertion order, and what is added on the way is walked too.
  for (const key of seen) for (const next of edges.get(key) ?? []) seen.add(next);
  return seen;
}

function addTo<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known) known.add(value);
  else map.set(key, new Set([value]));
}
