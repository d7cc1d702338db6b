import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "next-auth/jwt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import type { Role } from "@/lib/auth/roles";
import { readOrCreateSecret } from "@/lib/auth/secret-file";
import { forgetUser } from "@/lib/auth/session";
import { createToken, revokeToken, TOKEN_CACHE_MS, type TokenScope } from "@/lib/auth/tokens";
import { listAudit, recordAudit } from "@/lib/queries/audit";
import { changeUser, createUser, type User } from "@/lib/queries/users";
import { startTestStore, type TestStore } from "./embedded-store";

const BASE = "http://app.test";
let test: TestStore;
let dataDir: string;
let schemas: typeof import("@/app/api/v1/schemas");
let routes: Record<string, (request: Request) => Promise<Response> | Response>;
/** What the worker's intake was sent, and what it answers. */
let intake: Server;
const reported: { authorization: string | undefined; event: Record<string, unknown> }[] = [];
let intakeAnswer = { status: 202, body: JSON.stringify({ accepted: 1, duplicate: 0, deadLettered: [] }) };

beforeAll(async () => {
  test = await startTestStore();
  dataDir = await mkdtemp(join(tmpdir(), "throughline-api-"));
  intake = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      reported.push({ authorization: request.headers.authorization, event: JSON.parse(body) });
      response.writeHead(intakeAnswer.status, { "content-type": "application/json" }).end(intakeAnswer.body);
    });
  });
  await new Promise<void>((resolve) => intake.listen(0, "127.0.0.1", resolve));
  process.env.CLICKHOUSE_URL = test.url;
  process.env.DATA_DIR = dataDir;
  process.env.INGEST_PORT = String((intake.address() as AddressInfo).port);
  process.env.LOG_LEVEL = "silent";
  await storeFacts();
  schemas = await import("@/app/api/v1/schemas");
  routes = {
    search: (await import("@/app/api/v1/search/route")).GET,
    journey: (await import("@/app/api/v1/journeys/[type]/[id]/route")).GET,
    live: (await import("@/app/api/v1/journeys/[type]/[id]/live/route")).GET,
    event: (await import("@/app/api/v1/events/[source]/[id]/route")).GET,
    orders: (await import("@/app/api/v1/orders/route")).GET,
    ordersPost: (await import("@/app/api/v1/orders/route")).POST,
    sources: (await import("@/app/api/v1/sources/route")).GET,
    audit: (await import("@/app/api/v1/audit/route")).GET,
    auditExport: (await import("@/app/api/v1/audit/export/route")).GET,
    retract: (await import("@/app/api/v1/links/retractions/route")).POST,
    restore: (await import("@/app/api/v1/links/restorations/route")).POST,
    unknown: (await import("@/app/api/v1/[...unknown]/route")).GET,
    openapi: (await import("@/app/api/v1/openapi.json/route")).GET,
  };
});
afterAll(async () => {
  await test.stop();
  await new Promise((resolve) => intake.close(resolve));
  await rm(dataDir, { recursive: true, force: true });
});

interface FactOptions {
  readonly source?: string;
  readonly type?: string;
  readonly sequence?: string;
  readonly receivedAt?: string;
  readonly data?: object;
}

const ODD_ID = "A/B %2F ü?#&";
const NOW_ISO = new Date().toISOString();

function factRow(
  id: string,
  objects: [string, string][],
  links: [string, string, string, string][],
  options: FactOptions = {},
) {
  const { source = "oms", type = "order.created" } = options;
  return {
    source,
    event_id: id,
    kind: "message",
    type,
    occurred_at: "2026-11-24T10:00:00.000Z",
    recorded_at: null,
    received_at: options.receivedAt ?? "2026-11-24T10:00:01.000Z",
    sequence: options.sequence ?? "",
    interface: "",
    outcome: "ok",
    error_class: "",
    error_code: "",
    error_message: "",
    attempt: 1,
    duration_ms: null,
    objects: objects.map(([objectType, objectId]) => ({ type: objectType, id: objectId, qualifier: "" })),
    links: links.map(([child_type, child_id, parent_type, parent_id]) => ({
      child_type,
      child_id,
      parent_type,
      parent_id,
    })),
    link_act: "stated",
    quantity: null,
    amount: null,
    currency: "",
    promised_at: null,
    content_hash: id,
    payload: JSON.stringify({ id, source, type, data: { objects, ...options.data } }),
  };
}

async function storeFacts() {
  await test.store.insert("events", [
    factRow("e1", [["order", "SO-1"]], [], {
      data: { customer: { name: "Ada Byron", email: "ada@example.com" }, sku: "A-1" },
    }),
    factRow(
      "e2",
      [
        ["shipment", "SH-1"],
        ["order", "SO-1"],
      ],
      [["shipment", "SH-1", "order", "SO-1"]],
      { source: "wms-east", type: "shipment.confirmed" },
    ),
    factRow(ODD_ID, [["order", ODD_ID]], [], { source: "gateway" }),
    factRow(
      "e4",
      [
        ["sku", "SKU-9"],
        ["order", "SO-1"],
      ],
      [],
    ),
    ...["7", "8", "11", "12", "20"].map((sequence) =>
      factRow(`s${sequence}`, [["order", "SO-1"]], [], { source: "erp", sequence, receivedAt: NOW_ISO }),
    ),
  ]);
}

const users = new Map<Role, User>();
async function cookieOf(role: Role): Promise<string> {
  const user =
    users.get(role) ??
    (await createUser(test.store, { name: `The ${role}`, email: "", role, createdBy: "test" }, new Date()));
  users.set(role, user);
  return cookieFor(user);
}
async function cookieFor(user: User): Promise<string> {
  const token = await encode({
    token: { sub: user.id, epoch: user.sessionEpoch },
    secret: readOrCreateSecret(dataDir, "auth-secret"),
  });
  return `throughline.session=${token}`;
}
async function bearerOf(...scopes: TokenScope[]): Promise<string> {
  return `Bearer ${(await createToken(test.store, { name: scopes.join("+"), scopes, source: null }, new Date())).token}`;
}

async function call(
  route: string,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const handler = routes[route];
  if (!handler) throw new Error(`no route ${route}`);
  const response = await handler(new Request(`${BASE}${path}`, init));
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}
const as = async (role: Role): Promise<RequestInit> => ({ headers: { cookie: await cookieOf(role) } });
const withToken = async (...scopes: TokenScope[]): Promise<RequestInit> => ({
  headers: { authorization: await bearerOf(...scopes) },
});
const fits = (schema: z.ZodType, body: unknown) => schema.parse(body);
const errorPaths = (body: Record<string, unknown>) => (body.errors as { path: string }[]).map((error) => error.path);

describe("who may call", () => {
  const protectedRoutes = [
    ["search", "/api/v1/search?q=SO-1"],
    ["journey", "/api/v1/journeys/order/SO-1"],
    ["live", "/api/v1/journeys/order/SO-1/live"],
    ["event", "/api/v1/events/oms/e1"],
    ["orders", "/api/v1/orders"],
    ["sources", "/api/v1/sources"],
    ["audit", "/api/v1/audit"],
    ["retract", "/api/v1/links/retractions"],
    ["restore", "/api/v1/links/restorations"],
  ] as const;

  it.each(protectedRoutes)(
    "%s answers 401 with a problem document to nobody, and to a token that does not hold",
    async (route, path) => {
      const method = route === "retract" || route === "restore" ? "POST" : "GET";
      const strangers: Record<string, string>[] = [
        {},
        { authorization: "Bearer tl_wrong" },
        { authorization: `Bearer tl_${"x".repeat(43)}` },
        { authorization: "Basic eDp5" },
        { cookie: "throughline.session=forged" },
      ];
      for (const headers of strangers) {
        const { status, headers: answered, body } = await call(route, path, { method, headers });
        expect(status).toBe(401);
        expect(answered.get("content-type")).toBe("application/problem+json");
        expect(answered.get("www-authenticate")).toMatch(/^Bearer/);
        fits(schemas.problem.strict(), body);
      }
    },
  );

  it("a bad token is refused even beside a good cookie", async () => {
    const headers = { cookie: await cookieOf("admin"), authorization: "Bearer tl_wrong" };
    expect((await call("orders", "/api/v1/orders", { headers })).status).toBe(401);
  });

  it("a token does what its scopes say and no more", async () => {
    const status = async (route: string, path: string, ...scopes: TokenScope[]) =>
      (await call(route, path, await withToken(...scopes))).status;
    expect(await status("orders", "/api/v1/orders", "read")).toBe(200);
    expect(await status("orders", "/api/v1/orders", "ingest")).toBe(403);
    expect(await status("event", "/api/v1/events/oms/e1", "read")).toBe(403);
    expect(await status("event", "/api/v1/events/oms/e1", "payload")).toBe(200);
    expect(await status("orders", "/api/v1/orders", "payload")).toBe(403);
  });

  it("403 says which scope would do", async () => {
    const { body } = await call("event", "/api/v1/events/oms/e1", await withToken("read"));
    expect(body.detail).toContain("scope payload");
  });

  it("a role does what it may and no more", async () => {
    expect((await call("orders", "/api/v1/orders", await as("executive"))).status).toBe(200);
    expect((await call("event", "/api/v1/events/oms/e1", await as("executive"))).status).toBe(403);
    expect((await call("audit", "/api/v1/audit", await as("operations"))).status).toBe(403);
    expect((await call("audit", "/api/v1/audit", await as("admin"))).status).toBe(200);
  });

  it("a session ends with a changed role and with the account", async () => {
    const user = await createUser(
      test.store,
      { name: "Kim", email: "", role: "finance", createdBy: "test" },
      new Date(),
    );
    const init = { headers: { cookie: await cookieFor(user) } };
    expect((await call("orders", "/api/v1/orders", init)).status).toBe(200);
    const changed = await changeUser(test.store, user.id, { role: "operations" }, new Date());
    forgetUser(user.id);
    expect((await call("orders", "/api/v1/orders", init)).status).toBe(401);
    const again = { headers: { cookie: await cookieFor(changed?.after ?? user) } };
    expect((await call("orders", "/api/v1/orders", again)).status).toBe(200);
    await changeUser(test.store, user.id, { disabled: true }, new Date());
    // Without being told, as another process would notice.
    await expect
      .poll(async () => (await call("orders", "/api/v1/orders", again)).status, { timeout: 10_000 })
      .toBe(401);
  });

  it("a revoked token stops working", async () => {
    const { id, token } = await createToken(test.store, { name: "x", scopes: ["read"], source: null }, new Date());
    const init = { headers: { authorization: `Bearer ${token}` } };
    expect((await call("orders", "/api/v1/orders", init)).status).toBe(200);
    await revokeToken(test.store, id, new Date());
    await expect
      .poll(async () => (await call("orders", "/api/v1/orders", init)).status, { timeout: TOKEN_CACHE_MS + 8_000 })
      .toBe(401);
  });
});

describe("GET /journeys", () => {
  it("gives the journey in the shape that the OpenAPI document declares", async () => {
    const { status, body, headers } = await call("journey", "/api/v1/journeys/order/SO-1", await withToken("read"));
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toContain("no-store");
    const journey = schemas.journey.parse(body);
    expect(journey.events.map((event) => event.id)).toEqual(expect.arrayContaining(["e1", "e2", "e4"]));
  });

  it("takes ids with slashes, percent signs, spaces and other scripts", async () => {
    const { status, body } = await call(
      "journey",
      `/api/v1/journeys/order/${encodeURIComponent(ODD_ID)}`,
      await withToken("read"),
    );
    expect(status).toBe(200);
    expect(body.root).toEqual({ type: "order", id: ODD_ID });
  });

  it("of a shipment is a 404 that names its roots; of nothing, one without", async () => {
    const shipment = await call("journey", "/api/v1/journeys/shipment/SH-1", await withToken("read"));
    expect(shipment.status).toBe(404);
    expect(shipment.body.roots).toEqual([{ type: "order", id: "SO-1" }]);
    const nothing = await call("journey", "/api/v1/journeys/order/NOPE", await withToken("read"));
    expect(nothing.status).toBe(404);
    expect(nothing.body).not.toHaveProperty("roots");
  });

  it("as of a time before it was known is a 404 that says so", async () => {
    const { status, body } = await call(
      "journey",
      "/api/v1/journeys/order/SO-1?asOf=2020-01-01T00:00:00Z",
      await withToken("read"),
    );
    expect(status).toBe(404);
    expect(body.detail).toContain("asOf");
  });

  it("names the parameter that is wrong", async () => {
    for (const [query, path] of [
      ["asOf=yesterday", "asOf"],
      ["asof=2026-01-01T00:00:00Z", "asof"],
      ["asOf=2026-01-01T00:00:00Z&asOf=2027-01-01T00:00:00Z", "asOf"],
    ] as const) {
      const { status, body } = await call("journey", `/api/v1/journeys/order/SO-1?${query}`, await withToken("read"));
      expect(status).toBe(400);
      expect(errorPaths(body)).toContain(path);
    }
  });

  it("refuses an address that is no UTF-8, or holds NUL", async () => {
    for (const id of ["%FF", "%00", "%E0%A4%A"]) {
      expect((await call("journey", `/api/v1/journeys/order/${id}`, await withToken("read"))).status).toBe(400);
    }
  });
});

describe("GET /search", () => {
  it("finds a number as it is typed and says whose it is", async () => {
    const { body } = await call("search", "/api/v1/search?q=sh1", await withToken("read"));
    const { results } = schemas.searchAnswer.parse(body);
    expect(results[0]).toMatchObject({
      object: { type: "shipment", id: "SH-1" },
      roots: [{ type: "order", id: "SO-1" }],
    });
  });

  it.each([
    ["", "is required"],
    [`?q=${"9".repeat(513)}`, "at most 512 characters"],
    ["?q=%00", "must not contain NUL"],
  ])("with q as in %j is a 400 that names it, once, and says what is wrong", async (query, words) => {
    const { status, body } = await call("search", `/api/v1/search${query}`, await withToken("read"));
    expect(status).toBe(400);
    expect(errorPaths(body)).toEqual(["q"]);
    expect(body.detail).toContain(words);
  });
});

describe("GET /events", () => {
  const payloadOf = (body: Record<string, unknown>) => body.payload as { data: { customer: unknown; sku: string } };

  it("shows the payload whole to whoever may see personal data, masked to others, and audits both", async () => {
    const whole = await call("event", "/api/v1/events/oms/e1", await as("customer-service"));
    fits(schemas.eventAnswer.strict(), whole.body);
    expect(payloadOf(whole.body).data.customer).toEqual({ name: "Ada Byron", email: "ada@example.com" });
    const masked = await call("event", "/api/v1/events/oms/e1", await as("finance"));
    expect(masked.body.masked).toBe(true);
    expect(JSON.stringify(masked.body)).not.toMatch(/Ada|Byron|example\.com/);
    expect(payloadOf(masked.body).data.sku).toBe("A-1");
    const { items } = await listAudit(
      test.store,
      { action: "payload.viewed", actor: "The finance" },
      { limit: 10, after: null },
    );
    expect(items).toMatchObject([{ target: "event oms/e1", details: { masked: true }, actor: { kind: "person" } }]);
  });

  it("shows nothing when the view cannot be audited", async () => {
    await test.store.command("RENAME TABLE audit_log TO audit_log_away");
    try {
      const { status, body } = await call("event", "/api/v1/events/oms/e1", await as("customer-service"));
      expect(status).toBeGreaterThanOrEqual(500);
      expect(JSON.stringify(body)).not.toContain("Ada");
    } finally {
      await test.store.command("RENAME TABLE audit_log_away TO audit_log");
    }
  });

  it("takes any id, and answers 404 for what is not there", async () => {
    const { status, body } = await call(
      "event",
      `/api/v1/events/gateway/${encodeURIComponent(ODD_ID)}`,
      await withToken("payload"),
    );
    expect(status).toBe(200);
    expect(body.id).toBe(ODD_ID);
    expect((await call("event", "/api/v1/events/oms/nope", await withToken("payload"))).status).toBe(404);
  });
});

describe("lists", () => {
  it("orders: a stage or sort that does not exist is refused with those that do, for a misspelt filter must not find nothing", async () => {
    for (const [query, known] of [
      ["stage=shiped", "Partially shipped"],
      ["sort=nearest", "risk"],
    ] as const) {
      const { status, body } = await call("orders", `/api/v1/orders?${query}`, await withToken("read"));
      expect([query, status]).toEqual([query, 400]);
      expect(body.detail).toContain(known);
    }
    const partial = await call("orders", "/api/v1/orders?stage=Partially%20shipped", await withToken("read"));
    expect(partial.status).toBe(200);
  });

  it.each(["orders", "sources", "audit"])(
    "%s: limit is 1 to 500 and the cursor one of ours; the answer names what is wrong",
    async (route) => {
      for (const [query, path] of [
        ["limit=0", "limit"],
        ["limit=501", "limit"],
        ["limit=ten", "limit"],
        ["limit=-1", "limit"],
        ["limit=1.5", "limit"],
        ["cursor=xyz", "cursor"],
        ["page=2", "page"],
      ] as const) {
        const { status, body } = await call(route, `/api/v1/${route}?${query}`, await withToken("read"));
        expect([query, status]).toEqual([query, 400]);
        expect(errorPaths(body)).toEqual([path]);
      }
      expect((await call(route, `/api/v1/${route}?limit=500`, await withToken("read"))).status).toBe(200);
    },
  );

  it("audit: pages hold each entry once, newest first, also while more are written", async () => {
    const actor = { kind: "system", id: "pager", name: "pager" } as const;
    for (let index = 0; index < 7; index += 1) {
      await recordAudit(
        test.store,
        { actor, action: "test.paged", target: `entry ${index}` },
        new Date(Date.parse("2026-11-01T00:00:00Z") + Math.floor(index / 3)),
      );
    }
    const seen: string[] = [];
    let cursor: string | null = "";
    for (let page = 0; cursor !== null && page < 10; page += 1) {
      const { body } = await call(
        "audit",
        `/api/v1/audit?action=test.paged&limit=2&cursor=${cursor}`,
        await withToken("read"),
      );
      const { items, nextCursor, total } = schemas.auditList.parse(body);
      if (page === 0) expect(total).toBe(7);
      seen.push(...items.map((item) => item.target));
      cursor = nextCursor;
      await recordAudit(test.store, { actor, action: "test.paged", target: "newer" }, new Date());
    }
    expect([...seen].sort()).toEqual(Array.from({ length: 7 }, (_, index) => `entry ${index}`));
    expect(seen.slice(0, 1)).toEqual(["entry 6"]);
  });

  it("audit: is found by actor, action family, target and time", async () => {
    const actor = { kind: "token", id: "t-1", name: "O'Brien \\ 'x'" } as const;
    await recordAudit(
      test.store,
      { actor, action: "filter.one", target: "event a/100%" },
      new Date("2026-10-01T00:00:00.000Z"),
    );
    const found = async (query: string) =>
      (await call("audit", `/api/v1/audit?${query}`, await withToken("read"))).body.total;
    expect(await found(`actor=${encodeURIComponent(actor.name)}`)).toBe(1);
    expect(await found("action=filter")).toBe(1);
    expect(await found("action=filt")).toBe(0);
    expect(await found(`action=filter&target=${encodeURIComponent("A/100%")}`)).toBe(1);
    expect(await found("action=filter&from=2026-10-01T00:00:00Z&to=2026-10-01T00:00:00.001Z")).toBe(1);
    expect(await found("action=filter&to=2026-10-01T00:00:00Z")).toBe(0);
  });

  it("audit: exports as CSV that no spreadsheet runs, and the export is audited", async () => {
    const actor = { kind: "system", id: "csv", name: '=HYPERLINK("http://evil.test")' } as const;
    await recordAudit(test.store, { actor, action: "csv.test", target: 'a,"b"' }, new Date("2026-10-02T00:00:00.000Z"));
    const request = new Request(`${BASE}/api/v1/audit/export?action=csv.test`, await as("admin"));
    const response = await routes.auditExport?.(request);
    expect(response?.headers.get("content-disposition")).toContain("attachment");
    const lines = ((await response?.text()) ?? "").split("\r\n");
    expect(lines[1]).toContain(`,"'=HYPERLINK(""http://evil.test"")",csv.test,"a,""b""",`);
    expect(lines).toHaveLength(3);
    const { items } = await listAudit(test.store, { action: "audit.exported" }, { limit: 1, after: null });
    expect(items[0]).toMatchObject({ actor: { name: "The admin" }, details: { action: "csv.test", entries: 1 } });
  });

  it("sources: say how far each reaches and which sequence numbers are missing", async () => {
    const { body } = await call("sources", "/api/v1/sources?limit=500", await withToken("read"));
    const { items, total } = schemas.sourceList.parse(body);
    expect(items).toHaveLength(total);
    const erp = items.find((item) => item.source === "erp");
    expect(erp).toMatchObject({
      completeThrough: "2026-11-24T10:00:00.000Z",
      gaps: {
        missing: 9,
        ranges: [
          { from: "13", to: "19" },
          { from: "9", to: "10" },
        ],
      },
    });
    expect(items.find((item) => item.source === "oms")?.gaps).toEqual({ missing: 0, ranges: [] });
    expect(items.find((item) => item.source === "tms")).toMatchObject({ completeThrough: null, lagSeconds: null });
  });

  it("sources: pages follow each other by name", async () => {
    const first = schemas.sourceList.parse(
      (await call("sources", "/api/v1/sources?limit=2", await withToken("read"))).body,
    );
    const second = schemas.sourceList.parse(
      (await call("sources", `/api/v1/sources?limit=2&cursor=${first.nextCursor}`, await withToken("read"))).body,
    );
    const names = [...first.items, ...second.items].map((item) => item.source);
    expect(names).toEqual([...new Set(names)].sort());
    expect(names).toHaveLength(4);
  });
});

describe("a person's word on a link", () => {
  const body = {
    child: { type: "shipment", id: "SH-1" },
    parent: { type: "order", id: "SO-1" },
    reason: "wrong label",
  };
  const post = async (role: Role, sent: unknown, headers: Record<string, string> = {}): Promise<RequestInit> => ({
    method: "POST",
    headers: {
      cookie: await cookieOf(role),
      "content-type": "application/json",
      origin: BASE,
      host: "app.test",
      ...headers,
    },
    body: typeof sent === "string" ? sent : JSON.stringify(sent),
  });

  it("goes to the intake as our own event, with actor and reason, and is audited", async () => {
    const answer = await call("retract", "/api/v1/links/retractions", await post("operations", body));
    expect(answer.status).toBe(202);
    fits(schemas.linkActAnswer.strict(), answer.body);
    const sent = reported.at(-1);
    expect(sent?.authorization).toBe(`Bearer ${readOrCreateSecret(dataDir, "internal-token")}`);
    expect(sent?.event).toMatchObject({
      source: "throughline",
      type: "link.retracted",
      data: {
        links: [{ child: body.child, parent: body.parent }],
        attributes: { actor: "The operations", reason: "wrong label" },
      },
    });
    const { items } = await listAudit(test.store, { action: "link.retracted" }, { limit: 1, after: null });
    expect(items[0]).toMatchObject({ target: "link shipment SH-1 → order SO-1", details: { reason: "wrong label" } });
    await call("restore", "/api/v1/links/restorations", await post("operations", body));
    expect(reported.at(-1)?.event).toMatchObject({ type: "link.restored" });
  });

  it("is taken from our own pages only", async () => {
    for (const headers of [
      { origin: "https://evil.test" },
      { origin: "null" },
      { origin: "http://app.test.evil.test" },
      { origin: "http://app.test:81" },
    ]) {
      const before = reported.length;
      expect((await call("retract", "/api/v1/links/retractions", await post("operations", body, headers))).status).toBe(
        403,
      );
      expect(reported).toHaveLength(before);
    }
  });

  it("needs its right, a reason, a link that somebody stated, and JSON", async () => {
    expect((await call("retract", "/api/v1/links/retractions", await post("finance", body))).status).toBe(403);
    const noReason = await call(
      "retract",
      "/api/v1/links/retractions",
      await post("operations", { ...body, reason: " " }),
    );
    expect([noReason.status, errorPaths(noReason.body)]).toEqual([400, ["reason"]]);
    const noChild = await call(
      "retract",
      "/api/v1/links/retractions",
      await post("operations", { ...body, child: { type: "shipment" } }),
    );
    expect([noChild.status, errorPaths(noChild.body)]).toEqual([400, ["child.id"]]);
    const unknown = await call(
      "retract",
      "/api/v1/links/retractions",
      await post("operations", { ...body, child: { type: "shipment", id: "SH-9" } }),
    );
    expect(unknown.status).toBe(404);
    expect((await call("retract", "/api/v1/links/retractions", await post("operations", "{"))).status).toBe(400);
    expect(
      (
        await call(
          "retract",
          "/api/v1/links/retractions",
          await post("operations", body, { "content-type": "text/plain" }),
        )
      ).status,
    ).toBe(415);
    expect(
      (
        await call(
          "retract",
          "/api/v1/links/retractions",
          await post("operations", { ...body, reason: "x".repeat(70_000) }),
        )
      ).status,
    ).toBe(413);
  });

  it("that the worker does not take is an error, not a success", async () => {
    const answered = async (status: number, sent: object) => {
      intakeAnswer = { status, body: JSON.stringify(sent) };
      return (await call("retract", "/api/v1/links/retractions", await post("operations", body))).status;
    };
    expect(await answered(503, {})).toBe(503);
    expect(await answered(401, {})).toBe(502);
    expect(
      await answered(202, {
        accepted: 0,
        duplicate: 0,
        deadLettered: [{ index: 0, reason: "source: no", path: "source" }],
      }),
    ).toBe(502);
    intakeAnswer = { status: 202, body: JSON.stringify({ accepted: 1, duplicate: 0, deadLettered: [] }) };
  });
});

describe("live", () => {
  async function storeVersion(version: number) {
    await test.store.insert("journeys", [
      {
        root_type: "order",
        root_id: "SO-LIVE",
        version,
        is_deleted: 0,
        stage: "Ordered",
        stage_rank: 0,
        cancelled: 0,
        agreed: 1,
        currency: "",
        next_step: "",
        sentence: "",
        events: version,
        failures: 0,
        sources: [],
        stages: "[]",
        status_by_source: "{}",
      },
    ]);
  }

  it("tells what is, then what changes, and stops when the client goes", async () => {
    await storeVersion(1);
    const gone = new AbortController();
    const request = new Request(`${BASE}/api/v1/journeys/order/SO-LIVE/live`, {
      ...(await withToken("read")),
      signal: gone.signal,
    });
    const response = await routes.live?.(request);
    expect(response?.headers.get("content-type")).toContain("text/event-stream");
    const reader = response?.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) throw new Error("no stream");
    let text = "";
    const readUntil = async (part: string) => {
      while (!text.includes(part)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`stream ended before ${part}: ${text}`);
        text += value;
      }
    };
    await readUntil("event: current\nid: 1\n");
    expect(text).not.toContain("event: changed");
    await storeVersion(2);
    await readUntil('event: changed\nid: 2\ndata: {"version":"2"}\n\n');
    gone.abort();
    for (;;) {
      const { done } = await reader.read();
      if (done) break;
    }
  });

  it("after an interruption tells at once what was missed", async () => {
    const { headers } = await withToken("read");
    const gone = new AbortController();
    const request = new Request(`${BASE}/api/v1/journeys/order/SO-LIVE/live`, {
      headers: { ...(headers as Record<string, string>), "last-event-id": "1" },
      signal: gone.signal,
    });
    const response = await routes.live?.(request);
    const reader = response?.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("event:")) text += (await reader?.read())?.value ?? "";
    expect(text).toContain("event: changed\nid: 2\n");
    gone.abort();
  });
});

describe("what is not there", () => {
  it("is a problem document too: unknown address, wrong method", async () => {
    const unknown = await call("unknown", "/api/v1/nothing");
    expect([unknown.status, unknown.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    const method = await call("ordersPost", "/api/v1/orders", { method: "POST" });
    expect([method.status, method.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it("the store away is a 503 with Retry-After", async () => {
    const { createStore } = await import("@/lib/clickhouse/client");
    const { services } = await import("@/lib/services");
    const shared = services() as { store: unknown };
    const init = await as("admin");
    const kept = shared.store;
    shared.store = createStore({ url: "http://127.0.0.1:1" });
    try {
      const { status, headers, body } = await call("orders", "/api/v1/orders", init);
      expect([status, headers.get("retry-after")]).toEqual([503, "5"]);
      fits(schemas.problem.strict(), body);
    } finally {
      shared.store = kept;
    }
  });
});
