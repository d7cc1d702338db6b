import { describe, expect, test } from "vitest";
import { groupedDecimal } from "@/components/ui/number-format";
import { type BrokenHandoff, breakSentence, withBreak } from "@/lib/domain/handoffs/worst-break";

const RULE = { name: "Shipment → goods issue", expects: { sources: ["erp"], types: ["goods_issue.posted"] } };
const WORDS = { system: (source: string) => source.toUpperCase(), figure: groupedDecimal };
const TOTALS = {
  expectedQuantity: "12",
  actualQuantity: "12",
  expectedAmount: "3166.98",
  actualAmount: "4346.91",
  currency: "USD",
};
const posted = { source: "erp", id: "1" };

const said = (handoff: Partial<BrokenHandoff>) =>
  breakSentence(
    { state: "mismatched", to: [posted], excess: [], difference: {}, totals: TOTALS, ...handoff },
    RULE,
    WORDS,
  );

describe("the sentence of a break", () => {
  test("writes money as the tables beside it do", () => {
    const difference = { amount: { expected: "3166.98", actual: "4346.9", currency: "USD" } };
    expect(said({ difference })).toBe("ERP posted the goods issue with 4,346.90 instead of 3,166.98 USD");
  });

  test("names the SKU when it is only one, and the sum when there are several", () => {
    const [one, other] = [
      { sku: "A-1", expected: "1200", actual: "7" },
      { sku: "B-2", expected: "1", actual: "2" },
    ];
    expect(said({ difference: { quantity: [one] } })).toBe("ERP posted the goods issue with 7 instead of 1,200 of A-1");
    const totals = { ...TOTALS, expectedQuantity: "1201", actualQuantity: "9" };
    expect(said({ difference: { quantity: [one, other] }, totals })).toBe(
      "ERP posted the goods issue with 9 instead of 1,201 units",
    );
  });

  test("says who owes what while nothing has followed", () => {
    expect(said({ state: "late", to: [] })).toBe("ERP has not posted the goods issue");
    expect(withBreak("Shipped on 20 Nov.", said({ state: "late", to: [] }), "3 h late")).toBe(
      "Shipped on 20 Nov; ERP has not posted the goods issue, 3 h late.",
    );
  });
});
