import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redecode, redecodeAndTell } from "@/ingest/redecode";
import { loadWorkerRules, openWorker, type Worker, type WorkerRules } from "@/ingest/worker";
import type { Store } from "@/lib/clickhouse/client";
import { loadEnvironment } from "@/lib/config/environment";
import { exceptionIdOf } from "@/lib/domain/exceptions/identity";
import { readJourney } from "@/lib/queries/journey";
import { startTestStore, type TestStore } from "./embedded-store";

const SOURCE = "3pl-north";
const BY = { actor: "Replay of intake", actorId: "throughline", actorKind: "system", job: "job-1" };

let engine: TestStore;
let store: Store;
let configDir: string;
let rules: WorkerRules;
let worker: Worker;

const mapping = (timeField: string, more = "") => `
sources: [${SOURCE}]
format: json
records: [shipments]
events:
  - type: =shipment.dispatched
    time: ${timeField}
    objects: [{ type: =order, id: order }, { type: =shipment, id: no }]
    links: [{ child: { type: =shipment, id: no }, parent: { type: =order, id: order } }]
${more}`;

const writeMapping = (text: string) => writeFile(join(configDir, "mappings", "north.yaml"), text);

beforeAll(async () => {
  engine = await startTestStore();
  store = engine.store;
  configDir = await mkdtemp(join(tmpdir(), "throughline-config-"));
  await cp("config", configDir, { recursive: true });
  await writeMapping(mapping("shipped_on"));
  const logger = pino({ level: "silent" });
  rules = loadWorkerRules(loadEnvironment({ NODE_ENV: "test", CONFIG_DIR: configDir }), logger);
  worker = await openWorker({ store, rules, logger });
});

afterAll(async () => {
  await worker.close();
  await engine.stop();
  await rm(configDir, { recursive: true, force: true });
});

const parts = () => ({ store, pipeline: worker.pipeline, readDecoders: rules.readMappings, now: () => new Date() });

async function send(body: string, source: string | null = SOURCE, contentType = "application/json") {
  const answers = await worker.pipeline.take([
    {
      body: Buffer.from(body),
      context: { source, contentType, headers: {} },
      channel: "http",
      origin: (index) => `request-1:${index}`,
      decode: source === null ? rules.decode : rules.decodeSource,
      keepUnreadable: true,
    },
  ]);
  if ("unavailable" in answers) throw new Error(answers.detail);
  return answers[0];
}

const lettersOf = (source: string) =>
  store
    .query<{ id: string }>(
      "SELECT dead_letter_id AS id FROM dead_letters FINAL WHERE source = {source:String} ORDER BY raw",
      {
        source,
      },
    )
    .then((rows) => rows.map(({ id }) => id));

const eventsOf = (source: string) =>
  store.query<{ id: string; time: string }>(
    "SELECT event_id AS id, toString(occurred_at) AS time FROM events FINAL WHERE source = {source:String} ORDER BY occurred_at",
    { source },
  );

const actsOn = (exceptionId: string) =>
  store.query<{ action: string; attributes: string }>(
    "SELECT action, attributes FROM exception_actions FINAL WHERE exception_id = {id:String} ORDER BY occurred_at",
    { id: exceptionId },
  );

const shipments = Array.from({ length: 30 }, (_, index) => ({
  no: `SH-${100 + index}`,
  order: `SO-${index % 10}`,
  // One of them is wrong in itself, whatever the mapping.
  left:
    index === 7 ? "the day before yesterday" : `2026-11-${String(index < 9 ? 10 : 11)}T08:${String(index + 10)}:00Z`,
}));

test("letters of a wrong mapping are events once the mapping is mended, told by acts, and nothing is stored twice", async () => {
  expect(await send(JSON.stringify({ shipments }))).toMatchObject({ accepted: 0, duplicate: 0 });
  const letters = await lettersOf(SOURCE);
  expect(letters).toHaveLength(30);

  const before = await redecodeAndTell(letters, BY, parts());
  expect(before.map(({ outcome }) => outcome)).toEqual(letters.map(() => "failed"));
  expect(await eventsOf(SOURCE)).toEqual([]);

  await writeMapping(mapping("left"));
  const mended = await redecodeAndTell(letters, BY, parts());
  expect(mended.filter(({ outcome }) => outcome === "verified")).toHaveLength(29);
  expect(mended.filter(({ outcome }) => outcome === "failed")).toMatchObject([
    { reason: expect.stringContaining("time: expected a time") },
  ]);
  const times = (await eventsOf(SOURCE)).map(({ time }) => `${time.replace(" ", "T").slice(0, 19)}Z`);
  expect(times).toEqual(
    shipments
      .filter((_, index) => index !== 7)
      .map(({ left }) => left)
      .sort(),
  );

  const [first] = letters;
  const trail = await actsOn(exceptionIdOf("dead_letter", SOURCE, first ?? ""));
  expect(trail.map(({ action }) => action)).toEqual(["exception.replay_ended", "exception.verified"]);
  expect(JSON.parse(trail[0]?.attributes ?? "")).toMatchObject({
    job: "job-1",
    reason: expect.stringContaining("time"),
  });
  expect(JSON.parse(trail[1]?.attributes ?? "")).toMatchObject({
    job: "job-1",
    actorKind: "system",
    evidence: expect.stringContaining("1 new, 0 there already"),
  });

  const again = await redecode(letters, parts());
  expect(again.filter((one) => one.outcome === "verified" && one.accepted === 0 && one.duplicate === 1)).toHaveLength(
    29,
  );
  expect(await eventsOf(SOURCE)).toHaveLength(29);
  expect(await lettersOf(SOURCE)).toEqual(letters);

  await worker.projector.drain();
  const journey = await readJourney(store, rules, { type: "order", id: "SO-3" });
  const shipped = journey?.events.flatMap(({ objects }) => objects.filter(({ type }) => type === "shipment"));
  expect(shipped?.map(({ id }) => id).sort()).toEqual(["SH-103", "SH-113", "SH-123"]);
});

test("what the mended mapping decodes is what comes in from then on, without a restart", async () => {
  const next = { no: "SH-900", order: "SO-9", left: "2026-11-12T08:00:00Z" };
  expect(await send(JSON.stringify({ shipments: [next] }))).toMatchObject({ accepted: 1, deadLettered: [] });
});

test("a mapping that is half written leaves the one before in force", async () => {
  await writeMapping("sources: [");
  const next = { no: "SH-901", order: "SO-9", left: "2026-11-12T09:00:00Z" };
  rules.readMappings();
  expect(await send(JSON.stringify({ shipments: [next] }))).toMatchObject({ accepted: 1, deadLettered: [] });
  await writeMapping(mapping("left"));
});

test("a letter that the mapping skips by now is not said to be verified", async () => {
  await send(JSON.stringify({ shipments: [{ no: "SH-902", order: "SO-9", left: "soon" }] }));
  const letters = await lettersOf(SOURCE);
  await writeMapping(mapping("left", '    when: [{ path: order, is: "never" }]\notherwise: skip'));
  const skipped = await redecode(letters.slice(0, 1), parts());
  expect(skipped).toMatchObject([{ outcome: "failed", reason: expect.stringContaining("skips this record") }]);
});

test("events of a source that was not registered are stored once it is", async () => {
  const event = {
    specversion: "1.0",
    id: "e-1",
    source: "yard-7",
    type: "truck.arrived",
    time: "2026-11-12T09:00:00Z",
    data: { objects: [{ type: "shipment", id: "SH-103" }] },
  };
  await send(JSON.stringify(event), null, "application/cloudevents+json");
  const letters = await lettersOf("yard-7");
  expect(letters).toHaveLength(1);
  expect(await redecode(letters, parts())).toMatchObject([
    { outcome: "failed", reason: expect.stringContaining("registered") },
  ]);
  await store.insert("registered_sources", [
    { source: "yard-7", registered_at: "2026-11-12 00:00:00.000", registered_by: "test" },
  ]);
  await expect
    .poll(async () => (await redecode(letters, parts()))[0], { timeout: 20_000 })
    .toMatchObject({
      outcome: "verified",
    });
  expect(await eventsOf("yard-7")).toHaveLength(1);
});

test("an id that no letter has is said to be unknown, and the store is not touched", async () => {
  expect(await redecode(["no-such-letter"], parts())).toEqual([
    { deadLetterId: "no-such-letter", exceptionId: "", outcome: "unknown" },
  ]);
});
