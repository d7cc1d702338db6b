import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { alertsOperation } from "@/app/api/v1/alert-operations";
import * as exceptionSchemas from "@/app/api/v1/exception-schemas";
import * as replaySchemas from "@/app/api/v1/replay-schemas";
import { type AppUnderTest, startAppUnderTest } from "./app-under-test";
import { exceptionRow } from "./exception-rows";

type Route = (request: Request) => Promise<Response> | Response;
let app: AppUnderTest;
const routes = new Map<string, Route>();

beforeAll(async () => {
  app = await startAppUnderTest();
  for (const [name, { GET }] of [
    ["list", await import("@/app/api/v1/exceptions/route")],
    ["one", await import("@/app/api/v1/exceptions/[id]/route")],
    ["groups", await import("@/app/api/v1/exception-groups/route")],
    ["export", await import("@/app/api/v1/exceptions/export/route")],
    ["live", await import("@/app/api/v1/exceptions/live/route")],
    ["interfaces", await import("@/app/api/v1/interfaces/route")],
    ["replays", await import("@/app/api/v1/replays/route")],
    ["replay", await import("@/app/api/v1/replays/[id]/route")],
    ["items", await import("@/app/api/v1/replays/[id]/items/route")],
    ["replay-live", await import("@/app/api/v1/replays/[id]/live/route")],
  ] as const)
    routes.set(name, GET);
  await app.store.insert("exceptions", [
    ...Array.from({ length: 5 }, (_, index) => exceptionRow(`l-${index}`, { value: String(100 * (index + 1)) })),
    exceptionRow("l-formula", { message: "=HYPERLINK(1)", fingerprint: "fp-formula", value: null, state: "resolved" }),
  ]);
});
afterAll(() => app.stop());

async function get(name: string, path: string, headers?: Record<string, string>) {
  const route = routes.get(name);
  if (!route) throw new Error(`expected a route ${name}`);
  return app.call(route, path, { headers: headers ?? (await app.person("operations")) });
}

/** Every member that the answer has stands in its schema, and the other way round. */
function fits(schema: z.ZodType, body: unknown): void {
  const parsed = schema.safeParse(body);
  expect(parsed.error?.issues ?? []).toEqual([]);
  expect(parsed.data).toEqual(body);
}

describe("the API of exceptions", () => {
  it("lists the queue by rank, page by page, as its schema says", async () => {
    const first = await get("list", "/api/v1/exceptions?tab=open&limit=2");
    fits(exceptionSchemas.exceptionList, first.body);
    expect(first.body).toMatchObject({ total: 5, items: [{ id: "l-4" }, { id: "l-3" }] });
    const next = await get("list", `/api/v1/exceptions?tab=open&limit=2&cursor=${first.body.nextCursor}`);
    expect(next.body).toMatchObject({ total: 5, items: [{ id: "l-2" }, { id: "l-1" }] });
    const turned = await get("list", "/api/v1/exceptions?tab=open&limit=1&sort=-value");
    expect(turned.body).toMatchObject({ items: [{ id: "l-0" }] });
  });

  it("names what does not fit, and takes no cursor of another order", async () => {
    const { body } = await get("list", "/api/v1/exceptions?limit=1");
    for (const [query, path] of [
      ["stat=open", "stat"],
      ["state=late", "state.0"],
      ["class=odd", "class.0"],
      ["root=SO-1", "root"],
      ["from=yesterday", "from"],
      ["sort=size", "sort"],
      ["limit=0", "limit"],
      [`sort=age&cursor=${body.nextCursor}`, "cursor"],
      ["cursor=nonsense", "cursor"],
    ] as const) {
      const answer = await get("list", `/api/v1/exceptions?${query}`);
      expect([query, answer.status, answer.errorPaths]).toEqual([query, 400, [path]]);
    }
  });

  it("shows one with all that belongs to it, and says when there is none", async () => {
    const { status, body } = await get("one", "/api/v1/exceptions/l-1");
    expect(status).toBe(200);
    fits(exceptionSchemas.exceptionDetail, body);
    expect((await get("one", "/api/v1/exceptions/nope")).status).toBe(404);
  });

  it("groups by cause", async () => {
    const { body } = await get("groups", "/api/v1/exception-groups?tab=all");
    fits(exceptionSchemas.exceptionGroupList, body);
    expect(body).toMatchObject({
      total: 2,
      items: [
        { group: "fp-503", count: 5, valueAtRisk: [{ amount: "1500", currency: "USD" }] },
        { group: "fp-formula" },
      ],
    });
  });

  it("exports what is filtered, with the filter above the columns and nothing that a spreadsheet would run", async () => {
    const { status, headers, body } = await get("export", "/api/v1/exceptions/export?tab=all");
    expect([status, headers.get("content-type")]).toEqual([200, expect.stringContaining("text/csv")]);
    const text = String(body.text);
    expect(text).toContain("tab: all");
    expect(text).toContain("'=HYPERLINK(1)");
    expect(text.split("\n").filter((line) => line.startsWith("l-"))).toHaveLength(6);
  });

  it("tells which interfaces are declared, without addresses or secrets", async () => {
    const { body } = await get("interfaces", "/api/v1/interfaces?limit=3");
    fits(exceptionSchemas.interfaceList, body);
    expect((body.items as unknown[]).length).toBe(3);
    expect(body.nextCursor).not.toBeNull();
    const whole = JSON.stringify((await get("interfaces", "/api/v1/interfaces")).body);
    expect(whole).not.toMatch(/env:|http:|file:/);
  });

  it("is for those who may", async () => {
    const executive = await app.person("executive");
    for (const [name, path] of [
      ["list", "/api/v1/exceptions"],
      ["one", "/api/v1/exceptions/l-1"],
      ["groups", "/api/v1/exception-groups"],
      ["export", "/api/v1/exceptions/export"],
      ["live", "/api/v1/exceptions/live"],
      ["replays", "/api/v1/replays"],
    ] as const) {
      expect([name, (await get(name, path, executive)).status]).toEqual([name, 403]);
      expect([name, (await get(name, path, {})).status]).toEqual([name, 401]);
    }
  });

  it("answers replays as their schemas say", async () => {
    const { POST } = await import("@/app/api/v1/replays/route");
    const headers = await app.person("operations");
    const plan = await app.call(POST, "/api/v1/replays", { headers, body: { name: "All", filter: { tab: "open" } } });
    fits(replaySchemas.replayPlanAnswer, plan.body);
    fits(replaySchemas.replayList, (await get("replays", "/api/v1/replays")).body);
    fits(replaySchemas.replay, (await get("replay", `/api/v1/replays/${plan.body.id}`)).body);
    fits(replaySchemas.replayItemList, (await get("items", `/api/v1/replays/${plan.body.id}/items`)).body);
    expect((await get("replay", "/api/v1/replays/nope")).status).toBe(404);
    expect((await get("items", "/api/v1/replays/nope/items")).status).toBe(404);
  });
});

describe("live updates", () => {
  /** The names of the events of a stream, one by one. */
  async function* eventsOf(name: string, path: string): AsyncGenerator<string, void, undefined> {
    const stop = new AbortController();
    const route = routes.get(name);
    const response = await route?.(
      new Request(`http://app.test${path}`, { headers: await app.person("operations"), signal: stop.signal }),
    );
    const reader = response?.body?.getReader();
    const decoder = new TextDecoder();
    try {
      for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read())
        for (const match of decoder.decode(chunk.value).matchAll(/^event: (\w+)$/gm)) yield match[1] ?? "";
    } finally {
      await reader?.cancel();
      stop.abort();
    }
  }

  it("tell when the exceptions that match are others", async () => {
    const events = eventsOf("live", "/api/v1/exceptions/live?tab=open");
    expect((await events.next()).value).toBe("current");
    await app.store.insert("exceptions", [exceptionRow("l-new")]);
    expect((await events.next()).value).toBe("changed");
    await events.return();
  });

  it("tell when a replay moves", async () => {
    const { POST } = await import("@/app/api/v1/replays/route");
    const { POST: start } = await import("@/app/api/v1/replays/[id]/start/route");
    const headers = await app.person("operations");
    await app.store.insert("exceptions", [exceptionRow("l-go", { interface: "oms-to-erp.order" })]);
    const plan = await app.call(POST, "/api/v1/replays", { headers, body: { name: "Go", exceptionIds: ["l-go"] } });
    const events = eventsOf("replay-live", `/api/v1/replays/${plan.body.id}/live`);
    expect((await events.next()).value).toBe("current");
    expect((await app.call(start, `/api/v1/replays/${plan.body.id}/start`, { headers, body: {} })).status).toBe(202);
    expect((await events.next()).value).toBe("changed");
    await events.return();
  });
});

describe("the API of alerts", () => {
  it("lists alerts and deliveries, and takes an acknowledgement once it knows the alert", async () => {
    const { GET: list } = await import("@/app/api/v1/alerts/route");
    const { GET: deliveries } = await import("@/app/api/v1/alert-deliveries/route");
    const { POST: acknowledge } = await import("@/app/api/v1/alerts/[id]/acknowledge/route");
    const { POST: testChannel } = await import("@/app/api/v1/alert-channels/[channel]/test/route");
    const headers = await app.person("operations");
    const notice = { title: "New cause", text: "…", channels: ["ops"], tellsEnd: true, members: ["l-1"] };
    await app.store.insert("alerts", [
      {
        alert_id: "al_1",
        version: 1,
        rule: "new-group",
        subject: "fp-503",
        state: "firing",
        fired_at: "2026-11-21T12:00:00.000Z",
        resolved_at: null,
        notice: JSON.stringify(notice),
      },
    ]);
    const say = (id: string) =>
      app.call(acknowledge, `/api/v1/alerts/${id}/acknowledge`, { headers, body: { reason: "on it" } });
    expect((await say("al_none")).status).toBe(404);
    expect((await say("al_1")).status).toBe(202);
    const { body } = await app.call(list, "/api/v1/alerts", { headers });
    const { items } = body as { items: object[] };
    fits(alertsOperation.answer.schema as z.ZodType, body);
    expect(items[0]).toMatchObject({ id: "al_1", title: "New cause", members: 1, acknowledgedBy: "The operations" });
    const path = "/api/v1/alert-channels/ops/test";
    expect((await app.call(testChannel, path, { headers, body: { id: "t-1" } })).status).toBe(403);
    expect(
      (await app.call(testChannel, path, { headers: await app.person("admin"), body: { id: "t-1" } })).status,
    ).toBe(202);
    expect((await app.call(deliveries, "/api/v1/alert-deliveries?alert=al_1", { headers })).body).toEqual({
      items: [],
    });
  });
});
