import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stateAt, tabOf, valueAtRiskLabel } from "@/components/exceptions/exception-words";
import { countParts, planText, rampText } from "@/components/exceptions/replay-words";
import { sideLines } from "@/components/exceptions/side-lines";
import { trendBars, trendText } from "@/components/exceptions/trend";
import { EXCEPTION_STATES } from "@/lib/domain/exceptions/exception";
import type { ReplayPlan } from "@/lib/domain/replay/job";

const NOW_MS = Date.parse("2026-11-25T10:00:00.000Z");

describe("the state of an exception", () => {
  test("what is ignored until a time that is over is open again for whoever reads it", () => {
    const ignored = (ignoredUntil: string | null) => stateAt({ state: "ignored", ignoredUntil }, NOW_MS);
    expect(ignored("2026-11-25T09:59:59.999Z")).toBe("open");
    expect(ignored("2026-11-25T10:00:00.001Z")).toBe("ignored");
    expect(ignored(null)).toBe("ignored");
  });

  test("every state has its tab, and what needs somebody is under Open", () => {
    expect(EXCEPTION_STATES.map(tabOf)).toEqual(["open", "open", "replaying", "resolved", "ignored", "open"]);
  });

  test("value at risk of two currencies stays two figures", () => {
    const values = [
      { amount: "1200", currency: "EUR" },
      { amount: "80.5", currency: "USD" },
    ];
    expect(valueAtRiskLabel(values)).toBe("1,200.00 EUR + 80.50 USD");
  });
});

describe("a trend", () => {
  test("the highest part is full, one failure beside a thousand is still seen, none is none", () => {
    const [none, one, most] = trendBars([0, 1, 1_000]);
    expect(none?.height).toBe(0);
    expect(one?.height).toBeGreaterThan(0.05);
    expect(most?.height).toBe(1);
  });

  test("is told in words", () => {
    expect(trendText([0, 5, 2])).toBe("7 in the last 24 hours, most in part 2 of 3");
    expect(trendText([0, 0])).toBe("None in the last 24 hours");
  });
});

describe("the counts of a replay", () => {
  const count = fc.nat(20_000);
  const part = { verified: count, sent: count, failed: count, skipped: count, pending: count };

  test("fill the bar, whatever they are", () => {
    fc.assert(
      fc.property(fc.record(part), (counts) => {
        const total = Object.values(counts).reduce((sum, one) => sum + one, 0);
        fc.pre(total > 0);
        const parts = countParts({ ...counts, total });
        expect(parts.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100);
        expect(parts.reduce((sum, one) => sum + one.count, 0)).toBe(total);
      }),
    );
  });

  test("that do not add up are never drawn", () => {
    const counts = { total: 3, verified: 1, sent: 0, failed: 0, skipped: 0, pending: 1 };
    expect(() => countParts(counts)).toThrow("add up to 2, not to its 3");
  });
});

describe("a plan in words", () => {
  const plan: ReplayPlan = {
    id: "job",
    name: "ERP back",
    plannedAt: "2026-11-25T10:00:00.000Z",
    plannedBy: "Ada",
    plannedById: "ada",
    asked: { exceptionIds: [] },
    matching: 50,
    rate: null,
    ramp: [1, 5, 20, 100],
    stopAfterFailures: 3,
    dryRun: false,
    approvalReasons: [],
    willReplay: 48,
    willSkip: 2,
  };

  test("says what goes, what is skipped, and what is not part of it", () => {
    expect(planText(plan)).toBe("48 messages will replay, 2 are skipped");
    expect(planText({ ...plan, matching: 1_284 })).toContain("1,234 more match and are not part of it");
    expect(planText({ ...plan, dryRun: true })).toContain("nothing is sent");
  });

  test("the ramp names the steps that the messages fill, and the rest", () => {
    expect(rampText(plan.ramp, 5_000)).toBe("1, 5, 20, 100, then the rest (4,874)");
    expect(rampText(plan.ramp, 10)).toBe("1, 5, 4");
    expect(rampText([], 10)).toBe("all at once");
  });
});

describe("an edited payload beside its original", () => {
  test("a changed line stands beside what it was, and the rest beside itself", () => {
    expect(sideLines("{\n qty: 5\n}", "{\n qty: 6,\n uom: EA\n}")).toEqual([
      { original: "{", edited: "{", changed: false },
      { original: " qty: 5", edited: " qty: 6,", changed: true },
      { original: null, edited: " uom: EA", changed: true },
      { original: "}", edited: "}", changed: false },
    ]);
  });

  test("each side, read down, is its whole text", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, text, (original, edited) => {
        const lines = sideLines(original, edited);
        expect(lines.flatMap((line) => line.original ?? []).join("\n")).toBe(original);
        expect(lines.flatMap((line) => line.edited ?? []).join("\n")).toBe(edited);
      }),
    );
  });
});
