import { fork } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CanonicalEvent } from "../event";
import { simulate } from "../simulation";
import type { Report } from "./effect-reporter";
import { startTargets, type Targets, type TargetsOptions } from "./server";

const GOODS_ISSUES = "/erp/goods-issues";
const CLIENT_MS_MAX = 10_000;

let folder: string;
const started: Targets[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "throughline-targets-"));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((targets) => targets.close()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: TargetsOptions = {}): Promise<Targets> {
  const targets = await startTargets(options);
  started.push(targets);
  return targets;
}

const messageOf = (delivery: string, quantity = "2") => ({
  delivery,
  plant: "1710",
  postingDate: "2026-11-20",
  items: [{ material: "BOLT-M8-ZN", quantity, uom: "EA" }],
});

function post(url: string, body: unknown, key: string, path = GOODS_ISSUES, msMax = CLIENT_MS_MAX): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(msMax),
  });
}

const found = async (url: string, query: string): Promise<unknown[]> =>
  ((await (await fetch(`${url}${GOODS_ISSUES}?${query}`)).json()) as { items: unknown[] }).items;

const postedSubjects = (targets: Targets) => targets.postings().map(({ subject }) => subject);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 10));
}

describe("an endpoint", () => {
  it("that is idempotent does a message with one key once, however often and at once it comes, and gives each the same answer", async () => {
    const targets = await start({ modes: { [GOODS_ISSUES]: "idempotent" } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(targets.url, messageOf("SH-1"), "gi-SH-1")));
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(bodies).size).toBe(1);
    expect(postedSubjects(targets)).toEqual(["SH-1"]);
    expect(targets.ledger({ entry: "arrival" })).toHaveLength(8);
  });

  it("that is idempotent refuses a key that was used with another request", async () => {
    const targets = await start({ modes: { [GOODS_ISSUES]: "idempotent" } });
    await post(targets.url, messageOf("SH-1"), "gi-SH-1");
    expect((await post(targets.url, messageOf("SH-1", "3"), "gi-SH-1")).status).toBe(422);
    expect(postedSubjects(targets)).toEqual(["SH-1"]);
  });

  it.each(["verifiable", "unsafe"] as const)("that is %s posts a message as often as it comes", async (mode) => {
    const targets = await start({ modes: { [GOODS_ISSUES]: mode } });
    for (let sends = 0; sends < 2; sends += 1) await post(targets.url, messageOf("SH-1"), "gi-SH-1");
    expect(postedSubjects(targets)).toEqual(["SH-1", "SH-1"]);
  });

  it("says by number and by key what it has, and nothing of what it has not", async () => {
    const targets = await start();
    expect(await found(targets.url, "delivery=SH-1")).toEqual([]);
    await post(targets.url, messageOf("SH-1"), "gi-SH-1");
    const [posting] = targets.postings();
    const item = expect.objectContaining({ document: posting?.document, subject: "SH-1", idempotencyKey: "gi-SH-1" });
    expect(await found(targets.url, "delivery=SH-1")).toEqual([item]);
    expect(await found(targets.url, "idempotencyKey=gi-SH-1")).toEqual([item]);
    expect(await found(targets.url, "delivery=SH-2")).toEqual([]);
  });

  it("that is unsafe cannot be asked, and does not answer as if it had nothing", async () => {
    const targets = await start({ modes: { [GOODS_ISSUES]: "unsafe" } });
    expect((await fetch(`${targets.url}${GOODS_ISSUES}?delivery=SH-1`)).status).toBe(405);
  });

  it("refuses what it cannot read and does nothing", async () => {
    const targets = await start();
    const { items: _, ...withoutItems } = messageOf("SH-1");
    expect((await post(targets.url, withoutItems, "gi-SH-1")).status).toBe(400);
    expect((await post(targets.url, { ...messageOf("SH-1"), plant: "9999" }, "gi-SH-1")).status).toBe(422);
    expect(targets.postings()).toEqual([]);
  });

  it("keeps to its rate: what is over it is answered 429 with Retry-After and not done", async () => {
    const targets = await start({ perSecond: 4 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => post(targets.url, messageOf(`SH-${index}`), `gi-SH-${index}`)),
    );
    const turnedAway = answers.filter(({ status }) => status === 429);
    expect(turnedAway.length).toBeGreaterThan(0);
    expect(turnedAway.every(({ headers }) => headers.get("retry-after") === "1")).toBe(true);
    expect(targets.postings()).toHaveLength(answers.length - turnedAway.length);
  });
});

describe("a fault", () => {
  it.each([
    { fault: { kind: "unavailable" }, status: 503 },
    { fault: { kind: "rate-limited", retryAfterSeconds: 7 }, status: 429 },
    { fault: { kind: "rejected", reason: "period-closed" }, status: 422, says: "F5201" },
    { fault: { kind: "rejected", reason: "unknown-material" }, status: 422, says: "M3305" },
    { fault: { kind: "rejected", reason: "credit-block" }, status: 422, says: "VL602" },
  ] as const)("of $fault answers $status and nothing is posted", async ({ fault, status, ...rest }) => {
    const targets = await start();
    targets.setFaults([fault]);
    const answer = await post(targets.url, messageOf("SH-1"), "gi-SH-1");
    expect(answer.status).toBe(status);
    if ("says" in rest) expect(await answer.text()).toContain(rest.says);
    if (status === 429) expect(answer.headers.get("retry-after")).toBe("7");
    expect(targets.postings()).toEqual([]);
  });

  it.each([
    { kind: "reset-before-commit", posted: 0 },
    { kind: "reset-after-commit", posted: 1 },
    { kind: "commit-then-silence", posted: 1 },
  ] as const)("of $kind leaves the sender without an answer and $posted postings", async ({ kind, posted }) => {
    const targets = await start();
    targets.setFaults([{ kind }]);
    await expect(post(targets.url, messageOf("SH-1"), "gi-SH-1", GOODS_ISSUES, 1_000)).rejects.toThrow();
    expect(targets.postings()).toHaveLength(posted);
    expect(targets.ledger({ entry: "arrival" })).toEqual([expect.objectContaining({ fault: kind, subject: "SH-1" })]);
  });

  it("of slowness posts although the sender has gone", async () => {
    const targets = await start();
    targets.setFaults([{ kind: "slow", delayMs: 400 }]);
    await expect(post(targets.url, messageOf("SH-1"), "gi-SH-1", GOODS_ISSUES, 100)).rejects.toThrow();
    expect(targets.postings()).toEqual([]);
    await until(() => targets.postings().length === 1);
  });

  it("strikes the requests that it is for: so many, from the nth on, there, about these", async () => {
    const targets = await start();
    const sendAll = async (): Promise<number[]> => {
      const statuses: number[] = [];
      for (const delivery of ["SH-1", "SH-2", "SH-3", "SH-4"])
        statuses.push((await post(targets.url, messageOf(delivery), `gi-${delivery}`)).status);
      return statuses;
    };
    targets.setFaults([{ kind: "unavailable", from: 2, next: 2 }]);
    expect(await sendAll()).toEqual([201, 503, 503, 201]);
    targets.setFaults([{ kind: "unavailable", subjects: ["SH-3"] }]);
    expect(await sendAll()).toEqual([201, 201, 503, 201]);
    targets.setFaults([{ kind: "unavailable", endpoint: "/wms-east/fulfillments" }]);
    expect(await sendAll()).toEqual([201, 201, 201, 201]);
    targets.setFaults([]);
    expect(await sendAll()).toEqual([201, 201, 201, 201]);
  });

  it("with a probability strikes the same requests each time it is set with the same seed, and about that share", async () => {
    const targets = await start();
    const run = async (seed: string): Promise<number[]> => {
      targets.setFaults([{ kind: "unavailable", probability: 0.5, seed }]);
      const statuses: number[] = [];
      for (let n = 0; n < 60; n += 1) statuses.push((await post(targets.url, messageOf(`SH-${n}`), `gi-${n}`)).status);
      return statuses;
    };
    const first = await run("a");
    expect(await run("a")).toEqual(first);
    expect(await run("b")).not.toEqual(first);
    const struck = first.filter((status) => status === 503).length;
    expect(struck).toBeGreaterThan(10);
    expect(struck).toBeLessThan(50);
  });

  it("can be set over HTTP, and one that makes no sense is refused and leaves those that were set", async () => {
    const targets = await start();
    const put = (body: unknown) => fetch(`${targets.url}/faults`, { method: "PUT", body: JSON.stringify(body) });
    expect((await put([{ kind: "unavailable" }])).status).toBe(200);
    expect((await put([{ kind: "earthquake" }])).status).toBe(400);
    expect((await post(targets.url, messageOf("SH-1"), "gi-SH-1")).status).toBe(503);
  });
});

describe("what was done", () => {
  it("is reported until it is taken, each under one id, and not again", async () => {
    const taken: CanonicalEvent[] = [];
    const offered: string[] = [];
    const report: Report = async (events) => {
      offered.push(...events.map(({ id }) => id));
      if (offered.length < 3) throw new Error("the intake is away");
      taken.push(...events);
      return true;
    };
    const targets = await start({ report, reportDelayMs: 0, reportRetryMs: 10 });
    await post(targets.url, messageOf("SH-1"), "gi-SH-1");
    await until(() => targets.ledger({ entry: "reported" }).length === 1);
    await post(targets.url, messageOf("SH-2"), "gi-SH-2");
    await until(() => targets.ledger({ entry: "reported" }).length === 2);
    const documents = targets.postings().map(({ document }) => `erp-${document}`);
    expect(taken.map(({ id }) => id)).toEqual(documents);
    expect(offered.filter((id) => id === documents[0]).length).toBe(3);
  });

  it("outlives a kill: the ledger, the keys, the number range and what was still to be reported", async () => {
    const ledgerFile = join(folder, "ledger.ndjson");
    const child = fork(fileURLToPath(new URL("main.ts", import.meta.url)), ["--ledger", ledgerFile], {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const [{ url }] = (await once(child, "message")) as [{ url: string }];
    await post(url, messageOf("SH-1"), "gi-SH-1");
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
    // What a writer that dies in the middle of a line leaves.
    await appendFile(ledgerFile, '{"no":3,"entry":"pos');

    const reported: string[] = [];
    const targets = await start({
      ledgerFile,
      modes: { [GOODS_ISSUES]: "idempotent" },
      reportDelayMs: 0,
      report: async (events) => {
        reported.push(...events.flatMap(({ data }) => data.objects.map(({ id }) => id)));
        return true;
      },
    });
    await until(() => targets.ledger({ entry: "reported" }).length === 1);
    expect(reported).toContain("SH-1");
    await post(targets.url, messageOf("SH-1"), "gi-SH-1");
    await post(targets.url, messageOf("SH-2"), "gi-SH-2");
    expect(postedSubjects(targets)).toEqual(["SH-1", "SH-2"]);
    expect(new Set(targets.postings().map(({ document }) => document)).size).toBe(2);
    expect(targets.ledger().map(({ no }) => no)).toEqual(targets.ledger().map((_, index) => index + 1));
  });

  it("carries the delivery's own quantities, value and period, so that the books agree", async () => {
    const { feed } = simulate({ orders: 60, days: 3, seed: 7, complete: true });
    const events = feed.map(({ event }) => event);
    const shipments = events.filter(({ type }) => type === "shipment.confirmed").slice(0, 20);
    const targets = await start();
    targets.learn(shipments);
    for (const { data, time } of shipments) {
      const delivery = data.objects.find(({ type }) => type === "shipment")?.id.trim() ?? "";
      const items = (data.lines ?? []).map(({ sku, quantity, uom }) => ({ material: sku, quantity, uom }));
      const body = { delivery, plant: "1710", postingDate: time.slice(0, 10), items };
      await post(targets.url, body, `gi-${delivery}`);
    }
    expect(shipments.length).toBe(20);
    expect(targets.postings().map(({ effect }) => [effect.data.amount, effect.data.currency])).toEqual(
      shipments.map(({ data }) => [data.amount, data.currency]),
    );
    const quantities = (lines: CanonicalEvent["data"]["lines"]) => lines?.map(({ sku, quantity }) => [sku, quantity]);
    expect(targets.postings().map(({ effect }) => quantities(effect.data.lines))).toEqual(
      shipments.map(({ data }) => quantities(data.lines)),
    );
  });

  it("elsewhere is found by a look-up too, until it is reversed", async () => {
    const targets = await start();
    const event = (type: string, objects: CanonicalEvent["data"]["objects"]): CanonicalEvent => ({
      specversion: "1.0",
      id: type,
      source: "erp",
      type,
      time: "2026-11-20T10:00:00.000Z",
      recordedtime: "2026-11-20T10:00:00.000Z",
      dataschema: "",
      data: { objects },
    });
    const shipment = { type: "shipment", id: "SH-1      " };
    targets.learn([event("goods_issue.posted", [{ type: "erp_document", id: "4900000001" }, shipment])]);
    expect(await found(targets.url, "delivery=SH-1")).toEqual([{ document: "4900000001", subject: "SH-1" }]);
    targets.learn([
      event("goods_issue.reversed", [
        { type: "erp_document", id: "4900000002", qualifier: "subject" },
        { type: "erp_document", id: "4900000001", qualifier: "reversed" },
        shipment,
      ]),
    ]);
    expect(await found(targets.url, "delivery=SH-1")).toEqual([]);
  });

  it("at the other doors is told as their own systems tell it", async () => {
    const targets = await start();
    const fulfillment = { fulfillment: "FO-1", lines: [{ sku: "A", qty: 1 }] };
    await post(targets.url, fulfillment, "FO-1", "/wms-west/fulfillments");
    await post(targets.url, fulfillment, "FO-1", "/wms-west/fulfillments");
    const order = { customer: "C-1", lines: [{ sku: "A", quantity: 2 }] };
    await post(targets.url, order, "cart-1", "/oms/v2/orders");
    await post(targets.url, order, "visit-1", "/oms/v2/sales-orders");
    expect(targets.postings().map(({ effect }) => [effect.source, effect.type, effect.data.interface])).toEqual([
      ["wms-west", "fulfillment.accepted", "oms-to-wms.fulfillment"],
      ["oms", "order.created", "ecommerce-to-oms.order"],
      ["oms", "order.created", "fieldsales-to-oms.order"],
    ]);
    expect(new Set(targets.postings().map(({ document }) => document)).size).toBe(3);
  });
});
