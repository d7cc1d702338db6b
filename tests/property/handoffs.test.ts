import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExactDecimal } from "@/lib/domain/decimal";
import { type Figures, figuresOf, sum } from "@/lib/domain/handoffs/figures";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import {
  confirmed,
  event,
  finance,
  GOODS_ISSUE,
  handoffsOf,
  line,
  posted,
  reversed,
  shipment,
} from "../unit/handoffs/world";

const happening = fc.record({
  kind: fc.constantFrom("confirmed", "confirmed", "posted", "posted", "posted", "reversed", "cancelled"),
  shipments: fc.uniqueArray(fc.constantFrom("S1", "S2", "S3"), { minLength: 1, maxLength: 2 }),
  sku: fc.constantFrom("A-1", "B-1"),
  quantity: fc.integer({ min: 1, max: 3 }),
  cents: fc.integer({ min: 1, max: 300 }),
  document: fc.constantFrom("D1", "D2", "D3"),
  at: fc.nat(60),
});

/** The same happenings always make the same events: ids by position. */
function eventsOf(
  happenings: readonly (typeof happening extends fc.Arbitrary<infer One> ? One : never)[],
): HandoffEvent[] {
  return happenings.map(({ kind, shipments, sku, quantity, cents, document, at }, n) => {
    const [first = ""] = shipments;
    const lines = [line(sku, String(quantity), (cents / 100).toFixed(2))];
    const made =
      kind === "confirmed"
        ? confirmed(first, at, lines)
        : kind === "posted"
          ? posted(shipments, at, lines, { number: document })
          : kind === "reversed"
            ? reversed(first, at, document)
            : event("wms-east", "shipment.cancelled", at, { objects: [shipment(first)] });
    return { ...made, id: `e${String(n).padStart(3, "0")}` };
  });
}

const worlds = fc.array(happening, { maxLength: 14 });

describe("handoffs", () => {
  it("do not depend on the order of the events", () => {
    fc.assert(
      fc.property(worlds, fc.infiniteStream(fc.nat()), (happenings, picks) => {
        const events = eventsOf(happenings);
        const mixed = [...events].map((each) => ({ each, at: picks.next().value ?? 0 })).sort((a, b) => a.at - b.at);
        const sorted = (of: readonly HandoffEvent[]) => [...handoffsOf(of)].sort(([a], [b]) => (a < b ? -1 : 1));
        expect(sorted(mixed.map(({ each }) => each))).toEqual(sorted(events));
      }),
      { numRuns: 500 },
    );
  });

  it("that match are equal on both sides, within the tolerance", () => {
    const compare = [
      { measure: "quantity by sku" as const, tolerance: { absolute: "1" } },
      { measure: "amount" as const, tolerance: { absolute: "0.50", percent: "10" } },
    ];
    fc.assert(
      fc.property(worlds, (happenings) => {
        const handoffs = [...handoffsOf(eventsOf(happenings), { ...GOODS_ISSUE, compare }).values()];
        for (const handoff of handoffs) {
          if (handoff.state !== "matched") continue;
          const { expectedAmount, actualAmount } = handoff.totals;
          const allowed = ExactDecimal.max("0.50", new ExactDecimal(expectedAmount ?? 0).abs().times("0.1"));
          const apart = new ExactDecimal(actualAmount ?? 0).minus(expectedAmount ?? 0).abs();
          expect(apart.lessThanOrEqualTo(allowed)).toBe(true);
          expect(handoff.difference).toEqual({});
          // A key may be named by a posting for several only; of those compared with it, one has the cause.
          const group = handoffs.filter((other) => other.group.lead.id === handoff.group.lead.id);
          expect(group.flatMap(({ from }) => from).length).toBeGreaterThan(0);
          expect(handoff.to.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("are the same when a posting was reversed and made again", () => {
    fc.assert(
      fc.property(worlds, fc.nat(), (happenings, pick) => {
        const events = eventsOf(happenings).filter(({ type }) => type !== "goods_issue.reversed");
        const postings = events.filter(({ type }) => type === "goods_issue.posted");
        const again = postings[pick % Math.max(1, postings.length)];
        if (!again) return;
        // Under a number of its own, so that the reversal means this document and no other.
        const first = {
          ...again,
          id: "first",
          objects: [{ type: "erp_document", id: "D9", qualifier: "subject" }, ...again.objects.slice(1)],
        };
        const keys = again.objects.slice(1).map(({ id }) => id);
        const reversal = {
          ...reversed(keys[0] ?? "", 61, "D9"),
          id: "reversal",
          objects: again.objects.slice(1),
          posting: { companyCode: "1000", period: "2026-11", reverses: "D9" },
        };
        const stateOf = (of: readonly HandoffEvent[]) =>
          [...handoffsOf(of).values()].map(({ key, state, stateWhenDue, difference, totals }) => ({
            key,
            state,
            stateWhenDue,
            difference,
            totals,
          }));
        expect(stateOf([...events, first, reversal])).toEqual(stateOf(events));
      }),
      { numRuns: 500 },
    );
  });
});

describe("money", () => {
  it("adds ten million cents to exactly one hundred thousand", () => {
    const cent = figuresOf(posted("S1", 0, [line("A-1", "0.000000001", "0.01")]), finance.units);
    function* tenMillion(): Generator<Figures> {
      for (let n = 0; n < 10_000_000; n += 1) yield cent;
    }
    const total = sum(tenMillion());
    expect(total.amounts?.get("USD")?.toFixed()).toBe("100000");
    expect(total.quantities?.get("A-1")?.get("EA")?.toFixed()).toBe("0.01");
  }, 120_000);

  it("adds to the same in any order, as whole numbers of its smallest part do", () => {
    const amounts = fc.array(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), { maxLength: 40 });
    fc.assert(
      fc.property(amounts, (nanos) => {
        const text = (value: bigint) => new ExactDecimal(value.toString()).dividedBy("1000000000").toFixed();
        const figures = nanos.map((value) =>
          figuresOf({ ...posted("S1", 0, []), amount: text(value), currency: "USD" }, finance.units),
        );
        const total = nanos.reduce((all, value) => all + value, 0n);
        expect(sum(figures).amounts?.get("USD")?.toFixed() ?? "0").toBe(text(total));
        expect(sum([...figures].reverse())).toEqual(sum(figures));
      }),
    );
  });
});
