/** One order in one row: its stage, what each system believes and whether they agree, its value, promise and next step. Pure. */
import type { PlacedEvent } from "./assembly";
import type { JourneySummary, SourceStatus, Stage, StageProgress } from "./journey";
import { STAGES } from "./journey";
import type { ObjectRef } from "./object";
import { type StageEvidence, stageEvidence, stageRank } from "./stage";
import { type StageReach, stageReaches } from "./stage-progress";
import { type SystemRegistry, systemKind, systemName } from "./system";

const NEXT_STEP: Readonly<Record<Stage, string>> = {
  Ordered: "Order",
  Allocated: "Allocate stock",
  Released: "Release to the warehouse",
  Picked: "Pick",
  Packed: "Pack",
  Shipped: "Ship",
  Delivered: "Deliver",
  Invoiced: "Invoice",
  Paid: "Receive payment",
};

/** @param events of one journey, by occurredAt, then source, then id. */
export function summariseJourney(
  events: readonly PlacedEvent[],
  objects: readonly ObjectRef[],
  systems: SystemRegistry,
): JourneySummary {
  const evidence = stageEvidence(events);
  const kindOf = (source: string) => systemKind(systems, source);
  const reaches = stageReaches(evidence, { events, objects, orderedQuantity: orderedQuantity(events), kindOf });
  const stages = reaches.map(({ by: _by, ...progress }): StageProgress => progress);
  const cancelled = cancellation(events, stages);
  const statusBySource = believe(events, evidence, systems);
  const current = cancelled ? null : currentStage(reaches, events, systems);
  const disagreeing = Object.entries(statusBySource).filter(([, status]) => status.disagreement !== null);
  const failed = events.filter((event) => event.outcome === "failed").length;
  const rejected = events.filter((event) => event.outcome === "rejected").length;
  const stage = cancelled ? "Cancelled" : current ? stageLabel(current) : "Unknown";
  const nextStep = cancelled ? null : isPurchase(events) ? nextOfPurchase(current) : nextStepAfter(stages, current);
  return {
    stage,
    stages,
    statusBySource,
    agreed: disagreeing.length === 0,
    promisedAt: events.findLast((event) => event.promisedAt !== null)?.promisedAt ?? null,
    value: orderValue(events),
    nextStep,
    sentence: sentenceOf({ stage, by: cancelled ?? current?.by ?? null, disagreeing, failed, rejected, systems }),
    firstEventAt: events[0]?.occurredAt ?? null,
    lastEventAt: events.at(-1)?.occurredAt ?? null,
    failures: failed + rejected,
  };
}

const stageLabel = (progress: StageProgress): string =>
  progress.state === "partial" ? `Partially ${progress.stage.toLowerCase()}` : progress.stage;

/** Orders are stated by the OMS, by channels and as purchase orders; the last statement with units counts. */
function orderedQuantity(events: readonly PlacedEvent[]): string | null {
  const stated = events.findLast((event) => isOrderStatement(event) && event.quantity !== null);
  return stated?.quantity ?? null;
}

function orderValue(events: readonly PlacedEvent[]): JourneySummary["value"] {
  const stated = events.findLast((event) => isOrderStatement(event) && event.amount !== null);
  return stated?.amount ? { amount: stated.amount, currency: stated.currency } : null;
}

const isOrderStatement = (event: PlacedEvent): boolean =>
  event.outcome === "ok" &&
  (event.type === "order.created" || event.type === "order.changed" || event.type === "purchase_order.created");

/** Cancelled means: somebody cancelled it and nothing of it has left. */
function cancellation(events: readonly PlacedEvent[], stages: readonly StageProgress[]): PlacedEvent | null {
  if (stages[stageRank("Shipped")]?.state !== "none") return null;
  return events.find((event) => event.type === "order.cancelled" && event.outcome === "ok") ?? null;
}

/**
 * The stage to show: the furthest on the way of the goods; once they have arrived (or nobody reports arrivals), the furthest on the way of
 * the money. A prepaid order that is still being picked is "Picked", not "Paid".
 */
function currentStage(
  stages: readonly StageReach[],
  events: readonly PlacedEvent[],
  systems: SystemRegistry,
): StageReach | null {
  const reached = stages.filter((progress) => progress.state !== "none");
  const goods = reached.findLast((progress) => stageRank(progress.stage) <= stageRank("Delivered")) ?? null;
  const money = reached.findLast((progress) => stageRank(progress.stage) > stageRank("Delivered")) ?? null;
  const carrierReports = events.some((event) => systemKind(systems, event.source) === "carrier");
  const arrived = goods?.stage === "Delivered" && goods.state === "full";
  const leftUnwatched = !carrierReports && (goods === null || stageRank(goods.stage) >= stageRank("Shipped"));
  return money && (arrived || leftUnwatched || goods === null) ? money : goods;
}

function nextStepAfter(stages: readonly StageProgress[], current: StageProgress | null): string | null {
  if (current === null) return null;
  if (current.state === "partial") return `${NEXT_STEP[current.stage]} the rest`;
  const next = stages.find(
    (progress) => stageRank(progress.stage) > stageRank(current.stage) && progress.state !== "full",
  );
  return next ? NEXT_STEP[next.stage] : null;
}

function believe(
  events: readonly PlacedEvent[],
  evidence: StageEvidence,
  systems: SystemRegistry,
): Record<string, SourceStatus> {
  const statuses: Record<string, SourceStatus> = Object.create(null);
  for (const source of [...new Set(events.map((event) => event.source))].sort()) {
    const own = events.filter((event) => event.source === source);
    const last = own.at(-1);
    if (!last) continue;
    const furthest = STAGES.findLast((stage) => evidence.get(stage)?.some((event) => event.source === source)) ?? null;
    const cancelled = own.findLast((event) => event.type === "order.cancelled" && event.outcome === "ok");
    const shown = furthest ? evidence.get(furthest)?.find((event) => event.source === source) : undefined;
    const overtaken = cancelled && (!shown || shown.occurredAt <= cancelled.occurredAt);
    statuses[source] = {
      stage: overtaken ? "Cancelled" : furthest,
      since: (overtaken ? cancelled.occurredAt : shown?.occurredAt) ?? null,
      lastEventAt: last.occurredAt,
      lastEventType: last.type,
      disagreement: disagreementOf(source, events, evidence, systems),
    };
  }
  // A plain object again: the null prototype only kept a source named "__proto__" from doing harm.
  return Object.fromEntries(Object.entries(statuses));
}

/** What this source has not said although another system proved it, in words; null when it agrees. */
function disagreementOf(
  source: string,
  events: readonly PlacedEvent[],
  evidence: StageEvidence,
  systems: SystemRegistry,
): string | null {
  const kind = systemKind(systems, source);
  const shipped = evidence.get("Shipped") ?? [];
  const shippedBy = (kinds: readonly string[]) =>
    shipped.some((event) => kinds.includes(systemKind(systems, event.source)));
  if (kind === "erp" && !shippedBy(["erp"]) && shippedBy(["wms", "carrier"])) return "has not posted the goods issue";
  if (kind === "wms" && !shippedBy(["wms"]) && shippedBy(["erp", "carrier"])) return "has not confirmed the shipment";
  const cancelled = events.findLast((event) => event.type === "order.cancelled" && event.outcome === "ok");
  const wentOn = (event: PlacedEvent) =>
    event.source === source && cancelled !== undefined && event.occurredAt > cancelled.occurredAt;
  if (cancelled && cancelled.source !== source && shipped.some(wentOn)) {
    return `shipped after ${systemName(systems, cancelled.source)} cancelled the order`;
  }
  return null;
}

const isPurchase = (events: readonly PlacedEvent[]): boolean =>
  events.some(({ type }) => type === "purchase_order.created") && !events.some(({ type }) => type === "order.created");

/** What we buy comes to us: nothing is allocated, picked or shipped by our own warehouses. */
function nextOfPurchase(current: StageProgress | null): string | null {
  if (current === null || (current.stage === "Delivered" && current.state === "full")) return null;
  return current.stage === "Delivered" ? "Receive the rest" : "Receive the goods";
}

interface SentenceParts {
  readonly stage: string;
  /** The event that brought the order to its stage, or cancelled it. */
  readonly by: PlacedEvent | null;
  readonly disagreeing: readonly (readonly [string, SourceStatus])[];
  readonly failed: number;
  readonly rejected: number;
  readonly systems: SystemRegistry;
}

function sentenceOf(parts: SentenceParts): string {
  const { stage, by, disagreeing, failed, rejected, systems } = parts;
  const head = by
    ? `${stage} on ${moment(by.occurredAt)}, as ${systemName(systems, by.source)} reported`
    : "No system has reported a stage yet";
  const disagreements = disagreeing.map(([source, status]) => `${systemName(systems, source)} ${status.disagreement}`);
  const failures = [
    ...(failed > 0 ? [`${failed} ${failed === 1 ? "message" : "messages"} failed`] : []),
    ...(rejected > 0 ? [`${rejected} ${rejected === 1 ? "was" : "were"} rejected`] : []),
  ];
  return `${[head, ...disagreements, ...failures].join("; ")}.`;
}

/** "2026-11-23 10:15 UTC": a sentence is stored, so it names its zone. */
const moment = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
