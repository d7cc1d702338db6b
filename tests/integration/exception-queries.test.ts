import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rankOf } from "@/lib/domain/exceptions/rank";
import { readException } from "@/lib/queries/exception-detail";
import { exceptionFilter, filterParameters } from "@/lib/queries/exception-filter";
import { listExceptionGroups } from "@/lib/queries/exception-groups";
import { EXCEPTION_SORTS, RANK_SQL } from "@/lib/queries/exception-order";
import { listExceptions } from "@/lib/queries/exceptions";
import { InvalidCursor } from "@/lib/queries/orders";
import { startTestStore, type TestStore } from "./embedded-store";
import { exceptionRow } from "./exception-rows";
import { handoffRow } from "./handoff-rows";

const NOW = "2026-11-21T12:00:00.000Z";
let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test.stop());

const put = (...rows: object[]) => test.store.insert("exceptions", rows);
const clear = () => test.store.command("TRUNCATE TABLE exceptions");
const idsOf = async (address: Record<string, string | string[]>, sort?: (typeof EXCEPTION_SORTS)[number]) => {
  const list = await listExceptions(test.store, exceptionFilter.parse(address), {
    now: NOW,
    ...(sort ? { sort } : {}),
  });
  expect(list.total).toBe(list.items.length);
  return list.items.map(({ id }) => id);
};

describe("the rank of an exception", () => {
  it("is the same in the store as in code, whatever the value and the promise", async () => {
    const cases = fc.sample(
      fc.record({
        value: fc.option(
          fc.tuple(fc.integer({ min: -50, max: 2_000_000_000 }), fc.integer({ min: 0, max: 999_999_999 })),
        ),
        promised: fc.option(fc.integer({ min: -90 * 86_400_000, max: 90 * 86_400_000 })),
      }),
      300,
    );
    const rows = cases.map(({ value, promised }, index) =>
      exceptionRow(`rank-${index}`, {
        value: value === null ? null : `${value[0]}.${String(value[1]).padStart(9, "0")}`,
        promised_at: promised === null ? null : new Date(Date.parse(NOW) + promised).toISOString(),
      }),
    );
    rows.push(
      exceptionRow("rank-most", {
        value: "99999999999999999999999999999.999999999",
        promised_at: "1990-01-01T00:00:00.000Z",
      }),
    );
    await put(...rows);
    const stored = await test.store.query<{ exception_id: string; rank: string }>(
      `SELECT exception_id, toString(${RANK_SQL}) AS rank FROM exceptions FINAL WHERE startsWith(exception_id, 'rank-')`,
      { now: NOW },
    );
    const expected = rows.map((row) => [
      row.exception_id,
      String(
        rankOf(
          {
            value: row.value === null ? null : { amount: String(row.value) },
            promisedAt: row.promised_at as string | null,
          },
          new Date(NOW),
        ),
      ),
    ]);
    expect(Object.fromEntries(stored.map((row) => [row.exception_id, row.rank]))).toEqual(Object.fromEntries(expected));
    await clear();
  });

  it("puts a missed promise before one that is near, that before a far one, and value before trifles", async () => {
    await put(
      exceptionRow("far", { promised_at: "2026-12-21T12:00:00.000Z" }),
      exceptionRow("missed", { promised_at: "2026-11-21T11:00:00.000Z" }),
      exceptionRow("near", { promised_at: "2026-11-21T14:00:00.000Z" }),
      exceptionRow("none", { promised_at: null }),
      exceptionRow("dear", { promised_at: "2026-12-21T12:00:00.000Z", value: "1000000" }),
      exceptionRow("worthless", { promised_at: "2026-11-21T14:00:00.000Z", value: null }),
    );
    expect(await idsOf({})).toEqual(["dear", "missed", "near", "worthless", "far", "none"]);
    await clear();
  });
});

describe("the queue", () => {
  it("shows states by the reader's clock: not before it is due, open again when its silence is over", async () => {
    await put(
      exceptionRow("not-yet", { opens_at: "2026-11-21T12:00:00.001Z" }),
      exceptionRow("just-due", { opens_at: NOW }),
      exceptionRow("silent", { state: "ignored", ignored_until: "2026-11-21T12:00:00.001Z" }),
      exceptionRow("for-good", { state: "ignored" }),
      exceptionRow("heard-again", { state: "ignored", ignored_until: NOW }),
      exceptionRow("done", { state: "resolved", resolution: "verified" }),
      exceptionRow("going", { state: "replaying" }),
      exceptionRow("again", { state: "regressed" }),
      exceptionRow("gone", { is_deleted: 1 }),
    );
    expect((await idsOf({ tab: "open" })).sort()).toEqual(["again", "heard-again", "just-due"]);
    expect((await idsOf({ tab: "ignored" })).sort()).toEqual(["for-good", "silent"]);
    expect(await idsOf({ tab: "resolved" })).toEqual(["done"]);
    expect(await idsOf({ tab: "replaying" })).toEqual(["going"]);
    expect((await idsOf({ state: "open" })).sort()).toEqual(["heard-again", "just-due"]);
    expect(await idsOf({ tab: "open", state: "resolved" })).toEqual([]);
    expect(await idsOf({ tab: "all" })).toHaveLength(7);
    await clear();
  });

  it("is narrowed by each parameter, and the filter that a plan keeps finds the same", async () => {
    await put(
      exceptionRow("plain"),
      exceptionRow("other", {
        class: "business",
        category: "business",
        kind: "handoff",
        owner: "",
        assignee: "Smith, Jane",
        interface: "oms-to-erp.order",
        fingerprint: "fp-period",
        tags: ["month-end", "vip"],
        severity: "normal",
        cause: "Posting period # is not open",
        message: "Buchungsperiode 11 ist nicht geöffnet",
        roots: [{ type: "order", id: "SO-Ä77/1" }],
        last_failed_at: "2026-11-21T10:00:00.000Z",
      }),
    );
    const found: Record<string, string | string[]>[] = [
      { class: "business,value" },
      { category: "business" },
      { kind: ["handoff", "gap"] },
      { owner: "none" },
      { assignee: "Smith, Jane" },
      { interface: "oms-to-erp.order" },
      { group: "fp-period" },
      { tag: "vip" },
      { severity: "normal" },
      { q: "PERIODE 11" },
      { q: "GEÖFFNET" },
      { q: "so-ä77" },
      { q: "period # is" },
      { root: "order/SO-Ä77/1" },
      { from: "2026-11-21T10:00:00.000Z", to: "2026-11-21T10:00:00.001Z" },
    ];
    for (const address of found) {
      expect([address, await idsOf(address)]).toEqual([address, ["other"]]);
      expect(await idsOf(filterParameters(exceptionFilter.parse(address)))).toEqual(["other"]);
    }
    expect(await idsOf({ q: "' OR 1 --" })).toEqual([]);
    expect(await idsOf({ assignee: "none" })).toEqual(["plain"]);
    await clear();
  });

  it("is paged without a gap or a double in every order, by the clock of its first page", async () => {
    await put(
      ...Array.from({ length: 23 }, (_, index) =>
        exceptionRow(`p-${String(index).padStart(2, "0")}`, {
          value: String((index % 4) * 100),
          occurrences: 1 + (index % 3),
          due_at: index % 5 === 0 ? null : `2026-11-2${index % 5}T00:00:00.000Z`,
        }),
      ),
    );
    for (const sort of EXCEPTION_SORTS)
      for (const reverse of [false, true]) {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const now = cursor === null ? NOW : "2027-06-01T00:00:00.000Z";
          const page = await listExceptions(test.store, {}, { limit: 4, cursor, sort, reverse, now });
          expect(page.total).toBe(23);
          seen.push(...page.items.map(({ id }) => id));
          cursor = page.nextCursor;
        } while (cursor !== null);
        expect([sort, reverse, new Set(seen).size, seen.length]).toEqual([sort, reverse, 23, 23]);
      }
    const { nextCursor } = await listExceptions(test.store, {}, { limit: 4, now: NOW });
    await expect(listExceptions(test.store, {}, { cursor: nextCursor, sort: "age", now: NOW })).rejects.toThrow(
      InvalidCursor,
    );
    await clear();
  });
});

describe("groups", () => {
  it("count exceptions, orders and regressions, and an order's money once", async () => {
    const order = (id: string) => [{ type: "order", id }];
    await put(
      exceptionRow("g1", { roots: order("SO-1"), value: "100.10", first_failed_at: "2026-11-21T11:30:00.000Z" }),
      exceptionRow("g2", { roots: order("SO-1"), value: "100.10", state: "regressed" }),
      exceptionRow("g3", { roots: order("SO-2"), value: "50.05", currency: "EUR", owner: "b-team" }),
      exceptionRow("g4", { roots: [], value: "1.01", first_failed_at: "2026-11-20T12:00:00.000Z" }),
      exceptionRow("g5", { roots: [], value: "1.01", state: "resolved" }),
      exceptionRow("h1", { fingerprint: "fp-other", cause: "Another", class: "value", value: "0.01" }),
    );
    const { items, total } = await listExceptionGroups(test.store, exceptionFilter.parse({ tab: "open" }), {
      now: NOW,
    });
    expect(total).toBe(2);
    expect(items[0]).toMatchObject({
      group: "fp-503",
      cause: "Service unavailable",
      category: "technical",
      class: "intermittent",
      interface: "wms-to-erp.shipment-confirmation",
      owners: ["b-team", "finance-operations"],
      count: 4,
      regressed: 1,
      ordersHeldUp: 2,
      valueAtRisk: [
        { amount: "50.05", currency: "EUR" },
        { amount: "101.11", currency: "USD" },
      ],
    });
    expect(items[0]?.trend).toHaveLength(24);
    expect([items[0]?.trend[0], items[0]?.trend[23]]).toEqual([1, 1]);
    expect(items[1]).toMatchObject({ group: "fp-other", cause: "Another", class: "value", count: 1 });
    const first = await listExceptionGroups(test.store, {}, { limit: 1, now: NOW });
    const second = await listExceptionGroups(test.store, {}, { limit: 1, cursor: first.nextCursor, now: NOW });
    expect([first, second].map((page) => page.items[0]?.group)).toEqual(["fp-503", "fp-other"]);
    expect(second.nextCursor).toBeNull();
    await clear();
  });
});

describe("one exception", () => {
  it("comes with its failures, its trail and the break it causes; a break with the failure that causes it", async () => {
    const roots = [{ type: "order", id: "SO-D1" }];
    await put(
      exceptionRow("d1", { subject_id: "SH-D1", roots }),
      exceptionRow("d2", { kind: "handoff", step: "goods-issue", subject_id: "SH-D1", roots }),
      exceptionRow("d3", { subject_id: "SH-D9", roots, interface: "oms-to-erp.order" }),
    );
    await test.store.insert("handoffs", [
      handoffRow("SH-D1", { roots }),
      handoffRow("SH-D2", { roots }),
      handoffRow("SH-D1", { rule: "order-erp", interface: "oms-to-erp.order", roots }),
    ]);
    await test.store.insert("failures", [
      {
        exception_id: "d1",
        occurred_at: "2026-11-20T10:00:00.000Z",
        source: "wms-east",
        event_id: "f-1",
        kind: "api_call",
        type: "api.called",
        received_at: "2026-11-20T10:00:01.000Z",
        interface: "wms-to-erp.shipment-confirmation",
        outcome: "failed",
        error_class: "technical",
        error_code: "503",
        error_message: "down",
        attempt: 2,
        objects: [{ type: "shipment", id: "SH-D1", qualifier: "subject" }],
        message_key: "k",
        has_message: 1,
      },
    ]);
    await test.store.insert("exception_actions", [
      {
        exception_id: "d1",
        occurred_at: "2026-11-20T11:00:00.000Z",
        event_id: "a-1",
        action: "exception.acknowledged",
        received_at: "2026-11-20T11:00:00.000Z",
        attributes: JSON.stringify({ actor: "Ann", actorId: "u1", actorKind: "person" }),
      },
      {
        exception_id: "d1",
        occurred_at: "2026-11-20T12:00:00.000Z",
        event_id: "a-2",
        action: "exception.commented",
        received_at: "2026-11-20T12:00:00.000Z",
        attributes: "not JSON",
      },
    ]);
    await test.store.insert("replay_jobs", [
      { job_id: "j1", planned_at: NOW, planned_by: "Ann", planned_by_id: "u1", name: "Friday", plan: "{}" },
    ]);
    await test.store.insert("replay_attempts", [
      {
        job_id: "j1",
        exception_id: "d1",
        entry_no: 1,
        entry_id: "e1",
        entry: "held",
        state: "held",
        at: NOW,
        worker_id: "w",
        detail: JSON.stringify({ reason: "unclear" }),
      },
    ]);
    const found = await readException(test.store, "d1", { now: NOW });
    expect(found?.failures).toMatchObject([{ event: { source: "wms-east", id: "f-1" }, attempt: 2, hasMessage: true }]);
    expect(found?.acts).toMatchObject([{ id: "a-1", type: "exception.acknowledged", act: { actor: "Ann" } }]);
    expect(found?.replays).toMatchObject([
      { jobId: "j1", name: "Friday", state: "held", entries: [{ entry: { entry: "held", reason: "unclear" } }] },
    ]);
    expect(found?.breaks.map(({ rule, key }) => `${rule} ${key.id}`)).toEqual(["goods-issue SH-D1"]);
    const broken = await readException(test.store, "d2", { now: NOW });
    expect(broken?.breaks.map(({ rule, key }) => `${rule} ${key.id}`)).toEqual(["goods-issue SH-D1"]);
    expect(broken?.causes.map(({ id }) => id)).toEqual(["d1"]);
    expect(await readException(test.store, "nope", { now: NOW })).toBeNull();
    await clear();
  });
});
