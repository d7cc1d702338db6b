import { describe, expect, it } from "vitest";
import { companyOf, dueAt, endOfPeriod, periodOf, statedPeriod } from "@/lib/domain/handoffs/business-time";
import { finance } from "./world";

const newYork = companyOf(finance, "1000", "");
const berlin = companyOf(finance, "2000", "");
const days = (count: number, ms = 0) => ({ within: { days: count, ms }, calendar: "business" as const });
const HOUR = 3_600_000;

describe("a due time", () => {
  it("by the clock is so much later, over weekends and changes of the clock", () => {
    const elapsed = { within: { days: 1, ms: 30 * 60_000 }, calendar: "elapsed" as const };
    expect(dueAt("2026-10-31T12:00:00.000Z", elapsed, newYork)).toBe("2026-11-01T12:30:00.000Z");
  });

  it("in business days skips weekends and holidays, at the same time of day", () => {
    // Friday 20 November, 15:00 in New York.
    expect(dueAt("2026-11-20T20:00:00.000Z", days(1), newYork)).toBe("2026-11-23T20:00:00.000Z");
    // Wednesday 25 November; Thursday is a holiday.
    expect(dueAt("2026-11-25T20:00:00.000Z", days(1), newYork)).toBe("2026-11-27T20:00:00.000Z");
  });

  it("keeps the time of day when the clocks change meanwhile", () => {
    // Friday 30 October, 10:00 in New York (UTC-4); on Monday it is UTC-5.
    expect(dueAt("2026-10-30T14:00:00.000Z", days(1), newYork)).toBe("2026-11-02T15:00:00.000Z");
  });

  it("of what happens on a weekend counts from the start of the next business day", () => {
    // Saturday 21 November, noon in New York: counts as Monday 00:00.
    expect(dueAt("2026-11-21T17:00:00.000Z", days(1), newYork)).toBe("2026-11-24T05:00:00.000Z");
    expect(dueAt("2026-11-21T17:00:00.000Z", days(0, 4 * HOUR), newYork)).toBe("2026-11-23T09:00:00.000Z");
  });

  it("of what happens after the cut-off counts from the next day", () => {
    // Monday 23 November: 17:30 and 18:30 in Berlin, where the day ends at 18:00.
    expect(dueAt("2026-11-23T16:30:00.000Z", days(1), berlin)).toBe("2026-11-24T16:30:00.000Z");
    expect(dueAt("2026-11-23T17:30:00.000Z", days(1), berlin)).toBe("2026-11-24T23:00:00.000Z");
  });
});

describe("a period", () => {
  it("is the month by the company's clock", () => {
    expect(periodOf("2026-12-01T04:59:59.999Z", newYork)).toBe("2026-11");
    expect(periodOf("2026-12-01T05:00:00.000Z", newYork)).toBe("2026-12");
  });

  it("ends at the cut-off of its last day", () => {
    // 30 November, 18:00 in Berlin is 17:00Z.
    expect(periodOf("2026-11-30T16:59:59.999Z", berlin)).toBe("2026-11");
    expect(periodOf("2026-11-30T17:00:00.000Z", berlin)).toBe("2026-12");
    expect(endOfPeriod("2026-11", berlin)).toBe("2026-11-30T17:00:00.000Z");
    expect(endOfPeriod("2026-12", newYork)).toBe("2027-01-01T05:00:00.000Z");
  });
});

describe("a stated period", () => {
  it("is one month, however a system writes it", () => {
    for (const written of [
      "2026-11",
      " 2026/11 ",
      "2026.11",
      "202611",
      "2026011",
      "11.2026",
      "11/2026",
      "011.2026",
      "2026-11-05",
    ])
      expect([written, statedPeriod(written)]).toEqual([written, "2026-11"]);
    expect(statedPeriod("005.2026")).toBe("2026-05");
  });

  it("that is no month stays as it is", () => {
    for (const written of ["2026-13", "013.2026", "2026-Q4", "2026", "11", "FY26-P5"])
      expect(statedPeriod(written)).toBe(written);
  });
});

describe("a company code", () => {
  it("is the stated one, else that of the location, else the default", () => {
    expect(companyOf(finance, "2000", "DC-EAST").id).toBe("2000");
    expect(companyOf(finance, "", "DC-EAST").id).toBe("1000");
    expect(companyOf(finance, "", "elsewhere").id).toBe("1000");
    expect(companyOf(finance, "9999", "").id).toBe("1000");
  });
});
