/** A small world for tests of handoffs: a warehouse, an ERP, shipments and what was posted for them. */

import { loadCatalogue } from "@/lib/config/objects";
import { loadSystems } from "@/lib/config/systems";
import { linkGraph } from "@/lib/domain/correlation";
import type { EventLine } from "@/lib/domain/event";
import { evaluateRule, type RuleContext } from "@/lib/domain/handoffs/evaluate";
import { type Finance, financeFile } from "@/lib/domain/handoffs/finance";
import type { Handoff } from "@/lib/domain/handoffs/handoff";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import { keyFinder } from "@/lib/domain/handoffs/keys";
import { type HandoffRuleText, handoffRule } from "@/lib/domain/handoffs/rule";

export const catalogue = loadCatalogue("config");
export const systems = loadSystems("config");

export const finance: Finance = financeFile.parse({
  company_codes: [
    { id: "1000", name: "Here", time_zone: "America/New_York", holidays: ["2026-11-26"], locations: ["DC-EAST"] },
    { id: "2000", name: "There", time_zone: "Europe/Berlin", cut_off: "18:00" },
  ],
  default_company_code: "1000",
  units: {
    aliases: ["PC", ""],
    conversions: [
      { unit: "CS", holds: "12" },
      { sku: "A-1", unit: "CS", holds: "6" },
    ],
  },
  exchange_rates: [{ from: "EUR", to: "USD", rate: "1.10", valid_from: "2026-01-01" }],
});

export const GOODS_ISSUE: HandoffRuleText = {
  id: "goods-issue",
  name: "Shipment → goods issue",
  when: { source: "wms", type: "shipment.confirmed" },
  expect: { source: "erp", type: "goods_issue.posted", within: "PT30M" },
  on: "shipment",
  compare: ["quantity by sku", "amount", "period"],
  reversed_by: "goods_issue.reversed",
  unless: "shipment.cancelled",
  owner: "finance-operations",
};

let counter = 0;

/** @param at minutes after 2026-11-23T10:00Z */
export function event(source: string, type: string, at: number, rest: Partial<HandoffEvent> = {}): HandoffEvent {
  counter += 1;
  const time = new Date(Date.UTC(2026, 10, 23, 10, at)).toISOString();
  return {
    id: `e${counter}`,
    source,
    type,
    occurredAt: time,
    receivedAt: time,
    outcome: "ok",
    interface: "",
    objects: [],
    amount: null,
    currency: "",
    lines: [],
    posting: { companyCode: "", period: "", reverses: "" },
    attributes: {},
    ...rest,
  };
}

export const line = (sku: string, quantity: string, amount?: string, uom = "EA"): EventLine => ({
  sku,
  quantity,
  uom,
  ...(amount === undefined ? {} : { amount, currency: "USD" }),
});

export const shipment = (id: string) => ({ type: "shipment", id, qualifier: "subject" });
export const document = (id: string) => ({ type: "erp_document", id, qualifier: "subject" });

export const confirmed = (id: string, at: number, lines: readonly EventLine[], rest: Partial<HandoffEvent> = {}) =>
  event("wms-east", "shipment.confirmed", at, { objects: [shipment(id)], lines, ...rest });

export const posted = (
  ids: string | readonly string[],
  at: number,
  lines: readonly EventLine[],
  {
    number = `49${at}`,
    period = "2026-11",
    ...rest
  }: Partial<HandoffEvent> & { number?: string; period?: string } = {},
) =>
  event("erp", "goods_issue.posted", at, {
    objects: [document(number), ...[ids].flat().map((id) => ({ ...shipment(id), qualifier: "" }))],
    lines,
    posting: { companyCode: "1000", period, reverses: "" },
    ...rest,
  });

export const reversed = (id: string, at: number, reverses: string, lines: readonly EventLine[] = []) =>
  event("erp", "goods_issue.reversed", at, {
    objects: [document(`R${at}`), { ...shipment(id), qualifier: "" }],
    lines,
    posting: { companyCode: "1000", period: "2026-11", reverses },
  });

/** Every handoff of the rule among these events, by key id. Events name their keys themselves: no links. */
export function handoffsOf(
  events: readonly HandoffEvent[],
  text: HandoffRuleText = GOODS_ISSUE,
  context: Partial<RuleContext> = {},
): ReadonlyMap<string, Handoff> {
  const facts = {
    events,
    keysOf: keyFinder(linkGraph([], catalogue), catalogue),
    rootsOf: () => [],
  };
  const rule = handoffRule.parse(text);
  const handoffs = evaluateRule({ rule, version: 1 }, facts, { systems, finance, acceptances: [], ...context });
  return new Map(handoffs.map((handoff) => [handoff.key.id, handoff]));
}
