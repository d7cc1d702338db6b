import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedClickHouse, startEmbedded } from "@/clickhouse/embedded/supervisor";
import { MIGRATIONS_DIR } from "@/ingest/store-access";
import { createStore, type Store } from "@/lib/clickhouse/client";
import { migrate } from "@/lib/clickhouse/migrate";
import { eventLine, eventLines, ingestToken, post, startWorker, until, type WorkerProcess } from "./worker-process";

let dataDir: string;
let engine: EmbeddedClickHouse;
let store: Store;
let token: string;
let worker: WorkerProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "throughline-backpressure-"));
  engine = await startEmbedded({ dataDir });
  store = createStore({ url: engine.url });
  await migrate(store, { directory: MIGRATIONS_DIR });
  token = await ingestToken(store);
  worker = await startWorker({ clickhouseUrl: engine.url });
});

afterAll(async () => {
  await worker?.stop();
  await store?.close();
  await engine?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const send = (body: string) => post(`${worker.url}/v1/events`, token, body);

/** The same port again, because the worker knows no other. */
async function restartEngine(): Promise<void> {
  engine = await startEmbedded({ dataDir, port: engine.port });
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

describe("while the store is away", () => {
  it("intake says 503 with Retry-After, is not ready, stays alive in flat memory, and takes in again by itself", async () => {
    expect((await send(eventLine("before"))).status).toBe(202);
    await engine.stop();

    // More than the queue and the budget hold together: 240 requests of 2 MB.
    const padding = "x".repeat(2_000);
    const large = Array.from({ length: 1_000 }, (_, index) =>
      eventLine(`away-${index}`, { data: { objects: [], attributes: { padding } } }),
    ).join("");
    const before = await residentMegabytes(worker.pid);
    let peak = 0;
    const answers: number[] = [];
    let missing = 0;
    const sender = async (): Promise<void> => {
      for (let request = 0; request < 6; request += 1) {
        const answer = await send(large);
        answers.push(answer.status);
        if (!answer.headers.get("retry-after")) missing += 1;
        peak = Math.max(peak, await residentMegabytes(worker.pid));
      }
    };
    await Promise.all(Array.from({ length: 40 }, sender));
    expect(new Set(answers)).toEqual(new Set([503]));
    expect(missing).toBe(0);
    expect(answers).toHaveLength(240);
    // 480 MB were sent; what is held is bounded by the queue (128 MiB) and the bodies in flight (128 MiB), and parsing doubles it.
    expect(peak - before).toBeLessThan(700);
    expect((await fetch(`${worker.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${worker.url}/healthz`)).status).toBe(200);

    await restartEngine();
    const back = await until(
      () => send(eventLine("after")),
      ({ status }) => status === 202,
    );
    expect(back.body.accepted).toBe(1);
    expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
  }, 240_000);

  it("a short outage is not seen by senders at all", async () => {
    const sending = Array.from({ length: 10 }, (_, sender) => send(eventLines(20, `short-${sender}`)));
    const pid = engine.pid;
    if (pid === undefined) throw new Error("The engine is not running.");
    process.kill(pid, "SIGKILL");
    const answers = await Promise.all(sending);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
  }, 60_000);

  it("a worker that starts without its store listens, says 503, and opens when the store comes", async () => {
    await engine.stop();
    const early = await startWorker({ clickhouseUrl: engine.url, untilListening: true });
    try {
      const answer = await post(`${early.url}/v1/events`, token, eventLine("early"));
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
      const ready = await fetch(`${early.url}/readyz`);
      expect(ready.status).toBe(503);
      expect(((await ready.json()) as { detail: string }).detail).toContain("the store");
      await restartEngine();
      const opened = await until(
        () => post(`${early.url}/v1/events`, token, eventLine("early")),
        ({ status }) => status === 202,
      );
      expect(opened.body.accepted).toBe(1);
    } finally {
      await early.stop();
    }
  }, 120_000);

  it("a worker that is asked to stop answers what it holds and exits with 0", async () => {
    const leaving = await startWorker({ clickhouseUrl: engine.url });
    const answers = Array.from({ length: 8 }, (_, sender) =>
      post(`${leaving.url}/v1/events`, token, eventLines(200, `leaving-${sender}`)),
    );
    await until(
      () => fetch(`${leaving.url}/metrics`).then((response) => response.text()),
      (text) => /throughline_store_queue_items [1-9]/.test(text) || /events_total\{.*"accepted"\} [1-9]/.test(text),
    );
    const code = await leaving.stop();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 202));
    expect(code).toBe(0);
    const [checkpoint] = await store.query<{ open: string }>(
      "SELECT countIf(closed = 0 AND endsWith(worker_id, {pid:String})) AS open FROM projection_checkpoints FINAL",
      { pid: `-${leaving.pid}` },
    );
    expect(Number(checkpoint?.open)).toBe(0);
  }, 90_000);
});
