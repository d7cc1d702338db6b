import { describe, expect, it } from "vitest";
import { loadHandoffRules } from "@/lib/config/handoffs";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import { confirmed, document, event, handoffsOf, line, posted, reversed, shipment } from "./world";

const cancelled = (id: string, at: number, rest: Partial<HandoffEvent>) =>
  event("wms-east", "shipment.cancelled", at, { objects: [shipment(id)], ...rest });
const rewind = (id: string, at: number, number: string, reverses: string) =>
  event("erp", "goods_issue.reversed", at, {
    objects: [document(number), { ...shipment(id), qualifier: "" }],
    lines: [line("A-1", "12")],
    posting: { companyCode: "1000", period: "2026-11", reverses },
  });

describe("a reversal", () => {
  const base = () => [
    confirmed("SH-1", 0, [line("A-1", "12")]),
    posted("SH-1", 5, [line("A-1", "12")], { number: "4901" }),
    rewind("SH-1", 8, "4902", "4901"),
  ];

  it("that is reversed itself leaves the posting standing", () => {
    const events = [...base(), rewind("SH-1", 9, "4903", "4902")];
    for (const order of [events, [...events].reverse()])
      expect(handoffsOf(order).get("SH-1")).toMatchObject({ state: "matched", totals: { actualQuantity: "12" } });
  });

  it("holds again when the reversal of it is reversed in turn", () => {
    const events = [...base(), rewind("SH-1", 9, "4903", "4902"), rewind("SH-1", 10, "4904", "4903")];
    expect(handoffsOf(events).get("SH-1")).toMatchObject({ stateWhenDue: "late", totals: { actualQuantity: null } });
  });

  it("in a ring of reversals takes nothing back, and the posting stands", () => {
    const [cause, posting] = base();
    const ring = [rewind("SH-1", 8, "4902", "4903"), rewind("SH-1", 9, "4903", "4902")];
    expect(handoffsOf([cause, posting, ...ring].filter((each) => each !== undefined)).get("SH-1")).toMatchObject({
      state: "matched",
    });
  });

  it("of a part that says no money takes its share of the line's", () => {
    const events = [
      confirmed("SH-1", 0, [line("A-1", "12", "120.00"), line("B-1", "1", "7.00")]),
      posted("SH-1", 5, [line("A-1", "12", "120.00"), line("B-1", "1", "7.00")], { number: "4901" }),
      reversed("SH-1", 8, "4901", [line("A-1", "5")]),
    ];
    expect(handoffsOf(events).get("SH-1")).toMatchObject({
      stateWhenDue: "mismatched",
      totals: { actualQuantity: "8", actualAmount: "77.00" },
    });
    const again = posted("SH-1", 9, [line("A-1", "5", "50.00")], { number: "4903" });
    expect(handoffsOf([...events, again]).get("SH-1")).toMatchObject({ state: "matched" });
  });
});

describe("a cancellation", () => {
  it("of lines that says no money takes their money off what is expected", () => {
    const events = [
      confirmed("SH-1", 0, [line("A-1", "12", "120.00"), line("B-1", "3", "10.00")]),
      cancelled("SH-1", 1, { lines: [line("B-1", "1")] }),
      posted("SH-1", 5, [line("A-1", "12", "120.00"), line("B-1", "2", "6.67")]),
    ];
    expect(handoffsOf(events).get("SH-1")).toMatchObject({ state: "matched", totals: { expectedAmount: "126.67" } });
  });

  it("after the posting breaks the handoff when it happens, not when it was posted", () => {
    const events = [confirmed("SH-1", 0, [line("A-1", "12")]), posted("SH-1", 5, [line("A-1", "12")])];
    expect(handoffsOf([...events, cancelled("SH-1", 9, {})]).get("SH-1")).toMatchObject({
      state: "orphan",
      brokenAt: "2026-11-23T10:09:00.000Z",
    });
    const ofPart = cancelled("SH-1", 9, { lines: [line("A-1", "2")] });
    expect(handoffsOf([...events, ofPart]).get("SH-1")).toMatchObject({
      state: "mismatched",
      brokenAt: "2026-11-23T10:09:00.000Z",
    });
  });

  it("that lists lines takes back a cause that stated none", () => {
    const events = [
      confirmed("SH-1", 0, [], { amount: "120.00", currency: "USD" }),
      cancelled("SH-1", 1, { lines: [line("A-1", "12")] }),
    ];
    expect(handoffsOf(events).get("SH-1")).toMatchObject({ state: "void", totals: { expectedQuantity: null } });
  });
});

it("a receipt that the warehouse takes back is expected of nobody, and the one it makes anew is", () => {
  const [rule] = loadHandoffRules("config").filter(({ id }) => id === "goods-receipt");
  const receipt = (source: string, type: string, at: number, quantity: string) =>
    event(source, `goods_receipt.${type}`, at, {
      objects: [document(`G${at}`), { ...shipment("IN-1"), qualifier: "" }],
      lines: [line("A-1", quantity)],
    });
  const takenBack = [receipt("wms-east", "posted", 0, "89"), receipt("wms-east", "reversed", 1, "89")];
  expect(handoffsOf(takenBack, rule).get("IN-1")).toMatchObject({ state: "void" });
  const anew = [...takenBack, receipt("wms-east", "posted", 2, "98"), receipt("erp", "posted", 3, "98")];
  expect(handoffsOf(anew, rule).get("IN-1")).toMatchObject({ state: "matched" });
  const reversed = [...anew, receipt("erp", "reversed", 4, "98")];
  expect(handoffsOf(reversed, rule).get("IN-1")).toMatchObject({ state: "pending", stateWhenDue: "late" });
});

describe("what systems write their own way", () => {
  it("agrees where the ERP pads SKUs with zeros", () => {
    const events = [confirmed("SH-1", 0, [line("4711", "12")]), posted("SH-1", 5, [line("000000000000004711", "12")])];
    expect(handoffsOf(events).get("SH-1")).toMatchObject({ state: "matched" });
  });

  it("agrees where units and currencies are written in either case", () => {
    const events = [
      confirmed("SH-1", 0, [{ ...line("A-1", "2", "12.00", "cs"), currency: "usd" }]),
      posted("SH-1", 5, [line("A-1", "12", "12.00", "Ea")]),
    ];
    expect(handoffsOf(events).get("SH-1")).toMatchObject({ state: "matched", totals: { currency: "USD" } });
  });
});

describe("money in several currencies", () => {
  const both = (yen: string) => [
    { sku: "A-1", quantity: "1", amount: "10.00", currency: "USD" },
    { sku: "B-1", quantity: "1", amount: yen, currency: "JPY" },
  ];

  it("needs no rate where each currency agrees with itself", () => {
    const events = [confirmed("SH-1", 0, both("900")), posted("SH-1", 5, both("900"))];
    expect(handoffsOf(events).get("SH-1")).toMatchObject({ state: "matched" });
  });

  it("is not compared without a rate where one differs", () => {
    const events = [confirmed("SH-1", 0, both("900")), posted("SH-1", 5, both("901"))];
    expect(handoffsOf(events).get("SH-1")).toMatchObject({
      state: "mismatched",
      difference: { incomparable: ["no rate from USD to JPY"] },
    });
  });
});

it("the company code that a cause states is shown, whether or not anybody declared it", () => {
  const cause = confirmed("SH-1", 0, [line("A-1", "12")], {
    posting: { companyCode: "9999", period: "", reverses: "" },
  });
  expect(handoffsOf([cause]).get("SH-1")).toMatchObject({ companyCode: "9999" });
});
