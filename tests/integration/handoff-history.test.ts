import { afterAll, beforeAll, expect, it } from "vitest";
import { loadFinance } from "@/lib/config/finance";
import { readHandoffHistory } from "@/lib/queries/handoff-history";
import { readJourney } from "@/lib/queries/journey";
import { startTestStore, type TestStore } from "./embedded-store";
import { openTestPipeline, rules } from "./test-pipeline";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test?.stop());

const lines = (quantity: string) => [{ sku: "A-1", quantity, uom: "EA" }];
const shipment = { type: "shipment", id: "SH-1" };
const event = (id: string, source: string, type: string, time: string, data: object) => ({
  id,
  source,
  type,
  time,
  data,
});

it("the history of a handoff tells what was believed when, and why", async () => {
  const pipeline = await openTestPipeline(test.store);
  const told = [
    event("c", "wms-east", "shipment.confirmed", "2026-11-02T10:00:00.000Z", {
      objects: [shipment],
      lines: lines("3"),
    }),
    event("p1", "erp", "goods_issue.posted", "2026-11-02T10:10:00.000Z", {
      objects: [{ type: "erp_document", id: "1", qualifier: "subject" }, shipment],
      lines: lines("2"),
      posting: { period: "2026-11" },
    }),
    event("p2", "erp", "goods_issue.posted", "2026-11-02T12:00:00.000Z", {
      objects: [{ type: "erp_document", id: "2", qualifier: "subject" }, shipment],
      lines: lines("1"),
      posting: { period: "2026-11" },
    }),
  ];
  for (const one of told) await pipeline.takeEvents([one]);
  await pipeline.drain();
  const { moments, truncated } = await readHandoffHistory(
    test.store,
    rules,
    loadFinance("config"),
    { rule: "goods-issue", key: shipment },
    "2026-11-03T00:00:00.000Z",
  );
  // All of it reached us long after it was due: late from the start, then short, then settled.
  expect(moments.map(({ state, because, events }) => [state, because, events.map(({ id }) => id)])).toEqual([
    ["late", "events", ["c"]],
    ["mismatched", "events", ["p1"]],
    ["matched", "events", ["p2"]],
  ]);
  expect(moments[1]?.difference.quantity).toEqual([{ sku: "A-1", expected: "3", actual: "2" }]);
  expect(truncated).toBe(false);
  await pipeline.close();
});

it("a journey as of an earlier time shows its handoffs as they stood then", async () => {
  const pipeline = await openTestPipeline(test.store);
  const other = { type: "shipment", id: "SH-2" };
  const future = "2030-01-07T10:00:00.000Z";
  await pipeline.takeEvents([
    event("c2", "wms-east", "shipment.confirmed", future, { objects: [other], lines: lines("3") }),
  ]);
  const [stored] = await test.store.query<{ received_at: string }>(
    "SELECT max(received_at) AS received_at FROM events",
  );
  const then = stored?.received_at ?? "";
  // The clock must have moved on, so that what comes next is later than `then`.
  while (new Date().toISOString() <= then) await new Promise((resolve) => setImmediate(resolve));
  await pipeline.takeEvents([
    event("p3", "erp", "goods_issue.posted", "2030-01-07T10:05:00.000Z", {
      objects: [{ type: "erp_document", id: "3", qualifier: "subject" }, other],
      lines: lines("3"),
      posting: { period: "2030-01" },
    }),
  ]);
  await pipeline.drain();
  const finance = loadFinance("config");
  const states = async (asOf: string | null, now: string) =>
    (await readJourney(test.store, rules, other, { asOf, now, finance }))?.handoffs
      .filter(({ rule }) => rule === "goods-issue")
      .map(({ state, to }) => [state, to.length]);
  expect(await states(then, then)).toEqual([["pending", 0]]);
  expect(await states(null, then)).toEqual([["matched", 1]]);
  await pipeline.close();
});
