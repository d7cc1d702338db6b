import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "./environment";
import { loadInterfaces } from "./interfaces";

const folderWith = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "interfaces-"));
  writeFileSync(join(folder, "interfaces.yaml"), text);
  return folder;
};

const faultOf = (text: string): string => {
  try {
    loadInterfaces(folderWith(text));
    return "";
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
};

describe("config/interfaces.yaml", () => {
  it("as shipped, is read", () => {
    const interfaces = loadInterfaces("config");
    expect(interfaces.get("wms-to-erp.shipment-confirmation")?.safety).toBe("verifiable");
    expect(interfaces.get("wms-to-carrier.booking")?.channel).toBeUndefined();
  });

  it("is not needed", () => expect(loadInterfaces(mkdtempSync(join(tmpdir(), "none-"))).size).toBe(0));

  it("holds an interface for unsafe until told otherwise", () => {
    const folder = folderWith("interfaces: [{ id: a, source: wms, target: erp, owner: me }]");
    expect(loadInterfaces(folder).get("a")?.safety).toBe("unsafe");
  });

  it.each([
    [
      "a secret itself",
      "channel: { http: { url: 'https://erp', auth: { bearer: hunter2 } } }",
      "must be env:NAME or file:/path",
    ],
    ["verifiable without a way to verify", "safety: verifiable", "needs a lookup or an effect"],
    ["automatic retries of what is unsafe", "retry: { automatic: true }", "never retried by itself"],
    [
      "a time-out beyond half a minute",
      "channel: { http: { url: 'https://erp', timeout: PT5M } }",
      "between PT1S and PT30S",
    ],
    ["a lookup without HTTP", "lookup: { path: /x }", "needs an HTTP channel"],
  ])("refuses %s, and names the line", (_, field, message) => {
    const fault = faultOf(`interfaces:\n  - id: a\n    source: wms\n    target: erp\n    owner: me\n    ${field}\n`);
    expect(fault).toContain(message);
    expect(fault).toMatch(/interfaces\.yaml:\d+: /);
  });

  it("refuses an id that stands twice", () => {
    const each = "{ id: a, source: wms, target: erp, owner: me }";
    expect(faultOf(`interfaces: [${each}, ${each}]`)).toContain("stands twice");
  });
});
