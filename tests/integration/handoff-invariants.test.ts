import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rebuild } from "@/ingest/project/rebuild";
import { loadFinance } from "@/lib/config/finance";
import { readRulesInForce } from "@/lib/queries/rules-in-force";
import { startTestStore, type TestStore } from "./embedded-store";
import { openTestPipeline, rules } from "./test-pipeline";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test?.stop());

interface Stated {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const WORLDS = 24;
const EVENTS_MAX = 18;
const SHIPMENTS = 4;

/** A few shipments and what was posted, reversed and cancelled for them, singly and together; some with links, some taken back. */
function worldOf(seed: number, prefix: string): Stated[] {
  const [world] = fc.sample(fc.array(happening, { minLength: 6, maxLength: EVENTS_MAX }), { seed, numRuns: 1 });
  return (world ?? []).map((each, n) => stated(each, n, prefix));
}

type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;
const happening = fc.record({
  kind: fc.constantFrom(
    "confirmed",
    "posted",
    "posted",
    "reversed",
    "cancelled",
    "invoiced",
    "linked",
    "unlinked",
    "ordered",
  ),
  shipments: fc.uniqueArray(fc.nat(SHIPMENTS - 1), { minLength: 1, maxLength: 2 }),
  quantity: fc.integer({ min: 1, max: 2 }),
  document: fc.nat(3),
  minutes: fc.nat(300),
});

function stated({ kind, shipments, quantity, document, minutes }: Happening, n: number, prefix: string): Stated {
  const time = new Date(Date.UTC(2026, 10, 20, 8, minutes)).toISOString();
  const shipment = shipments.map((id) => ({ type: "shipment", id: `${prefix}S${id}` }));
  const [first] = shipment;
  const order = { type: "order", id: `${prefix}O${document}` };
  const posting = { type: "erp_document", id: `${prefix}D${document}`, qualifier: "subject" };
  const lines = [{ sku: "A-1", quantity: String(quantity), uom: "EA", amount: `${quantity}.00`, currency: "USD" }];
  const base = { id: `${prefix}${n}`, time };
  switch (kind) {
    case "confirmed":
      return { ...base, source: "wms-east", type: "shipment.confirmed", data: { objects: [first], lines } };
    case "posted":
      return {
        ...base,
        source: "erp",
        type: "goods_issue.posted",
        data: { objects: [posting, ...shipment], lines, posting: { period: "2026-11" } },
      };
    case "reversed":
      // Names its document only: the shipment is found by links, if anything has linked the document.
      return {
        ...base,
        source: "erp",
        type: "goods_issue.reversed",
        data: { objects: [posting], posting: { reverses: posting.id } },
      };
    case "cancelled":
      return { ...base, source: "wms-east", type: "shipment.cancelled", data: { objects: [first] } };
    case "invoiced":
      return {
        ...base,
        source: "erp",
        type: "invoice.posted",
        data: { objects: [{ type: "invoice", id: `${prefix}I${document}` }, order], amount: "5.00", currency: "USD" },
      };
    case "linked":
      return {
        ...base,
        source: "oms",
        type: "fulfillment.requested",
        data: { objects: [first, order], links: [{ child: first, parent: order }] },
      };
    case "unlinked":
      return {
        ...base,
        source: "oms",
        type: "link.retracted",
        data: { objects: [first, order], links: [{ child: first, parent: order }] },
      };
    default:
      return {
        ...base,
        source: "oms",
        type: "order.created",
        data: { objects: [order], amount: "5.00", currency: "USD" },
      };
  }
}

/** Every handoff of one world, its names without their prefix. */
async function handoffsOf(prefix: string): Promise<unknown[]> {
  const rows = await test.store.query<{ key_id: string; group_lead: string; roots: { id: string }[] }>(
    `SELECT rule, key_type, key_id, toString(version) AS version, rule_version, state, state_when_due, due_at, group_lead, group_size, leads, roots,
            arraySort(arrayMap(e -> e.id, from_events)) AS causes, arraySort(arrayMap(e -> e.id, to_events)) AS postings, difference,
            expected_amount, actual_amount, stake, company_code, period, opened_at, broken_at, settled_at
     FROM handoffs FINAL WHERE startsWith(key_id, {prefix:String}) ORDER BY rule, key_type, key_id`,
    { prefix },
  );
  return JSON.parse(JSON.stringify(rows).replaceAll(prefix, "")) as unknown[];
}

const shuffled = <Item>(items: readonly Item[], seed: number): Item[] =>
  fc.sample(fc.shuffledSubarray([...items], { minLength: items.length }), { seed, numRuns: 1 })[0] ?? [];

describe("handoffs", () => {
  it("are the same in any order, in any batches, delivered more than once, and with two workers at once; a rebuild finds them again", async () => {
    const [one, other] = await Promise.all([openTestPipeline(test.store), openTestPipeline(test.store)]);
    const seeds = Array.from({ length: WORLDS }, (_, n) => n + 1);
    // The reference: every world told event by event, each projected before the next comes.
    for (let n = 0; n < EVENTS_MAX; n += 1) {
      await one.takeEvents(seeds.flatMap((seed) => worldOf(seed, `a${seed}-`).slice(n, n + 1)));
      await one.drain();
    }
    for (const seed of seeds) {
      const twice = [...worldOf(seed, `b${seed}-`), ...worldOf(seed, `b${seed}-`)];
      await one.takeEvents(shuffled(twice, seed), 1 + (seed % 5));
      const halves = shuffled(worldOf(seed, `c${seed}-`), seed + 1);
      const half = (rest: number) => halves.filter((_, n) => n % 2 === rest);
      await Promise.all([one.takeEvents(half(0), 2), other.takeEvents(half(1), 3)]);
    }
    await Promise.all([one.drain(), other.drain()]);
    const found = new Set<string>();
    for (const seed of seeds) {
      const reference = await handoffsOf(`a${seed}-`);
      for (const row of reference) found.add((row as { state: string }).state);
      expect(await handoffsOf(`b${seed}-`), `seed ${seed}, permuted`).toEqual(reference);
      expect(await handoffsOf(`c${seed}-`), `seed ${seed}, two workers`).toEqual(reference);
    }
    // The worlds are worth testing on: they hold every state.
    expect([...found].sort()).toEqual(["duplicate", "matched", "mismatched", "orphan", "pending", "void"]);
    const before = await test.store.query(
      `SELECT * EXCEPT (version) FROM handoffs FINAL ORDER BY rule, key_type, key_id`,
    );
    await test.store.command("TRUNCATE TABLE handoffs");
    await rebuild(test.store, rules, await readRulesInForce(test.store, loadFinance("config")), null, () => undefined);
    expect(
      await test.store.query(`SELECT * EXCEPT (version) FROM handoffs FINAL ORDER BY rule, key_type, key_id`),
    ).toEqual(before);
    await Promise.all([one.close(), other.close()]);
  }, 240_000);
});
