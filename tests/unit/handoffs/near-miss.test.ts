import { describe, expect, it } from "vitest";
import { suggestMatches } from "@/lib/domain/handoffs/near-miss";
import { confirmed, handoffsOf, line, posted } from "./world";

const suggest = (shipped: string, postedFor: string, quantity = "2", amount = "20.00") =>
  suggestMatches([
    ...handoffsOf([
      confirmed(shipped, 0, [line("A-1", "2", "20.00")]),
      confirmed("SH-9999999", 0, [line("A-1", "2", "20.00")]),
      posted(postedFor, 5, [line("A-1", quantity, amount)]),
    ]).values(),
  ]).map(({ waiting, reasons }) => [waiting.key.id, reasons[0]]);

describe("near misses", () => {
  it.each([
    ["SH-2104502", "SH-02104502", "the numbers differ only in leading zeros, separators or case"],
    ["SH-2104502", "sh 2104502", "the numbers differ only in leading zeros, separators or case"],
    ["SH-2104502", "2104502", "one number lacks the prefix SH"],
    ["SH-2104502", "SH-2104562", "one character differs: 6 and 0"],
    ["SH-2104502", "SH-21045025", "one character more: 5"],
    ["SH-2104502", "SH-2104052", "two characters are swapped: 05"],
  ])("suggest that %s was posted as %s, and say why", (shipped, postedFor, reason) => {
    expect(suggest(shipped, postedFor)).toEqual([[shipped, reason]]);
  });

  it("need more than a number that looks alike", () => {
    expect(suggest("SH-2104502", "SH-2104562", "7", "11.00")).toEqual([]);
  });

  it("leave numbers apart that differ by more than one slip", () => {
    expect(suggest("SH-2104502", "SH-2174562")).toEqual([]);
    expect(suggest("S1", "S2")).toEqual([]);
  });

  it("suggest nothing for what already has its posting", () => {
    const handoffs = handoffsOf([
      confirmed("SH-2104502", 0, [line("A-1", "2", "20.00")]),
      posted("SH-2104502", 5, [line("A-1", "2", "20.00")]),
      posted("SH-02104502", 6, [line("A-1", "2", "20.00")]),
    ]);
    expect(suggestMatches([...handoffs.values()])).toEqual([]);
  });
});
