import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createSweep, type DueHandoff } from "@/ingest/sweep";
import { startTestStore, type TestStore } from "./embedded-store";
import { openTestPipeline } from "./test-pipeline";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test?.stop());

const confirmed = (id: string, time: string) => ({
  id: `c-${id}`,
  source: "wms-east",
  type: "shipment.confirmed",
  time,
  data: { objects: [{ type: "shipment", id }], lines: [{ sku: "A-1", quantity: "1", uom: "EA" }] },
});
const posted = (id: string, time: string) => ({
  ...confirmed(id, time),
  id: `p-${id}`,
  source: "erp",
  type: "goods_issue.posted",
});

it("what falls due is told of once, when its time is up and nothing has come; a sweep after a stop goes on where the last one was", async () => {
  const pipeline = await openTestPipeline(test.store);
  const told: DueHandoff[] = [];
  let clock = "2030-01-01T10:00:00.000Z";
  const sweep = () =>
    createSweep({
      store: test.store,
      logger: pino({ level: "silent" }),
      now: () => clock,
      onDue: (due) => told.push(...due),
    });
  const first = sweep();
  await first.look();
  await pipeline.takeEvents([
    confirmed("SH-1", "2030-01-01T10:00:00.000Z"),
    confirmed("SH-2", "2030-01-01T10:00:00.000Z"),
    posted("SH-2", "2030-01-01T10:05:00.000Z"),
    confirmed("SH-3", "2030-01-01T11:00:00.000Z"),
  ]);
  await pipeline.drain();
  const goodsIssues = () => told.filter(({ rule }) => rule === "goods-issue").map(({ keyId, state }) => [keyId, state]);

  clock = "2030-01-01T10:29:59.999Z";
  await first.look();
  expect(goodsIssues()).toEqual([]);
  clock = "2030-01-01T10:30:00.000Z";
  await first.look();
  expect(goodsIssues()).toEqual([["SH-1", "late"]]);
  await first.look();
  expect(goodsIssues()).toHaveLength(1);

  // A day away: SH-3 fell due meanwhile.
  clock = "2030-01-02T10:00:00.000Z";
  await sweep().look();
  expect(goodsIssues()).toEqual([
    ["SH-1", "late"],
    ["SH-3", "late"],
  ]);
  await pipeline.close();
});
