import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines } from "@/components/handoffs/rules/line-diff";

const shown = (before: string, after: string) => diffLines(before, after).map(({ kind, text }) => [kind, text]);

describe("what changed between two texts", () => {
  it("keeps what is common, in order", () => {
    expect(shown("a\nb\nc\n", "a\nx\nc\nd\n")).toEqual([
      ["same", "a"],
      ["removed", "b"],
      ["added", "x"],
      ["same", "c"],
      ["added", "d"],
    ]);
    expect(shown("", "a\n")).toEqual([["added", "a"]]);
    expect(shown("a\n", "")).toEqual([["removed", "a"]]);
  });

  it("holds both texts whole, whatever they are", () => {
    const text = fc.array(fc.constantFrom("a", "b", "c", "", "  d"), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diffLines(before.join("\n"), after.join("\n"));
        const without = (kind: string) => lines.filter((line) => line.kind !== kind).map((line) => line.text);
        const whole = (given: string[]) => {
          const joined = given.join("\n").replace(/\n$/, "");
          return given.join("\n") === "" ? [] : joined.split("\n");
        };
        expect(without("added")).toEqual(whole(before));
        expect(without("removed")).toEqual(whole(after));
      }),
    );
  });
});
