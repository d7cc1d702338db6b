/** What an event is called on screen. Pure. */
import type { JourneyEvent } from "@/lib/domain/journey";
import type { NamedObject } from "@/lib/domain/object";

const SPECIAL: Readonly<Record<string, string>> = {
  "api.called": "API call",
  // Not "completed": a step that was rejected or failed has this type too.
  "step.completed": "Orchestration step",
  "message.dead_lettered": "Message dead-lettered",
  "carrier.in_transit": "In transit",
  "carrier.out_for_delivery": "Out for delivery",
  "carrier.delivered": "Delivered",
  "carrier.accepted": "Accepted by carrier",
  "carrier.exception": "Carrier exception",
  "asn.received": "ASN received",
  "erp_order.created": "ERP order created",
  "fulfillment.requested": "Fulfilment requested",
  "fulfillment.accepted": "Fulfilment accepted",
  "fulfillment.rejected": "Fulfilment rejected",
};

/** "goods_issue.posted" → "Goods issue posted". Unknown types read the same way. */
export function eventLabel(type: string): string {
  const special = SPECIAL[type];
  if (special) return special;
  const words = type.replaceAll(/[._-]+/g, " ").trim();
  return words === "" ? type : words.charAt(0).toUpperCase() + words.slice(1);
}

/** The state an event leaves its object in: "goods_issue.posted" → "Posted". */
export function statusWord(event: Pick<JourneyEvent, "type" | "outcome">): string {
  if (event.outcome === "failed") return "Failed";
  if (event.outcome === "rejected") return "Rejected";
  if (event.outcome === "skipped") return "Skipped";
  const last = event.type.slice(event.type.lastIndexOf(".") + 1).replaceAll("_", " ");
  return last.charAt(0).toUpperCase() + last.slice(1);
}

const OUTCOME_WORDS = { ok: "OK", failed: "Failed", rejected: "Rejected", skipped: "Skipped" } as const;
export const outcomeWord = (outcome: JourneyEvent["outcome"]): string => OUTCOME_WORDS[outcome];

const KIND_WORDS = { api_call: "API call", message: "Message", step: "Step", posting: "Posting" } as const;
export const kindWord = (kind: JourneyEvent["kind"]): string => KIND_WORDS[kind];

/** `source` and id as one string: the key of an event in the URL, in React and in sets. */
export const eventKey = (event: { readonly source: string; readonly id: string }): string =>
  `${event.source}/${event.id}`;

/** The object an event is about: the one it calls its subject, else the first it names that is not a mere trace. */
export function subjectOf(objects: readonly NamedObject[]): NamedObject | null {
  const stated = objects.find((object) => object.qualifier === "subject");
  return stated ?? objects.find((object) => object.type !== "trace") ?? objects[0] ?? null;
}

/** Events an operator looks for first; the rest is traffic, which may be drawn small and together. */
export function isMilestone(event: Pick<JourneyEvent, "kind" | "type" | "outcome">): boolean {
  if (event.outcome === "failed" || event.outcome === "rejected") return true;
  if (event.kind === "api_call" || event.kind === "step") return false;
  return !TRAFFIC.has(event.type);
}

const TRAFFIC: ReadonlySet<string> = new Set([
  "carrier.in_transit",
  "inventory.reserved",
  "inventory.unreserved",
  "inventory.moved",
  "api.called",
  "step.completed",
]);
