import { DUE_MS, ROUNDING_TOLERANCE_CENTS } from "./enterprise";
import type { CanonicalEvent } from "./event";

/**
 * What the company expects to follow what: the rules of config/handoffs.yaml, written here a second time, so that the truth leans on nothing
 * that it is to test. A test holds the two lists together.
 */

export interface Rule {
  readonly id: string;
  /** Both sides belong to the same object of this type. */
  readonly on: string;
  readonly cause: Pattern;
  readonly posting: Pattern;
  readonly withinMs: number;
  readonly quantity?: true;
  /** Compared, and may differ by so many cents. */
  readonly amountCents?: number;
  readonly period?: true;
  /** Types that take a posting back, and a cause. */
  readonly reversedBy?: string;
  readonly takenBackBy?: string;
  /** A cause states the whole anew, and replaces what was stated before. */
  readonly latest?: true;
}

interface Pattern {
  readonly from: "oms" | "wms" | "erp" | "carrier";
  readonly types: readonly string[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const RULES: readonly Rule[] = [
  {
    id: "order-erp-order",
    on: "order",
    cause: { from: "oms", types: ["order.created"] },
    posting: { from: "erp", types: ["erp_order.created"] },
    withinMs: 2 * HOUR,
    takenBackBy: "order.cancelled",
  },
  {
    id: "fulfillment-accepted",
    on: "fulfillment",
    cause: { from: "oms", types: ["fulfillment.requested"] },
    posting: { from: "wms", types: ["fulfillment.accepted"] },
    withinMs: 4 * HOUR,
    takenBackBy: "fulfillment.rejected",
  },
  {
    id: "goods-issue",
    on: "shipment",
    cause: { from: "wms", types: ["shipment.confirmed"] },
    posting: { from: "erp", types: ["goods_issue.posted"] },
    withinMs: DUE_MS.goodsIssue,
    quantity: true,
    amountCents: 0,
    period: true,
    reversedBy: "goods_issue.reversed",
    takenBackBy: "shipment.cancelled",
  },
  {
    id: "shipment-invoice",
    on: "shipment",
    cause: { from: "wms", types: ["shipment.confirmed"] },
    posting: { from: "erp", types: ["invoice.posted"] },
    withinMs: DUE_MS.invoice,
    quantity: true,
    amountCents: ROUNDING_TOLERANCE_CENTS,
    period: true,
    reversedBy: "invoice.reversed",
    takenBackBy: "shipment.cancelled",
  },
  {
    id: "order-invoiced-total",
    on: "order",
    cause: { from: "oms", types: ["order.created", "order.changed"] },
    posting: { from: "erp", types: ["invoice.posted"] },
    withinMs: DUE_MS.orderInvoiced,
    amountCents: ROUNDING_TOLERANCE_CENTS,
    reversedBy: "invoice.reversed",
    takenBackBy: "order.cancelled",
    latest: true,
  },
  {
    id: "invoice-journal",
    on: "invoice",
    cause: { from: "erp", types: ["invoice.posted", "invoice.reversed"] },
    posting: { from: "erp", types: ["journal.posted"] },
    withinMs: 2 * DAY,
    amountCents: 0,
    period: true,
  },
  {
    id: "invoice-payment",
    on: "invoice",
    cause: { from: "erp", types: ["invoice.posted"] },
    posting: { from: "erp", types: ["payment.received"] },
    withinMs: DUE_MS.payment,
    amountCents: 0,
    takenBackBy: "invoice.reversed",
  },
  {
    id: "return-credit",
    on: "return",
    cause: { from: "wms", types: ["return.inspected"] },
    posting: { from: "erp", types: ["credit_memo.posted"] },
    withinMs: DUE_MS.creditMemo,
    quantity: true,
    amountCents: ROUNDING_TOLERANCE_CENTS,
  },
  {
    id: "purchase-order-receipt",
    on: "purchase_order",
    cause: { from: "erp", types: ["purchase_order.created"] },
    posting: { from: "erp", types: ["goods_receipt.posted"] },
    withinMs: DUE_MS.purchaseOrderReceipt,
    quantity: true,
    reversedBy: "goods_receipt.reversed",
  },
  {
    id: "asn-receipt",
    on: "shipment",
    cause: { from: "wms", types: ["asn.received"] },
    posting: { from: "wms", types: ["goods_receipt.posted"] },
    withinMs: 14 * DAY,
    quantity: true,
    reversedBy: "goods_receipt.reversed",
  },
  {
    id: "goods-receipt",
    on: "shipment",
    cause: { from: "wms", types: ["goods_receipt.posted"] },
    posting: { from: "erp", types: ["goods_receipt.posted"] },
    withinMs: DUE_MS.goodsReceipt,
    quantity: true,
    period: true,
    reversedBy: "goods_receipt.reversed",
    takenBackBy: "goods_receipt.reversed",
  },
  {
    id: "stock-movement",
    on: "warehouse_task",
    cause: { from: "wms", types: ["inventory.adjusted"] },
    posting: { from: "erp", types: ["inventory.adjusted"] },
    withinMs: 30 * MINUTE,
    quantity: true,
    period: true,
  },
  {
    id: "carrier-pickup",
    on: "shipment",
    cause: { from: "wms", types: ["shipment.confirmed"] },
    posting: {
      from: "carrier",
      types: ["carrier.accepted", "carrier.in_transit", "carrier.out_for_delivery", "carrier.delivered"],
    },
    withinMs: DUE_MS.carrierPickup,
    takenBackBy: "shipment.cancelled",
  },
  {
    id: "carrier-delivery",
    on: "tracking",
    cause: { from: "carrier", types: ["carrier.accepted"] },
    posting: { from: "carrier", types: ["carrier.delivered"] },
    withinMs: 14 * DAY,
  },
];

export type Part = "cause" | "posting" | "reversal" | "takingBack";

/** What was rejected did not happen: goods that inspection refused ask for no credit. */
export function partOf(rule: Rule, event: CanonicalEvent): Part | undefined {
  if (event.type === rule.takenBackBy) return "takingBack";
  if ((event.data.outcome ?? "ok") !== "ok") return undefined;
  if (fits(rule.cause, event)) return "cause";
  if (fits(rule.posting, event)) return "posting";
  return event.type === rule.reversedBy && isFrom(rule.posting.from, event) ? "reversal" : undefined;
}

function fits({ from, types }: Pattern, event: CanonicalEvent): boolean {
  return types.includes(event.type) && isFrom(from, event);
}

function isFrom(from: Pattern["from"], event: CanonicalEvent): boolean {
  return event.source === from || event.source.startsWith(`${from}-`);
}
