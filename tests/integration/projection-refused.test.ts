import { afterAll, beforeAll, expect, it } from "vitest";
import { readHandoff } from "@/lib/queries/handoffs";
import { startTestStore, type TestStore } from "./embedded-store";
import { ingestToken, post, startWorker, type WorkerProcess } from "./worker-process";

const NOW = "2026-11-25T00:00:00.000Z";

let test: TestStore;
let worker: WorkerProcess;
let token: string;

beforeAll(async () => {
  test = await startTestStore();
  // Stands for whatever a later version of the table may refuse.
  await test.store.command("ALTER TABLE handoffs ADD CONSTRAINT no_poison CHECK key_id != 'POISON'");
  token = await ingestToken(test.store);
  worker = await startWorker({ clickhouseUrl: test.url });
});

afterAll(async () => {
  await worker?.stop();
  await test?.stop();
});

const confirmed = (id: string) =>
  `${JSON.stringify({
    id: `confirmed-${id}`,
    source: "wms-east",
    type: "shipment.confirmed",
    time: "2026-11-20T10:00:00Z",
    data: { kind: "step", objects: [{ type: "shipment", id }], lines: [{ sku: "A-1", quantity: "12", uom: "EA" }] },
  })}\n`;

const handoffOf = (id: string) => readHandoff(test.store, "goods-issue", { type: "shipment", id }, NOW);

it("a derived row that the store refuses is left out and counted; its neighbours, and all that comes after, are projected", async () => {
  const numbers = Array.from({ length: 20 }, (_, index) => `SH-${index}`);
  const body = [...numbers.slice(0, 10), "POISON", ...numbers.slice(10)].map(confirmed).join("");
  expect((await post(`${worker.url}/v1/events`, token, body)).body.accepted).toBe(21);
  for (const id of numbers)
    await expect.poll(() => handoffOf(id), { timeout: 20_000 }).toMatchObject({ state: "late" });
  expect((await post(`${worker.url}/v1/events`, token, confirmed("AFTER"))).body.accepted).toBe(1);
  await expect.poll(() => handoffOf("AFTER"), { timeout: 20_000 }).toMatchObject({ state: "late" });
  expect(await handoffOf("POISON")).toBeNull();
  const metrics = await (await fetch(`${worker.url}/metrics`)).text();
  // One for each rule on shipments that begins with a shipment.
  expect(metrics).toMatch(/throughline_projection_rows_refused_total\{table="handoffs"\} [1-9]/);
});
