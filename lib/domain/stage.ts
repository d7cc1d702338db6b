/** How far an order is: which events show which stage, and when a stage is complete. Pure. */

import { Decimal } from "decimal.js";
import type { PlacedEvent } from "./assembly";
import type { Stage, StageProgress, StageState } from "./journey";
import { STAGES } from "./journey";
import { objectKey } from "./object";
import type { SystemKind } from "./system";

/** What each event type says about the order's progress. Types that are not here say nothing about it. */
const STAGE_OF_TYPE: Readonly<Record<string, Stage>> = {
  "order.created": "Ordered",
  "erp_order.created": "Ordered",
  "purchase_order.created": "Ordered",
  "order.allocated": "Allocated",
  "order.released": "Released",
  "fulfillment.accepted": "Released",
  "pick.completed": "Picked",
  "pack.completed": "Packed",
  "shipment.confirmed": "Shipped",
  "goods_issue.posted": "Shipped",
  "carrier.accepted": "Shipped",
  "carrier.in_transit": "Shipped",
  "carrier.out_for_delivery": "Shipped",
  "carrier.delivered": "Delivered",
  // A purchase order is delivered when we receive it.
  "goods_receipt.posted": "Delivered",
  "invoice.posted": "Invoiced",
  "payment.received": "Paid",
};

/** What takes a stage back, for the same subject and source. */
const TAKES_BACK: Readonly<Record<string, Stage>> = {
  "shipment.cancelled": "Shipped",
  "goods_issue.reversed": "Shipped",
  "goods_receipt.reversed": "Delivered",
  "invoice.reversed": "Invoiced",
};

/** The object that a stage is counted by, the first named type winning; a split order has several. */
const SUBJECT_TYPES: Readonly<Record<Stage, readonly string[]>> = {
  Ordered: [],
  Allocated: ["order_item", "fulfillment"],
  Released: ["fulfillment", "shipment"],
  Picked: ["warehouse_task", "order_item", "shipment"],
  Packed: ["package", "shipment"],
  Shipped: ["shipment", "package", "tracking", "erp_document"],
  Delivered: ["tracking", "package", "shipment", "erp_document"],
  Invoiced: ["invoice"],
  Paid: ["payment", "invoice"],
};

/** Where every object of a type must have reached the stage before the stage is complete. */
const COMPLETE_WHEN_ALL: Partial<Record<Stage, string>> = { Shipped: "shipment", Delivered: "tracking" };

export const stageRank = (stage: Stage): number => STAGES.indexOf(stage);

export const stageOfEvent = (event: PlacedEvent): Stage | null =>
  event.outcome === "ok" ? (STAGE_OF_TYPE[event.type] ?? null) : null;

/** The events that show a stage and were not taken back, per stage, in time order. */
export type StageEvidence = ReadonlyMap<Stage, readonly PlacedEvent[]>;

export function stageEvidence(events: readonly PlacedEvent[]): StageEvidence {
  // Per stage, source and subject the last word counts; several events may count for one subject (two picks of one shipment).
  const standing = new Map<string, { stage: Stage; events: PlacedEvent[] }>();
  for (const event of events) {
    const shown = stageOfEvent(event);
    const taken = event.outcome === "ok" ? TAKES_BACK[event.type] : undefined;
    const stage = shown ?? taken;
    if (!stage) continue;
    const subject = `${stage}\u0000${event.source}\u0000${subjectOf(event, stage)}`;
    if (!shown) standing.delete(subject);
    else {
      const known = standing.get(subject);
      if (known) known.events.push(event);
      else standing.set(subject, { stage, events: [event] });
    }
  }
  const evidence = new Map<Stage, PlacedEvent[]>();
  for (const { stage, events: shown } of standing.values()) {
    evidence.set(stage, [...(evidence.get(stage) ?? []), ...shown]);
  }
  for (const shown of evidence.values()) shown.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
  return evidence;
}

function subjectOf(event: PlacedEvent, stage: Stage): string {
  for (const type of SUBJECT_TYPES[stage]) {
    const named = event.objects.find((object) => object.type === type);
    if (named) return objectKey(named);
  }
  return "";
}

export interface StageContext {
  /** Types and ids of the journey's objects. */
  readonly objects: readonly { readonly type: string; readonly id: string }[];
  /** Units ordered, as a decimal string; null when no event said. */
  readonly orderedQuantity: string | null;
  readonly kindOf: (source: string) => SystemKind;
}

export function stageProgress(evidence: StageEvidence, context: StageContext): StageProgress[] {
  const progress: StageProgress[] = [];
  for (const stage of STAGES) {
    const shown = evidence.get(stage) ?? [];
    const shipped = progress[stageRank("Shipped")];
    let state = stateOf(stage, shown, context);
    // What has not wholly left cannot have wholly arrived.
    if (stage === "Delivered" && state === "full" && shipped?.state === "partial") state = "partial";
    progress.push({
      stage,
      state,
      firstAt: shown[0]?.occurredAt ?? null,
      completedAt: state === "full" ? (shown.at(-1)?.occurredAt ?? null) : null,
    });
  }
  return progress;
}

function stateOf(stage: Stage, shown: readonly PlacedEvent[], context: StageContext): StageState {
  if (shown.length === 0) return "none";
  if (stage === "Ordered" || stage === "Paid") return "full";
  const type = COMPLETE_WHEN_ALL[stage];
  if (type) {
    const reached = new Set(shown.flatMap((event) => event.objects.filter((o) => o.type === type).map((o) => o.id)));
    const all = context.objects.filter((object) => object.type === type);
    if (reached.size > 0 && all.some((object) => !reached.has(object.id))) return "partial";
  }
  return coversOrder(shown, context) ? "full" : "partial";
}

/**
 * Whether the units of these events reach what was ordered. Each kind of system counts for itself (a WMS and the ERP report the same units);
 * within a kind the sources add up (two warehouses ship two halves). A shared event's units are not only this order's, and an event without
 * lines says nothing of units: with either, units cannot decide and the stage counts as covered.
 */
function coversOrder(shown: readonly PlacedEvent[], context: StageContext): boolean {
  if (context.orderedQuantity === null) return true;
  const byKind = new Map<SystemKind, Decimal | null>();
  for (const event of shown) {
    const kind = context.kindOf(event.source);
    const sum = byKind.has(kind) ? byKind.get(kind) : new Decimal(0);
    const comparable = sum && event.quantity !== null && event.sharedWith === 0;
    byKind.set(kind, comparable ? sum.plus(new Decimal(event.quantity).abs()) : null);
  }
  const sums = [...byKind.values()];
  const known = sums.filter((sum): sum is Decimal => sum !== null);
  return known.length === 0 || known.some((sum) => sum.gte(context.orderedQuantity ?? 0));
}
