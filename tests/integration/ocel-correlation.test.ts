import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { objectKey } from "@/lib/domain/object";
import { readJourney } from "@/lib/queries/journey";
import { startTestStore, type TestStore } from "./embedded-store";
import { referenceJourneys } from "./reference-correlation";
import { openTestPipeline, rules } from "./test-pipeline";

const samples = join(process.env.THROUGHLINE_SAMPLES ?? "../shared/data", "ocel");
const missing = !existsSync(samples);
if (missing) console.warn(`Skipped: the real event logs are not at ${samples} (set THROUGHLINE_SAMPLES).`);

interface Log {
  events: { id: string; type: string; time: string; relationships?: { objectId: string; qualifier: string }[] }[];
  objects: { id: string; type: string; relationships?: { objectId: string; qualifier: string }[] }[];
}
type Ranks = Readonly<Record<string, { type: string; rank: number }>>;

// The rank of each log type under docs/concepts.md, stated here on its own; types that are not listed are context.
const ORDER_MANAGEMENT: Ranks = {
  orders: { type: "order", rank: 0 },
  items: { type: "order_item", rank: 2 },
  packages: { type: "package", rank: 5 },
};
const PURCHASE_TO_PAY: Ranks = {
  purchase_order: { type: "purchase_order", rank: 0 },
  goods_receipt: { type: "erp_document", rank: 8 },
  invoice: { type: "invoice", rank: 9 },
};

const readLog = (file: string): Log => JSON.parse(gunzipSync(readFileSync(join(samples, file))).toString("utf8"));

/** The truth, from the log's own relations: an object-to-object relation makes the lower-ranked end a child of the other. */
function truthOf(log: Log, ranks: Ranks): Map<string, Set<string>> {
  const typeOf = new Map(log.objects.map((object) => [object.id, object.type]));
  const rank = (id: string) => ranks[typeOf.get(id) ?? ""]?.rank;
  const key = (id: string) => objectKey({ type: ranks[typeOf.get(id) ?? ""]?.type ?? "", id });
  const parents = new Map<string, Set<string>>();
  for (const object of log.objects) {
    for (const { objectId } of object.relationships ?? []) {
      const [a, b] = [rank(object.id), rank(objectId)];
      if (a === undefined || b === undefined || a === b) continue;
      const [child, parent] = a > b ? [object.id, objectId] : [objectId, object.id];
      parents.set(key(child), (parents.get(key(child)) ?? new Set()).add(key(parent)));
    }
  }
  const events = log.events.map((event) => ({
    id: event.id,
    objects: (event.relationships ?? [])
      .map(({ objectId }) => objectId)
      .filter((id) => rank(id) !== undefined)
      .map(key),
  }));
  const rootTypes = Object.values(ranks).filter((type) => type.rank === 0);
  return referenceJourneys(events, parents, (candidate) =>
    rootTypes.some(({ type }) => candidate.startsWith(`${type}\u0000`)),
  );
}

/** Each event with only the numbers its own system would know: the lowest-ranked kind of object it names. */
function stripped(log: Log, ranks: Ranks): Log {
  const typeOf = new Map(log.objects.map((object) => [object.id, object.type]));
  const rank = (id: string) => ranks[typeOf.get(id) ?? ""]?.rank ?? -1;
  return {
    ...log,
    events: log.events.map((event) => {
      const named = event.relationships ?? [];
      const lowest = Math.max(...named.map(({ objectId }) => rank(objectId)));
      return { ...event, relationships: named.filter(({ objectId }) => rank(objectId) === lowest && lowest >= 0) };
    }),
  };
}

/** A fixed shuffle (Fisher–Yates over a linear congruential sequence): the same in every run. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed;
  for (let index = result.length - 1; index > 0; index -= 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = state % (index + 1);
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}

/** Objects that no event names; the import states each by an event that is in no journey, so that its attributes are kept. */
function unnamedObjects(log: Log): number {
  const named = new Set(log.events.flatMap((event) => event.relationships ?? []).map(({ objectId }) => objectId));
  return log.objects.filter((object) => !named.has(object.id)).length;
}

const asGzip = (log: Log) => gzipSync(Buffer.from(JSON.stringify(log)));

/** As many at once as a few people reading pages would ask for. */
async function inGroups<T, R>(items: readonly T[], size: number, run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(run))));
  }
  return results;
}

async function compare(store: TestStore["store"], truth: Map<string, Set<string>>, type: string) {
  let correct = 0;
  let shown = 0;
  let expected = 0;
  const wrong: string[] = [];
  const roots = [...truth.keys()].filter((root) => root.startsWith(`${type}\u0000`));
  const journeys = await inGroups(roots, 8, (root) =>
    readJourney(store, rules, { type, id: root.slice(type.length + 1) }),
  );
  for (const [index, root] of roots.entries()) {
    const id = root.slice(type.length + 1);
    const journey = journeys[index];
    const events = new Set(journey?.events.map((event) => event.id));
    const due = truth.get(root) ?? new Set();
    const common = [...due].filter((event) => events.has(event)).length;
    if (common !== due.size || common !== events.size) wrong.push(id);
    correct += common;
    shown += events.size;
    expected += due.size;
  }
  return { roots: roots.length, precision: correct / shown, recall: correct / expected, wrong };
}

describe.skipIf(missing).each([
  { file: "order-management.ocel2.json.gz", ranks: ORDER_MANAGEMENT, type: "order", roots: 2_000, source: "ocel" },
  { file: "bpi_2019_ocel.json.gz", ranks: PURCHASE_TO_PAY, type: "purchase_order", roots: 81, source: "ocel" },
])("the real event log $file", ({ file, ranks, type, roots, source }) => {
  let test: TestStore;
  beforeAll(async () => {
    test = await startTestStore();
  });
  afterAll(() => test?.stop());

  it("gives every root exactly the events that the log's own relations say", { timeout: 300_000 }, async () => {
    const log = readLog(file);
    const pipeline = await openTestPipeline(test.store);
    const stored = await pipeline.take(gunzipSync(readFileSync(join(samples, file))), "ocel2", source);
    expect(stored).toMatchObject({
      accepted: log.events.length + unnamedObjects(log),
      duplicate: 0,
      deadLettered: [],
    });
    await pipeline.close();
    const found = await compare(test.store, truthOf(log, ranks), type);
    console.info(`${file}: ${JSON.stringify(found)}`);
    expect(found).toEqual({ roots, precision: 1, recall: 1, wrong: [] });
  });

  it("gives the same when events are stripped to their own system's numbers, shuffled and fed three times", {
    timeout: 300_000,
  }, async () => {
    const fresh = await startTestStore();
    try {
      const log = stripped(readLog(file), ranks);
      const pipeline = await openTestPipeline(fresh.store);
      const counts = { accepted: 0, duplicate: 0 };
      for (const seed of [1, 2, 3]) {
        const shuffledLog = { ...log, events: shuffled(log.events, seed), objects: shuffled(log.objects, seed) };
        const stored = await pipeline.take(gunzipSync(asGzip(shuffledLog)), "ocel2", source);
        counts.accepted += stored.accepted;
        counts.duplicate += stored.duplicate;
      }
      const once = log.events.length + unnamedObjects(log);
      expect(counts).toEqual({ accepted: once, duplicate: once * 2 });
      await pipeline.close();
      const found = await compare(fresh.store, truthOf(log, ranks), type);
      console.info(`${file}, stripped and shuffled three times: ${JSON.stringify(found)}`);
      expect(found).toMatchObject({ precision: 1, recall: 1, wrong: [] });
      // What the list shows is projected from the same facts: as many rows as roots.
      const [counted] = await fresh.store.query<{ rows: number }>(
        "SELECT toUInt32(count()) AS rows FROM journeys FINAL WHERE root_type = {type:String}",
        { type },
      );
      expect(counted?.rows).toBe(found.roots);
    } finally {
      await fresh.stop();
    }
  });
});
