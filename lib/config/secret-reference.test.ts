import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resolveReference } from "./secret-reference";

describe("a reference", () => {
  it("is read from a variable or a file, and an address stands for itself", () => {
    const path = join(mkdtempSync(join(tmpdir(), "secret-")), "token");
    writeFileSync(path, "from a file\n");
    expect(resolveReference("env:ERP_TOKEN", { ERP_TOKEN: " from a variable " })).toBe("from a variable");
    expect(resolveReference(`file:${path}`, {})).toBe("from a file");
    expect(resolveReference("https://erp.example.com", {})).toBe("https://erp.example.com");
  });

  it("that leads nowhere is named, with where it is looked for", () => {
    expect(() => resolveReference("env:ERP_TOKEN", {})).toThrow(/env:ERP_TOKEN: .*not set where the worker runs/);
    expect(() => resolveReference("env:ERP_TOKEN", { ERP_TOKEN: " " })).toThrow(/not set/);
    expect(() => resolveReference("file:/no/such/file", {})).toThrow(/\/no\/such\/file cannot be read/);
  });
});
