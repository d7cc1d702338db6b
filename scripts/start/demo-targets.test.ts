import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { simulate } from "@/sandbox/simulation";
import { DemoTargets } from "./demo-targets";

let folder: string;
let targets: DemoTargets;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-demo-targets-"));
  targets = await DemoTargets.start(folder);
});
afterEach(async () => {
  await targets.close();
  await rm(folder, { recursive: true, force: true });
});

it("gives the worker one address for all three systems", () => {
  expect(targets.variables).toEqual({ ERP_API_URL: targets.url, OMS_API_URL: targets.url, WMS_API_URL: targets.url });
});

it("leaves out the simulation's own goods issue of what a replay has posted, and nothing else", async () => {
  const { feed } = simulate({ orders: 40, days: 3, seed: 3, complete: true });
  const isGoodsIssueOf = (shipment: string) => (record: (typeof feed)[number]) =>
    record.event.type === "goods_issue.posted" && record.event.data.objects.some(({ id }) => id.trim() === shipment);
  const single = feed.find(
    ({ event }) =>
      event.type === "goods_issue.posted" && event.data.objects.filter(({ type }) => type === "shipment").length === 1,
  );
  const shipment = single?.event.data.objects.find(({ type }) => type === "shipment")?.id.trim() ?? "";
  expect(targets.withoutWhatIsPosted(feed)).toEqual(feed);

  const answer = await fetch(`${targets.url}/erp/goods-issues`, {
    method: "POST",
    body: JSON.stringify({
      delivery: shipment,
      plant: "1720",
      postingDate: "2026-11-20",
      items: [{ material: "A", quantity: "1", uom: "EA" }],
    }),
  });
  expect(answer.status).toBe(201);
  const left = targets.withoutWhatIsPosted(feed);
  expect(left.some(isGoodsIssueOf(shipment))).toBe(false);
  expect(left).toEqual(feed.filter((record) => !isGoodsIssueOf(shipment)(record)));
});
