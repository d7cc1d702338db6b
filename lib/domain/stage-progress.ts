/**
 * When a stage of an order is complete. Pure. The rule (docs/concepts.md, "Stage, belief, agreement"):
 *
 * 1. A stage's own reports complete it with the first event after which every object it is counted by (NEEDED) was named and, where units are
 *    known, the units reach what was ordered. Measured against what is known now: a shipment learnt of later was needed all along.
 * 2. A stage of the goods that cannot tell how much (a pack message without lines) is no more complete than the stage before it.
 * 3. Goods that reached a later stage passed the earlier ones: a stage that was reported is complete at the latest when a later one is.
 * 4. What a warehouse or carrier reports of a shipment, the ERP's posting of it does not date.
 */
import type { PlacedEvent } from "./assembly";
import type { Stage, StageProgress, StageState } from "./journey";
import { STAGES } from "./journey";
import { type ObjectRef, objectKey } from "./object";
import { type ShipmentsOf, shipmentsOver } from "./shipment-membership";
import { cancelledShipments, type StageEvidence, stageRank } from "./stage";
import { countedKeys, countedObjects } from "./stage-objects";
import type { SystemKind } from "./system";
import { type UnitCount, unitCount } from "./unit-count";

/** Stages that follow the goods, in order. */
const GOODS: readonly Stage[] = ["Allocated", "Released", "Picked", "Packed", "Shipped", "Delivered"];
const PHYSICAL: ReadonlySet<SystemKind> = new Set(["wms", "carrier"]);

interface Need {
  readonly type: string;
  /** `known`: every object of the journey. `reported`: those that this stage's own events name, so that the last of them completes it. */
  readonly of: "known" | "reported";
}

/** What a stage is counted by. A type that none of the stage's events names cannot decide and is left out. */
const NEEDED: Partial<Record<Stage, readonly Need[]>> = {
  Allocated: [{ type: "order_item", of: "reported" }],
  Released: [{ type: "fulfillment", of: "reported" }],
  Picked: [
    { type: "shipment", of: "known" },
    { type: "warehouse_task", of: "reported" },
  ],
  Packed: [
    { type: "shipment", of: "known" },
    { type: "package", of: "reported" },
  ],
  Shipped: [{ type: "shipment", of: "known" }],
  Delivered: [
    { type: "shipment", of: "known" },
    { type: "tracking", of: "known" },
  ],
  Invoiced: [{ type: "invoice", of: "reported" }],
};
/** Planning speaks of the whole order where it names no part of it ("order.released"). */
const SPEAKS_OF_ALL: ReadonlySet<Stage> = new Set(["Ordered", "Allocated", "Released"]);

/** Progress with the event that brought the stage to where it is. */
export interface StageReach extends StageProgress {
  /** The event that completed it; of a partial stage the last that added to it; null when nothing shows it. */
  readonly by: PlacedEvent | null;
}

export interface StageContext {
  /** Of one journey, by occurredAt, then source, then id. */
  readonly events: readonly PlacedEvent[];
  readonly objects: readonly ObjectRef[];
  /** Units ordered, as a decimal string; null when no event said. */
  readonly orderedQuantity: string | null;
  readonly kindOf: (source: string) => SystemKind;
}

/** One stage by its own reports. */
interface OwnReach {
  readonly stage: Stage;
  readonly shown: readonly PlacedEvent[];
  readonly state: StageState;
  readonly by: PlacedEvent | null;
  /** What a partial stage lacks. */
  readonly lacks: "units" | "objects" | null;
  readonly countsUnits: boolean;
  readonly countsShipments: boolean;
}

export function stageReaches(evidence: StageEvidence, context: StageContext): StageReach[] {
  const shipmentsOf = shipmentsOver(context.events);
  const cancelled = cancelledShipments(context.events);
  const known = context.objects.filter((object) => !cancelled.has(objectKey(object)));
  const own = STAGES.map((stage) => {
    const shown = reporters(stage, evidence.get(stage) ?? [], { shipmentsOf, cancelled, kindOf: context.kindOf });
    const isCounted = stage !== "Ordered" && stage !== "Paid";
    const units = isCounted ? unitCount(shown, shipmentsOf, context) : null;
    const needs = needsOf({ stage, shown, known, billed: evidence.get("Invoiced") ?? [], shipmentsOf, units });
    return ownReach({ stage, shown, units, needs, shipmentsOf });
  });
  return raisedByLater(cappedByEarlier(own)).map(({ stage, shown, state, by }) => ({
    stage,
    state,
    firstAt: shown[0]?.occurredAt ?? null,
    completedAt: state === "full" ? (by?.occurredAt ?? null) : null,
    by,
  }));
}

interface Reporting {
  readonly shipmentsOf: ShipmentsOf;
  readonly cancelled: ReadonlySet<string>;
  readonly kindOf: (source: string) => SystemKind;
}

/** Rule 4: without the ERP's postings of goods that a warehouse or carrier reported itself, or took back. */
function reporters(stage: Stage, shown: readonly PlacedEvent[], reporting: Reporting): readonly PlacedEvent[] {
  const { shipmentsOf, cancelled, kindOf } = reporting;
  if (!GOODS.includes(stage)) return shown;
  const physical = shown.filter((event) => PHYSICAL.has(kindOf(event.source)));
  const told = new Set([...cancelled, ...physical.flatMap(shipmentsOf)]);
  return shown.filter((event) => {
    if (kindOf(event.source) !== "erp") return true;
    const shipments = shipmentsOf(event);
    return shipments.length === 0 ? physical.length === 0 : shipments.some((shipment) => !told.has(shipment));
  });
}

interface Needing {
  readonly stage: Stage;
  readonly shown: readonly PlacedEvent[];
  readonly known: readonly ObjectRef[];
  readonly billed: readonly PlacedEvent[];
  readonly shipmentsOf: ShipmentsOf;
  readonly units: UnitCount | null;
}

function needsOf({ stage, shown, known, billed, shipmentsOf, units }: Needing): ReadonlySet<string> {
  const reported = new Set(shown.flatMap((event) => namedBy(event, shipmentsOf)));
  const wanted = (NEEDED[stage] ?? []).flatMap(({ type, of }) => {
    if (of === "known") return known.filter((object) => object.type === type).map(objectKey);
    // Units, where they are known, say better than a number of papers whether all is done.
    return units === null ? keysOf(reported, type) : [];
  });
  // A payment settles the invoices that stand; a reversed one is not waited for.
  if (stage === "Paid") wanted.push(...billed.flatMap((event) => countedKeys(event, "invoice")));
  const decided = new Set([...reported].map(typeOfKey));
  return new Set(wanted.filter((key) => decided.has(typeOfKey(key))));
}

const typeOfKey = (key: string): string => key.slice(0, key.indexOf("\u0000"));
const keysOf = (keys: ReadonlySet<string>, type: string): string[] =>
  [...keys].filter((key) => typeOfKey(key) === type);

/** Objects an event speaks of, the shipments of its parcels among them. */
const namedBy = (event: PlacedEvent, shipmentsOf: ShipmentsOf): string[] => [
  ...countedObjects(event).map(({ key }) => key),
  ...shipmentsOf(event),
];

interface Counting {
  readonly stage: Stage;
  readonly shown: readonly PlacedEvent[];
  readonly needs: ReadonlySet<string>;
  readonly units: UnitCount | null;
  readonly shipmentsOf: ShipmentsOf;
}

/** Rule 1. */
function ownReach({ stage, shown, needs, units, shipmentsOf }: Counting): OwnReach {
  const open = new Set(needs);
  const counts = { countsUnits: units !== null, countsShipments: keysOf(needs, "shipment").length > 0 };
  let by: PlacedEvent | null = null;
  for (const event of shown) {
    const met = namedBy(event, shipmentsOf).filter((key) => needs.has(key));
    const fresh = met.filter((key) => open.delete(key));
    if (met.length === 0 && SPEAKS_OF_ALL.has(stage)) open.clear();
    const added = units?.add(event) ?? false;
    if (by === null || fresh.length > 0 || added) by = event;
    if (open.size === 0 && covers(units)) return { stage, shown, state: "full", by, lacks: null, ...counts };
  }
  const state = by === null ? "none" : "partial";
  const lacks = by === null ? null : covers(units) ? "objects" : "units";
  return { stage, shown, state, by, lacks, ...counts };
}

const covers = (units: UnitCount | null): boolean => units === null || units.covers();

/** Rule 2. */
function cappedByEarlier(own: readonly OwnReach[]): OwnReach[] {
  let before: OwnReach | null = null;
  return own.map((reach) => {
    if (reach.state === "none" || !GOODS.includes(reach.stage)) return reach;
    const capped: OwnReach = before === null ? reach : capBy(before, reach);
    before = capped;
    return capped;
  });
}

function capBy(before: OwnReach, reach: OwnReach): OwnReach {
  if (reach.state !== "full" || reach.by === null || before.by === null) return reach;
  if (before.state === "partial") {
    const isBlind = before.lacks === "units" ? !reach.countsUnits : !reach.countsShipments;
    return isBlind ? { ...reach, state: "partial", lacks: before.lacks } : reach;
  }
  // By one clock it seemed complete before the stage before it was: its next word counts, and until then a part is still to come. Two
  // systems' clocks may differ, and of goods that have left the next word is only a scan: neither moves a date.
  const completeAt = before.by.occurredAt;
  const isPlain = reach.countsUnits || stageRank(reach.stage) >= stageRank("Shipped");
  if (isPlain || before.by.source !== reach.by.source || reach.by.occurredAt >= completeAt) return reach;
  const next = reach.shown.find((event) => event.occurredAt >= completeAt);
  return next ? { ...reach, by: next } : { ...reach, state: "partial", lacks: "units" };
}

/** Rule 3. */
function raisedByLater(own: readonly OwnReach[]): OwnReach[] {
  let later: PlacedEvent | null = null;
  const raised = [...own].reverse().map((reach): OwnReach => {
    if (reach.state === "none" || !GOODS.includes(reach.stage)) return reach;
    if (reach.state === "full") later = reach.by;
    if (reach.state === "full" || later === null) return reach;
    // Two clocks may put its first report after that.
    const [first] = reach.shown;
    return { ...reach, state: "full", lacks: null, by: first && first.occurredAt > later.occurredAt ? first : later };
  });
  return raised.reverse();
}
