import { afterAll, beforeAll, expect, it } from "vitest";
import { loadFinance } from "@/lib/config/finance";
import { readHandoffHistory } from "@/lib/queries/handoff-history";
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
