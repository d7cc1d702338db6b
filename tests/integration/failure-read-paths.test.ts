import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rebuild } from "@/ingest/project/rebuild";
import { refillReadPaths } from "@/ingest/store/read-paths";
import { loadFinance } from "@/lib/config/finance";
import { readRulesInForce } from "@/lib/queries/rules-in-force";
import { startTestStore, type TestStore } from "./embedded-store";
import { openTestPipeline, rules } from "./test-pipeline";

let test: TestStore;

const time = "2026-11-23T10:15:30.000Z";
const call = (id: string, data: object) => ({
  specversion: "1.0",
  id,
  source: "gateway",
  type: "api.called",
  time,
  data: { kind: "api_call", interface: "wms-to-erp", objects: [{ type: "shipment", id: "SH-1" }], ...data },
});
const message = { idempotencyKey: "gi-SH-1", body: "{}" };
const FAILED = [
  call("f1", { outcome: "failed", error: { code: "503" }, message }),
  call("f2", { outcome: "failed", error: { code: "503" }, message, attempt: 2 }),
  call("f3", { outcome: "rejected", objects: [{ type: "shipment", id: "SH-2" }] }),
];
const SUCCEEDED = [call("s1", { outcome: "ok", message }), call("s2", { outcome: "ok" })];

beforeAll(async () => {
  test = await startTestStore();
  const pipeline = await openTestPipeline(test.store);
  await pipeline.takeEvents([...FAILED, ...SUCCEEDED]);
  const attributes = { exceptions: ["ex_1", "ex_2"], act: { actor: "Ada", reason: "known" } };
  await pipeline.takeActs([
    {
      ...call("a1", { kind: "step", objects: [], links: [], attributes }),
      source: "throughline",
      type: "exception.acknowledged",
    },
  ]);
  // Only our own word is an act.
  await pipeline.takeEvents([{ ...call("not-an-act", { attributes }), type: "exception.acknowledged" }]);
  await pipeline.close();
});

afterAll(() => test?.stop());

const failures = () =>
  test.store.query<{ exception_id: string; event_id: string; message_key: string; has_message: number }>(
    "SELECT exception_id, event_id, message_key, has_message FROM failures FINAL ORDER BY event_id",
  );
const successes = () => test.store.query("SELECT event_id, message_key FROM successes_by_message_key FINAL");
const acts = () =>
  test.store.query<{ exception_id: string; action: string; attributes: string }>(
    "SELECT exception_id, action, attributes FROM exception_actions FINAL ORDER BY exception_id",
  );

async function expectReadPaths() {
  const found = await failures();
  expect(found).toMatchObject([
    { event_id: "f1", message_key: "gi-SH-1", has_message: 1 },
    { event_id: "f2", message_key: "gi-SH-1", has_message: 1 },
    { event_id: "f3", message_key: "", has_message: 0 },
  ]);
  expect(found[1]?.exception_id).toBe(found[0]?.exception_id);
  expect(found[2]?.exception_id).not.toBe(found[0]?.exception_id);
  const named = await test.store.query(
    "SELECT object_id, exception_id FROM failures_by_object FINAL ORDER BY object_id",
  );
  expect(named).toEqual([
    { object_id: "SH-1", exception_id: found[0]?.exception_id },
    { object_id: "SH-2", exception_id: found[2]?.exception_id },
  ]);
  expect(await successes()).toEqual([{ event_id: "s1", message_key: "gi-SH-1" }]);
  const stored = await acts();
  expect(stored.map(({ exception_id, action }) => [exception_id, action])).toEqual([
    ["ex_1", "exception.acknowledged"],
    ["ex_2", "exception.acknowledged"],
  ]);
  expect(JSON.parse(stored[0]?.attributes ?? "")).toEqual({ actor: "Ada", reason: "known" });
}

describe("failures, successes and acts", () => {
  it("are found by exception, object and key, and nothing else is", () => expectReadPaths());

  it("are filled in again from the events", async () => {
    for (const table of ["failures", "failures_by_object", "successes_by_message_key", "exception_actions"])
      await test.store.command(`TRUNCATE TABLE ${table}`);
    await refillReadPaths(test.store, "2000-01-01T00:00:00.000Z");
    await expectReadPaths();
  });

  it("of events that were stored before there were exceptions come with a rebuild", async () => {
    await test.store.command(
      "ALTER TABLE events UPDATE exception_id = '', message_key = '', has_message = 0 WHERE 1 SETTINGS mutations_sync = 1",
    );
    for (const table of ["failures", "failures_by_object", "successes_by_message_key"])
      await test.store.command(`TRUNCATE TABLE ${table}`);
    await rebuild(test.store, rules, await readRulesInForce(test.store, loadFinance("config")), null, () => undefined);
    await expectReadPaths();
  });
});
