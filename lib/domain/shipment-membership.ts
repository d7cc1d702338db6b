/** Which shipments an event speaks of, also where a carrier knows only its tracking number. Pure. */
import type { PlacedEvent } from "./assembly";
import { countedKeys } from "./stage-objects";

export type ShipmentsOf = (event: PlacedEvent) => readonly string[];

/**
 * Object keys of the shipments an event names, else of those that its packages and tracking numbers belong to, as far as another event of
 * the journey names both and leaves no choice.
 * @param events of one journey.
 */
export function shipmentsOver(events: readonly PlacedEvent[]): ShipmentsOf {
  const shipmentOf = new Map<string, string>();
  // Twice: a label names packages and tracking numbers only, and what packed those packages may come after it.
  for (let pass = 0; pass < 2; pass += 1) {
    for (const event of events) {
      const [shipment, ...others] = namedShipments(event, shipmentOf);
      if (shipment === undefined || others.length > 0) continue;
      for (const key of parcelsOf(event)) if (!shipmentOf.has(key)) shipmentOf.set(key, shipment);
    }
  }
  return (event) => namedShipments(event, shipmentOf);
}

function namedShipments(event: PlacedEvent, shipmentOf: ReadonlyMap<string, string>): string[] {
  const named = countedKeys(event, "shipment");
  if (named.length > 0) return named;
  return [...new Set(parcelsOf(event).flatMap((key) => shipmentOf.get(key) ?? []))];
}

const parcelsOf = (event: PlacedEvent): string[] => [
  ...countedKeys(event, "package"),
  ...countedKeys(event, "tracking"),
];
