import { createHmac, randomBytes } from "node:crypto";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAlerting } from "@/ingest/alert/alerting";
import { alertsFile } from "@/lib/domain/alerts/rule";
import { acknowledgeAlert, listAlerts, listDeliveries, sendTestAlert } from "@/lib/queries/alerts";
import { startTestStore, type TestStore } from "./embedded-store";
import { startWorker, until, type WorkerProcess } from "./worker-process";

const CONFIG = fileURLToPath(new URL("../../config", import.meta.url));
const KEY = randomBytes(32);
const DAY_MS = 86_400_000;
const ANNA = { id: "u1", name: "Anna" };

const ALERTS = `
check_every: PT1S
retry: { attempts: 100, first: PT1S, factor: 1, longest: PT1S }
channels:
  - { id: hook, webhook: { url: "env:TEST_HOOK_URL", secret: "env:TEST_HOOK_SECRET" } }
rules:
  - { id: new, name: New cause, when: { condition: new_group }, channels: [hook], throttle: PT0S }
  - { id: regressed, name: Regressed, when: { condition: regressed }, channels: [hook], throttle: PT0S }
  - { id: due, name: Past due, when: { condition: sla_breach }, channels: [hook], throttle: PT0S }
  - { id: spike, name: Spike, when: { condition: spike, at_least: 20 }, channels: [hook], throttle: PT0S }
  - { id: value, name: Value, when: { condition: value_at_risk, over: "250000", currency: USD }, channels: [hook], throttle: PT0S }
  - { id: silent, name: Silent, when: { condition: source_silent, source: erp, for: PT2H }, channels: [hook], throttle: PT0S }
`;

const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();

let test: TestStore;
let folder: string;
let receiver: Receiver;
let worker: WorkerProcess;

beforeAll(async () => {
  test = await startTestStore();
  folder = await mkdtemp(join(tmpdir(), "throughline-alerts-"));
  await cp(CONFIG, folder, { recursive: true });
  await writeFile(join(folder, "alerts.yaml"), ALERTS);
  receiver = await Receiver.start();
  worker = await startAgain();
});
afterAll(async () => {
  await worker?.stop();
  await receiver?.close();
  await test?.stop();
  await rm(folder, { recursive: true, force: true });
});

const startAgain = (): Promise<WorkerProcess> =>
  startWorker({
    clickhouseUrl: test.url,
    env: { CONFIG_DIR: folder, TEST_HOOK_URL: receiver.url, TEST_HOOK_SECRET: `whsec_${KEY.toString("base64")}` },
  });

interface Notice {
  readonly type: string;
  readonly data: { readonly rule?: string; readonly subject?: string; readonly alert?: string };
}

type Mood = "well" | "unavailable" | "reset" | "done-then-reset" | "silent" | "held";

/** Somebody else's webhook: takes what is rightly signed, each id once, and has bad days. */
class Receiver {
  /** By webhook-id: what it made of each. */
  readonly taken = new Map<string, Notice>();
  readonly badlySigned: string[] = [];
  /** Arrivals of what it had taken and said so. */
  arrivedAgain = 0;
  arrivals = 0;
  moods: Mood[] = [];
  private readonly saidYes = new Set<string>();
  private onHeld: (() => void) | null = null;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on("request", (request, response) => void receiver.take(request, response));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** Resolves when a request has been taken that will never be answered. */
  holdNext(): Promise<void> {
    this.moods.unshift("held");
    return new Promise((done) => {
      this.onHeld = done;
    });
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    this.arrivals += 1;
    const mood = this.moods.shift() ?? "well";
    if (mood === "silent") return;
    if (mood === "reset") return void request.socket.resetAndDestroy();
    if (mood === "unavailable") return void response.writeHead(503).end();
    const id = String(request.headers["webhook-id"]);
    if (!isRightlySigned(request, body)) {
      this.badlySigned.push(id);
      return void response.writeHead(401).end();
    }
    if (this.saidYes.has(id)) this.arrivedAgain += 1;
    if (!this.taken.has(id)) this.taken.set(id, JSON.parse(body) as Notice);
    if (mood === "held") return this.onHeld?.();
    if (mood === "done-then-reset") return void request.socket.resetAndDestroy();
    this.saidYes.add(id);
    response.writeHead(204).end();
  }
}

/** From the specification, apart from our own: any of the space-separated signatures, and a time within five minutes. */
function isRightlySigned(request: IncomingMessage, body: string): boolean {
  const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": signatures } = request.headers;
  if (Math.abs(Date.now() / 1000 - Number(time)) > 300) return false;
  const expected = createHmac("sha256", KEY).update([id, time, body].join(".")).digest("base64");
  return String(signatures)
    .split(" ")
    .some((signature) => signature === `v1,${expected}`);
}

const exception = (id: string, more: object = {}): object => ({
  exception_id: id,
  version: 1,
  kind: "delivery",
  category: "technical",
  class: "connection",
  state: "open",
  interface: "wms-to-erp.shipment-confirmation",
  fingerprint: `fp-${id}`,
  cause: `Cause of ${id}`,
  opens_at: ago(10 * DAY_MS),
  first_failed_at: ago(10 * DAY_MS),
  last_failed_at: ago(9 * DAY_MS),
  ...more,
});

const told = (type: string): string[] =>
  [...receiver.taken.values()]
    .filter((notice) => notice.type === type)
    .map(({ data }) => `${data.rule} ${data.subject}`)
    .sort();

const EACH_CONDITION = [
  "due fp-late",
  "new fp-fresh",
  "regressed fp-back",
  "silent erp",
  "spike oms-to-erp.order",
  "value USD",
];

describe("alerts through a webhook that fails and a worker that is killed", () => {
  it("are delivered once for each condition, none lost, none doubled, each rightly signed", async () => {
    receiver.moods = ["unavailable", "reset", "done-then-reset", "unavailable", "silent", "well", "done-then-reset"];
    await test.store.insert("source_progress", [
      { source: "erp", last_occurred_at: ago(DAY_MS / 8), last_received_at: ago(DAY_MS / 8) },
      { source: "oms", last_occurred_at: ago(1_000), last_received_at: ago(1_000) },
    ]);
    await test.store.insert(
      "failures",
      Array.from({ length: 30 }, (_, index) => ({
        exception_id: `ex-spike-${index}`,
        occurred_at: ago(1_000 + index),
        source: "gateway",
        event_id: `spike-${index}`,
        received_at: ago(500),
        interface: "oms-to-erp.order",
      })),
    );
    await test.store.insert("exceptions", [
      exception("fresh", { first_failed_at: ago(60_000), last_failed_at: ago(60_000) }),
      exception("back", { state: "regressed", regressions: 1 }),
      exception("late", { due_at: ago(60_000) }),
      exception("dear", { value: "300000", currency: "USD" }),
      // None of these is any condition.
      exception("done", { state: "resolved", due_at: ago(60_000), regressions: 2, value: "900000", currency: "USD" }),
      exception("ahead", { due_at: ago(-DAY_MS), value: "900000", currency: "EUR" }),
      exception("ignored", { state: "ignored", ignored_until: ago(-DAY_MS), due_at: ago(60_000) }),
    ]);
    for (let kills = 0; kills < 3; kills += 1) {
      await receiver.holdNext();
      await worker.kill();
      worker = await startAgain();
    }
    await until(
      async () => told("alert.firing"),
      (notices) => notices.length >= EACH_CONDITION.length,
    );
    await everythingRecorded();
    expect(told("alert.firing")).toEqual(EACH_CONDITION);
    expect(receiver.badlySigned).toEqual([]);
    expect(receiver.arrivedAgain).toBe(0);
    expect(receiver.arrivals).toBeGreaterThan(EACH_CONDITION.length + 7);
  }, 180_000);

  it("are not told again while they last", async () => {
    const before = receiver.arrivals;
    // A test goes the same way, after whatever else there is to send.
    await sendTestAlert(test.store, "hook", "request-1", ANNA, ago(0));
    await sendTestAlert(test.store, "hook", "request-1", ANNA, ago(0));
    await until(
      async () => told("alert.test"),
      (notices) => notices.length > 0,
    );
    await everythingRecorded();
    expect(told("alert.test")).toHaveLength(1);
    expect(receiver.arrivals).toBe(before + 1);
  });

  it("that were acknowledged do not silence a new one about the same", async () => {
    const due = (await listAlerts(test.store)).find(({ rule }) => rule === "due");
    await acknowledgeAlert(test.store, due?.id ?? "", ANNA, ago(0));
    const seen = (await listAlerts(test.store)).find(({ id }) => id === due?.id);
    expect(seen).toMatchObject({ acknowledgedBy: "Anna", state: "firing" });
    await test.store.insert("exceptions", [exception("late2", { fingerprint: "fp-late", due_at: ago(1_000) })]);
    await until(
      async () => told("alert.firing").filter((notice) => notice === "due fp-late"),
      (notices) => notices.length === 2,
    );
    const both = (await listAlerts(test.store)).filter(({ rule }) => rule === "due");
    expect(both.map(({ occasion, acknowledgedAt }) => [occasion, acknowledgedAt !== null])).toEqual([
      [2, false],
      [1, true],
    ]);
  });

  it("are told to be over when they are, each once", async () => {
    const resolved = { version: 2, state: "resolved" };
    await test.store.insert(
      "exceptions",
      ["fresh", "back", "late", "dear"].map((id) => exception(id, { ...resolved, due_at: ago(60_000) })),
    );
    await test.store.insert("source_progress", [{ source: "erp", last_occurred_at: ago(0), last_received_at: ago(0) }]);
    // The second breach and the spike go on.
    const over = ["due fp-late", "new fp-fresh", "regressed fp-back", "silent erp", "value USD"];
    await until(
      async () => told("alert.resolved"),
      (notices) => notices.length >= over.length,
    );
    await everythingRecorded();
    expect(told("alert.resolved")).toEqual(over);
    const firing = (await listAlerts(test.store)).filter(({ state }) => state === "firing");
    expect(firing.map(({ rule, occasion }) => `${rule} ${occasion}`).sort()).toEqual(["due 2", "spike 1"]);
  });
});

/** Every delivery that was queued has been answered, and the store knows. */
async function everythingRecorded(): Promise<void> {
  await until(
    async () => await listDeliveries(test.store, { limit: 200 }),
    (deliveries) => deliveries.length > 0 && deliveries.every(({ state }) => state === "delivered"),
  );
}

describe("alerts.yaml saved while the worker runs", () => {
  const alsoLate = ALERTS.replace(
    "rules:",
    `  - { id: late, webhook: { url: "env:TEST_HOOK_URL", secret: "env:TEST_HOOK_SECRET" } }\nrules:`,
  );
  const deliveredTo = (channel: string) =>
    until(
      async () => await listDeliveries(test.store, { limit: 200 }),
      (deliveries) =>
        deliveries.some((one) => one.channel === channel && one.notice === "test" && one.state === "delivered"),
    );

  it("is followed, and what does not fit leaves what was in force", async () => {
    await writeFile(join(folder, "alerts.yaml"), alsoLate);
    await sendTestAlert(test.store, "late", "request-late", ANNA, ago(0));
    await deliveredTo("late");

    await writeFile(join(folder, "alerts.yaml"), "rules: [");
    await sendTestAlert(test.store, "late", "request-later", ANNA, ago(0));
    await until(
      async () => await listDeliveries(test.store, { limit: 200 }),
      (deliveries) => deliveries.filter((one) => one.channel === "late" && one.state === "delivered").length === 2,
    );
  });
});

describe("a delivery that always fails", () => {
  it("is given up after its attempts, and shown so", async () => {
    const own = await startTestStore();
    try {
      let sends = 0;
      const alerts = alertsFile.parse({
        retry: { attempts: 3, first: "PT0S" },
        channels: [{ id: "hook", webhook: { url: "http://127.0.0.1:9", secret: "env:NONE" } }],
      });
      const alerting = createAlerting({
        store: own.store,
        alerts: () => alerts,
        holdsLease: () => true,
        logger: pino({ level: "silent" }),
        now: () => new Date(),
        send: async () => {
          sends += 1;
          return { state: "failed", detail: "answered 500" };
        },
      });
      await sendTestAlert(own.store, "hook", "request-1", ANNA, ago(0));
      for (let ticks = 0; ticks < 6; ticks += 1) await alerting.tick();
      expect(sends).toBe(3);
      expect(await listDeliveries(own.store)).toMatchObject([
        { state: "given_up", attempts: 3, detail: "answered 500", notice: "test" },
      ]);
    } finally {
      await own.stop();
    }
  });
});
