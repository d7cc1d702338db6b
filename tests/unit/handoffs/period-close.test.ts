import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CloseChecklist,
  compareFrozen,
  compareFrozenKeys,
  createContentHash,
  type FrozenHandoff,
  type FrozenLine,
  faultsOfAcknowledgements,
  frozenLine,
  lineOf,
  openItemsOf,
} from "@/lib/domain/handoffs/period-close";

const handoff = (id: string, changes: Partial<FrozenHandoff> = {}): FrozenHandoff => ({
  rule: "goods-issue",
  ruleVersion: 1,
  key: { type: "shipment", id },
  group: { lead: { type: "shipment", id }, size: 1 },
  state: "matched",
  dueAt: null,
  from: [],
  to: [],
  excess: [],
  difference: {},
  totals: { expectedQuantity: "1", actualQuantity: "1", expectedAmount: "1.00", actualAmount: "1.00", currency: "USD" },
  stake: "1.00",
  companyCode: "1000",
  period: "2026-11",
  location: "",
  partner: "",
  openedAt: "2026-11-20T10:00:00.000Z",
  brokenAt: null,
  settledAt: null,
  resolution: null,
  ...changes,
});

async function* streamOf(handoffs: readonly FrozenHandoff[]): AsyncGenerator<FrozenLine, void, undefined> {
  yield* handoffs.map(lineOf);
}

const sorted = (handoffs: readonly FrozenHandoff[]) => [...handoffs].sort(compareFrozenKeys);

async function changes(frozen: readonly FrozenHandoff[], now: readonly FrozenHandoff[]) {
  const found: string[] = [];
  for await (const { kind, key } of compareFrozen(streamOf(sorted(frozen)), streamOf(sorted(now))))
    found.push(`${kind} ${key.id}`);
  return found;
}

const checklist: CloseChecklist = {
  companyCode: "1000",
  period: "2026-11",
  endsAt: "2026-12-01T05:00:00.000Z",
  hasEnded: true,
  readAt: "2026-12-02T00:00:00.000Z",
  rules: [
    {
      rule: "goods-issue",
      total: 10,
      breaks: {
        late: { count: 2, stakes: [] },
        mismatched: { count: 0, stakes: [] },
        duplicate: { count: 0, stakes: [] },
        orphan: { count: 0, stakes: [] },
      },
      pending: { count: 1, stakes: [] },
      awaiting: { count: 0, stakes: [] },
    },
  ],
  sources: [
    { source: "erp", name: "ERP", completeThrough: "2026-12-01T05:00:00.000Z", reachesEnd: true },
    { source: "wms-east", name: "WMS East", completeThrough: "2026-11-30T00:00:00.000Z", reachesEnd: false },
  ],
};

describe("what must be acknowledged before a period is closed", () => {
  const open = openItemsOf(checklist);

  it("is each break, each that waits, each source that is behind, and an end that has not come", () => {
    expect(open).toEqual([
      { item: "break goods-issue late", count: 2 },
      { item: "pending goods-issue", count: 1 },
      { item: "source wms-east", count: 1 },
    ]);
    expect(openItemsOf({ ...checklist, rules: [], sources: [], hasEnded: false })).toEqual([
      { item: "period has not ended", count: 1 },
    ]);
  });

  it("is acknowledged with a note, in the number it has now", () => {
    const all = open.map((item) => ({ ...item, note: "known" }));
    expect(faultsOfAcknowledgements(open, all)).toEqual([]);
    const wrong = (index: number, change: object) =>
      faultsOfAcknowledgements(
        open,
        all.map((each, at) => (at === index ? { ...each, ...change } : each)),
      ).map(({ path }) => path);
    expect(wrong(0, { count: 1 })).toEqual(["acknowledgements.break goods-issue late"]);
    expect(wrong(1, { note: " " })).toEqual(["acknowledgements.pending goods-issue"]);
    expect(faultsOfAcknowledgements(open, [])).toHaveLength(3);
    expect(faultsOfAcknowledgements([], all)).toEqual([]);
  });
});

describe("the line that is frozen", () => {
  it("is the same in whatever order its members come", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.keys(handoff("A")), { minLength: Object.keys(handoff("A")).length }),
        (order) => {
          const shuffled = Object.fromEntries(order.map((name) => [name, handoff("A")[name as keyof FrozenHandoff]]));
          expect(frozenLine(shuffled as unknown as FrozenHandoff)).toBe(frozenLine(handoff("A")));
        },
      ),
    );
  });

  it("is one line, whatever stands in it", () => {
    expect(frozenLine(handoff("a\nb\r\u2028"))).not.toMatch(/[\n\r]/);
  });

  it("gives another content hash when anything of it changes, or when lines are parted otherwise", () => {
    const hashOf = (...lines: string[]) => {
      const hash = createContentHash();
      for (const line of lines) hash.add(line);
      return hash.digest();
    };
    const line = frozenLine(handoff("A"));
    expect(hashOf(line)).toBe(hashOf(frozenLine(handoff("A"))));
    expect(hashOf(line)).not.toBe(hashOf(frozenLine(handoff("A", { stake: "1.01" }))));
    expect(hashOf("ab", "c")).not.toBe(hashOf("a", "bc"));
  });
});

describe("what changed after the close", () => {
  it("is what differs, is gone, or is new", async () => {
    const frozen = [handoff("A"), handoff("B"), handoff("D")];
    const now = [handoff("A"), handoff("B", { state: "mismatched" }), handoff("C")];
    expect(await changes(frozen, now)).toEqual(["changed B", "new C", "missing D"]);
    expect(await changes([], now)).toHaveLength(3);
    expect(await changes(frozen, [])).toHaveLength(3);
  });

  it("is not a rule that was only published again", async () => {
    expect(await changes([handoff("A")], [handoff("A", { ruleVersion: 2 })])).toEqual([]);
  });

  it("is exactly the difference of both sides, for any keys", async () => {
    const key = fc.string({ unit: "grapheme", minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key), fc.uniqueArray(key), async (before, after) => {
        const found = await changes(
          before.map((id) => handoff(id)),
          after.map((id) => handoff(id)),
        );
        const expected = [
          ...before.filter((id) => !after.includes(id)).map((id) => `missing ${id}`),
          ...after.filter((id) => !before.includes(id)).map((id) => `new ${id}`),
        ];
        expect([...found].sort()).toEqual(expected.sort());
      }),
    );
  });
});
