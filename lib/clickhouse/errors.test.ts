import { ClickHouseError } from "@clickhouse/client";
import { describe, expect, it } from "vitest";
import { classifyError, REFUSED_CODES, RETRY_CODES, StoreTimeoutError } from "./errors";

const fromServer = (code: number) => new ClickHouseError({ message: "m", code: String(code), type: "T" });
const fromNode = (code: string) => Object.assign(new Error("m"), { code });

describe("classifyError", () => {
  it("gives every listed code its class, and no code two", () => {
    for (const code of Object.keys(RETRY_CODES)) expect(classifyError(fromServer(Number(code)))).toBe("retry");
    for (const code of Object.keys(REFUSED_CODES)) expect(classifyError(fromServer(Number(code)))).toBe("refused");
    expect(Object.keys(RETRY_CODES).filter((code) => code in REFUSED_CODES)).toEqual([]);
  });

  it.each([
    ["a code on no list", fromServer(60)],
    ["a code from the future", fromServer(99_999)],
    ["an error without a code", new Error("surprise")],
    ["an unknown Node code", fromNode("EACCES")],
    ["an empty code", fromNode("")],
    ["something that is no error", "202"],
    ["nothing", undefined],
  ])("is fatal for %s", (_, error) => {
    expect(classifyError(error)).toBe("fatal");
  });

  it.each([
    ["a refused connection", fromNode("ECONNREFUSED")],
    ["a broken connection", fromNode("ECONNRESET")],
    ["an unknown host", fromNode("ENOTFOUND")],
    ["a hang-up", new Error("socket hang up")],
    ["the client's own time-out", new Error("Timeout error.")],
    ["our time-out", new StoreTimeoutError("a query", 5)],
  ])("asks for a retry after %s", (_, error) => {
    expect(classifyError(error)).toBe("retry");
  });
});
