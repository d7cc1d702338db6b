import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handoffActEvent } from "@/lib/auth/handoff-acts";
import { loadFinance } from "@/lib/config/finance";
import type { HandoffActType } from "@/lib/domain/handoffs/act";
import type { BackTestList } from "@/lib/domain/handoffs/back-test";
import { evidenceHash } from "@/lib/domain/handoffs/evidence";
import { type HandoffRuleText, handoffRule } from "@/lib/domain/handoffs/rule";
import { type BackTestRequest, type BackTestWatch, backTest } from "@/lib/queries/back-test";
import { readHandoff } from "@/lib/queries/handoffs";
import { readMatrix } from "@/lib/queries/reconciliation";
import { readRulesInForce } from "@/lib/queries/rules-in-force";
import { simulate } from "@/sandbox/simulation";
import { startTestStore, type TestStore } from "./embedded-store";
import { openTestPipeline, rules, type TestPipeline } from "./test-pipeline";

const GOODS_ISSUE: HandoffRuleText = {
  id: "goods-issue",
  name: "Shipment → goods issue",
  when: { source: "wms", type: "shipment.confirmed" },
  expect: { source: "erp", type: "goods_issue.posted", within: "PT30M" },
  on: "shipment",
  compare: ["quantity by sku", "amount", "period"],
  reversed_by: "goods_issue.reversed",
  unless: "shipment.cancelled",
  owner: "finance-operations",
};
/** One unit more or less is taken for equal. */
const TOLERANT: HandoffRuleText = {
  ...GOODS_ISSUE,
  compare: [{ measure: "quantity by sku", tolerance: { absolute: "1" } }],
};
const NOW = "2026-12-01T00:00:00.000Z";
const ALL = { from: "2000-01-01T00:00:00.000Z", to: NOW };

let test: TestStore;
let pipeline: TestPipeline;

beforeAll(async () => {
  test = await startTestStore();
  pipeline = await openTestPipeline(test.store);
  await pipeline.takeEvents([
    ...shipped("EQUAL", 12, 12),
    ...shipped("ACCEPTED", 12, 13),
    ...shipped("EXPLAINED", 12, 13),
    ...shipped("REOPENED", 12, 13),
    ...shipped("REFUSED", 12, 13),
    ...shipped("UNSEEN", 12, 11),
    ...shipped("FAR-OFF", 12, 5),
    ...shipped("LATE", 12, null),
    ...shipped("OCTOBER", 12, 13, "2026-10-05"),
    ...shipped("TOGETHER-1", 12, null),
    ...shipped("TOGETHER-2", 12, null),
    posted("collective", ["TOGETHER-1", "TOGETHER-2"], 24, "2026-11-20"),
  ]);
  await pipeline.drain();
  await decide("ACCEPTED", "handoff.accepted");
  await decide("EXPLAINED", "handoff.matched", { note: "one was a sample" });
  const match = await decide("REOPENED", "handoff.matched");
  await decide("REOPENED", "handoff.reopened", { act: match });
  const asked = await decide("REFUSED", "handoff.matched", { approval: "required" });
  await decide("REFUSED", "handoff.refused", { act: asked });
  await pipeline.drain();
});
afterAll(async () => {
  await pipeline?.close();
  await test?.stop();
});

const shipment = (id: string) => ({ type: "shipment", id });
const lineOf = (quantity: number) => [{ sku: "A-1", quantity: String(quantity), uom: "EA" }];

function posted(id: string, shipments: readonly string[], quantity: number, day: string) {
  return {
    id: `gi-${id}`,
    source: "erp",
    type: "goods_issue.posted",
    time: `${day}T10:10:00.000Z`,
    data: {
      objects: [{ type: "erp_document", id: `GI-${id}`, qualifier: "subject" }, ...shipments.map(shipment)],
      lines: lineOf(quantity),
      posting: { companyCode: "1000", period: day.slice(0, 7) },
    },
  };
}

const shipped = (id: string, quantity: number, posting: number | null, day = "2026-11-20") => [
  {
    id: `sc-${id}`,
    source: "wms-east",
    type: "shipment.confirmed",
    time: `${day}T10:00:00.000Z`,
    data: { objects: [shipment(id), { type: "order", id: `SO-${id}` }], lines: lineOf(quantity) },
  },
  ...(posting === null ? [] : [posted(id, [id], posting, day)]),
];

let acts = 0;

/** A person's act, as the app would send it. @returns its id */
async function decide(
  id: string,
  type: HandoffActType,
  rest: { readonly note?: string; readonly act?: string; readonly approval?: "required" } = {},
): Promise<string> {
  const handoff = await readHandoff(test.store, "goods-issue", shipment(id), NOW);
  if (!handoff) throw new Error(`there is no handoff of ${id}`);
  acts += 1;
  const act = {
    id: `act-${acts}`,
    type,
    rule: "goods-issue",
    keys: [shipment(id)],
    reason: "looked at",
    reasonCode: "other",
    note: rest.note ?? "",
    attachments: [],
    evidence: evidenceHash([handoff]),
    approval: rest.approval ?? "not-required",
    act: rest.act ?? "",
    actor: { kind: "person", id: `person-${acts}`, name: "Fin Ance" },
  } as const;
  await pipeline.takeActs([handoffActEvent(act, rules.catalogue, new Date(Date.UTC(2026, 10, 25, 0, acts)))]);
  await pipeline.drain();
  return act.id;
}

async function tryRule(text: HandoffRuleText, rest: Partial<BackTestRequest> = {}, watch: BackTestWatch = {}) {
  const inForce = await readRulesInForce(test.store, loadFinance("config"));
  const candidate = { rule: handoffRule.parse(text), version: 0 };
  return backTest(test.store, rules, inForce, { candidate, period: ALL, now: NOW, ...rest }, watch);
}

const idsOf = ({ examples }: BackTestList): string[] => examples.map(({ key }) => key.id).sort();
const standing = () => test.store.query("SELECT * FROM handoffs FINAL ORDER BY rule, key_type, key_id");

describe("a back-test", () => {
  it("of a wider tolerance says what newly matches, and which reviewed breaks it would match", async () => {
    const before = await standing();
    const result = await tryRule(TOLERANT);
    expect(idsOf(result.changes.newlyMatched)).toEqual(["ACCEPTED", "OCTOBER", "REFUSED", "REOPENED", "UNSEEN"]);
    const kinds = result.reviewed.examples.map(({ key, review }) => [key.id, review?.kind, review?.by]).sort();
    expect(kinds).toEqual([
      ["ACCEPTED", "accepted", "Fin Ance"],
      ["EXPLAINED", "explained", "Fin Ance"],
      ["REFUSED", "refused", "Fin Ance"],
      ["REOPENED", "reopened", "Fin Ance"],
    ]);
    const { newlyBroken, appearing, disappearing, changed } = result.changes;
    expect([newlyBroken, appearing, disappearing, changed].map(({ count }) => count)).toEqual([0, 0, 0, 0]);
    expect([result.keys, result.unchanged, result.isCut]).toEqual([11, 6, false]);
    expect(await standing()).toEqual(before);
  });

  it("of a narrower rule says what would break, and lets decisions that still hold stand", async () => {
    const result = await tryRule({ ...GOODS_ISSUE, expect: { ...GOODS_ISSUE.expect, source: "erp-2" } });
    expect(idsOf(result.changes.newlyBroken)).toEqual(["ACCEPTED", "EQUAL", "EXPLAINED", "TOGETHER-1", "TOGETHER-2"]);
    expect(result.changes.changed.examples.every(({ after }) => after?.state === "late")).toBe(true);
    expect(result.reviewed.count).toBe(0);
  });

  it("of a longer time lets what is late or has come in part wait", async () => {
    const result = await tryRule({ ...GOODS_ISSUE, expect: { ...GOODS_ISSUE.expect, within: "P60D" } });
    const moves = result.changes.changed.examples.map(({ key, before, after }) => [
      key.id,
      before?.state,
      after?.state,
    ]);
    expect(moves.sort()).toEqual([
      ["FAR-OFF", "mismatched", "pending"],
      ["LATE", "late", "pending"],
      ["UNSEEN", "mismatched", "pending"],
    ]);
    expect(result.unchanged).toBe(8);
  });

  it("of another key lets all disappear and others appear", async () => {
    const result = await tryRule({ ...GOODS_ISSUE, on: "order" });
    expect(idsOf(result.changes.disappearing)).toHaveLength(11);
    expect(idsOf(result.changes.appearing).every((id) => id.startsWith("SO-"))).toBe(true);
    expect(result.changes.appearing.count).toBe(11);
  });

  it("of a new rule lets all appear", async () => {
    const result = await tryRule({ ...GOODS_ISSUE, id: "goods-issue-2" });
    expect([result.keys, result.changes.appearing.count, result.reviewed.count]).toEqual([11, 11, 0]);
  });

  it("of a rule that no longer sees anything lets all disappear", async () => {
    const nothing = { type: "never.happens" };
    const result = await tryRule({
      ...GOODS_ISSUE,
      when: nothing,
      expect: { ...nothing, within: "PT1H" },
      reversed_by: "never.reversed",
      unless: "never.cancelled",
    });
    expect([result.keys, result.changes.disappearing.count]).toEqual([11, 11]);
  });

  it("keeps to handoffs opened in the period", async () => {
    const october = { from: "2026-10-01T00:00:00.000Z", to: "2026-11-01T00:00:00.000Z" };
    const result = await tryRule(TOLERANT, { period: october });
    expect([result.keys, idsOf(result.changes.newlyMatched)]).toEqual([1, ["OCTOBER"]]);
  });

  it("judges keys of one collective posting together, also where the limit cuts, and says that it cut", async () => {
    const result = await tryRule(TOLERANT, { keysMax: 4 });
    expect([result.keys, result.isCut]).toEqual([4, true]);
    const whole = await tryRule(GOODS_ISSUE);
    expect(whole.states.find(({ state }) => state === "matched")?.after.count).toBe(4);
  });

  it("tells how far it is, up to the end", async () => {
    const told: { read: number; events: number; keys: number }[] = [];
    const { keys } = await tryRule(TOLERANT, {}, { onProgress: (progress) => told.push(progress) });
    expect(told[0]).toEqual({ read: 0, events: 20, keys: 0 });
    expect(told.at(-1)).toEqual({ read: 20, events: 20, keys });
    expect(told.map((each) => each.keys)).toEqual(told.map((each) => each.keys).sort((a, b) => a - b));
  });

  it("stops when nobody waits for it", async () => {
    const gone = new AbortController();
    const run = tryRule(TOLERANT, {}, { onProgress: () => gone.abort(new Error("gone")), signal: gone.signal });
    await expect(run).rejects.toThrow("gone");
  });
});

describe("a back-test of what is in force", () => {
  it("finds nothing to change, and every state as often as the matrix, over a whole enterprise", {
    timeout: 240_000,
  }, async () => {
    const { feed } = simulate({ orders: 300, days: 5, seed: 23 });
    await pipeline.takeEvents(feed.map(({ event }) => event));
    await pipeline.drain();
    const far = { from: "2000-01-01T00:00:00.000Z", to: "2100-01-01T00:00:00.000Z" };
    const now = new Date().toISOString();
    const inForce = await readRulesInForce(test.store, loadFinance("config"));
    const matrix = await readMatrix(test.store, {}, now);
    let keys = 0;
    for (const candidate of inForce.rules) {
      const result = await backTest(test.store, rules, inForce, { candidate, period: far, now });
      const rule = candidate.rule.id;
      expect([rule, result.unchanged]).toEqual([rule, result.keys]);
      const counted = result.states.map(({ state, before, after }) => [rule, state, before.count, after.count]);
      const inMatrix = result.states.map(({ state }) => {
        const cells = matrix.filter((cell) => cell.rule === rule && cell.state === state);
        const count = cells.reduce((sum, cell) => sum + cell.count, 0);
        return [rule, state, count, count];
      });
      expect(counted).toEqual(inMatrix);
      keys += result.keys;
    }
    expect(keys).toBeGreaterThan(1_000);
  });
});
