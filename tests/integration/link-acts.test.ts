import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createToken } from "@/lib/auth/tokens";
import { readCompleteThrough } from "@/lib/queries/journey";
import { listSources } from "@/lib/queries/sources";
import { startTestStore, type TestStore } from "./embedded-store";
import { ingestToken, post, startWorker, until, type WorkerProcess } from "./worker-process";

const BASE = "http://app.test";
let test: TestStore;
let worker: WorkerProcess;
let dataDir: string;
let readBearer: string;
let actBearer: string;
let routes: Record<"journey" | "retract" | "restore", (request: Request) => Promise<Response>>;

beforeAll(async () => {
  test = await startTestStore();
  // One DATA_DIR: that is how app and worker come to know the same internal token.
  dataDir = await mkdtemp(join(tmpdir(), "throughline-acts-"));
  worker = await startWorker({ clickhouseUrl: test.url, env: { DATA_DIR: dataDir } });
  Object.assign(process.env, {
    CLICKHOUSE_URL: test.url,
    DATA_DIR: dataDir,
    INGEST_URL: worker.url,
    LOG_LEVEL: "silent",
  });
  routes = {
    journey: (await import("@/app/api/v1/journeys/[type]/[id]/route")).GET,
    retract: (await import("@/app/api/v1/links/retractions/route")).POST,
    restore: (await import("@/app/api/v1/links/restorations/route")).POST,
  };
  const tokenOf = async (scope: "read" | "act") =>
    `Bearer ${(await createToken(test.store, { name: `the ${scope} token`, scopes: [scope], source: null }, new Date())).token}`;
  readBearer = await tokenOf("read");
  actBearer = await tokenOf("act");
});
afterAll(async () => {
  await worker.stop();
  await test.stop();
  await rm(dataDir, { recursive: true, force: true });
});

interface SeenJourney {
  readonly events: { id: string; type: string }[];
  readonly objects: { type: string; id: string }[];
}

async function journeyOf(type: string, id: string): Promise<SeenJourney | null> {
  const address = `${BASE}/api/v1/journeys/${type}/${encodeURIComponent(id)}`;
  const response = await routes.journey(new Request(address, { headers: { authorization: readBearer } }));
  return response.ok ? ((await response.json()) as SeenJourney) : null;
}

async function say(route: "retract" | "restore", child: object, parent: object): Promise<number> {
  const response = await routes[route](
    new Request(`${BASE}/api/v1/links/x`.replace("x", route === "retract" ? "retractions" : "restorations"), {
      method: "POST",
      headers: { authorization: actBearer, "content-type": "application/json" },
      body: JSON.stringify({ child, parent, reason: "the label was swapped" }),
    }),
  );
  return response.status;
}

const event = (id: string, source: string, objects: object[]) =>
  `${JSON.stringify({ specversion: "1.0", id, source, type: "shipment.confirmed", time: "2026-11-23T10:15:30.123Z", data: { objects } })}\n`;

describe("a person's word on a link, through the real worker", () => {
  it("takes the child out of the journey, holds against the source's repetition, and puts it back", async () => {
    const order = { type: "order", id: "SO-1" };
    const shipment = { type: "shipment", id: "SH-1" };
    const token = await ingestToken(test.store);
    const named = event("e1", "wms-east", [order, shipment]) + event("e2", "carrier-dhl", [shipment]);
    await post(`${worker.url}/v1/events`, token, named);
    const ids = async () => (await journeyOf("order", "SO-1"))?.events.map((item) => item.id) ?? [];
    expect(await ids()).toEqual(expect.arrayContaining(["e1", "e2"]));

    expect(await say("retract", shipment, order)).toBe(202);
    expect(await ids()).not.toContain("e2");
    const shown = await journeyOf("order", "SO-1");
    expect(shown?.events.map((item) => item.type)).toContain("link.retracted");
    expect((await journeyOf("shipment", "SH-1"))?.events.map((item) => item.id)).toContain("e2");

    await post(`${worker.url}/v1/events`, token, event("e3", "wms-east", [order, shipment]));
    expect(await ids()).not.toContain("e2");

    expect(await say("restore", shipment, order)).toBe(202);
    expect(await ids()).toContain("e2");
  });

  it("says nothing about how far the systems reach", async () => {
    const before = await readCompleteThrough(test.store, null);
    expect(await say("retract", { type: "shipment", id: "SH-1" }, { type: "order", id: "SO-1" })).toBe(202);
    expect(await readCompleteThrough(test.store, null)).toEqual(before);
    const systems = { exact: new Map(), families: [] };
    const sources = await listSources(test.store, systems, new Date());
    expect(sources.map(({ source }) => source)).toEqual(["carrier-dhl", "wms-east"]);
  });

  it("knows an object whose number is unique to its issuer only", async () => {
    const order = { type: "order", id: "SO-2" };
    const token = await ingestToken(test.store);
    await post(
      `${worker.url}/v1/events`,
      token,
      event("t1", "wms-east", [order, { type: "warehouse_task", id: "4711" }]),
    );
    const task = { type: "warehouse_task", id: "wms-east:4711" };
    const objects = async () => (await journeyOf("order", "SO-2"))?.objects.map(({ type, id }) => ({ type, id })) ?? [];
    expect(await objects()).toContainEqual(task);
    expect(await say("retract", task, order)).toBe(202);
    await until(objects, (seen) => !seen.some((object) => object.type === "warehouse_task"));
  });

  it("cannot be said by a token of the intake", async () => {
    const token = await ingestToken(test.store);
    const forged = JSON.stringify({
      specversion: "1.0",
      id: "x",
      source: "throughline",
      type: "link.retracted",
      time: "2026-11-23T10:15:30.123Z",
      data: { objects: [], links: [] },
    });
    const { body } = await post(`${worker.url}/v1/events`, token, `${forged}\n`);
    expect(body.deadLettered?.[0]?.path).toBe("source");
  });
});
