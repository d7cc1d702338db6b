import { describe, expect, it } from "vitest";
import { timelineHandoffs } from "@/components/timeline/journey-handoffs";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { RuleInfo } from "@/lib/domain/handoffs/rule-info";
import type { SystemKind } from "@/lib/domain/system";
import { listed } from "./listed";

const rule = (sources: readonly string[]): RuleInfo => ({
  id: "goods-issue",
  name: "Shipment → goods issue",
  description: "",
  version: 1,
  severity: "finance",
  owner: "finance-operations",
  on: "shipment",
  expects: { types: ["goods_issue.posted"], sources },
  interface: "",
  isOver: false,
});
const KINDS: Readonly<Record<string, SystemKind>> = { "wms-east": "wms", "sap-2": "erp", erp: "erp" };
const NOW = "2026-11-20T12:00:00.000Z";

const drawn = (handoff: ListedHandoff, { sources = ["wms-east"], expects = ["erp"] } = {}) =>
  timelineHandoffs({
    handoffs: [handoff],
    rules: { "goods-issue": rule(expects) },
    events: sources.map((source) => ({ source })),
    kindOf: (source) => KINDS[source] ?? "other",
    nowMs: Date.parse(NOW),
  })[0];

describe("a handoff on the swimlanes", () => {
  it("is broken with a ghost where its posting is missing, in the lane of a system that reported, else of the one named", () => {
    const late = listed("SH-1");
    expect(drawn(late)).toMatchObject({ tone: "broken", expectedSource: "erp", dueAt: late.dueAt });
    expect(drawn(late, { sources: ["wms-east", "sap-2"] })).toMatchObject({ expectedSource: "sap-2" });
    expect(drawn(late, { sources: ["sap-2"], expects: ["sap-*"] })).toMatchObject({ expectedSource: "sap-2" });
    expect(drawn(late, { expects: [] })).toMatchObject({ expectedSource: null });
  });

  it("waits with a ghost while its time runs, but not for what is due in months", () => {
    const pending = { state: "pending", open: false, brokenAt: null } as const;
    const soon = "2026-11-20T18:00:00.000Z";
    expect(drawn(listed("SH-1", { ...pending, dueAt: soon }))).toMatchObject({ tone: "waiting", dueAt: soon });
    expect(drawn(listed("SH-1", { ...pending, dueAt: "2027-02-18T00:00:00.000Z" }))).toBeUndefined();
  });

  it("is settled once both sides agree, or once somebody took the break as it is", () => {
    const to = [{ source: "erp", id: "gi-1" }];
    expect(drawn(listed("SH-1", { state: "matched", open: false, to }))).toMatchObject({
      tone: "settled",
      expectedSource: null,
      dueAt: null,
    });
    expect(drawn(listed("SH-1", { state: "mismatched", open: false, to }))).toMatchObject({ tone: "settled" });
    expect(drawn(listed("SH-1", { state: "mismatched", open: true, to }))).toMatchObject({ tone: "broken" });
  });

  it("is not drawn when it is void, or accepted with nothing to draw an arrow to", () => {
    expect(drawn(listed("SH-1", { state: "void", open: false }))).toBeUndefined();
    expect(drawn(listed("SH-1", { state: "late", open: false }))).toBeUndefined();
  });
});
