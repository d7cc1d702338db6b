import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStore, type TestStore } from "./embedded-store";
import { openTestPipeline } from "./test-pipeline";

let test: TestStore;
let folder: string;

const LOG = {
  objects: [
    { id: "O-1", type: "orders", relationships: [{ objectId: "I-1", qualifier: "comprises" }] },
    { id: "O-2", type: "orders", relationships: [{ objectId: "I-2", qualifier: "comprises" }] },
    { id: "I-1", type: "items", attributes: [{ name: "weight", time: "2023-01-01T00:00:00Z", value: 2.5 }] },
    { id: "I-2", type: "items" },
    { id: "P-1", type: "packages", relationships: [{ objectId: "I-1", qualifier: "contains" }] },
    { id: "O-1", type: "orders" },
  ],
  events: [
    {
      id: "e1",
      type: "place order",
      time: "2023-04-03T12:00:00Z",
      relationships: [{ objectId: "O-1", qualifier: "order" }],
    },
    {
      id: "e2",
      type: "pick item",
      time: "2023-04-03T13:00:00Z",
      relationships: [{ objectId: "I-1", qualifier: "item" }],
    },
    {
      id: "e3",
      type: "send package",
      time: "2023-04-03T14:00:00Z",
      relationships: [{ objectId: "P-1", qualifier: "" }],
    },
    {
      id: "e4",
      type: "place order",
      time: "2023-04-03T12:30:00Z",
      relationships: [{ objectId: "O-2", qualifier: "order" }],
    },
    {
      id: "e5",
      type: "pick item",
      time: "2023-04-03T13:30:00Z",
      relationships: [{ objectId: "I-2", qualifier: "item" }],
    },
  ],
};

/** The second order's item is taken away from it again. */
const RETRACTION = {
  specversion: "1.0",
  id: "r1",
  source: "ocel",
  type: "link.retracted",
  time: "2023-05-01T00:00:00Z",
  data: { objects: [], links: [{ child: { type: "order_item", id: "I-2" }, parent: { type: "order", id: "O-2" } }] },
};

/** Another source with an event id that the log uses too. */
const SAME_ID = {
  specversion: "1.0",
  id: "e1",
  source: "wms-east",
  type: "order.released",
  time: "2023-04-03T12:10:00Z",
  data: { objects: [{ type: "order", id: "O-1" }] },
};

beforeAll(async () => {
  test = await startTestStore();
  folder = await mkdtemp(join(tmpdir(), "throughline-export-"));
  const pipeline = await openTestPipeline(test.store);
  await pipeline.take(JSON.stringify(LOG), "ocel2", "ocel");
  await pipeline.takeEvents([RETRACTION, SAME_ID]);
  await pipeline.drain();
  await pipeline.close();
});

afterAll(async () => {
  await test?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function runExport(...args: string[]): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "ingest/export-command.ts", ...args], {
    env: { ...process.env, CLICKHOUSE_URL: test.url, DATA_DIR: join(folder, "data") },
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdout.resume();
  const [code] = await once(child, "close");
  return { code: Number(code), stderr };
}

interface Log {
  events: { id: string; type: string; time: string }[];
  objects: {
    id: string;
    type: string;
    attributes: { name: string; value: unknown }[];
    relationships: { objectId: string }[];
  }[];
}

const relationsOf = (log: Log): string[] =>
  log.objects.flatMap(({ id, relationships }) => relationships.map(({ objectId }) => `${id} has ${objectId}`)).sort();

describe("npm run export", () => {
  it("writes all events, objects and the links that hold, compressed when the name says so", async () => {
    const path = join(folder, "all.json.gz");
    expect(await runExport("--format", "ocel2", "--out", path)).toMatchObject({ code: 0 });
    const log = JSON.parse(gunzipSync(await readFile(path)).toString()) as Log;
    expect(log.events.map(({ id, time }) => `${id} ${time}`).sort()).toEqual([
      "e2 2023-04-03T13:00:00.000Z",
      "e3 2023-04-03T14:00:00.000Z",
      "e4 2023-04-03T12:30:00.000Z",
      "e5 2023-04-03T13:30:00.000Z",
      "ocel:e1 2023-04-03T12:00:00.000Z",
      "r1 2023-05-01T00:00:00.000Z",
      "wms-east:e1 2023-04-03T12:10:00.000Z",
    ]);
    // I-2 was retracted from O-2.
    expect(relationsOf(log)).toEqual(["I-1 has P-1", "O-1 has I-1"]);
    expect(log.objects.find(({ id }) => id === "I-1")?.attributes).toMatchObject([{ name: "weight", value: 2.5 }]);
  });

  it("writes one journey and nothing of another", async () => {
    const path = join(folder, "one.json");
    expect(await runExport("--out", path, "--root", "order:O-1")).toMatchObject({ code: 0 });
    const log = JSON.parse(await readFile(path, "utf8")) as Log;
    expect(log.events.map(({ id }) => id).sort()).toEqual(["e2", "e3", "ocel:e1", "wms-east:e1"]);
    expect(relationsOf(log)).toEqual(["I-1 has P-1", "O-1 has I-1"]);
  });

  it.each([
    [["--out", "x.json", "--root", "order:NOBODY"], 1, "no journey has the root order:NOBODY"],
    [["--out", "x.json", "--root", "O-1"], 2, "expected TYPE:ID"],
    [["--out", "x.json", "--format", "csv"], 2, "expected ocel2"],
    [[], 2, "--out"],
    [["--out", "/nowhere/y.json"], 1, "cannot be written (ENOENT)"],
  ])("says what is wrong and leaves no file: %j", async (given, code, message) => {
    const args = given.map((arg) => arg.replace("x.json", join(folder, "x.json")));
    const before = await readdir(folder);
    const ended = await runExport(...args);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect(await readdir(folder)).toEqual(before);
  });
});
