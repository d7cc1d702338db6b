import type { Product } from "./catalog";
import type { CarrierSource, Warehouse } from "./enterprise";
import type { ObjectRef } from "./event";
import type { Order, OrderLine } from "./order";
import type { StoryRecord } from "./story";

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
