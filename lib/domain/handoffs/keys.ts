/** Which objects of a rule's type an event belongs to: what both sides of a handoff are joined by. Pure. */
import type { LinkGraph } from "@/lib/domain/correlation";
import {
  type ObjectCatalogue,
  type ObjectKey,
  type ObjectRef,
  objectKey,
  objectOfKey,
  rankOf,
} from "@/lib/domain/object";

export type KeysOf = (objects: readonly ObjectRef[], type: string) => readonly ObjectKey[];

/**
 * An event that names objects of the type belongs to those. One that names none belongs to what its objects hang below: to what all of them have in
 * common, else to all of it (as events belong to journeys: DESIGN.md, section 4, rule 4). Objects of the type that are linked to each other count as the topmost.
 */
export function keyFinder(graph: Pick<LinkGraph, "parents">, catalogue: ObjectCatalogue): KeysOf {
  const tops = new Map<ObjectKey, ReadonlySet<ObjectKey>>();
  const found = new Map<string, ReadonlySet<ObjectKey>>();

  /** The topmost objects of its own type above an object, or itself. */
  function topsOf(key: ObjectKey): ReadonlySet<ObjectKey> {
    const known = tops.get(key);
    if (known) return known;
    const { type } = objectOfKey(key);
    const reached = reach([key], (at) => parentsOf(graph, at).filter((parent) => objectOfKey(parent).type === type));
    const top = [...reached].filter((at) => parentsOf(graph, at).every((parent) => !reached.has(parent)));
    // In a cycle nothing is topmost: its smallest member stands for it.
    const answer = new Set(top.length > 0 ? top : [...reached].sort().slice(0, 1));
    tops.set(key, answer);
    return answer;
  }

  function above(key: ObjectKey, type: string): ReadonlySet<ObjectKey> {
    const memo = `${type}\u0001${key}`;
    const known = found.get(memo);
    if (known) return known;
    const ofType = [...reach([key], (at) => parentsOf(graph, at))].filter((at) => objectOfKey(at).type === type);
    const answer = new Set(ofType.flatMap((at) => [...topsOf(at)]));
    found.set(memo, answer);
    return answer;
  }

  return (objects, type) => {
    const named = objects.filter((object) => object.type === type).map(objectKey);
    if (named.length > 0) return sorted(new Set(named.flatMap((key) => [...topsOf(key)])));
    const ranked = objects.filter((object) => rankOf(catalogue, object.type) !== null);
    const sets = ranked.map((object) => above(objectKey(object), type)).filter((set) => set.size > 0);
    const union = new Set(sets.flatMap((set) => [...set]));
    const common = [...union].filter((key) => sets.every((set) => set.has(key)));
    return sorted(common.length > 0 ? new Set(common) : union);
  };
}

const sorted = (keys: ReadonlySet<ObjectKey>): ObjectKey[] => [...keys].sort();

const parentsOf = (graph: Pick<LinkGraph, "parents">, key: ObjectKey): ObjectKey[] => [
  ...(graph.parents.get(key)?.keys() ?? []),
];

function reach(from: Iterable<ObjectKey>, next: (key: ObjectKey) => readonly ObjectKey[]): Set<ObjectKey> {
  const seen = new Set(from);
  // A Set is walked in insertion order, and what is added on the way is walked too.
  for (const key of seen) for (const further of next(key)) seen.add(further);
  return seen;
}
