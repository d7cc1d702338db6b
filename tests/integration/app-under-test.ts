/** The app's routes in this process, over a store of their own, with people, tokens, and an intake that says what it was sent. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "next-auth/jwt";
import type { Role } from "@/lib/auth/roles";
import { readOrCreateSecret } from "@/lib/auth/secret-file";
import { createToken, type TokenScope } from "@/lib/auth/tokens";
import type { Store } from "@/lib/clickhouse/client";
import { createUser } from "@/lib/queries/users";
import { startTestStore } from "./embedded-store";
import { startWorker } from "./worker-process";

const BASE = "http://app.test";

export interface SentAct {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: {
    readonly objects: { type: string; id: string; qualifier: string }[];
    readonly links: unknown[];
    readonly attributes: Record<string, unknown>;
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly errorPaths: readonly string[];
}

export interface AppUnderTest {
  readonly store: Store;
  /** What the intake was sent, request by request, and stored as events. */
  readonly requests: SentAct[][];
  /** The status that the intake answers with instead of storing; null: it stores. */
  intakeStatus: number | null;
  /** Headers of a person of that role; another name is another person. */
  person(role: Role, name?: string): Promise<Record<string, string>>;
  token(...scopes: TokenScope[]): Promise<Record<string, string>>;
  call(route: Route, path: string, init?: { headers?: Record<string, string>; body?: unknown }): Promise<Answer>;
  stop(): Promise<void>;
}

type Route = (request: Request) => Promise<Response> | Response;

/** With an intake that stores acts and projects nothing, which says what it was sent. */
export async function startAppUnderTest(): Promise<AppUnderTest> {
  const requests: SentAct[][] = [];
  const answering: { status: number | null } = { status: null };
  let lastStored: Promise<unknown> = Promise.resolve();
  return start(requests, answering, async ({ store }) => {
    const storeInTurn = (events: readonly SentAct[]) => {
      const storing = lastStored.then(() => storeActs(store, events));
      lastStored = storing.catch(() => undefined);
      return storing;
    };
    const intake = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", async () => {
        const sent = JSON.parse(Buffer.concat(parts).toString("utf8")) as SentAct | SentAct[];
        const events = Array.isArray(sent) ? sent : [sent];
        requests.push(events);
        const answer = answering.status === null ? await storeInTurn(events) : {};
        response
          .writeHead(answering.status ?? 202, { "content-type": "application/json" })
          .end(JSON.stringify({ deadLettered: [], ...answer }));
      });
    });
    await new Promise<void>((resolve) => intake.listen(0, "127.0.0.1", resolve));
    return {
      url: `http://127.0.0.1:${(intake.address() as AddressInfo).port}`,
      stop: () => new Promise((resolve) => intake.close(() => resolve())),
    };
  });
}

/** With the real worker behind it: what people decide is projected. */
export async function startAppWithWorker(): Promise<AppUnderTest & { readonly intakeUrl: string }> {
  let intakeUrl = "";
  const app = await start([], { status: null }, async ({ url, dataDir }) => {
    // One DATA_DIR: that is how app and worker come to know the same internal token.
    const worker = await startWorker({ clickhouseUrl: url, env: { DATA_DIR: dataDir } });
    intakeUrl = worker.url;
    return { url: worker.url, stop: async () => void (await worker.stop()) };
  });
  return Object.assign(app, { intakeUrl });
}

type Intake = { readonly url: string; stop(): Promise<void> };

async function start(
  requests: SentAct[][],
  answering: { status: number | null },
  startIntake: (parts: { store: Store; url: string; dataDir: string }) => Promise<Intake>,
): Promise<AppUnderTest> {
  const test = await startTestStore();
  const dataDir = await mkdtemp(join(tmpdir(), "throughline-app-"));
  const intake = await startIntake({ store: test.store, url: test.url, dataDir });
  Object.assign(process.env, {
    CLICKHOUSE_URL: test.url,
    DATA_DIR: dataDir,
    INGEST_URL: intake.url,
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? "silent",
  });
  return {
    store: test.store,
    requests,
    get intakeStatus() {
      return answering.status;
    },
    set intakeStatus(status: number | null) {
      answering.status = status;
    },
    person: (role, name = `The ${role}`) => personOf(test.store, dataDir, role, name),
    token: async (...scopes) => {
      const { token } = await createToken(test.store, { name: scopes.join("+"), scopes, source: null }, new Date());
      return { authorization: `Bearer ${token}` };
    },
    call,
    stop: async () => {
      await intake.stop();
      await test.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function call(
  route: Route,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answer> {
  const isJson = body !== undefined && !(body instanceof Uint8Array);
  const response = await route(
    new Request(`${BASE}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        origin: BASE,
        host: "app.test",
        ...(isJson ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
    }),
  );
  const isReadable = /[/+]json\b/.test(response.headers.get("content-type") ?? "");
  const answered = isReadable ? ((await response.json()) as Record<string, unknown>) : { text: await response.text() };
  const errors = (answered.errors ?? []) as { path: string }[];
  return {
    status: response.status,
    headers: response.headers,
    body: answered,
    errorPaths: errors.map(({ path }) => path),
  };
}

const people = new Map<string, string>();

async function personOf(store: Store, dataDir: string, role: Role, name: string): Promise<Record<string, string>> {
  const known = people.get(`${role} ${name}`);
  if (known) return { cookie: known };
  const user = await createUser(store, { name, email: "", role, createdBy: "test" }, new Date());
  const secret = readOrCreateSecret(dataDir, "auth-secret");
  const cookie = `throughline.session=${await encode({ token: { sub: user.id, epoch: user.sessionEpoch }, secret })}`;
  people.set(`${role} ${name}`, cookie);
  return { cookie };
}

/** As the worker does: an id that is there already is a duplicate and changes nothing. */
async function storeActs(store: Store, events: readonly SentAct[]): Promise<{ accepted: number; duplicate: number }> {
  const known = await store.query<{ event_id: string }>(
    "SELECT event_id FROM events WHERE source = 'throughline' AND event_id IN {ids:Array(String)}",
    { ids: events.map(({ id }) => id) },
  );
  const fresh = events.filter(({ id }) => !known.some((row) => row.event_id === id));
  await store.insert(
    "events",
    fresh.map((event) => ({
      source: event.source,
      event_id: event.id,
      kind: "step",
      type: event.type,
      occurred_at: event.time,
      received_at: event.time,
      outcome: "ok",
      attempt: 1,
      objects: event.data.objects.map(({ type, id, qualifier }) => ({ type, id, qualifier })),
      links: [],
      link_act: "stated",
      content_hash: event.id,
      payload: JSON.stringify(event),
    })),
  );
  return { accepted: fresh.length, duplicate: events.length - fresh.length };
}
