import { describe, expect, it } from "vitest";
import { stateAt } from "@/lib/domain/handoffs/handoff";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import { confirmed, event, GOODS_ISSUE, handoffsOf, line, posted, reversed, shipment } from "./world";

const one = (...args: Parameters<typeof handoffsOf>) => {
  const [only] = handoffsOf(...args).values();
  if (!only) throw new Error("expected one handoff");
  return only;
};

describe("a handoff", () => {
  it("waits until its time is up and is late from then on", () => {
    const handoff = one([confirmed("S1", 0, [line("A-1", "2", "20.00")])]);
    expect(handoff).toMatchObject({
      state: "pending",
      stateWhenDue: "late",
      dueAt: "2026-11-23T10:30:00.000Z",
      stake: "20.00",
    });
    expect(stateAt(handoff, "2026-11-23T10:29:59.999Z")).toBe("pending");
    expect(stateAt(handoff, "2026-11-23T10:30:00.000Z")).toBe("late");
  });

  it("matches when the posting agrees in quantity, amount and period", () => {
    const handoff = one([
      confirmed("S1", 0, [line("A-1", "2", "20.00")]),
      posted("S1", 10, [line("A-1", "2", "20.00")]),
    ]);
    expect(handoff).toMatchObject({
      state: "matched",
      difference: {},
      settledAt: "2026-11-23T10:10:00.000Z",
      brokenAt: null,
    });
  });

  it("matches three documents that together post one shipment", () => {
    const parts = [1, 2, 3].map((n) => posted("S1", n, [line("A-1", "2", "10.00")]));
    expect(one([confirmed("S1", 0, [line("A-1", "6", "30.00")]), ...parts]).state).toBe("matched");
  });

  it("stays open for the rest of a posting that falls short, and is mismatched when that does not come", () => {
    const handoff = one([
      confirmed("S1", 0, [line("A-1", "6", "30.00")]),
      posted("S1", 5, [line("A-1", "4", "20.00")]),
    ]);
    expect(handoff).toMatchObject({
      state: "pending",
      stateWhenDue: "mismatched",
      difference: {
        quantity: [{ sku: "A-1", expected: "6", actual: "4" }],
        amount: { expected: "30.00", actual: "20.00", currency: "USD" },
      },
      stake: "10.00",
    });
  });

  it("is mismatched at once when the quantity is right and the price is not", () => {
    const handoff = one([
      confirmed("S1", 0, [line("A-1", "2", "20.00")]),
      posted("S1", 5, [line("A-1", "2", "18.00")]),
    ]);
    expect(handoff).toMatchObject({
      state: "mismatched",
      difference: { amount: { expected: "20.00", actual: "18.00", currency: "USD" } },
      stake: "2.00",
    });
    expect(handoff.difference.quantity).toBeUndefined();
  });

  it("is mismatched when it was posted in another period, with all of it at stake", () => {
    const handoff = one([
      confirmed("S1", 0, [line("A-1", "2", "20.00")]),
      posted("S1", 5, [line("A-1", "2", "20.00")], { period: "2026-12" }),
    ]);
    expect(handoff).toMatchObject({
      state: "mismatched",
      difference: { period: { expected: "2026-11", actual: "2026-12" } },
      stake: "20.00",
    });
  });

  it("is a duplicate when what is too much repeats a posting, and says which", () => {
    const second = posted("S1", 7, [line("A-1", "2", "20.00")]);
    const handoff = one([
      confirmed("S1", 0, [line("A-1", "2", "20.00")]),
      posted("S1", 5, [line("A-1", "2", "20.00")]),
      second,
    ]);
    expect(handoff).toMatchObject({ state: "duplicate", excess: [{ source: "erp", id: second.id }], stake: "20.00" });
  });

  it("takes a document of many items that was posted twice for a duplicate", () => {
    const items = Array.from({ length: 20 }, (_, n) => line(`A-${n}`, "1", "1.00"));
    const postAll = (at: number) => items.map((item, n) => posted("S1", at + n, [item]));
    const handoff = one([confirmed("S1", 0, items), ...postAll(1), ...postAll(30)]);
    expect(handoff.state).toBe("duplicate");
    expect(handoff.excess).toHaveLength(20);
  });

  it("is mismatched, not a duplicate, when what is too much repeats nothing", () => {
    const handoff = one([
      confirmed("S1", 0, [line("A-1", "3", "30.00")]),
      posted("S1", 5, [line("A-1", "2", "20.00")]),
      posted("S1", 6, [line("A-1", "2", "20.00")]),
    ]);
    expect(handoff.state).toBe("mismatched");
  });

  it("takes two shipments of the same goods, each posted once, for what they are", () => {
    const handoffs = handoffsOf([
      confirmed("S1", 0, [line("A-1", "2", "20.00")]),
      confirmed("S2", 1, [line("A-1", "2", "20.00")]),
      posted("S1", 5, [line("A-1", "2", "20.00")]),
      posted("S2", 6, [line("A-1", "2", "20.00")]),
    ]);
    expect([...handoffs.values()].map(({ state }) => state)).toEqual(["matched", "matched"]);
  });

  it("is an orphan when nothing caused the posting", () => {
    const handoff = one([posted("S9", 5, [line("A-1", "2", "20.00")])]);
    expect(handoff).toMatchObject({ state: "orphan", dueAt: null, stake: "20.00", from: [] });
  });

  it("counts a posting that was reversed and made again once", () => {
    const events = [
      confirmed("S1", 0, [line("A-1", "2", "20.00")]),
      posted("S1", 5, [line("A-1", "2", "20.00")], { number: "0049" }),
      reversed("S1", 8, "49", [line("A-1", "2", "20.00")]),
      posted("S1", 9, [line("A-1", "2", "20.00")], { number: "50" }),
    ];
    expect(one(events).state).toBe("matched");
    expect(one(events.slice(0, 3))).toMatchObject({ state: "pending", stateWhenDue: "late" });
  });

  it("lets a reversal of a document that has not arrived wait for it", () => {
    const events = [
      confirmed("S1", 0, [line("A-1", "2", "20.00")]),
      reversed("S1", 8, "49"),
      posted("S1", 9, [line("A-1", "2", "20.00")], { number: "50" }),
    ];
    expect(one(events).state).toBe("matched");
    expect(one([...events, posted("S1", 5, [line("A-1", "2", "20.00")], { number: "49" })]).state).toBe("matched");
  });

  it("is void when its cause was cancelled and nothing was posted, or all of it reversed", () => {
    const cancelled = event("wms-east", "shipment.cancelled", 6, { objects: [shipment("S1")] });
    const cause = confirmed("S1", 0, [line("A-1", "2", "20.00")]);
    expect(one([cause, cancelled])).toMatchObject({ state: "void", settledAt: "2026-11-23T10:06:00.000Z" });
    const posting = posted("S1", 3, [line("A-1", "2", "20.00")], { number: "49" });
    expect(one([cause, cancelled, posting]).state).toBe("orphan");
    expect(one([cause, cancelled, posting, reversed("S1", 9, "49")]).state).toBe("void");
  });

  it("is matched when what had followed was all that the rule asked for, and its cause is cancelled later", () => {
    const rule = { ...GOODS_ISSUE, compare: [] };
    const only = (events: readonly HandoffEvent[]) => handoffsOf(events, rule).get("S1")?.state;
    const cause = confirmed("S1", 0, [line("A-1", "2")]);
    const cancelled = event("wms-east", "shipment.cancelled", 6, { objects: [shipment("S1")] });
    const posting = posted("S1", 3, [line("A-1", "2")]);
    expect(only([cause, posting, cancelled])).toBe("matched");
    expect(only([cause, cancelled])).toBe("void");
    expect(only([posting])).toBe("orphan");
    expect(only([posting, cancelled])).toBe("orphan");
  });

  it("takes the word of a rejection, whose outcome is that it rejected, even from a clock that runs minutes behind", () => {
    const rule = { ...GOODS_ISSUE, compare: [], unless: "shipment.rejected" };
    const rejectedAt = (at: number, source: string) =>
      handoffsOf(
        [
          confirmed("S1", 0, [line("A-1", "2")]),
          event(source, "shipment.rejected", at, { objects: [shipment("S1")], outcome: "rejected" }),
        ],
        rule,
      ).get("S1")?.state;
    expect(rejectedAt(1, "wms-east")).toBe("void");
    expect(rejectedAt(-1, "wms-east")).toBe("pending");
    expect(rejectedAt(-4, "wms-central")).toBe("void");
    expect(rejectedAt(-16, "wms-central")).toBe("pending");
  });

  it("asks for what is left when lines were cancelled", () => {
    const cancelled = event("wms-east", "shipment.cancelled", 6, {
      objects: [shipment("S1")],
      lines: [line("A-1", "1", "10.00")],
    });
    const cause = confirmed("S1", 0, [line("A-1", "2", "20.00")]);
    expect(one([cause, cancelled, posted("S1", 7, [line("A-1", "1", "10.00")])]).state).toBe("matched");
  });

  it("compares units after conversion, a SKU's own before the general one", () => {
    const cause = confirmed("S1", 0, [line("A-1", "12"), line("B-1", "24")]);
    expect(
      one([cause, posted("S1", 5, [line("A-1", "2", undefined, "CS"), line("B-1", "2", undefined, "CS")])]).state,
    ).toBe("matched");
  });

  it("says so when units cannot be converted, and does not call it matched", () => {
    const handoff = one([
      confirmed("S1", 0, [line("A-1", "12")]),
      posted("S1", 5, [line("A-1", "1", undefined, "PAL")]),
    ]);
    expect(handoff.state).toBe("mismatched");
    expect(handoff.difference.incomparable).toEqual(["no conversion between EA and PAL for A-1"]);
  });

  it("converts money at the stated rate, and says so when there is none", () => {
    const cause = confirmed("S1", 0, [], { amount: "110.00", currency: "USD" });
    const inCurrency = (amount: string, currency: string) => posted("S1", 5, [], { amount, currency });
    expect(one([cause, inCurrency("100.00", "EUR")]).state).toBe("matched");
    expect(one([cause, inCurrency("90.00", "EUR")]).difference.amount).toEqual({
      expected: "110.00",
      actual: "99.00",
      currency: "USD",
    });
    expect(one([cause, inCurrency("90.00", "GBP")]).difference.incomparable).toEqual(["no rate from GBP to USD"]);
  });

  it("does not compare what one side does not state", () => {
    expect(one([confirmed("S1", 0, [line("A-1", "2")]), posted("S1", 5, [line("A-1", "2", "20.00")])]).state).toBe(
      "matched",
    );
  });

  it("compares keys that share a posting together, and counts their money once", () => {
    const handoffs = [
      ...handoffsOf([
        confirmed("S1", 0, [line("A-1", "2", "20.00")]),
        confirmed("S2", 4, [line("B-1", "1", "5.00")]),
        posted(["S1", "S2"], 10, [line("A-1", "2", "20.00"), line("B-1", "1", "4.00")]),
      ]).values(),
    ];
    expect(handoffs.map(({ state, stake, group }) => [state, stake, group.lead.id, group.size])).toEqual([
      ["mismatched", "1.00", "S1", 2],
      ["mismatched", "0.00", "S1", 2],
    ]);
    expect(handoffs.map(({ from }) => from.length)).toEqual([1, 1]);
    expect(handoffs.map(({ dueAt }) => dueAt)).toEqual(["2026-11-23T10:30:00.000Z", "2026-11-23T10:34:00.000Z"]);
  });

  it("compares an order's last word with all that was billed for it", () => {
    const rule = {
      ...GOODS_ISSUE,
      id: "order-total",
      when: { source: "oms", type: ["order.created", "order.changed"], take: "latest" as const },
      expect: { source: "erp", type: "invoice.posted", within: "P30D" },
      on: "order",
      compare: ["amount" as const],
    };
    const order = [{ type: "order", id: "O1", qualifier: "" }];
    const created = event("oms", "order.created", 0, {
      objects: order,
      lines: [line("A-1", "2", "20.00"), line("B-1", "1", "5.00")],
      amount: "28.00",
      currency: "USD",
    });
    const changed = event("oms", "order.changed", 1, {
      objects: order,
      lines: [line("A-1", "1", "10.00")],
      amount: "10.00",
      currency: "USD",
    });
    const invoice = (amount: string) => event("erp", "invoice.posted", 9, { objects: order, amount, currency: "USD" });
    // 10 for A-1, 5 for B-1, and 3 of freight, which belongs to no line.
    expect(one([created, changed, invoice("18.00")], rule).state).toBe("matched");
    expect(one([created, changed, invoice("28.00")], rule)).toMatchObject({
      state: "mismatched",
      difference: { amount: { expected: "18.00", actual: "28.00", currency: "USD" } },
    });
    // The amount is all the rule compares, so what falls short may still be billed.
    expect(one([created, changed, invoice("8.00")], rule)).toMatchObject({
      state: "pending",
      stateWhenDue: "mismatched",
    });
  });

  it("takes no failed posting for one", () => {
    expect(
      one([confirmed("S1", 0, [line("A-1", "1")]), posted("S1", 3, [line("A-1", "1")], { outcome: "failed" })]).state,
    ).toBe("pending");
  });
});

describe("tolerances", () => {
  const rule = (tolerance: { absolute?: string; percent?: string; take?: "larger" | "smaller" }) => ({
    ...GOODS_ISSUE,
    compare: [{ measure: "amount" as const, tolerance }],
  });
  const state = (posting: string, tolerance: Parameters<typeof rule>[0]) =>
    one(
      [
        confirmed("S1", 0, [], { amount: "1000.00", currency: "USD" }),
        posted("S1", 5, [], { amount: posting, currency: "USD" }),
      ],
      rule(tolerance),
    ).state;

  it("hold up to and with their limit", () => {
    expect(state("1000.05", { absolute: "0.05" })).toBe("matched");
    expect(state("1000.06", { absolute: "0.05" })).toBe("mismatched");
    expect(state("1010.00", { percent: "1" })).toBe("matched");
    expect(state("1010.01", { percent: "1" })).toBe("mismatched");
  });

  it("take the wider or the narrower of two, as the rule says", () => {
    expect(state("1008.00", { absolute: "5", percent: "1", take: "larger" })).toBe("matched");
    expect(state("1008.00", { absolute: "5", percent: "1", take: "smaller" })).toBe("mismatched");
  });
});
