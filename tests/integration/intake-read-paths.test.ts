import { afterAll, beforeAll, expect, it } from "vitest";
import { decodeBody } from "@/ingest/decode/decode";
import { isUnreadable } from "@/ingest/decode/decoded";
import { createFactStore, type Storable } from "@/ingest/store";
import { eventLine as rowOf } from "@/ingest/store/event-row";
import { refillReadPaths } from "@/ingest/store/read-paths";
import { startTestStore, type TestStore } from "./embedded-store";
import { eventLine, eventLines, ingestToken, post, startWorker, type WorkerProcess } from "./worker-process";

let test: TestStore;
let token: string;
let worker: WorkerProcess;

beforeAll(async () => {
  test = await startTestStore();
  token = await ingestToken(test.store);
  worker = await startWorker({ clickhouseUrl: test.url });
});

afterAll(async () => {
  await worker?.stop();
  await test?.stop();
});

const rowsOf = async (table: string): Promise<number> => {
  const [row] = await test.store.query<{ rows: string }>(`SELECT count() AS rows FROM ${table} FINAL`);
  return Number(row?.rows);
};

const READ_PATHS = ["events_by_object", "links_by_child", "links_by_parent", "objects_by_search_key"];

it("a worker that starts after one that died fills the read paths that the dead one's last insert did not reach", async () => {
  const linked = eventLine("linked", {
    data: {
      objects: [
        { type: "order", id: "SO-9" },
        { type: "shipment", id: "SH-9" },
      ],
    },
  });
  await post(`${worker.url}/v1/events`, token, eventLines(100, "path") + linked);
  const whole = await Promise.all(READ_PATHS.map(rowsOf));
  // Its checkpoint exists from the start; killed, it stays open.
  await worker.kill();
  // What an insert that died between the table and its views leaves behind.
  for (const table of READ_PATHS) await test.store.command(`TRUNCATE TABLE ${table}`);
  worker = await startWorker({ clickhouseUrl: test.url });
  expect(await Promise.all(READ_PATHS.map(rowsOf))).toEqual(whole);
  expect(whole.every((rows) => rows > 0)).toBe(true);
});

it("only the events of the time in question are filled in again", async () => {
  for (const table of READ_PATHS) await test.store.command(`TRUNCATE TABLE ${table}`);
  await refillReadPaths(test.store, "2199-01-01T00:00:00.000Z");
  expect(await Promise.all(READ_PATHS.map(rowsOf))).toEqual([0, 0, 0, 0]);
  await refillReadPaths(test.store, "2000-01-01T00:00:00.000Z");
  expect((await Promise.all(READ_PATHS.map(rowsOf))).every((rows) => rows > 0)).toBe(true);
});

it("a view that fails makes no answer of stored, and the repeated insert brings both table and view", async () => {
  await test.store.command("CREATE TABLE view_fails (x UInt8) ENGINE = MergeTree ORDER BY x");
  await test.store.command("CREATE TABLE failing (event_id String) ENGINE = MergeTree ORDER BY event_id");
  await test.store.command(
    "CREATE MATERIALIZED VIEW failing_mv TO failing AS SELECT event_id FROM events WHERE throwIf((SELECT count() FROM view_fails) > 0) = 0",
  );
  await test.store.command("INSERT INTO view_fails VALUES (1)");
  let failures = 0;
  const facts = createFactStore({
    tables: test.store,
    // The engine's code for throwIf is on no list; here it stands for an error that passes, like a memory limit.
    classify: () => "retry",
    refill: async () => {},
    onRetry: () => {
      failures += 1;
      if (failures === 2) void test.store.command("TRUNCATE TABLE view_fails");
    },
  });
  expect(await facts.store([storable("through-the-view")])).toEqual([{ kind: "accepted" }]);
  expect(failures).toBeGreaterThanOrEqual(2);
  expect(await test.store.query("SELECT event_id FROM failing")).toEqual([{ event_id: "through-the-view" }]);
  expect(await test.store.query("SELECT event_id FROM events WHERE event_id = 'through-the-view'")).toHaveLength(1);
  await test.store.command("DROP TABLE failing_mv");
});

function storable(id: string): Storable {
  const decoded = decodeBody(Buffer.from(eventLine(id)), { source: null, contentType: "ndjson", headers: {} });
  const [first] = isUnreadable(decoded) ? [] : decoded;
  if (!first?.ok) throw new Error("The event of the test cannot be decoded.");
  const receipt = {
    receivedAt: "2026-11-23T10:15:31.000Z",
    channel: "http",
    origin: "test",
    contentType: "ndjson",
  } as const;
  const correlated = { ...first, objects: [], links: [], linkAct: "stated" as const };
  return { event: { correlated, line: rowOf(correlated, receipt.receivedAt, { types: new Map() }), receipt } };
}
