import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evidenceOfAll } from "@/components/handoffs/evidence-of-all";
import { filterBody, listFilter, matrixFilter, workbenchHref } from "@/components/handoffs/filter-address";
import { openItemText } from "@/components/handoffs/open-item-text";
import { sumSelection } from "@/components/handoffs/selection-sum";
import { evidenceHash } from "@/lib/domain/handoffs/evidence";
import type { Totals } from "@/lib/domain/handoffs/handoff";
import { listed } from "./listed";

const totals = (expectedAmount: string | null, actualAmount: string | null, currency = "USD"): Totals => ({
  expectedQuantity: null,
  actualQuantity: null,
  expectedAmount,
  actualAmount,
  currency,
});

describe("the sum of a selection", () => {
  it("adds each currency for itself, with the variance of actual against expected", () => {
    const sums = sumSelection([
      listed("1", { totals: totals("120.00", "100.50") }),
      listed("2", { totals: totals("0.10", null) }),
      listed("3", { totals: totals(null, "7", "EUR") }),
    ]);
    expect(sums).toEqual([
      { currency: "EUR", expected: "0.00", actual: "7.00", variance: "7.00" },
      { currency: "USD", expected: "120.10", actual: "100.50", variance: "-19.60" },
    ]);
  });

  it("counts keys that are compared together once, whichever of them are selected", () => {
    const group = { lead: { type: "shipment", id: "1" }, size: 3 };
    const all = ["1", "2", "3"].map((id) => listed(id, { group, totals: totals("30.00", "10.00") }));
    const once = [{ currency: "USD", expected: "30.00", actual: "10.00", variance: "-20.00" }];
    expect(sumSelection(all)).toEqual(once);
    expect(sumSelection(all.slice(1, 2))).toEqual(once);
  });

  it("says nothing of what states no money", () => {
    expect(sumSelection([listed("1", { totals: totals(null, null, "") })])).toEqual([]);
  });

  it("adds cents exactly, however many there are", () => {
    const cents = Array.from({ length: 10_000 }, (_, index) =>
      listed(String(index), { totals: totals("0.10", "0.20") }),
    );
    expect(sumSelection(cents)[0]).toMatchObject({ expected: "1000.00", actual: "2000.00", variance: "1000.00" });
  });
});

describe("the evidence of several handoffs, as the browser hashes it", () => {
  it("is what the server hashes, whatever the events are called", async () => {
    const ref = fc.record({ source: fc.string({ maxLength: 8 }), id: fc.string({ maxLength: 8 }) });
    const sides = fc.array(fc.record({ from: fc.array(ref, { maxLength: 3 }), to: fc.array(ref, { maxLength: 3 }) }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(sides, async (given) => {
        const handoffs = given.map(({ from, to }, index) => listed(String(index), { from, to }));
        expect(await evidenceOfAll(handoffs)).toBe(evidenceHash(handoffs));
      }),
    );
  });
});

describe("the address of the workbench", () => {
  it("lists open breaks unless it says which states, decisions or openness", () => {
    expect(listFilter("rule=goods-issue&sort=age&cursor=x&date=2026-11-25").toString()).toBe(
      "rule=goods-issue&open=true",
    );
    expect(listFilter("state=matched").toString()).toBe("state=matched");
    expect(listFilter("resolution=standing&q=+").toString()).toBe("resolution=standing");
  });

  it("keeps every rule and state in the matrix, narrowed by the rest", () => {
    expect(matrixFilter("rule=goods-issue&state=late&open=true&period=2026-11&partner=A&partner=B").toString()).toBe(
      "period=2026-11&partner=A&partner=B",
    );
  });

  it("goes into a body with several values as a list", () => {
    expect(filterBody(new URLSearchParams("state=late,orphan&partner=A&partner=B"))).toEqual({
      state: "late,orphan",
      partner: ["A", "B"],
    });
  });

  it("changes its filter from the first page on", () => {
    expect(workbenchHref("rule=a&cursor=x&date=2026-11-25", { rule: "b", state: "late" })).toBe(
      "/reconciliation?rule=b&date=2026-11-25&state=late",
    );
    expect(workbenchHref("rule=a&open=true", { rule: null, open: null })).toBe("/reconciliation?");
  });
});

describe("an open item of a close", () => {
  it("is said in words, and an unknown rule by its id", () => {
    const system = (source: string) => (source === "wms-east" ? "WMS East" : source);
    const text = (item: string, count = 1_284) => openItemText({ item, count }, {}, { system });
    expect(text("break goods-issue late")).toBe("1,284 late: goods-issue");
    expect(text("awaiting goods-issue", 2)).toBe("2 awaiting approval: goods-issue");
    expect(text("pending goods-issue", 3)).toBe("3 not due yet: goods-issue");
    expect(text("source wms-east", 1)).toBe("WMS East has not reported past the end of the period");
    expect(text("period has not ended", 1)).toBe("The period has not ended");
  });
});
