import type { Product } from "./catalog";
import { type CarrierSource, CURRENCY, type Warehouse } from "./enterprise";
import { money, type ObjectRef } from "./event";
import { centsOf, type Order, type OrderLine, unitsOf } from "./order";
import type { ExpectedHandoff, StoryRecord } from "./story";

/** What leaves a warehouse together: planned, packed, confirmed. */

export interface ShipLine extends OrderLine {
  readonly orderId: string;
  readonly fulfillment: string;
}

/** What one shipment is to contain; from one leg, a part of it, or several legs of one customer. */
export interface ShipmentPlan {
  readonly id: string;
  readonly warehouse: Warehouse;
  readonly orders: readonly Order[];
  readonly lines: readonly ShipLine[];
  readonly startAt: number;
}

export interface ConfirmedShipment extends ShipmentPlan {
  readonly packed: PackedShipment;
  readonly confirmedAt: number;
  readonly confirmation: StoryRecord;
}

/** The shipment number as this warehouse's host writes it: the old one pads its fields with blanks. */
export function shipmentRef(warehouse: Warehouse, id: string): ObjectRef {
  return { type: "shipment", id: warehouse.source === "wms-central" ? id.padEnd(12) : id };
}

export interface Package {
  readonly id: string;
  readonly tracking: string;
}

export interface PackedShipment {
  readonly packedAt: number;
  readonly carrier: CarrierSource;
  /** One per tracking number: the cartons, or the one pallet that holds them. */
  readonly packages: readonly Package[];
}

/** Sums lines of one SKU and price: a document lists a SKU once, whichever orders it is for. */
export function mergeLines<
  T extends { readonly product: Product; readonly quantity: number; readonly priceCents: number },
>(lines: readonly T[]): T[] {
  const merged = new Map<string, T>();
  for (const line of lines) {
    const key = `${line.product.sku}@${line.priceCents}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? line : { ...known, quantity: known.quantity + line.quantity });
  }
  return [...merged.values()];
}

/** Cuts by units, in order: each part holds at least one, where there are that many. */
export function cutIntoParts(lines: readonly ShipLine[], count: number): ShipLine[][] {
  const units = unitsOf(lines);
  const parts: ShipLine[][] = [];
  let rest: readonly ShipLine[] = lines;
  for (let part = count; part > 0; part -= 1) {
    let room = Math.ceil((units - parts.reduce((sum, each) => sum + unitsOf(each), 0)) / part);
    const taken: ShipLine[] = [];
    const left: ShipLine[] = [];
    for (const line of rest) {
      const now = Math.min(room, line.quantity);
      room -= now;
      if (now > 0) taken.push({ ...line, quantity: now });
      if (now < line.quantity) left.push({ ...line, quantity: line.quantity - now });
    }
    parts.push(taken);
    rest = left;
  }
  return parts;
}

/** How what was posted differs from what left, by the simulation's own books. */
export function differenceOf(
  left: readonly ShipLine[],
  posted: readonly ShipLine[],
): Pick<ExpectedHandoff, "quantity" | "amount"> {
  const skus = [...new Set([...left, ...posted].map((line) => line.product.sku))].sort();
  const units = (lines: readonly ShipLine[], sku: string) => unitsOf(lines.filter((line) => line.product.sku === sku));
  const quantity = skus
    .filter((sku) => units(left, sku) !== units(posted, sku))
    .map((sku) => ({ sku, expected: String(units(left, sku)), actual: String(units(posted, sku)) }));
  const [expected, actual] = [centsOf(left), centsOf(posted)];
  return {
    ...(quantity.length === 0 ? {} : { quantity }),
    ...(expected === actual
      ? {}
      : { amount: { expected: money(expected), actual: money(actual), currency: CURRENCY } }),
  };
}
