import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evidenceHash } from "@/lib/domain/handoffs/evidence";
import { HANDOFF_STATES, type HandoffState } from "@/lib/domain/handoffs/handoff";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { type HandoffFilter, handoffFilter } from "@/lib/queries/handoff-filter";
import { HANDOFF_SORTS } from "@/lib/queries/handoff-order";
import { handoffTotals, listHandoffs, readHandoff, readHandoffs, readHandoffsOfRoot } from "@/lib/queries/handoffs";
import { InvalidCursor } from "@/lib/queries/orders";
import { readAgeing, readFilterChoices, readMatrix } from "@/lib/queries/reconciliation";
import { startTestStore, type TestStore } from "./embedded-store";

const NOW = "2026-11-25T12:00:00.000Z";
let test: TestStore;

interface Row {
  rule?: string;
  keyType?: string;
  id: string;
  version?: number;
  deleted?: boolean;
  state?: HandoffState;
  whenDue?: HandoffState;
  dueAt?: string | null;
  lead?: string;
  roots?: string[];
  stake?: string;
  currency?: string;
  companyCode?: string;
  period?: string;
  location?: string;
  partner?: string;
  owner?: string;
  severity?: string;
  openedAt?: string;
  brokenAt?: string | null;
  resolution?: string;
  difference?: object;
}

const storedRow = (row: Row) => ({
  rule: row.rule ?? "goods-issue",
  key_type: row.keyType ?? "shipment",
  key_id: row.id,
  version: row.version ?? 1,
  is_deleted: row.deleted ? 1 : 0,
  rule_version: 3,
  state: row.state ?? "matched",
  state_when_due: row.whenDue ?? row.state ?? "matched",
  due_at: row.dueAt ?? null,
  group_lead: row.lead ?? `${row.keyType ?? "shipment"} ${row.id}`,
  group_size: 1,
  leads: 1,
  roots: (row.roots ?? [`SO-${row.id}`]).map((id) => ({ type: "order", id })),
  from_events: [{ source: "wms-east", id: `w-${row.id}` }],
  to_events: [{ source: "erp", id: `e-${row.id}` }],
  excess_events: [],
  difference: JSON.stringify(row.difference ?? {}),
  expected_quantity: "5.500",
  actual_quantity: null,
  expected_amount: "1200.000000001",
  actual_amount: "1200",
  currency: row.currency ?? "USD",
  stake: row.stake ?? "0",
  company_code: row.companyCode ?? "1000",
  period: row.period ?? "2026-11",
  location: row.location ?? "DC-EAST",
  partner: row.partner ?? "",
  owner: row.owner ?? "finance-operations",
  severity: row.severity ?? "finance",
  interface: "wms-to-erp.shipment-confirmation",
  opened_at: row.openedAt ?? "2026-11-20T08:00:00.000Z",
  broken_at: row.brokenAt ?? null,
  settled_at: null,
  resolution: row.resolution ?? "",
  resolution_json: row.resolution
    ? JSON.stringify({ kind: row.resolution, by: "Kim", at: NOW, reason: "known", note: "", actId: "act-1" })
    : "",
});

const HOSTILE = 'O\'Brien\\ "x" {q:String} %_\n\t; DROP TABLE handoffs -- 😀';

/** Every row that counts, one line each. What is superseded or deleted comes beside them. */
const ROWS: readonly Row[] = [
  { id: "M-1", openedAt: "2026-11-01T00:00:00.000Z" },
  { id: "M-2", currency: "EUR", period: "2026-10" },
  { id: "M-3", currency: "", roots: ["SO-1", "SO-2"] },
  { id: "L-1", state: "late", stake: "100.10", brokenAt: "2026-11-24T23:00:00.000Z", roots: ["SO-1"] },
  { id: "L-2", state: "late", stake: "100.10", brokenAt: "2026-11-20T08:30:00.000Z", owner: "inbound" },
  {
    id: "L-3",
    state: "late",
    stake: "9007199254740993.000000001",
    currency: "EUR",
    brokenAt: "2026-06-01T00:00:00.000Z",
  },
  {
    id: "Q-1",
    state: "mismatched",
    stake: "0.3",
    brokenAt: "2026-10-20T00:00:00.000Z",
    companyCode: "2000",
    difference: {
      quantity: [{ sku: "A-1", expected: "12", actual: "10" }],
      amount: { expected: "1200", actual: "1199.7", currency: "USD" },
    },
  },
  { id: "Q-2", state: "mismatched", stake: "50", brokenAt: "2026-09-10T00:00:00.000Z", resolution: "accepted" },
  {
    id: "Q-3",
    state: "mismatched",
    stake: "60",
    brokenAt: "2026-09-20T00:00:00.000Z",
    resolution: "awaiting_approval",
  },
  {
    id: "D-1",
    state: "duplicate",
    stake: "7",
    brokenAt: "2026-11-18T00:00:00.000Z",
    location: "DC-WEST",
    resolution: "standing",
  },
  { id: "D-2", state: "duplicate", stake: "7", brokenAt: "2026-11-25T13:00:00.000Z", partner: "Smith, Jones & Co" },
  {
    id: "O-1",
    state: "orphan",
    stake: "8",
    brokenAt: "2026-11-10T00:00:00.000Z",
    partner: HOSTILE,
    severity: "operations",
  },
  { id: "V-1", state: "void" },
  {
    id: "P-1",
    state: "pending",
    whenDue: "late",
    dueAt: "2026-11-25T12:00:00.001Z",
    brokenAt: "2026-11-25T12:00:00.001Z",
    stake: "11",
  },
  {
    id: "P-2",
    state: "pending",
    whenDue: "late",
    dueAt: "2026-11-25T12:00:00.000Z",
    brokenAt: "2026-11-25T12:00:00.000Z",
    stake: "12",
  },
  { id: "P-3", state: "pending", whenDue: "mismatched", dueAt: "2026-11-25T11:00:00.000Z", stake: "13" },
  {
    id: "INV-9",
    rule: "invoice-payment",
    keyType: "invoice",
    state: "late",
    stake: "20",
    brokenAt: "2026-11-22T00:00:00.000Z",
    lead: "invoice INV-8",
  },
  {
    id: "L-1",
    rule: "shipment-invoice",
    state: "late",
    stake: "100.10",
    brokenAt: "2026-11-23T00:00:00.000Z",
    roots: ["SO-1"],
  },
  { id: HOSTILE, rule: "invoice-payment", keyType: "invoice", roots: [HOSTILE] },
];
const BREAKS_NOW = ["L-1", "L-2", "L-3", "Q-1", "Q-3", "D-2", "O-1", "P-2", "P-3", "INV-9", "L-1"];

beforeAll(async () => {
  test = await startTestStore();
  // Nothing collapses before it is read: the queries must not depend on the engine's merges.
  await test.store.command("SYSTEM STOP MERGES");
  const outdated = ROWS.map(
    (row): Row => ({
      ...row,
      version: 0,
      state: "orphan",
      stake: "999",
      roots: ["SO-OLD"],
      openedAt: "2026-10-01T00:00:00.000Z",
    }),
  );
  await test.store.insert("handoffs", [
    ...outdated.slice(0, 10).map(storedRow),
    storedRow({ id: "GONE-1", state: "late", stake: "5" }),
    storedRow({ id: "GONE-2", version: 9, deleted: true }),
  ]);
  await test.store.insert("handoffs", ROWS.map(storedRow));
  // Seen less, stored later: it loses all the same.
  await test.store.insert("handoffs", [
    ...outdated.slice(10).map(storedRow),
    storedRow({ id: "GONE-1", version: 2, deleted: true }),
    storedRow({ id: "GONE-2", version: 3, state: "late", stake: "5" }),
  ]);
});
afterAll(() => test?.stop());

const idsOf = (items: readonly ListedHandoff[]) => items.map((item) => item.key.id);
const found = async (filter: HandoffFilter) => {
  const { items, total } = await listHandoffs(test.store, filter, { now: NOW, limit: 500 });
  expect(total).toBe(items.length);
  return idsOf(items).sort();
};
const parsed = (parameters: Record<string, string | string[]>) => found(handoffFilter.parse(parameters));

describe("a handoff", () => {
  it("comes whole: decimals without needless zeros, times with milliseconds, evidence and lead", async () => {
    expect(await readHandoff(test.store, "goods-issue", { type: "shipment", id: "Q-1" }, NOW)).toEqual({
      rule: "goods-issue",
      ruleVersion: 3,
      key: { type: "shipment", id: "Q-1" },
      group: { lead: { type: "shipment", id: "Q-1" }, size: 1 },
      roots: [{ type: "order", id: "SO-Q-1" }],
      state: "mismatched",
      stateWhenDue: "mismatched",
      dueAt: null,
      from: [{ source: "wms-east", id: "w-Q-1" }],
      to: [{ source: "erp", id: "e-Q-1" }],
      excess: [],
      difference: {
        quantity: [{ sku: "A-1", expected: "12", actual: "10" }],
        amount: { expected: "1200", actual: "1199.7", currency: "USD" },
      },
      totals: {
        expectedQuantity: "5.5",
        actualQuantity: null,
        expectedAmount: "1200.000000001",
        actualAmount: "1200",
        currency: "USD",
      },
      companyCode: "2000",
      period: "2026-11",
      location: "DC-EAST",
      partner: "",
      openedAt: "2026-11-20T08:00:00.000Z",
      brokenAt: "2026-10-20T00:00:00.000Z",
      settledAt: null,
      resolution: null,
      open: true,
      evidence: evidenceHash([{ from: [{ source: "wms-east", id: "w-Q-1" }], to: [{ source: "erp", id: "e-Q-1" }] }]),
      stake: "0.3",
      owner: "finance-operations",
      severity: "finance",
      interface: "wms-to-erp.shipment-confirmation",
    });
  });

  it("waits until its due time and not a millisecond longer", async () => {
    const read = (id: string) => readHandoff(test.store, "goods-issue", { type: "shipment", id }, NOW);
    expect(await read("P-1")).toMatchObject({ state: "pending", open: false, brokenAt: null });
    expect(await read("P-2")).toMatchObject({ state: "late", open: true, brokenAt: "2026-11-25T12:00:00.000Z" });
    expect(await read("P-3")).toMatchObject({ state: "mismatched", open: true, brokenAt: "2026-11-25T11:00:00.000Z" });
  });

  it("that somebody accepted is no open break", async () => {
    const read = (id: string) => readHandoff(test.store, "goods-issue", { type: "shipment", id }, NOW);
    expect(await read("Q-2")).toMatchObject({
      open: false,
      resolution: { kind: "accepted", by: "Kim", actId: "act-1" },
    });
    expect(await read("Q-3")).toMatchObject({ open: true, resolution: { kind: "awaiting_approval" } });
  });

  it("that is deleted, or that never was, is null; any string is a key", async () => {
    for (const id of ["GONE-1", "GONE-2", "NOPE", "' OR 1=1 --", ""]) {
      expect(await readHandoff(test.store, "goods-issue", { type: "shipment", id }, NOW)).toBeNull();
    }
    const hostile = await readHandoff(test.store, "invoice-payment", { type: "invoice", id: HOSTILE }, NOW);
    expect(hostile?.key.id).toBe(HOSTILE);
  });

  it("is read in sets, in the order asked, without those that are not there", async () => {
    const key = (rule: string, type: string, id: string) => ({ rule, key: { type, id } });
    const read = await readHandoffs(
      test.store,
      [
        key("shipment-invoice", "shipment", "L-1"),
        key("goods-issue", "shipment", "GONE-1"),
        key("invoice-payment", "invoice", HOSTILE),
        key("goods-issue", "shipment", "L-1"),
      ],
      NOW,
    );
    expect(read.map((item) => `${item.rule} ${item.key.id}`)).toEqual([
      "shipment-invoice L-1",
      `invoice-payment ${HOSTILE}`,
      "goods-issue L-1",
    ]);
    expect(await readHandoffs(test.store, [], NOW)).toEqual([]);
  });
});

describe("the filter", () => {
  it("without conditions finds every handoff once, and neither outdated nor deleted rows", async () => {
    expect(await found({})).toEqual(ROWS.map((row) => row.id).sort());
  });

  const cases: readonly [string, Record<string, string | string[]>, string[]][] = [
    ["rule", { rule: "invoice-payment" }, ["INV-9", HOSTILE]],
    [
      "several rules, comma and repeated",
      { rule: ["invoice-payment,shipment-invoice", "nope"] },
      ["INV-9", "L-1", HOSTILE],
    ],
    ["state by the clock", { state: "late" }, ["INV-9", "L-1", "L-1", "L-2", "L-3", "P-2"]],
    ["several states", { state: "void, pending" }, ["P-1", "V-1"]],
    ["open", { open: "true" }, BREAKS_NOW],
    ["not open", { open: "false" }, ["D-1", "M-1", "M-2", "M-3", "P-1", "Q-2", "V-1", HOSTILE]],
    ["resolution", { resolution: "accepted,standing" }, ["D-1", "Q-2"]],
    ["no resolution", { resolution: "none", state: "mismatched" }, ["P-3", "Q-1"]],
    ["owner", { owner: "inbound" }, ["L-2"]],
    ["severity", { severity: "operations" }, ["O-1"]],
    ["company code", { companyCode: "2000" }, ["Q-1"]],
    ["period", { period: "2026-10" }, ["M-2"]],
    ["location", { location: "DC-WEST" }, ["D-1"]],
    ["partner with a comma in its name", { partner: "Smith, Jones & Co" }, ["D-2"]],
    ["several partners", { partner: ["Smith, Jones & Co", HOSTILE] }, ["D-2", "O-1"]],
    ["currency", { currency: "EUR" }, ["L-3", "M-2"]],
    ["least stake", { stakeMin: "100.1" }, ["L-1", "L-1", "L-2", "L-3"]],
    ["largest stake", { stakeMax: "0.3", state: "mismatched,late" }, ["Q-1"]],
    ["an amount beyond what a float holds", { stakeMin: "9007199254740993.000000001" }, ["L-3"]],
    ["the least above it", { stakeMin: "9007199254740993.000000002" }, []],
    ["opened from", { from: "2026-11-20T08:00:00.001Z" }, []],
    ["opened to, which is outside", { to: "2026-11-20T08:00:00.000Z" }, ["M-1"]],
    ["root", { root: "order/SO-1" }, ["L-1", "L-1", "M-3"]],
    ["a root that only an outdated row names", { root: "order/SO-OLD" }, []],
    ["key", { key: "shipment/L-1" }, ["L-1", "L-1"]],
    ["part of the key, in any case", { q: "inv-" }, ["INV-9"]],
    ["part of the partner", { q: "jones" }, ["D-2"]],
    [
      "several at once",
      { state: "late", currency: "USD", owner: "finance-operations", rule: "goods-issue" },
      ["L-1", "P-2"],
    ],
    ["nothing chosen", { state: "", partner: "", rule: "," }, ROWS.map((row) => row.id)],
  ];
  it.each(cases)("by %s", async (_, parameters, expected) => {
    expect(await parsed(parameters)).toEqual([...expected].sort());
  });

  it("takes hostile text as text, in every parameter that takes text", async () => {
    for (const name of ["rule", "owner", "companyCode", "period", "location", "currency"]) {
      expect([name, await parsed({ [name]: HOSTILE })]).toEqual([name, []]);
      expect([name, await parsed({ [name]: "') OR 1 --" })]).toEqual([name, []]);
    }
    expect(await parsed({ partner: HOSTILE })).toEqual(["O-1"]);
    expect(await parsed({ q: HOSTILE })).toEqual(["O-1", HOSTILE].sort());
    expect(await parsed({ root: `order/${HOSTILE}` })).toEqual([HOSTILE]);
    expect(await parsed({ key: `invoice/${HOSTILE}` })).toEqual([HOSTILE]);
    // Wildcards and placeholders stand for themselves.
    for (const q of ["S_ith", "INV%", "{now:String}", "' OR '1'='1"]) expect([q, await parsed({ q })]).toEqual([q, []]);
  });

  it("names the parameter that is wrong", () => {
    const wrong = {
      state: "lost",
      open: "yes",
      resolution: "approved",
      severity: "huge",
      stakeMin: "1e3",
      stakeMax: "many",
      from: "yesterday",
      to: "2026-13-01",
      root: "SO-1001",
      key: "/x",
      q: "a\u0000b",
      rule: "x".repeat(513),
    };
    const { error } = handoffFilter.safeParse(wrong);
    expect(new Set(error?.issues.map((issue) => issue.path[0]))).toEqual(new Set(Object.keys(wrong)));
  });
});

describe("pages", () => {
  const all = ROWS.map((row) => `${row.rule ?? "goods-issue"} ${row.id}`).sort();
  const walk = async (
    options: { sort: (typeof HANDOFF_SORTS)[number]; reverse: boolean; limit: number },
    filter: HandoffFilter = {},
  ) => {
    const items: ListedHandoff[] = [];
    const totals = new Set<number>();
    let cursor: string | null = null;
    do {
      const page = await listHandoffs(test.store, filter, { ...options, cursor, now: NOW });
      expect(page.items.length).toBeLessThanOrEqual(options.limit);
      items.push(...page.items);
      totals.add(page.total);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect([...totals]).toEqual([items.length]);
    return items;
  };

  it.each(HANDOFF_SORTS.flatMap((sort) => [false, true].map((reverse) => ({ sort, reverse }))))(
    "hold each handoff once by $sort, reversed: $reverse, whatever their size",
    async ({ sort, reverse }) => {
      const whole = await listHandoffs(test.store, {}, { sort, reverse, limit: 500, now: NOW });
      for (const limit of [2, ROWS.length]) {
        const items = await walk({ sort, reverse, limit });
        expect(items.map((item) => `${item.rule} ${item.key.id}`).sort()).toEqual(all);
        expect(idsOf(items)).toEqual(idsOf(whole.items));
      }
    },
  );

  it("hold each handoff once under a narrow filter too, which is read another way", async () => {
    const filter: HandoffFilter = { location: "DC-EAST", to: "2026-11-21T00:00:00.000Z" };
    for (const sort of HANDOFF_SORTS) {
      const items = await walk({ sort, reverse: false, limit: 4 }, filter);
      expect(items.map((item) => `${item.rule} ${item.key.id}`).sort()).toEqual(
        all.filter((name) => name !== "goods-issue D-1"),
      );
    }
  });

  it("stand in the order of their sort", async () => {
    const first = async (
      sort: (typeof HANDOFF_SORTS)[number],
      reverse = false,
      filter: HandoffFilter = { open: true },
    ) => idsOf((await listHandoffs(test.store, filter, { sort, reverse, now: NOW, limit: 3 })).items);
    expect(await first("stake")).toEqual(["L-3", "L-1", "L-2"]);
    expect(await first("stake", true)).toEqual(["Q-1", "D-2", "O-1"]);
    expect(await first("age")).toEqual(["L-3", "Q-3", "Q-1"]);
    expect(await first("opened", true, {})).toEqual(["M-1", "D-1", "D-2"]);
    expect(await first("rule", true)).toEqual(["L-1", "INV-9", "D-2"]);
    expect(await first("key")).toEqual(["D-2", "INV-9", "L-1"]);
  });

  it("hold once what was stored twice, and in its later form where the version is the same", async () => {
    const fresh = await startTestStore();
    try {
      const row = (id: string, stake: string, resolution = "") => storedRow({ id, state: "late", stake, resolution });
      await fresh.store.command("SYSTEM STOP MERGES");
      await fresh.store.insert("handoffs", [row("A", "5"), row("B", "9"), row("C", "1"), row("D", "8")]);
      await fresh.store.insert("handoffs", [row("A", "5"), row("B", "2"), row("D", "8", "standing")]);
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await listHandoffs(fresh.store, { open: true }, { limit: 1, cursor, now: NOW });
        expect(page.total).toBe(3);
        ids.push(...idsOf(page.items));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(ids).toEqual(["A", "B", "C"]);
    } finally {
      await fresh.stop();
    }
  });

  it("keep the clock of the first one: what falls due meanwhile moves nobody to another page", async () => {
    const { nextCursor } = await listHandoffs(test.store, { states: ["late"] }, { now: NOW, limit: 1 });
    expect(nextCursor).not.toBeNull();
    const later = await listHandoffs(
      test.store,
      {},
      { now: "2027-01-01T00:00:00.000Z", cursor: nextCursor, limit: 500 },
    );
    expect(later.items.find((item) => item.key.id === "P-1")?.state).toBe("pending");
  });

  it("refuse a cursor that another sort gave, or nobody", async () => {
    const { nextCursor } = await listHandoffs(test.store, {}, { sort: "key", limit: 1, now: NOW });
    const list = (cursor: string, sort: (typeof HANDOFF_SORTS)[number]) =>
      listHandoffs(test.store, {}, { sort, cursor, now: NOW });
    await expect(list(nextCursor ?? "", "stake")).rejects.toThrow(InvalidCursor);
    const forged = { order: "stake", at: "1; DROP", rule: "r", type: "t", id: "i", now: NOW };
    for (const cursor of ["xyz", "", Buffer.from(JSON.stringify(forged)).toString("base64url")].filter(Boolean)) {
      await expect(list(cursor, "stake")).rejects.toThrow(InvalidCursor);
    }
  });
});

describe("a journey's handoffs", () => {
  it("are those of its root, in the order they were opened", async () => {
    const items = await readHandoffsOfRoot(test.store, { type: "order", id: "SO-1" }, NOW);
    expect(items.map((item) => `${item.rule} ${item.key.id}`)).toEqual([
      "goods-issue L-1",
      "goods-issue M-3",
      "shipment-invoice L-1",
    ]);
    expect(await readHandoffsOfRoot(test.store, { type: "order", id: HOSTILE }, NOW)).toHaveLength(1);
  });
});

describe("the matrix", () => {
  it("adds up to the number of handoffs, under any filter", async () => {
    const filters: HandoffFilter[] = [
      {},
      { open: true },
      { companyCode: "1000" },
      { q: "L-" },
      { states: ["void"] },
      { period: "2026-10" },
      { to: "2026-11-20T08:00:00.000Z" },
      { location: ["DC-WEST"], open: false },
      { partner: [] },
    ];
    for (const filter of filters) {
      const cells = await readMatrix(test.store, filter, NOW);
      const { total } = await listHandoffs(test.store, filter, { now: NOW, limit: 1 });
      expect(cells.reduce((sum, cell) => sum + cell.count, 0)).toBe(total);
      expect(cells.every((cell) => HANDOFF_STATES.includes(cell.state))).toBe(true);
    }
    const cells = await readMatrix(test.store, {}, NOW);
    expect(cells.reduce((sum, cell) => sum + cell.open, 0)).toBe(BREAKS_NOW.length);
  });

  it("keeps two currencies apart, to the last digit", async () => {
    const late = (await readMatrix(test.store, { rules: ["goods-issue"] }, NOW)).filter(
      (cell) => cell.state === "late",
    );
    expect(late).toEqual([
      { rule: "goods-issue", state: "late", currency: "EUR", count: 1, open: 1, stake: "9007199254740993.000000001" },
      { rule: "goods-issue", state: "late", currency: "USD", count: 3, open: 3, stake: "212.2" },
    ]);
  });

  it("gives the API's totals", async () => {
    expect(await handoffTotals(test.store, { rules: ["invoice-payment"] }, NOW)).toEqual([
      { rule: "invoice-payment", state: "late", count: 1, amount: "20", currency: "USD" },
      { rule: "invoice-payment", state: "matched", count: 1, amount: "0", currency: "USD" },
    ]);
  });
});

describe("ageing", () => {
  const bucketsOf = async (date: string, timeZone?: string) => {
    const cells = await readAgeing(test.store, { rules: ["goods-issue"] }, date, NOW, timeZone);
    return Object.fromEntries(cells.map((cell) => [`${cell.bucket} ${cell.currency}`, [cell.count, cell.stake]]));
  };

  it("puts every open break into one bucket, by days before the business date", async () => {
    expect(await bucketsOf("2026-11-25")).toEqual({
      "0-1 USD": [4, "132.1"], // L-1, D-2, P-2, P-3
      "2-7 USD": [1, "100.1"], // L-2
      "8-30 USD": [1, "8"], // O-1
      "31-60 USD": [1, "0.3"],
      "61-90 USD": [1, "60"],
      "over-90 EUR": [1, "9007199254740993.000000001"],
    });
  });

  it("says what broke only after that date", async () => {
    const buckets = await bucketsOf("2026-11-24");
    expect(buckets["after USD"]).toEqual([3, "32"]);
    expect(buckets["0-1 USD"]).toEqual([1, "100.1"]);
  });

  it("parts the days at the midnight of the time zone", async () => {
    // L-1 broke at 23:00 UTC on the 24th, which is the 25th in Berlin.
    expect((await bucketsOf("2026-11-24", "Europe/Berlin"))["after USD"]).toEqual([4, "132.1"]);
  });
});

describe("the choices of the filter", () => {
  it("are what occurs, without blanks; periods newest first", async () => {
    const choices = await readFilterChoices(test.store);
    expect(choices.rules).toEqual(["goods-issue", "invoice-payment", "shipment-invoice"]);
    expect(choices.owners).toEqual(["finance-operations", "inbound"]);
    expect(choices.companyCodes).toEqual(["1000", "2000"]);
    expect(choices.periods).toEqual(["2026-11", "2026-10"]);
    expect(choices.locations).toEqual(["DC-EAST", "DC-WEST"]);
    expect(choices.partners).toEqual([HOSTILE, "Smith, Jones & Co"]);
    expect(choices.currencies).toEqual(["EUR", "USD"]);
  });
});
