import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { faultOfHandoffRules, loadHandoffRules } from "@/lib/config/handoffs";
import { handoffRule } from "@/lib/domain/handoffs/rule";

const folder = mkdtempSync(join(tmpdir(), "throughline-rules-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(text: string): string {
  writeFileSync(join(folder, "handoffs.yaml"), text);
  return folder;
}

const RULE = `- id: goods-issue
  when:   { source: wms, type: shipment.confirmed }
  expect: { source: erp, type: goods_issue.posted, within: PT30M }
  on: shipment
  compare:
    - quantity by sku
    - period
  reversed_by: goods_issue.reversed
  owner: finance-operations
  severity: finance
  interface: wms-to-erp.shipment-confirmation
`;
const indented = (text: string) => text.replace(/^/gm, "  ").trimEnd();

describe("a file of handoff rules", () => {
  it("is a list of rules, under `rules:` or by itself", () => {
    const [alone] = loadHandoffRules(written(RULE));
    const [under] = loadHandoffRules(written(`rules:\n${indented(RULE)}\n`));
    expect(alone).toEqual(under);
    expect(alone && handoffRule.parse(alone)).toMatchObject({
      id: "goods-issue",
      name: "goods-issue",
      expect: { within: { days: 0, ms: 1_800_000 } },
      compare: [{ measure: "quantity by sku" }, { measure: "period" }],
    });
  });

  it.each([
    ["expect: { source", "expect: { sauce", 3, "is not a field here"],
    ["within: PT30M", "within: half an hour", 3, "must be a duration like PT30M"],
    ["within: PT30M", "within: P99999999D", 3, "must be at most P3660D"],
    ["within: PT30M", "within: PT999999999999999999S", 3, "must be at most P3660D"],
    [", within: PT30M", "", 3, "must be there: a duration"],
    ["- period", "- perriod", 7, 'must be "quantity by sku"'],
    ["severity: finance", "severity: dreadful", 10, "must be one of finance, critical"],
    ["id: goods-issue", "id: Goods Issue", 1, "must be lower-case letters"],
  ])("that says %s as %s is refused with its line", (right, wrong, line, message) => {
    const fault = faultOfHandoffRules(written(RULE.replace(right, wrong)));
    expect(fault).toContain(`handoffs.yaml:${line}:`);
    expect(fault).toContain(message);
  });

  it("that holds a rule twice, or no YAML at all, is refused", () => {
    expect(faultOfHandoffRules(written(RULE + RULE))).toMatch(/handoffs\.yaml:12: .*is there twice/);
    expect(faultOfHandoffRules(written("rules: [\n- {"))).toMatch(/handoffs\.yaml:\d/);
    expect(faultOfHandoffRules(written(""))).toMatch(/handoffs\.yaml:1/);
  });
});

describe("a rule", () => {
  const rule = (more: object) =>
    handoffRule.parse({
      id: "r",
      when: { type: "a" },
      expect: { type: "b" },
      within: "P2D",
      on: "shipment",
      owner: "o",
      compare: ["amount", { measure: "quantity", tolerance: { absolute: "1" } }, "period"],
      ...more,
    });

  it("may state its time and one tolerance for all beside them", () => {
    const { expect: expected, compare } = rule({ tolerance: { absolute: "0.05", percent: "1", take: "smaller" } });
    expect(expected.within).toEqual({ days: 2, ms: 0 });
    expect(compare).toEqual([
      { measure: "amount", tolerance: { absolute: "0.05", percent: "1", take: "smaller" } },
      { measure: "quantity", tolerance: { absolute: "1", take: "larger" } },
      { measure: "period", lag: undefined },
    ]);
  });
});
