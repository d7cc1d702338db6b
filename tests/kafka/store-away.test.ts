import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type EmbeddedClickHouse, startEmbedded } from "@/clickhouse/embedded/supervisor";
import { MIGRATIONS_DIR } from "@/ingest/store-access";
import { createStore, type Store } from "@/lib/clickhouse/client";
import { migrate } from "@/lib/clickhouse/migrate";
import { eventLine, startWorker, until, type WorkerProcess } from "@/tests/integration/worker-process";
import { createTopic, kafkaEnv, type Topic } from "./cluster";

let dataDir: string;
let engine: EmbeddedClickHouse;
let store: Store;
let topic: Topic;
let worker: WorkerProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "throughline-away-"));
  engine = await startEmbedded({ dataDir });
  store = createStore({ url: engine.url });
  await migrate(store, { directory: MIGRATIONS_DIR });
  topic = await createTopic();
  worker = await startWorker({ clickhouseUrl: engine.url, env: kafkaEnv(topic) });
});

afterAll(async () => {
  await worker?.stop();
  await topic?.close();
  await store?.close();
  await engine?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const stored = async (): Promise<number> => {
  const [row] = await store.query<{ events: string }>("SELECT count() AS events FROM events FINAL");
  return Number(row?.events);
};

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

it("with the store away the worker stays in its group, commits nothing, stays flat in memory, and stores all when it is back", async () => {
  await topic.send(Array.from({ length: 600 }, (_, index) => ({ value: eventLine(`before-${index}`) })));
  await until(stored, (events) => events === 600);
  await until(
    () => topic.committed(),
    (committed) => committed === 600,
  );
  await engine.stop();

  const padding = "x".repeat(2_000);
  const data = { objects: [], attributes: { padding } };
  await topic.send(Array.from({ length: 20_000 }, (_, index) => ({ value: eventLine(`away-${index}`, { data }) })));
  const before = await residentMegabytes(worker.pid);
  // A flush has given up (15 s) and the partition was paused: the whole path of waiting was walked.
  await until(
    async () => worker.log().match(/The store is away; the partition waits/g)?.length ?? 0,
    (waits) => waits >= 6,
  );
  expect(await residentMegabytes(worker.pid)).toBeLessThan(before + 400);
  expect(await topic.committed()).toBe(600);
  expect(await topic.members()).toBe(1);

  engine = await startEmbedded({ dataDir, port: engine.port });
  await until(stored, (events) => events === 20_600);
  await until(
    () => topic.committed(),
    (committed) => committed === 20_600,
  );
}, 240_000);
