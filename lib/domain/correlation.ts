/**
 * From links to journeys (docs/concepts.md, "Roots and journeys"): which links hold, what the roots of an object and of an event are, and
 * by which chain an event belongs to a root. Pure functions of facts: any order and any repetition of the same facts gives the same answer.
 */
import type { LinkProof } from "./journey";
import {
  isRootType,
  type NamedObject,
  type ObjectCatalogue,
  type ObjectKey,
  type ObjectRef,
  objectKey,
  objectOfKey,
  rankOf,
} from "./object";

/** One event's word on one link. */
export interface LinkStatement {
  readonly child: ObjectRef;
  readonly parent: ObjectRef;
  readonly source: string;
  readonly eventId: string;
  /** `stated` and `retracted` are a source's word, `withheld` and `restored` a person's. */
  readonly act: "stated" | "retracted" | "withheld" | "restored";
  /** RFC 3339, UTC, milliseconds: compares as text. */
  readonly occurredAt: string;
}

export interface LinkGraph {
  /** Active links only, each with the event that proves it: child → parent → proof. */
  readonly parents: ReadonlyMap<ObjectKey, ReadonlyMap<ObjectKey, LinkStatement>>;
  readonly children: ReadonlyMap<ObjectKey, readonly ObjectKey[]>;
}

export type Roots = ReadonlySet<ObjectKey>;

/** Answers `roots(object)`; an object nobody linked is its own root. */
export type RootsOf = (key: ObjectKey) => Roots;

const isBefore = (a: LinkStatement, b: LinkStatement): boolean => compareStatements(a, b) < 0;

/** By occurred_at, then event id, then source: a total order that every worker agrees on. */
function compareStatements(a: LinkStatement, b: LinkStatement): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt < b.occurredAt ? -1 : 1;
  if (a.eventId !== b.eventId) return a.eventId < b.eventId ? -1 : 1;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return 0;
}

/** The links that hold, among those whose two ends are ranked. */
export function linkGraph(statements: Iterable<LinkStatement>, catalogue: ObjectCatalogue): LinkGraph {
  const byPair = new Map<string, LinkStatement[]>();
  for (const statement of statements) {
    if (rankOf(catalogue, statement.child.type) === null || rankOf(catalogue, statement.parent.type) === null) continue;
    const pair = `${objectKey(statement.child)}\u0000${objectKey(statement.parent)}`;
    const known = byPair.get(pair);
    if (known) known.push(statement);
    else byPair.set(pair, [statement]);
  }
  const parents = new Map<ObjectKey, Map<ObjectKey, LinkStatement>>();
  const children = new Map<ObjectKey, ObjectKey[]>();
  for (const statementsOfPair of byPair.values()) {
    const proof = proofOf(statementsOfPair);
    if (proof === null) continue;
    const child = objectKey(proof.child);
    const parent = objectKey(proof.parent);
    const parentsOfChild = parents.get(child);
    if (parentsOfChild) parentsOfChild.set(parent, proof);
    else parents.set(child, new Map([[parent, proof]]));
    const childrenOfParent = children.get(parent);
    if (childrenOfParent) childrenOfParent.push(child);
    else children.set(parent, [child]);
  }
  return { parents, children };
}

/**
 * The earliest statement that still holds, or null when the link does not. A source's retraction takes back what was stated before it;
 * a person's holds against every source until a person lifts it.
 */
function proofOf(statements: readonly LinkStatement[]): LinkStatement | null {
  let lastPersonal: LinkStatement | null = null;
  let lastRetraction: LinkStatement | null = null;
  for (const statement of statements) {
    if (statement.act === "retracted") {
      if (lastRetraction === null || isBefore(lastRetraction, statement)) lastRetraction = statement;
    } else if (statement.act !== "stated") {
      if (lastPersonal === null || isBefore(lastPersonal, statement)) lastPersonal = statement;
    }
  }
  if (lastPersonal?.act === "withheld") return null;
  let proof: LinkStatement | null = null;
  for (const statement of statements) {
    if (statement.act !== "stated") continue;
    if (lastRetraction !== null && isBefore(statement, lastRetraction)) continue;
    if (proof === null || isBefore(statement, proof)) proof = statement;
  }
  return proof;
}

/** Objects that reach each other are one object, stood for by its highest-ranked, then smallest, member. */
interface Component {
  readonly representative: ObjectKey;
  readonly roots: Roots;
  readonly isRootType: boolean;
}

/**
 * `roots(object)` over a graph, computed when first asked and kept. An object without parents is its own root; else the roots of
 * its root-type parents, if it has any; else those of all its parents.
 *
 * Components come out of Tarjan's algorithm after everything above them, so each one's roots are the union of roots already known.
 * The walk keeps its own stack: a chain of links may be longer than the call stack.
 */
export function rootsOver(
  graph: LinkGraph,
  catalogue: ObjectCatalogue,
): RootsOf & { component(key: ObjectKey): ObjectKey } {
  const componentOf = new Map<ObjectKey, Component>();
  const indexOf = new Map<ObjectKey, number>();
  const lowOf = new Map<ObjectKey, number>();
  const open: ObjectKey[] = [];
  const noParents: ReadonlyMap<ObjectKey, LinkStatement> = new Map();
  const parentsOf = (key: ObjectKey) => graph.parents.get(key) ?? noParents;

  function close(members: readonly ObjectKey[]): void {
    const representative = members.reduce((best, key) => (standsBefore(key, best, catalogue) ? key : best));
    const above = new Set<Component>();
    for (const member of members) {
      for (const parent of parentsOf(member).keys()) {
        const component = componentOf.get(parent);
        // A parent inside this component has none yet.
        if (component) above.add(component);
      }
    }
    const component: Component = {
      representative,
      roots: rootsFrom([...above], representative),
      isRootType: isRootType(catalogue, objectOfKey(representative).type),
    };
    for (const member of members) componentOf.set(member, component);
  }

  function visit(start: ObjectKey): void {
    const walk: { key: ObjectKey; pending: Iterator<ObjectKey> }[] = [];
    const enter = (key: ObjectKey) => {
      indexOf.set(key, indexOf.size);
      lowOf.set(key, indexOf.size - 1);
      open.push(key);
      walk.push({ key, pending: parentsOf(key).keys() });
    };
    const lower = (key: ObjectKey, to: number) => lowOf.set(key, Math.min(lowOf.get(key) ?? to, to));
    enter(start);
    for (let frame = walk.at(-1); frame; frame = walk.at(-1)) {
      const { key, pending } = frame;
      const next = pending.next();
      if (!next.done) {
        const parent = next.value;
        const parentIndex = indexOf.get(parent);
        if (parentIndex === undefined) enter(parent);
        else if (!componentOf.has(parent)) lower(key, parentIndex);
        continue;
      }
      walk.pop();
      const low = lowOf.get(key) ?? 0;
      const below = walk.at(-1);
      if (below) lower(below.key, low);
      if (low === indexOf.get(key)) close(open.splice(open.lastIndexOf(key)));
    }
  }

  function componentFor(key: ObjectKey): Component {
    const known = componentOf.get(key);
    if (known) return known;
    visit(key);
    const found = componentOf.get(key);
    if (!found) throw new Error("rootsOver: a visited object has no component");
    return found;
  }
  return Object.assign((key: ObjectKey) => componentFor(key).roots, {
    component: (key: ObjectKey) => componentFor(key).representative,
  });
}

function rootsFrom(above: readonly Component[], representative: ObjectKey): Roots {
  const rootTyped = above.filter((component) => component.isRootType);
  const decisive = rootTyped.length > 0 ? rootTyped : above;
  const [first, ...others] = decisive;
  if (!first) return new Set([representative]);
  // Most objects have one parent: they share its set instead of copying it.
  return others.length === 0 ? first.roots : union(decisive.map((component) => component.roots));
}

function standsBefore(a: ObjectKey, b: ObjectKey, catalogue: ObjectCatalogue): boolean {
  const rankA = rankOf(catalogue, objectOfKey(a).type) ?? Number.POSITIVE_INFINITY;
  const rankB = rankOf(catalogue, objectOfKey(b).type) ?? Number.POSITIVE_INFINITY;
  return rankA === rankB ? a < b : rankA < rankB;
}

/**
 * `roots(event)`: the roots of the root-type objects it names, if any; else the intersection of its objects' roots if that is
 * not empty; else their union. Context objects have no say.
 */
export function rootsOfEvent(objects: readonly ObjectRef[], rootsOf: RootsOf, catalogue: ObjectCatalogue): Roots {
  const ranked = objects.filter((object) => rankOf(catalogue, object.type) !== null);
  const rootTyped = ranked.filter((object) => isRootType(catalogue, object.type));
  if (rootTyped.length > 0) return union(rootTyped.map((object) => rootsOf(objectKey(object))));
  const all = [...new Set(ranked.map((object) => rootsOf(objectKey(object))))];
  const [smallest, ...others] = all.sort((a, b) => a.size - b.size);
  if (!smallest) return new Set();
  if (others.length === 0) return smallest;
  const common = new Set([...smallest].filter((root) => others.every((roots) => roots.has(root))));
  return common.size > 0 ? common : union(all);
}

function union(sets: readonly Roots[]): Roots {
  const [only, ...others] = sets;
  if (only && others.length === 0) return only;
  const result = new Set<ObjectKey>();
  for (const set of sets) for (const key of set) result.add(key);
  return result;
}

/**
 * Per object of a root's journey, the next hop towards the root on a shortest chain (null for the root itself). Only hops that decide
 * roots count: an object with root-type parents belongs through those.
 */
export function hopsToRoot(
  root: ObjectKey,
  graph: LinkGraph,
  rootsOf: ReturnType<typeof rootsOver>,
  catalogue: ObjectCatalogue,
): Map<ObjectKey, LinkStatement | null> {
  const hops = new Map<ObjectKey, LinkStatement | null>([[root, null]]);
  let frontier = [root];
  while (frontier.length > 0) {
    const next: ObjectKey[] = [];
    for (const parent of frontier) {
      for (const child of graph.children.get(parent) ?? []) {
        if (hops.has(child) || !rootsOf(child).has(root)) continue;
        if (!decidesRoots(child, parent, graph, rootsOf, catalogue)) continue;
        hops.set(child, graph.parents.get(child)?.get(parent) ?? null);
        next.push(child);
      }
    }
    // The same chain whatever order the links arrived in.
    frontier = next.sort();
  }
  return hops;
}

function decidesRoots(
  child: ObjectKey,
  parent: ObjectKey,
  graph: LinkGraph,
  rootsOf: ReturnType<typeof rootsOver>,
  catalogue: ObjectCatalogue,
): boolean {
  const component = rootsOf.component(child);
  if (rootsOf.component(parent) === component) return true;
  const standsForRootType = (key: ObjectKey) => isRootType(catalogue, objectOfKey(rootsOf.component(key)).type);
  if (standsForRootType(parent)) return true;
  return ![...(graph.parents.get(child)?.keys() ?? [])].some(
    (other) => rootsOf.component(other) !== component && standsForRootType(other),
  );
}

/**
 * Why an event is in this journey: the chain from one of its objects up to the root, nearest object first. Empty when
 * the event names the root itself.
 */
export function chainToRoot(
  objects: readonly NamedObject[],
  hops: ReadonlyMap<ObjectKey, LinkStatement | null>,
  catalogue: ObjectCatalogue,
): LinkProof[] {
  const named = objects.map((object) => ({ key: objectKey(object), rank: rankOf(catalogue, object.type) }));
  const rootTyped = named.filter(({ rank }) => rank === 0);
  // Rule 4: where root-type objects are named, they alone decide.
  const deciding = rootTyped.some(({ key }) => hops.has(key)) ? rootTyped : named;
  const chains = deciding.filter(({ key }) => hops.has(key)).map(({ key }) => chainFrom(key, hops));
  return (
    chains.reduce<LinkProof[] | null>((best, chain) => (!best || chain.length < best.length ? chain : best), null) ?? []
  );
}

function chainFrom(start: ObjectKey, hops: ReadonlyMap<ObjectKey, LinkStatement | null>): LinkProof[] {
  const chain: LinkProof[] = [];
  for (let hop = hops.get(start); hop; hop = hops.get(objectKey(hop.parent))) {
    chain.push({ from: hop.child, to: hop.parent, source: hop.source, eventId: hop.eventId });
  }
  return chain;
}
