/** What a source may legally send and no one expects: it is judged like any other, and never keeps its neighbours from being judged. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { handoffTotals, readHandoff } from "@/lib/queries/handoffs";
import { startTestStore, type TestStore } from "./embedded-store";
import { openTestPipeline, type TestPipeline } from "./test-pipeline";

const NOW = "2026-11-25T00:00:00.000Z";
/** The largest figure an event may state. */
const LARGEST = "9".repeat(29);

let test: TestStore;
let pipeline: TestPipeline;
beforeAll(async () => {
  test = await startTestStore();
  pipeline = await openTestPipeline(test.store);
});
afterAll(async () => {
  await pipeline?.close();
  await test?.stop();
});

let counter = 0;
function event(source: string, type: string, minute: number, data: object) {
  counter += 1;
  const time = new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();
  return { id: `hard-${counter}`, source, type, time, data: { kind: "posting", ...data } };
}
const shipment = (id: string) => ({ type: "shipment", id });
const document = (id: string) => ({ type: "erp_document", id, qualifier: "subject" });
const twelve = [{ sku: "A-1", quantity: "12", uom: "EA" }];

async function goodsIssueOf(id: string) {
  await pipeline.drain();
  return readHandoff(test.store, "goods-issue", { type: "shipment", id }, NOW);
}

it("figures whose sum no column holds keep nothing else from being judged", async () => {
  const huge = (sku: string) => ({ sku, quantity: LARGEST, amount: LARGEST, currency: "USD" });
  const ordered = (id: string) =>
    event("oms", "order.created", 0, { objects: [{ type: "order", id }], amount: LARGEST, currency: "USD" });
  await pipeline.takeEvents([
    ordered("SO-H"),
    ordered("SO-I"),
    event("wms-east", "shipment.confirmed", 0, {
      objects: [shipment("HUGE"), { type: "order", id: "SO-H" }],
      lines: [huge("A-1"), huge("B-1")],
    }),
    event("wms-east", "shipment.confirmed", 0, { objects: [shipment("PLAIN")], lines: twelve }),
  ]);
  expect(await goodsIssueOf("PLAIN")).toMatchObject({ state: "late", totals: { expectedQuantity: "12" } });
  expect(await goodsIssueOf("HUGE")).toMatchObject({
    state: "late",
    totals: { expectedQuantity: null, expectedAmount: null, currency: "USD" },
  });
  const orders = await handoffTotals(test.store, { rules: ["order-erp-order"] }, NOW);
  // Twice 29 nines, by hand.
  expect(orders).toMatchObject([{ state: "late", count: 2, amount: `1${LARGEST.slice(1)}8` }]);
  const totals = await handoffTotals(test.store, { rules: ["goods-issue"] }, NOW);
  expect(totals.reduce((sum, { count }) => sum + count, 0)).toBe(2);
});

it("a reversal that says no more than its own number and the one it reverses takes that posting back", async () => {
  const confirmed = event("wms-east", "shipment.confirmed", 0, { objects: [shipment("SH-R")], lines: twelve });
  const posted = event("erp", "goods_issue.posted", 5, {
    objects: [document("0004900000001"), shipment("SH-R")],
    lines: twelve,
    posting: { period: "2026-11" },
  });
  const reversed = event("erp", "goods_issue.reversed", 8, {
    objects: [document("4900000002")],
    posting: { reverses: "0004900000001" },
  });
  // The reversal reaches us first: it leads to nothing yet, and must be found when the posting comes.
  await pipeline.takeEvents([reversed]);
  await pipeline.drain();
  await pipeline.takeEvents([confirmed, posted]);
  expect(await goodsIssueOf("SH-R")).toMatchObject({
    state: "late",
    to: [
      { source: "erp", id: posted.id },
      { source: "erp", id: reversed.id },
    ],
  });
});
