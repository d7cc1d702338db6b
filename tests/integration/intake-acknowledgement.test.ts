import { mkdtemp, rm } from "node:fs/promises";
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
  dataDir = await mkdtemp(join(tmpdir(), "throughline-ack-"));
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

const countOf = async (prefix: string): Promise<{ events: number; findable: number }> => {
  const [row] = await store.query<{ events: string; findable: string }>(
    `SELECT (SELECT uniqExact(event_id) FROM events WHERE startsWith(event_id, {prefix:String})) AS events,
            (SELECT uniqExact(event_id) FROM events_by_object WHERE startsWith(event_id, {prefix:String})) AS findable`,
    { prefix },
  );
  return { events: Number(row?.events), findable: Number(row?.findable) };
};

const killEngine = (): void => {
  if (engine.pid === undefined) throw new Error("The engine is not running.");
  process.kill(engine.pid, "SIGKILL");
};

describe("202 means stored", () => {
  it("for every event of a request, when worker and engine are killed the moment it is answered", async () => {
    const answer = await post(`${worker.url}/v1/events`, token, eventLines(5_000, "ack"));
    killEngine();
    await worker.kill();
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ accepted: 5_000, duplicate: 0, deadLettered: [] });
    await until(() => store.ping(), Boolean);
    expect(
      await until(
        () => countOf("ack-"),
        () => true,
      ),
    ).toEqual({ events: 5_000, findable: 5_000 });
    worker = await startWorker({ clickhouseUrl: engine.url });
  });

  it("and a journey is projected for it by the next worker, when the first died before projecting", async () => {
    const answer = await post(`${worker.url}/v1/events`, token, eventLine("orphan"));
    await worker.kill();
    expect(answer.status).toBe(202);
    worker = await startWorker({ clickhouseUrl: engine.url });
    const found = await until(
      () => store.query("SELECT 1 FROM journeys FINAL WHERE root_id = 'SO-orphan'"),
      (rows) => rows.length > 0,
    );
    expect(found).toHaveLength(1);
  }, 90_000);

  it("while engine and worker are killed again and again under load, and no event counts twice", async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < 4; round += 1) {
      const sending = Array.from({ length: 6 }, async (_, sender) => {
        const body = eventLines(300, `load-${round}-${sender}`);
        const answer = await post(`${worker.url}/v1/events`, token, body).catch(() => null);
        if (answer?.status === 202) acknowledged.add(`load-${round}-${sender}-`);
      });
      await until(
        () => countOf(`load-${round}-`),
        ({ events }) => events > 0,
      );
      if (round % 2 === 0) killEngine();
      await worker.kill();
      await Promise.all(sending);
      worker = await startWorker({ clickhouseUrl: engine.url });
    }
    for (const prefix of acknowledged) expect(await countOf(prefix)).toEqual({ events: 300, findable: 300 });
    // What was not acknowledged is sent again, as a sender does: then all is there once, and can be found.
    for (let round = 0; round < 4; round += 1) {
      for (let sender = 0; sender < 6; sender += 1) {
        const answer = await post(`${worker.url}/v1/events`, token, eventLines(300, `load-${round}-${sender}`));
        expect(answer.status).toBe(202);
      }
    }
    expect(await countOf("load-")).toEqual({ events: 7_200, findable: 7_200 });
    const [facts] = await store.query<{ rows: string }>(
      "SELECT count() AS rows FROM events FINAL WHERE startsWith(event_id, 'load-')",
    );
    expect(Number(facts?.rows)).toBe(7_200);
  }, 180_000);
});
