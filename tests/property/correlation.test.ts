import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hopsToRoot, type LinkStatement, linkGraph, rootsOfEvent, rootsOver } from "@/lib/domain/correlation";
import { type ObjectCatalogue, type ObjectRef, type ObjectType, objectKey, objectOfKey } from "@/lib/domain/object";

const RANKS: Record<string, number | null> = {
  order: 0,
  transfer: 0,
  fulfillment: 3,
  shipment: 4,
  package: 5,
  sku: null,
};
const catalogue: ObjectCatalogue = {
  types: new Map(
    Object.entries(RANKS).map(([type, rank]): [string, ObjectType] => [
      type,
      { type, label: type, rank, unique: "company" },
    ]),
  ),
};

// A small world, so that random links meet: shared children, diamonds and cycles all occur.
const anyObject = fc.record({
  type: fc.constantFrom(...Object.keys(RANKS)),
  id: fc.constantFrom("1", "2", "3"),
});
const anyStatement: fc.Arbitrary<LinkStatement> = fc.record({
  child: anyObject,
  parent: anyObject,
  source: fc.constantFrom("a", "b"),
  eventId: fc.constantFrom("e1", "e2", "e3", "e4", "e5", "e6"),
  act: fc.oneof(
    { weight: 8, arbitrary: fc.constant("stated" as const) },
    { weight: 2, arbitrary: fc.constantFrom("retracted" as const, "withheld" as const, "restored" as const) },
  ),
  occurredAt: fc.constantFrom("2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z"),
});
const anyStatements = fc
  .uniqueArray(anyStatement, {
    maxLength: 30,
    selector: (s) => [objectKey(s.child), objectKey(s.parent), s.source, s.eventId].join("|"),
  })
  // An object is not its own parent: correlation drops such links before they are stored.
  .map((statements) => statements.filter((s) => objectKey(s.child) !== objectKey(s.parent)));

/** docs/concepts.md read word by word, with no thought of speed: what reaches what, by repeated joining. */
function reference(statements: readonly LinkStatement[]) {
  const order = (s: LinkStatement) => `${s.occurredAt}|${s.eventId}|${s.source}`;
  const ranked = (o: ObjectRef) => RANKS[o.type] !== null;
  const pairs = new Map<string, LinkStatement[]>();
  for (const s of statements) {
    if (!ranked(s.child) || !ranked(s.parent)) continue;
    const pair = `${objectKey(s.child)}>${objectKey(s.parent)}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), s]);
  }
  const edges: [string, string][] = [];
  for (const facts of pairs.values()) {
    const sorted = [...facts].sort((a, b) => (order(a) < order(b) ? -1 : 1));
    const person = sorted.filter((s) => s.act === "withheld" || s.act === "restored").at(-1);
    if (person?.act === "withheld") continue;
    const takenBack = sorted.filter((s) => s.act === "retracted").at(-1);
    const holding = sorted.filter((s) => s.act === "stated" && (!takenBack || order(s) > order(takenBack)));
    const [first] = holding;
    if (first) edges.push([objectKey(first.child), objectKey(first.parent)]);
  }
  const above = (key: string): Set<string> => {
    const found = new Set<string>();
    let grown = true;
    while (grown) {
      grown = false;
      for (const [child, parent] of edges) {
        if ((child === key || found.has(child)) && !found.has(parent)) {
          found.add(parent);
          grown = true;
        }
      }
    }
    return found;
  };
  const group = (key: string) => [key, ...[...above(key)].filter((other) => other !== key && above(other).has(key))];
  const rank = (key: string) => RANKS[objectOfKey(key).type] ?? 99;
  const standsFor = (key: string) => group(key).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))[0] as string;
  const roots = (key: string): Set<string> => {
    const members = new Set(group(key));
    const parents = edges.filter(([child, parent]) => members.has(child) && !members.has(parent)).map(([, p]) => p);
    if (parents.length === 0) return new Set([standsFor(key)]);
    const rootTyped = parents.filter((parent) => rank(standsFor(parent)) === 0);
    return new Set((rootTyped.length > 0 ? rootTyped : parents).flatMap((parent) => [...roots(parent)]));
  };
  const eventRoots = (objects: readonly ObjectRef[]): Set<string> => {
    const named = objects.filter(ranked).map(objectKey);
    const rootTyped = named.filter((key) => rank(key) === 0);
    if (rootTyped.length > 0) return new Set(rootTyped.flatMap((key) => [...roots(key)]));
    const all = named.map(roots);
    const union = new Set(all.flatMap((set) => [...set]));
    const common = [...union].filter((root) => all.every((set) => set.has(root)));
    return common.length > 0 ? new Set(common) : union;
  };
  return { roots, eventRoots };
}

const everyKey = Object.keys(RANKS)
  .filter((type) => RANKS[type] !== null)
  .flatMap((type) => ["1", "2", "3"].map((id) => objectKey({ type, id })));
const sorted = (keys: Iterable<string>) => [...keys].sort();

describe("roots", () => {
  it("of objects and of events are what the rules of docs/concepts.md say, cycles and retractions included", () => {
    fc.assert(
      fc.property(anyStatements, fc.array(anyObject, { maxLength: 4 }), (statements, named) => {
        const expected = reference(statements);
        const rootsOf = rootsOver(linkGraph(statements, catalogue), catalogue);
        for (const key of everyKey) expect(sorted(rootsOf(key))).toEqual(sorted(expected.roots(key)));
        expect(sorted(rootsOfEvent(named, rootsOf, catalogue))).toEqual(sorted(expected.eventRoots(named)));
      }),
      { numRuns: 2_000 },
    );
  });

  it("do not depend on the order of statements, nor on how often each arrived", () => {
    fc.assert(
      fc.property(
        anyStatements.chain((statements) =>
          fc.tuple(
            fc.constant(statements),
            fc.shuffledSubarray([...statements, ...statements], { minLength: statements.length * 2 }),
          ),
        ),
        ([once, shuffled]) => {
          const a = rootsOver(linkGraph(once, catalogue), catalogue);
          const b = rootsOver(linkGraph(shuffled, catalogue), catalogue);
          for (const key of everyKey) expect(sorted(b(key))).toEqual(sorted(a(key)));
        },
      ),
    );
  });

  it("each reach every object of theirs by a chain of links that hold", () => {
    fc.assert(
      fc.property(anyStatements, (statements) => {
        const graph = linkGraph(statements, catalogue);
        const rootsOf = rootsOver(graph, catalogue);
        for (const root of everyKey.filter((key) => rootsOf(key).has(key))) {
          const hops = hopsToRoot(root, graph, rootsOf, catalogue);
          const members = everyKey.filter((key) => rootsOf(key).has(root));
          // Every object of the root that is linked to anything is reached; only strangers to the graph are not asked for.
          expect(sorted([...hops.keys()])).toEqual(sorted(members));
        }
      }),
    );
  });

  it("are found along a chain of 50,000 links without exhausting the stack", () => {
    const statements = Array.from(
      { length: 50_000 },
      (_, index): LinkStatement => ({
        child: { type: "package", id: String(index + 1) },
        parent: { type: "package", id: String(index) },
        source: "a",
        eventId: String(index),
        act: "stated",
        occurredAt: "2026-01-01T00:00:00.000Z",
      }),
    );
    const rootsOf = rootsOver(linkGraph(statements, catalogue), catalogue);
    expect([...rootsOf(objectKey({ type: "package", id: "50000" }))]).toEqual([
      objectKey({ type: "package", id: "0" }),
    ]);
  });
});
