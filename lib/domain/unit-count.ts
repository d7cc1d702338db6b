/** Counts the units of a stage against what was ordered. Pure. */
import { Decimal } from "decimal.js";
import type { PlacedEvent } from "./assembly";
import type { ShipmentsOf } from "./shipment-membership";
import type { SystemKind } from "./system";

export interface UnitCount {
  /** True when the event's units count. Each event at most once. */
  add(event: PlacedEvent): boolean;
  /** Whether the units added so far reach what was ordered. */
  covers(): boolean;
}

interface Ordered {
  readonly orderedQuantity: string | null;
  readonly kindOf: (source: string) => SystemKind;
}

/** Of the systems that report one shipment's units, the one nearest to the goods counts; the others only say the same. */
const NEARNESS: readonly SystemKind[] = ["wms", "carrier", "other", "middleware", "oms", "channel", "gateway", "erp"];
/** The tally of all shipments together. Kinds of system have their own, for events that name no shipment. */
const SHIPMENTS = "shipments";

/**
 * Null when units cannot decide: nobody said how many were ordered, or a shared event's units are not only this order's, or an event says
 * nothing of units and no other speaks for its shipment. Sources of one kind add up (two warehouses ship two halves); kinds do not (a WMS
 * and the ERP report the same units), except shipment by shipment.
 */
export function unitCount(shown: readonly PlacedEvent[], shipmentsOf: ShipmentsOf, ordered: Ordered): UnitCount | null {
  if (ordered.orderedQuantity === null) return null;
  const due = new Decimal(ordered.orderedQuantity);
  const tallyOf = tallies(shown, shipmentsOf, ordered.kindOf);
  const sums = new Map<string, Decimal>();
  for (const tally of tallyOf.values()) sums.set(tally, new Decimal(0));
  if (sums.size === 0) return null;
  return {
    add(event) {
      const tally = tallyOf.get(event);
      if (tally === undefined) return false;
      sums.set(tally, (sums.get(tally) ?? new Decimal(0)).plus(new Decimal(event.quantity ?? 0).abs()));
      return true;
    },
    covers: () => [...sums.values()].some((sum) => sum.gte(due)),
  };
}

const hasUnits = (event: PlacedEvent): boolean => event.quantity !== null && event.sharedWith === 0;

/** Which tally each event's units belong to; events that are not in it do not count. */
function tallies(
  shown: readonly PlacedEvent[],
  shipmentsOf: ShipmentsOf,
  kindOf: (source: string) => SystemKind,
): Map<PlacedEvent, string> {
  const byGroup = new Map<string, PlacedEvent[]>();
  for (const event of shown) {
    const shipments = shipmentsOf(event);
    const group = shipments.length > 0 ? `${SHIPMENTS} ${[...shipments].sort().join(" ")}` : kindOf(event.source);
    const known = byGroup.get(group);
    if (known) known.push(event);
    else byGroup.set(group, [event]);
  }
  const tallyOf = new Map<PlacedEvent, string>();
  const unknown = new Set<string>();
  for (const [group, events] of byGroup) {
    const tally = group.startsWith(SHIPMENTS) ? SHIPMENTS : group;
    const speaker = NEARNESS.find((kind) => {
      const own = events.filter((event) => kindOf(event.source) === kind);
      return own.length > 0 && own.every(hasUnits);
    });
    if (speaker === undefined) unknown.add(tally);
    else for (const event of events) if (kindOf(event.source) === speaker) tallyOf.set(event, tally);
  }
  for (const [event, tally] of tallyOf) if (unknown.has(tally)) tallyOf.delete(event);
  return tallyOf;
}
