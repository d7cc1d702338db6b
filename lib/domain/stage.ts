/** Which events show which stage of an order, and which of them were taken back. When a stage is complete: stage-progress.ts. Pure. */
import type { PlacedEvent } from "./assembly";
import type { Stage } from "./journey";
import { STAGES } from "./journey";
import { countedKeys, countedObjects } from "./stage-objects";

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

/** What takes a stage back, for the same source and the same document or subject. */
const TAKES_BACK: Readonly<Record<string, Stage>> = {
  "shipment.cancelled": "Shipped",
  "goods_issue.reversed": "Shipped",
  "goods_receipt.reversed": "Delivered",
  "invoice.reversed": "Invoiced",
};

/** What a stage is reached by, object by object; a reversal that names no document takes back the first of these that it names. */
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

/** How a reversal marks the document that it takes back (the reversal is a document of its own). */
const REVERSED = "reversed";

export const stageRank = (stage: Stage): number => STAGES.indexOf(stage);

export const stageOfEvent = (event: PlacedEvent): Stage | null =>
  event.outcome === "ok" ? (STAGE_OF_TYPE[event.type] ?? null) : null;

/** The events that show a stage and were not taken back, per stage, in the order given. */
export type StageEvidence = ReadonlyMap<Stage, readonly PlacedEvent[]>;

/** @param events of one journey, by occurredAt, then source, then id. */
export function stageEvidence(events: readonly PlacedEvent[]): StageEvidence {
  const takenBack = eventsTakenBack(events);
  const evidence = new Map<Stage, PlacedEvent[]>();
  for (const event of events) {
    const stage = stageOfEvent(event);
    if (stage === null || takenBack.has(event)) continue;
    const shown = evidence.get(stage);
    if (shown) shown.push(event);
    else evidence.set(stage, [event]);
  }
  return evidence;
}

function eventsTakenBack(events: readonly PlacedEvent[]): ReadonlySet<PlacedEvent> {
  const takenBack = new Set<PlacedEvent>();
  const standing = new Map<string, PlacedEvent[]>();
  for (const event of events) {
    const shown = stageOfEvent(event);
    const reversed = event.outcome === "ok" ? TAKES_BACK[event.type] : undefined;
    for (const subject of shown ? subjectsOf(event, shown) : []) {
      const key = standingKey(shown, event, subject);
      const known = standing.get(key);
      if (known) known.push(event);
      else standing.set(key, [event]);
    }
    for (const subject of reversed ? reversedSubjects(event, reversed) : []) {
      const key = standingKey(reversed, event, subject);
      for (const earlier of standing.get(key) ?? []) takenBack.add(earlier);
      standing.delete(key);
    }
  }
  return takenBack;
}

const standingKey = (stage: Stage | null | undefined, event: PlacedEvent, subject: string): string =>
  `${stage}\u0000${event.source}\u0000${subject}`;

/** Everything a later reversal may name this event by; "" where it names nothing of its stage. */
function subjectsOf(event: PlacedEvent, stage: Stage): string[] {
  const named = countedObjects(event).flatMap(({ key, type }) => (SUBJECT_TYPES[stage].includes(type) ? key : []));
  return named.length > 0 ? named : [""];
}

function reversedSubjects(event: PlacedEvent, stage: Stage): string[] {
  const documents = countedObjects(event).filter(({ qualifier }) => qualifier === REVERSED);
  if (documents.length > 0) return documents.map(({ key }) => key);
  for (const type of SUBJECT_TYPES[stage]) {
    const [named] = countedKeys(event, type);
    if (named !== undefined) return [named];
  }
  return [""];
}

/** Shipments whose last word is that they were cancelled: nothing of them is still to come. */
export function cancelledShipments(events: readonly PlacedEvent[]): ReadonlySet<string> {
  const cancelled = new Set<string>();
  for (const event of events) {
    const isCancelled = event.type === "shipment.cancelled" && event.outcome === "ok";
    if (!isCancelled && event.type !== "shipment.confirmed") continue;
    for (const shipment of countedKeys(event, "shipment")) {
      if (isCancelled) cancelled.add(shipment);
      else if (event.outcome === "ok") cancelled.delete(shipment);
    }
  }
  return cancelled;
}
