import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestStore, type TestStore } from "./embedded-store";
import { eventLine, ingestToken, post, startWorker, type WorkerProcess } from "./worker-process";

let test: TestStore;
let worker: WorkerProcess;
let token: string;

beforeAll(async () => {
  test = await startTestStore();
  token = await ingestToken(test.store);
  worker = await startWorker({ clickhouseUrl: test.url });
});

afterAll(async () => {
  await worker?.stop();
  await test?.stop();
});

async function flushes(): Promise<{ count: number; items: number }> {
  const text = await (await fetch(`${worker.url}/metrics`)).text();
  const read = (name: string): number => Number(new RegExp(`^${name} (\\d+)`, "m").exec(text)?.[1] ?? Number.NaN);
  return { count: read("throughline_store_flush_items_count"), items: read("throughline_store_flush_items_sum") };
}

it("many small requests become few inserts, and each is answered for its own events", async () => {
  const before = await flushes();
  const answers = await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      post(`${worker.url}/v1/events`, token, index % 3 === 0 ? `not json ${index}` : eventLine(`small-${index}`)),
    ),
  );
  for (const [index, answer] of answers.entries()) {
    expect(answer.status).toBe(202);
    expect(answer.body.accepted).toBe(index % 3 === 0 ? 0 : 1);
    expect(answer.body.deadLettered).toHaveLength(index % 3 === 0 ? 1 : 0);
  }
  const after = await flushes();
  expect(after.items - before.items).toBe(300);
  expect(after.count - before.count).toBeLessThan(60);
  const [row] = await test.store.query<{ events: string }>(
    "SELECT count() AS events FROM events FINAL WHERE startsWith(event_id, 'small-')",
  );
  expect(Number(row?.events)).toBe(200);
});
