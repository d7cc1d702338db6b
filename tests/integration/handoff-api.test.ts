import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as schemas from "@/app/api/v1/schemas";
import { type AppUnderTest, startAppUnderTest } from "./app-under-test";
import { handoffRow } from "./handoff-rows";

let app: AppUnderTest;
let routes: Record<"list" | "one" | "live" | "journey", (request: Request) => Promise<Response> | Response>;
const ODD_ID = "A/B %2F ü?#&";

beforeAll(async () => {
  app = await startAppUnderTest();
  await app.store.insert("handoffs", [
    handoffRow("SH-1", { roots: [{ type: "order", id: "SO-1" }] }),
    handoffRow("SH-2", { state: "matched", state_when_due: "matched", currency: "EUR", stake: "10" }),
    handoffRow("SH-3", { due_at: "2199-01-01T00:00:00.000Z", broken_at: "2199-01-01T00:00:00.000Z" }),
    handoffRow("INV-1", { rule: "invoice-payment", key_type: "invoice", stake: "70.5" }),
    handoffRow(ODD_ID, { rule: "odd-rule" }),
  ]);
  routes = {
    list: (await import("@/app/api/v1/handoffs/route")).GET,
    one: (await import("@/app/api/v1/handoffs/[rule]/[keyType]/[keyId]/route")).GET,
    live: (await import("@/app/api/v1/handoffs/live/route")).GET,
    journey: (await import("@/app/api/v1/journeys/[type]/[id]/route")).GET,
  };
});
afterAll(() => app?.stop());

const get = async (route: keyof typeof routes, path: string, headers?: Record<string, string>) =>
  app.call(routes[route], path, { headers: headers ?? (await app.token("read")) });
const keysOf = (body: Record<string, unknown>) => schemas.handoffList.parse(body).items.map((item) => item.key.id);

describe("GET /handoffs", () => {
  it("answers in the shape that the OpenAPI document declares, with totals over all that match", async () => {
    const { status, body } = await get("list", "/api/v1/handoffs?limit=1");
    expect(status).toBe(200);
    const { items, total, totals, nextCursor } = schemas.handoffList.strict().parse(body);
    expect([items.length, total, nextCursor === null]).toEqual([1, 5, false]);
    expect(totals).toEqual([
      { rule: "goods-issue", state: "late", count: 1, amount: "120", currency: "USD" },
      { rule: "goods-issue", state: "matched", count: 1, amount: "10", currency: "EUR" },
      { rule: "goods-issue", state: "pending", count: 1, amount: "120", currency: "USD" },
      { rule: "invoice-payment", state: "late", count: 1, amount: "70.5", currency: "USD" },
      { rule: "odd-rule", state: "late", count: 1, amount: "120", currency: "USD" },
    ]);
  });

  it("filters by comma and by repeated parameters, and sorts either way", async () => {
    const list = async (query: string) => keysOf((await get("list", `/api/v1/handoffs?${query}`)).body);
    expect(await list("state=late&rule=goods-issue&rule=invoice-payment&sort=-stake")).toEqual(["INV-1", "SH-1"]);
    expect(await list("state=matched,pending&sort=key")).toEqual(["SH-2", "SH-3"]);
    expect(await list("root=order/SO-1&open=true")).toEqual(["SH-1"]);
    expect(await list("rule=&q=")).toHaveLength(5);
  });

  it("walks its pages to the end", async () => {
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body } = await get("list", `/api/v1/handoffs?limit=2&sort=age${cursor && `&cursor=${cursor}`}`);
      found.push(...keysOf(body));
      cursor = schemas.handoffList.parse(body).nextCursor;
    }
    expect(found.sort()).toEqual([ODD_ID, "INV-1", "SH-1", "SH-2", "SH-3"].sort());
  });

  it("names the parameter that is wrong", async () => {
    for (const [query, path] of [
      ["state=lost", "state.0"],
      ["staet=late", "staet"],
      ["open=yes", "open"],
      ["from=yesterday", "from"],
      ["root=SO-1", "root"],
      ["sort=size", "sort"],
      ["q=a&q=b", "q"],
      ["partner=%00", "partner"],
      ["cursor=xyz", "cursor"],
      ["limit=501", "limit"],
    ] as const) {
      const { status, errorPaths } = await get("list", `/api/v1/handoffs?${query}`);
      expect([query, status, errorPaths]).toEqual([query, 400, [path]]);
    }
  });

  it("needs reconciliation:view; the handoffs of a journey need no more than the journey", async () => {
    const service = await app.person("customer-service");
    expect((await get("list", "/api/v1/handoffs", service)).status).toBe(403);
    expect((await get("one", "/api/v1/handoffs/goods-issue/shipment/SH-1", service)).status).toBe(403);
    expect((await get("live", "/api/v1/handoffs/live", service)).status).toBe(403);
    expect((await get("list", "/api/v1/handoffs", {})).status).toBe(401);
    expect((await get("list", "/api/v1/handoffs", await app.person("finance"))).status).toBe(200);
    await app.store.insert("events", [orderEvent("SO-1")]);
    const { status, body } = await get("journey", "/api/v1/journeys/order/SO-1", service);
    expect(status).toBe(200);
    expect(schemas.journey.parse(body).handoffs).toMatchObject([{ key: { id: "SH-1" }, state: "late", open: true }]);
    const past = await get("journey", "/api/v1/journeys/order/SO-1?asOf=2026-11-24T12:00:00Z", service);
    expect(schemas.journey.parse(past.body).handoffs).toEqual([]);
  });
});

describe("GET /handoffs/{rule}/{keyType}/{keyId}", () => {
  it("gives one, whatever its number looks like; 404 for what no rule says anything about", async () => {
    const { status, body } = await get("one", `/api/v1/handoffs/odd-rule/shipment/${encodeURIComponent(ODD_ID)}`);
    expect(status).toBe(200);
    expect(schemas.handoffList.shape.items.element.strict().parse(body).key.id).toBe(ODD_ID);
    for (const path of ["goods-issue/shipment/NOPE", "goods-issue/order/SH-1", "nope/shipment/SH-1"])
      expect((await get("one", `/api/v1/handoffs/${path}`)).status).toBe(404);
  });
});

describe("GET /handoffs/live", () => {
  it("tells what is, then what changes for its filter, and stops when the client goes", async () => {
    const gone = new AbortController();
    const open = async (query: string) => {
      const request = new Request(`http://app.test/api/v1/handoffs/live?${query}`, {
        headers: await app.token("read"),
        signal: gone.signal,
      });
      const response = await routes.live(request);
      expect(response.headers.get("content-type")).toContain("text/event-stream");
      return streamReader(response);
    };
    const matched = await open("state=matched");
    const others = await open("companyCode=9999");
    await matched.until("event: current\n");
    await others.until("event: current\n");
    await app.store.insert("handoffs", [handoffRow("SH-9", { state: "matched", state_when_due: "matched" })]);
    await matched.until("event: changed\n");
    expect(others.text()).not.toContain("event: changed");
    gone.abort();
    await matched.untilEnd();
    await others.untilEnd();
  });
});

function streamReader(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error("no stream");
  let text = "";
  return {
    text: () => text,
    async until(part: string) {
      while (!text.includes(part)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`stream ended before ${part}: ${text}`);
        text += value;
      }
    },
    async untilEnd() {
      while (!(await reader.read()).done);
    },
  };
}

const orderEvent = (id: string) => ({
  source: "oms",
  event_id: `created-${id}`,
  kind: "message",
  type: "order.created",
  occurred_at: "2026-11-24T10:00:00.000Z",
  recorded_at: null,
  received_at: "2026-11-24T10:00:01.000Z",
  sequence: "",
  interface: "",
  outcome: "ok",
  error_class: "",
  error_code: "",
  error_message: "",
  attempt: 1,
  duration_ms: null,
  objects: [{ type: "order", id, qualifier: "" }],
  links: [],
  link_act: "stated",
  quantity: null,
  amount: null,
  currency: "",
  promised_at: null,
  content_hash: id,
  payload: "{}",
});
