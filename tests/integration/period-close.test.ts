import { createHash } from "node:crypto";
import ExcelJS from "exceljs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "@/lib/clickhouse/client";
import { closePeriod, readPeriodActs } from "@/lib/queries/period-close";
import { services } from "@/lib/services";
import { type Answer, type AppUnderTest, startAppUnderTest } from "./app-under-test";
import { handoffRow, resolved } from "./handoff-rows";

let app: AppUnderTest;
type Route = (request: Request) => Promise<Response> | Response;
let routes: Record<"checklist" | "list" | "close" | "reopen" | "verify" | "changes" | "download", Route>;

beforeAll(async () => {
  app = await startAppUnderTest();
  const closes = await import("@/app/api/v1/period-closes/route");
  routes = {
    checklist: (await import("@/app/api/v1/period-closes/checklist/route")).GET,
    list: closes.GET,
    close: closes.POST,
    reopen: (await import("@/app/api/v1/period-closes/[id]/reopen/route")).POST,
    verify: (await import("@/app/api/v1/period-closes/[id]/verify/route")).GET,
    changes: (await import("@/app/api/v1/period-closes/[id]/changes/route")).GET,
    download: (await import("@/app/api/v1/period-closes/[id]/export/route")).GET,
  };
});
afterAll(() => app.stop());

const store = (rows: readonly object[]) => app.store.insert("handoffs", rows);
const person = () => app.person("finance", "Fin Ance");
const get = async (route: Route, path: string): Promise<Answer> =>
  app.call(route, `/api/v1/period-closes${path}`, { headers: await person() });
const post = async (route: Route, path: string, body: object, headers?: Record<string, string>): Promise<Answer> =>
  app.call(route, `/api/v1/period-closes${path}`, { headers: headers ?? (await person()), body });

interface OpenItem {
  item: string;
  count: number;
}
const openItems = async (period: string, companyCode = "1000"): Promise<OpenItem[]> =>
  (await get(routes.checklist, `/checklist?companyCode=${companyCode}&period=${period}`)).body.openItems as OpenItem[];

/** Closes with whatever is open acknowledged as it stands. */
async function close(period: string, changes: object = {}, headers?: Record<string, string>): Promise<Answer> {
  const acknowledgements = (await openItems(period)).map((item) => ({ ...item, note: "known" }));
  return post(
    routes.close,
    "",
    { companyCode: "1000", period, note: "month end", acknowledgements, ...changes },
    headers,
  );
}

const matched = (id: string, period: string, changes: object = {}) =>
  handoffRow(id, {
    state: "matched",
    state_when_due: "matched",
    broken_at: null,
    settled_at: "2026-01-10T11:00:00.000Z",
    to_events: [{ source: "erp", id: `to-${id}` }],
    period,
    ...changes,
  });

describe("the checklist of a period", () => {
  it("counts what is open by rule and state with its money, and which sources are behind its end", async () => {
    await app.store.insert("events", [
      event("oms", "2026-02-01T04:59:59.999Z"),
      event("erp", "2026-02-01T05:00:00.000Z"),
    ]);
    const row = (id: string, changes: object = {}) => handoffRow(id, { period: "2026-01", ...changes });
    await store([
      row("L-1"),
      row("L-2", { currency: "EUR", stake: "5.50" }),
      row("L-3", resolved("accepted", "a")),
      row("L-4", resolved("awaiting_approval", "b")),
      row("L-5", { due_at: "2999-01-01T00:00:00.000Z" }),
      row("L-6", { rule: "shipment-invoice", state: "orphan", due_at: null }),
      matched("L-7", "2026-01"),
      row("L-8", { period: "2026-02" }),
      row("L-9", { company_code: "2000" }),
    ]);
    const { body } = await get(routes.checklist, "/checklist?companyCode=1000&period=2026-01");
    // The end of January in New York, five hours behind UTC.
    expect(body).toMatchObject({ endsAt: "2026-02-01T05:00:00.000Z", hasEnded: true });
    expect(body.rules).toMatchObject([
      {
        rule: "goods-issue",
        total: 6,
        breaks: {
          late: {
            count: 2,
            stakes: [
              { amount: "5.5", currency: "EUR" },
              { amount: "120", currency: "USD" },
            ],
          },
        },
        pending: { count: 1 },
        awaiting: { count: 1 },
      },
      { rule: "shipment-invoice", total: 1, breaks: { orphan: { count: 1 }, late: { count: 0 } } },
    ]);
    expect(body.openItems).toEqual([
      { item: "break goods-issue late", count: 2 },
      { item: "awaiting goods-issue", count: 1 },
      { item: "pending goods-issue", count: 1 },
      { item: "break shipment-invoice orphan", count: 1 },
      { item: "source oms", count: 1 },
    ]);
  });

  it("says what is wrong with the question", async () => {
    for (const [query, path] of [
      ["companyCode=1000&period=2026-13", "period"],
      ["companyCode=1000&period=2026-1", "period"],
      ["companyCode=1000", "period"],
      ["period=2026-01", "companyCode"],
    ] as const)
      expect((await get(routes.checklist, `/checklist?${query}`)).errorPaths).toEqual([path]);
  });
});

describe("closing a period", () => {
  it("needs each open item acknowledged, in the number in which it is open", async () => {
    await store([handoffRow("N-1", { period: "2025-03" }), matched("N-2", "2025-03")]);
    const refused = await close("2025-03", { acknowledgements: [] });
    expect([refused.status, refused.errorPaths]).toEqual([400, ["acknowledgements.break goods-issue late"]]);
    const acknowledgements = [{ item: "break goods-issue late", count: 7, note: "known" }];
    expect((await close("2025-03", { acknowledgements })).status).toBe(400);
    expect((await close("2025-03")).status).toBe(202);
  });

  it("freezes every handoff of it as one canonical line, and signs their hash", async () => {
    await store([
      matched("Z-1", "2025-04"),
      matched("A-1", "2025-04"),
      matched("A-1", "2025-04", { rule: "asn-receipt" }),
    ]);
    const { status, body } = await close("2025-04");
    expect(status).toBe(202);
    expect(body).toMatchObject({ act: "closed", signedBy: "Fin Ance", rows: 3, note: "month end" });
    const rows = await app.store.query<{ row: string }>(
      "SELECT row FROM period_close_rows WHERE close_id = {id:String} ORDER BY rule, key_type, key_id",
      { id: body.id },
    );
    const lines = rows.map(({ row }) => row);
    expect(lines.map((line) => JSON.parse(line).rule)).toEqual(["asn-receipt", "goods-issue", "goods-issue"]);
    for (const line of lines) expect(Object.keys(JSON.parse(line))).toEqual(Object.keys(JSON.parse(line)).sort());
    expect(body.contentHash).toBe(
      createHash("sha256")
        .update(lines.map((line) => `${line}\n`).join(""))
        .digest("hex"),
    );
    const verified = await get(routes.verify, `/${body.id}/verify`);
    expect(verified.body).toEqual({ isIntact: true, rows: 3, contentHash: body.contentHash, firstAltered: "" });
  });

  it("signs the same hash whatever order the handoffs came in, and however often", async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `ord-${(index * 7) % 20}`);
    await store(ids.map((id) => matched(id, "2025-05")));
    const first = await close("2025-05");
    expect((await post(routes.reopen, `/${first.body.id}/reopen`, { reason: "once more" })).status).toBe(202);
    for (const id of [...ids].reverse()) await store([matched(id, "2025-05"), matched(id, "2025-05")]);
    const second = await close("2025-05");
    expect(second.body.id).not.toBe(first.body.id);
    expect(second.body.contentHash).toBe(first.body.contentHash);
  });

  it("of two at once happens once, with one set of rows in force", async () => {
    await store([matched("TW-1", "2025-06")]);
    const signers = ["One", "Two", "Three"];
    const answers = await Promise.all(
      signers.map(async (name) => close("2025-06", {}, await app.person("finance", name))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    const { items } = (await get(routes.list, "")).body as { items: { period: string; id: string }[] };
    const stored = items.filter(({ period }) => period === "2025-06");
    expect(stored.map(({ id }) => id)).toEqual(
      answers.filter(({ status }) => status === 202).map(({ body }) => body.id),
    );
  });

  it("by whoever comes last is refused, though they looked first and their clock is behind", async () => {
    await store([matched("SL-1", "2025-01")]);
    const { finance, systems } = services();
    const sign = (name: string, at: string, through: Store) =>
      closePeriod(
        through,
        {
          companyCode: "1000",
          period: "2025-01",
          note: "",
          acknowledgements: [{ item: "source oms", count: 1, note: "known" }],
        },
        { kind: "person", id: name, name },
        { finance, systems, now: new Date(at) },
      );
    const held = holding(app.store, "period_closes");
    const slow = sign("Slow", "2025-02-03T10:00:00.000Z", held.store);
    await held.reached;
    const quick = await sign("Quick", "2025-02-03T11:00:00.000Z", app.store);
    held.release();
    expect(quick).toMatchObject({ state: "stored", close: { signedBy: "Quick" } });
    expect(await slow).toMatchObject({ state: "conflict", detail: expect.stringContaining("closed by Quick") });
    const acts = await readPeriodActs(app.store, { companyCode: "1000", period: "2025-01" });
    expect(acts.map(({ signedBy }) => signedBy)).toEqual(["Quick"]);
  });

  it("of a closed period is a conflict that says who closed it", async () => {
    const { status, body } = await close("2025-06");
    expect(status).toBe(409);
    expect(body.detail).toMatch(/closed by (One|Two|Three)/);
  });

  it("needs its right, which no token has; a period that has not ended must be acknowledged as such", async () => {
    const body = { companyCode: "1000", period: "2025-07", note: "", acknowledgements: [] };
    expect((await post(routes.close, "", body, await app.person("operations"))).status).toBe(403);
    expect((await post(routes.close, "", body, await app.token("act"))).status).toBe(403);
    expect((await close("2999-01", { acknowledgements: [] })).errorPaths).toContain(
      "acknowledgements.period has not ended",
    );
    expect((await close("2025-07", { companyCode: "9999", acknowledgements: [] })).status).toBe(404);
  });

  it("of 30,000 handoffs freezes, verifies, compares and exports each of them", async () => {
    const count = 30_000;
    for (let page = 0; page < 3; page += 1)
      await store(Array.from({ length: count / 3 }, (_, index) => matched(`big-${page}-${index}`, "2025-08")));
    const { body } = await close("2025-08");
    expect(body).toMatchObject({ rows: count });
    expect((await get(routes.verify, `/${body.id}/verify`)).body).toMatchObject({ isIntact: true, rows: count });
    expect((await get(routes.changes, `/${body.id}/changes`)).body.counts).toEqual({ changed: 0, missing: 0, new: 0 });
    expect((await get(routes.download, `/${body.id}/export?format=xlsx`)).status).toBe(413);
    const csv = String((await get(routes.download, `/${body.id}/export`)).body.text);
    expect(csv.split("\r\n")).toHaveLength(count + 2);
  });
});

describe("after the close", () => {
  it("what came later shows as changed, new or missing, and what was signed stays as it was", async () => {
    await store([matched("AC-1", "2025-09"), matched("AC-2", "2025-09"), matched("AC-3", "2025-09")]);
    const { body } = await close("2025-09");
    await store([
      matched("AC-1", "2025-09", { rule_version: 2 }),
      matched("AC-2", "2025-09", { state: "duplicate", state_when_due: "duplicate" }),
      matched("AC-3", "2025-10"),
      matched("AC-4", "2025-09"),
    ]);
    const { counts, items } = (await get(routes.changes, `/${body.id}/changes`)).body as {
      counts: object;
      items: { kind: string; key: { id: string }; frozen: { state: string } | null; now: { state: string } | null }[];
    };
    expect(counts).toEqual({ changed: 1, missing: 1, new: 1 });
    expect(items.map(({ kind, key, frozen, now }) => [kind, key.id, frozen?.state, now?.state])).toEqual([
      ["changed", "AC-2", "matched", "duplicate"],
      ["missing", "AC-3", "matched", undefined],
      ["new", "AC-4", undefined, "matched"],
    ]);
    expect((await get(routes.verify, `/${body.id}/verify`)).body).toMatchObject({ isIntact: true, rows: 3 });
  });

  it("what was altered in the store is found", async () => {
    await store([matched("AL-1", "2025-11"), matched("AL-2", "2025-11")]);
    const { body } = await close("2025-11");
    const [row] = await app.store.query<Record<string, string>>(
      "SELECT * FROM period_close_rows WHERE close_id = {id:String} AND key_id = 'AL-2'",
      { id: body.id },
    );
    await app.store.insert("period_close_rows", [{ ...row, row: row?.row?.replace('"matched"', '"void"') }]);
    const verified = (await get(routes.verify, `/${body.id}/verify`)).body;
    expect(verified.isIntact).toBe(false);
    expect(verified.firstAltered).toContain("AL-2");
  });

  it("may be opened again with a reason, once, and closed anew", async () => {
    await store([matched("RE-1", "2025-12")]);
    const first = await close("2025-12");
    expect((await post(routes.reopen, `/${first.body.id}/reopen`, { reason: "" })).errorPaths).toEqual(["reason"]);
    expect(
      (await post(routes.reopen, `/${first.body.id}/reopen`, { reason: "an invoice came" }, await app.token("act")))
        .status,
    ).toBe(403);
    const opened = await post(routes.reopen, `/${first.body.id}/reopen`, { reason: "an invoice came" });
    expect(opened.body).toMatchObject({ act: "reopened", note: "an invoice came", id: first.body.id });
    expect((await post(routes.reopen, `/${first.body.id}/reopen`, { reason: "again please" })).status).toBe(409);
    expect((await post(routes.reopen, "/nope/reopen", { reason: "no such" })).status).toBe(404);
    expect((await close("2025-12")).status).toBe(202);
    expect((await get(routes.verify, `/${first.body.id}/verify`)).body).toMatchObject({ isIntact: true });
  });

  it("comes out as CSV and XLSX, inert, with what was signed", async () => {
    const evil = '=HYPERLINK("http://evil.test")';
    await store([matched("000123", "2025-02", { partner: evil, expected_amount: "1234567890123.45" })]);
    const { body } = await close("2025-02");
    const csv = await get(routes.download, `/${body.id}/export`);
    expect(csv.headers.get("content-disposition")).toContain(
      `close-1000-2025-02-${String(body.contentHash).slice(0, 12)}.csv`,
    );
    expect(String(csv.body.text)).toContain(`"'=HYPERLINK(""http://evil.test"")"`);
    const headers = { headers: await person() };
    const xlsx = await routes.download(
      new Request(`http://app.test/api/v1/period-closes/${body.id}/export?format=xlsx`, headers),
    );
    const workbook = new ExcelJS.Workbook();
    await workbook.xlsx.load(await xlsx.arrayBuffer());
    const cells = workbook.worksheets[0]?.getRow(2).values as unknown[];
    expect(cells).toEqual(expect.arrayContaining(["000123", "matched", "1234567890123.45", evil]));
    expect((await get(routes.download, "/nope/export")).status).toBe(404);
  });
});

/** A store whose inserts into a table wait to be released. */
function holding(through: Store, table: string) {
  let reach = () => {};
  let release = () => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const insert: Store["insert"] = async (into, rows, options) => {
    if (into === table) {
      reach();
      await released;
    }
    return through.insert(into, rows, options);
  };
  return { store: { ...through, insert }, reached, release };
}

function event(source: string, at: string) {
  return {
    source,
    event_id: `reach-${source}`,
    kind: "message",
    type: "order.created",
    occurred_at: at,
    received_at: at,
    outcome: "ok",
    attempt: 1,
    objects: [],
    links: [],
    link_act: "stated",
    content_hash: source,
    payload: "{}",
  };
}
