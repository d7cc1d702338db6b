/**
 * What the ERP knows of each outbound delivery before its goods issue is posted, as a real one does: its value by material and the period it left in.
 * And what the rest of the simulation has posted already, so that a look at this ERP finds it.
 */
import { Decimal } from "decimal.js";
import { fiscalPeriod } from "../calendar";
import type { CanonicalEvent, Line } from "../event";

interface Delivery {
  readonly period: string;
  readonly currency: string;
  readonly byMaterial: ReadonlyMap<string, { readonly quantity: Decimal; readonly amount: Decimal }>;
}

export class DeliveryBook {
  private readonly deliveries = new Map<string, Delivery>();
  private readonly documents = new Map<string, Set<string>>();

  /** Of the sandbox's feed: confirmed shipments, and goods issues posted and reversed. Everything else is passed over. */
  learn(events: Iterable<CanonicalEvent>): void {
    for (const event of events) {
      if (event.type === "shipment.confirmed") this.learnDelivery(event);
      if (event.type.startsWith("goods_issue.")) this.learnPosting(event);
    }
  }

  /** Documents for this delivery that did not come over HTTP. */
  documentsFor(delivery: string): readonly string[] {
    return [...(this.documents.get(delivery) ?? [])];
  }

  periodOf(delivery: string): string | undefined {
    return this.deliveries.get(delivery)?.period;
  }

  /** The share of the delivery's value, to the cent; undefined for what was not in it. */
  valueOf(delivery: string, material: string, quantity: string): { amount: string; currency: string } | undefined {
    const known = this.deliveries.get(delivery);
    const line = known?.byMaterial.get(material);
    if (known === undefined || line === undefined || line.quantity.isZero()) return undefined;
    return { amount: line.amount.mul(quantity).div(line.quantity).toFixed(2), currency: known.currency };
  }

  private learnDelivery({ time, data }: CanonicalEvent): void {
    const id = data.objects.find(({ type }) => type === "shipment")?.id.trim();
    const lines = data.lines ?? [];
    if (id === undefined || data.currency === undefined) return;
    this.deliveries.set(id, {
      period: fiscalPeriod(Date.parse(time)),
      currency: data.currency,
      byMaterial: byMaterial(lines),
    });
  }

  private learnPosting({ type, data }: CanonicalEvent): void {
    const reversed = data.objects.find(({ qualifier }) => qualifier === "reversed")?.id;
    const own = data.objects.find((object) => object.type === "erp_document" && object.qualifier !== "reversed")?.id;
    for (const object of data.objects) {
      if (object.type !== "shipment") continue;
      const delivery = object.id.trim();
      const documents = this.documents.get(delivery) ?? new Set();
      if (type === "goods_issue.posted" && own !== undefined) documents.add(own);
      if (reversed !== undefined) documents.delete(reversed);
      this.documents.set(delivery, documents);
    }
  }
}

function byMaterial(lines: readonly Line[]): Delivery["byMaterial"] {
  const sums = new Map<string, { quantity: Decimal; amount: Decimal }>();
  for (const { sku, quantity, amount } of lines) {
    const sum = sums.get(sku) ?? { quantity: new Decimal(0), amount: new Decimal(0) };
    sums.set(sku, { quantity: sum.quantity.add(quantity), amount: sum.amount.add(amount ?? 0) });
  }
  return sums;
}
