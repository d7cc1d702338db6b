/** The objects of an event by which stages are counted. Pure. */
import type { PlacedEvent } from "./assembly";
import { objectKey } from "./object";

export interface CountedObject {
  readonly key: string;
  readonly type: string;
  /** "reversed": the document that a reversal takes back. */
  readonly qualifier: string;
}

const COUNTED: ReadonlySet<string> = new Set([
  "order_item",
  "fulfillment",
  "shipment",
  "package",
  "tracking",
  "warehouse_task",
  "erp_document",
  "invoice",
  "payment",
]);

// An event of 10,000 orders stands in 10,000 journeys, all with this one list of objects: it is gone through once, not once a journey.
const known = new WeakMap<PlacedEvent["objects"], readonly CountedObject[]>();

export function countedObjects(event: PlacedEvent): readonly CountedObject[] {
  const found = known.get(event.objects);
  if (found) return found;
  const counted = event.objects
    .filter(({ type }) => COUNTED.has(type))
    .map((object) => ({ key: objectKey(object), type: object.type, qualifier: object.qualifier }));
  known.set(event.objects, counted);
  return counted;
}

export const countedKeys = (event: PlacedEvent, type: string): string[] =>
  countedObjects(event).flatMap((object) => (object.type === type ? object.key : []));
