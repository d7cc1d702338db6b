import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quoteName, quoteString, splitStatements, tokens } from "./sql-text";

describe("splitStatements", () => {
  it("splits at semicolons and leaves out what holds only comments", () => {
    expect(splitStatements("SELECT 1;\n-- nothing; here\n;\nSELECT 2 /* ; */ ; # end;")).toEqual([
      "SELECT 1",
      "SELECT 2",
    ]);
  });

  it.each([
    ["a string", "SELECT 'a;b'"],
    ["a string with an escaped quote", "SELECT 'it\\'s; fine'"],
    ["a string with a doubled quote", "SELECT 'it''s; fine'"],
    ["a string that ends in a backslash pair", "SELECT 'a\\\\', ';'"],
    ["a quoted name", 'SELECT `a;b`, "c;d"'],
    ["a comment inside", "SELECT 1 -- a; b\n+ 2"],
    ["a block comment inside", "SELECT 1 /* a; ' b */ + 2"],
    ["a heredoc", "SELECT $tag$ ; ' $tag$"],
    ["an unclosed string", "SELECT 'a;b"],
  ])("does not split inside %s", (_, statement) => {
    expect(splitStatements(`${statement};`.replace("'a;b;", "'a;b"))).toEqual([statement]);
  });

  it("does not take minus minus inside an expression's string for a comment", () => {
    expect(splitStatements("SELECT '--'; SELECT 2")).toEqual(["SELECT '--'", "SELECT 2"]);
  });
});

describe("tokens", () => {
  it("tell how deep they stand, brackets of a pair alike", () => {
    const seen = [...tokens("a (b [c]) d")].map((token) => token.depth);
    expect(seen).toEqual([0, 0, 1, 1, 2, 1, 0, 0]);
  });

  it("cover any text without overlapping", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("'", '"', "`", "\\", "-", "/", "*", "$", ";", "(", ")", "a", " ", "\n", "#"),
        }),
        (text) => {
          let end = 0;
          for (const token of tokens(text)) {
            expect(token.start).toBeGreaterThanOrEqual(end);
            expect(token.end).toBeGreaterThan(token.start);
            end = token.end;
          }
          expect(end).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});

describe("quoting", () => {
  it("leaves any text one token that a statement cannot escape from", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", "`", "\\", ";", "\n", "\0", "x") }), (text) => {
        for (const quoted of [quoteString(text), quoteName(text)]) {
          expect([...tokens(`${quoted} z`)].map((token) => token.kind)).toEqual(["quoted", "word"]);
          expect(quoted).not.toContain("\0".repeat(quoted === quoteName(text) ? text.length + 1 : 1));
        }
      }),
    );
  });
});
