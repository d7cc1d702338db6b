/** Feeds that are legal and unlike those the rules were made with. Every expected value is worked out by hand. */
import { describe, expect, it } from "vitest";
import type { EventLine } from "@/lib/domain/event";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import { confirmed, event, GOODS_ISSUE, handoffsOf, line, posted, reversed, shipment } from "./world";

const only = (events: readonly HandoffEvent[]) => handoffsOf(events).get("S1");
const plainly = (each: HandoffEvent): HandoffEvent => ({
  ...each,
  objects: each.objects.map((object) => ({ ...object, qualifier: "" })),
});
const unnamed = (id: string, at: number, lines: readonly EventLine[]) => reversed(id, at, "", lines);

describe("a reversal", () => {
  it("is reversed itself also where no object has a qualifier", () => {
    const events = [
      confirmed("S1", 0, [line("A-1", "2")]),
      posted("S1", 5, [line("A-1", "2")], { number: "49" }),
      reversed("S1", 6, "49", [line("A-1", "2")]),
      reversed("S1", 7, "R6", [line("A-1", "2")]),
    ].map(plainly);
    expect(only(events)).toMatchObject({ state: "matched", totals: { actualQuantity: "2" } });
  });

  it("may name the event that it takes back, where the posting has no document number", () => {
    const posting = event("erp", "goods_issue.posted", 5, { objects: [shipment("S1")], lines: [line("A-1", "2")] });
    const events = [confirmed("S1", 0, [line("A-1", "2")]), posting, reversed("S1", 6, posting.id)];
    expect(only(events)).toMatchObject({ state: "pending", stateWhenDue: "late" });
  });

  it("by a number takes back what was posted without one, but waits for its document where all have numbers", () => {
    const goods = [line("A-1", "2")];
    const posting = event("erp", "goods_issue.posted", 5, { objects: [shipment("S1")], lines: goods });
    const reversal = reversed("S1", 6, "4900000001");
    const cause = confirmed("S1", 0, goods);
    expect(only([cause, posting, reversal])).toMatchObject({ state: "pending", stateWhenDue: "late" });
    // What takes this reversal back takes no posting back.
    expect(only([cause, posting, reversal, reversed("S1", 7, "R6")])).toMatchObject({ state: "matched" });
    expect(only([cause, posted("S1", 5, goods, { number: "49" }), reversal])).toMatchObject({ state: "matched" });
  });

  it("item by item of a document in the wrong period leaves nothing of it, and the repost stands alone", () => {
    const wrong = { number: "49", period: "2026-12" };
    const events = [
      confirmed("S1", 0, [line("A-1", "2"), line("B-1", "1")]),
      posted("S1", 5, [line("A-1", "2")], wrong),
      posted("S1", 5, [line("B-1", "1")], wrong),
      reversed("S1", 6, "49", [line("A-1", "2")]),
      reversed("S1", 7, "49", [line("B-1", "1")]),
      posted("S1", 8, [line("A-1", "2"), line("B-1", "1")], { number: "50" }),
    ];
    expect(only(events)).toMatchObject({ state: "matched", difference: {} });
  });

  it("in parts that add up to the whole document leaves nothing of it", () => {
    const events = [
      confirmed("S1", 0, [line("A-1", "6")]),
      posted("S1", 5, [line("A-1", "6")], { number: "49", period: "2026-12" }),
      reversed("S1", 6, "49", [line("A-1", "2")]),
      reversed("S1", 7, "49", [line("A-1", "4")]),
    ];
    expect(only(events)).toMatchObject({ state: "pending", stateWhenDue: "late" });
    const again = [...events, posted("S1", 8, [line("A-1", "6")], { number: "50" })];
    expect(only(again)).toMatchObject({ state: "matched" });
  });

  it("of the rest, after a part of the same document, takes no part twice", () => {
    const events = [
      confirmed("S1", 0, [line("A-1", "6")]),
      posted("S1", 5, [line("A-1", "6")], { number: "49" }),
      reversed("S1", 6, "49", [line("A-1", "2")]),
      reversed("S1", 7, "49"),
      posted("S1", 8, [line("A-1", "6")], { number: "50" }),
    ];
    expect(only(events)).toMatchObject({ state: "matched", totals: { actualQuantity: "6" } });
  });

  it("that names no document takes back all that was posted before, where that is what it states", () => {
    const events = [
      confirmed("S1", 0, [line("A-1", "6")]),
      posted("S1", 4, [line("A-1", "2")], { period: "2026-12" }),
      posted("S1", 5, [line("A-1", "4")], { period: "2026-12" }),
      unnamed("S1", 6, [line("A-1", "6")]),
      posted("S1", 7, [line("A-1", "6")]),
    ];
    expect(only(events)).toMatchObject({ state: "matched", difference: {} });
  });

  it("that names no document takes back what was posted for its own shipment, not what was posted last", () => {
    const events = [
      confirmed("S1", 0, [line("A-1", "2")]),
      confirmed("S2", 0, [line("A-1", "2")]),
      posted(["S1", "S2"], 1, [line("B-1", "1")]),
      posted("S1", 5, [line("A-1", "2")]),
      posted("S2", 6, [line("A-1", "2")], { period: "2026-12" }),
      unnamed("S1", 7, []),
      posted("S1", 8, [line("A-1", "2")]),
    ];
    // What is left of S2 stands in the wrong period; had it been taken back instead, no period would differ.
    expect(only(events)?.difference.period).toEqual({ expected: "2026-11", actual: "2026-12" });
  });

  it("of part of a negative posting brings it nearer to zero", () => {
    const events = [
      confirmed("S1", 0, [line("A-1", "-6", "-60.00")]),
      posted("S1", 5, [line("A-1", "-6", "-60.00")], { number: "49" }),
      reversed("S1", 6, "49", [line("A-1", "2", "20.00")]),
    ];
    expect(only(events)?.totals).toMatchObject({ actualQuantity: "-4", actualAmount: "-40.00" });
  });

  it("written as a posting of the other sign takes back as well", () => {
    const events = [
      confirmed("S1", 0, [line("A-1", "2", "20.00")]),
      posted("S1", 5, [line("A-1", "2", "20.00")]),
      posted("S1", 6, [line("A-1", "-2", "-20.00")]),
    ];
    expect(only(events)).toMatchObject({ state: "pending", stateWhenDue: "late" });
    expect(only(events.slice(1))).toMatchObject({ state: "void" });
    expect(only([...events, posted("S1", 7, [line("A-1", "2", "20.00")])])).toMatchObject({ state: "matched" });
  });
});

describe("a duplicate", () => {
  const [a, b] = [line("A-1", "4", "20.00"), line("B-1", "1", "1.00")];
  const cause = confirmed("S1", 0, [a, b]);

  it("is also all of it posted again in one document, after it was posted in two; or the other way round", () => {
    const [one, other, whole] = [posted("S1", 1, [a]), posted("S1", 2, [b]), posted("S1", 3, [a, b])];
    expect(only([cause, one, other, whole])).toMatchObject({ state: "duplicate", excess: [{ id: whole.id }] });
    const [first, third] = [posted("S1", 0, [a, b]), posted("S1", 4, [b])];
    expect(only([cause, first, one, third])).toMatchObject({
      state: "duplicate",
      excess: [{ id: one.id }, { id: third.id }],
    });
  });

  it("is not one more posting of another size", () => {
    const events = [cause, posted("S1", 1, [a]), posted("S1", 2, [b]), posted("S1", 3, [a, line("B-1", "2", "2.00")])];
    expect(only(events)).toMatchObject({ state: "mismatched", excess: [] });
  });
});

it("a period is the same month in whatever form the ERP writes it", () => {
  const goods = [line("A-1", "2")];
  expect(only([confirmed("S1", 0, goods), posted("S1", 5, goods, { period: "011.2026" })])).toMatchObject({
    state: "matched",
  });
  expect(only([confirmed("S1", 0, goods), posted("S1", 5, goods, { period: "202612" })])).toMatchObject({
    difference: { period: { expected: "2026-11", actual: "2026-12" } },
  });
});

describe("what is expected", () => {
  it("is less by the whole line where a cancelled line says no figure", () => {
    const events = [
      confirmed("S1", 0, [line("A-1", "2", "20.00"), line("B-1", "1", "7.00")]),
      event("wms-east", "shipment.cancelled", 3, { objects: [shipment("S1")], lines: [{ sku: "B-1" }] }),
    ];
    expect(only(events)?.totals).toMatchObject({ expectedQuantity: "2", expectedAmount: "20.00" });
    const posting = posted("S1", 5, [line("A-1", "2", "20.00")]);
    expect(only([...events, posting])).toMatchObject({ state: "matched" });
  });

  it("of an order is its new total, where a change states that beside the lines that changed", () => {
    const rule = {
      ...GOODS_ISSUE,
      when: { type: ["order.created", "order.changed"], take: "latest" as const },
      expect: { type: "invoice.posted", within: "P1D" },
      on: "order",
      compare: ["amount" as const],
    };
    const objects = [{ type: "order", id: "O1", qualifier: "" }];
    const whole = (amount: string) => ({ objects, amount, currency: "USD" });
    const created = {
      ...whole("28.00"),
      // 3.00 of freight beside the lines.
      lines: [line("A-1", "2", "20.00"), line("B-1", "1", "5.00")],
    };
    const events = [
      event("oms", "order.created", 0, created),
      event("oms", "order.changed", 1, { ...whole("18.00"), lines: [line("A-1", "1", "10.00")] }),
    ];
    expect(handoffsOf(events, rule).get("O1")?.totals.expectedAmount).toBe("18.00");
  });
});

it("a line without a currency of its own has that of its event", () => {
  const cause = confirmed("S1", 0, [{ ...line("A-1", "2", "20.00"), currency: "" }], { currency: "USD" });
  expect(only([cause, posted("S1", 5, [line("A-1", "2", "20.00")])])).toMatchObject({ state: "matched" });
});

it("a site with blanks around its name is that site", () => {
  const goods = { ...line("A-1", "2"), location: " DC-EAST " };
  expect(only([confirmed("S1", 0, [goods])])).toMatchObject({ location: "DC-EAST", companyCode: "1000" });
});

describe("a key of thousands of postings", () => {
  const items = Array.from({ length: 3_000 }, (_, n) => line(`A-${n}`, "1"));
  const postAll = (at: number) => items.map((item, n) => posted("S1", at, [item], { number: `${at}-${n}` }));

  it("that were all made twice is a duplicate, and mismatched when one SKU is missing besides", () => {
    const postings = [...postAll(1), ...postAll(2)];
    expect(only([confirmed("S1", 0, items), ...postings])?.excess).toHaveLength(3_000);
    expect(only([confirmed("S1", 0, [...items, line("Z-1", "1")]), ...postings])).toMatchObject({
      state: "mismatched",
    });
  });

  it("that were all reversed without naming a document has none left", () => {
    const events = [confirmed("S1", 0, items), ...postAll(1), ...items.map((item) => unnamed("S1", 2, [item]))];
    expect(only(events)).toMatchObject({ state: "pending", stateWhenDue: "late" });
  });
});
