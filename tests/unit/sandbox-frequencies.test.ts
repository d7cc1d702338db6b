import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { Catalog } from "@/sandbox/catalog";
import type { CanonicalEvent } from "@/sandbox/event";
import { FREQUENCIES, type FrequencyName, frequencyTable } from "@/sandbox/frequencies";
import { tellHistory } from "@/sandbox/simulation";
import { World } from "@/sandbox/world";

const ORDERS = 20_000;

/** Counted from the events alone, story by story; nothing here asks the simulation what it meant to do. */
class Observed {
  readonly counts = new Map<string, number>();
  readonly ordersByHour = Array.from({ length: 24 }, () => 0);
  readonly ordersByWeekday = Array.from({ length: 7 }, () => 0);
  readonly units = new Map<string, number>();
  readonly customers = new Map<string, number>();
  readonly leadHours: number[] = [];

  add(name: string, count = 1): void {
    this.counts.set(name, this.get(name) + count);
  }

  get(name: string): number {
    return this.counts.get(name) ?? 0;
  }
}

function observe(events: readonly CanonicalEvent[], seen: Observed): void {
  const orders = new Map<string, { at: number; places: Set<string>; shipments: number; shippedAt?: number }>();
  for (const event of events) {
    const { data, source, type } = event;
    seen.add(type);
    seen.add(`source ${source}`);
    if (type === "order.created" && source === "oms") createdOrder(event, seen, orders);
    if (type === "fulfillment.requested") {
      const order = orders.get(data.objects.find((object) => object.type === "order")?.id ?? "");
      order?.places.add(data.objects.find((object) => object.type === "location")?.id ?? "");
    }
    if (type === "shipment.confirmed") {
      const named = data.objects.filter((object) => object.type === "order");
      if (named.length > 1) seen.add("orders consolidated", named.length);
      for (const { id } of named) {
        const order = orders.get(id);
        if (order === undefined) continue;
        order.shipments += 1;
        order.shippedAt ??= Date.parse(event.time);
      }
    }
    if (type === "api.called" && data.attempt === 1) {
      seen.add("first attempts");
      if (data.outcome === "failed") seen.add("first attempts failed");
    }
    if (type === "message.dead_lettered") seen.add(`dead letters ${data.error?.class}`);
    if (type === "order.changed" && String(data.attributes?.reason).startsWith("short"))
      seen.add("shortages cancelled");
  }
  for (const order of orders.values()) {
    if (order.places.size > 1) seen.add("orders from two warehouses");
    if (order.shipments > 1) seen.add("orders in several shipments");
    if (order.shippedAt !== undefined) seen.leadHours.push((order.shippedAt - order.at) / 3_600_000);
  }
}

function createdOrder(
  event: CanonicalEvent,
  seen: Observed,
  orders: Map<string, { at: number; places: Set<string>; shipments: number }>,
): void {
  const { data } = event;
  const office = new Date(Date.parse(event.time) - 5 * 3_600_000);
  seen.ordersByHour[office.getUTCHours()] = (seen.ordersByHour[office.getUTCHours()] ?? 0) + 1;
  seen.ordersByWeekday[office.getUTCDay()] = (seen.ordersByWeekday[office.getUTCDay()] ?? 0) + 1;
  seen.add(`channel ${data.attributes?.channel}`);
  if ((data.lines?.length ?? 0) > 1) seen.add("orders of 2+ lines");
  for (const { sku } of data.lines ?? []) seen.units.set(sku, (seen.units.get(sku) ?? 0) + 1);
  const customer = data.objects.find((object) => object.type === "customer")?.id ?? "";
  if (data.attributes?.channel === "field-sales") seen.customers.set(customer, (seen.customers.get(customer) ?? 0) + 1);
  orders.set(data.objects[0]?.id ?? "", { at: Date.parse(event.time), places: new Set(), shipments: 0 });
}

/** Within five standard deviations of a binomial: one false alarm in more than a million seeds. */
function expectRate(hits: number, trials: number, rate: number): void {
  const allowed = 5 * Math.sqrt(trials * rate * (1 - rate)) + 1;
  expect(hits).toBeGreaterThanOrEqual(trials * rate - allowed);
  expect(hits).toBeLessThanOrEqual(trials * rate + allowed);
}

let world: World;
let seen: Observed;

beforeAll(() => {
  world = new World("frequencies");
  seen = new Observed();
  const options = { orders: ORDERS, days: 28, seed: "frequencies", complete: true };
  for (const { stories } of tellHistory(world, options)) {
    for (const story of stories) {
      observe(
        story.records.map(({ event }) => event),
        seen,
      );
      for (const { deliveries } of story.records) {
        seen.add("events");
        if (deliveries.length > 1) seen.add("events repeated");
      }
    }
  }
});

describe("the frequencies", () => {
  it("happen as often as the table says, wherever they are drawn", () => {
    for (const name of Object.keys(FREQUENCIES) as FrequencyName[]) {
      // Incidents and outages are drawn per day, not counted; returns of field sales are drawn at a quarter of the rate.
      if (name === "apiIncident" || name === "feedOutage" || name === "returnedOrder") continue;
      const counted = world.tally.counts.get(name);
      if (counted === undefined) throw new Error(`${name} is in the table and is never drawn`);
      expectRate(counted.happened, counted.drawn, FREQUENCIES[name].rate);
    }
  });

  it("show in the events themselves", () => {
    const { get } = { get: (name: string) => seen.get(name) };
    const shipments = get("shipment.confirmed");
    expect(get("channel ecommerce") + get("channel field-sales") + get("channel marketplace")).toBe(ORDERS);
    expectRate(get("order.backordered"), ORDERS * 0.95, FREQUENCIES.backorder.rate);
    expectRate(get("fulfillment.rejected"), get("fulfillment.requested"), FREQUENCIES.fulfillmentRejected.rate);
    expectRate(get("goods_issue.reversed"), shipments, FREQUENCIES.reversedGoodsIssue.rate);
    expectRate(get("invoice.reversed"), get("invoice.posted"), FREQUENCIES.reversedInvoice.rate);
    expectRate(get("events repeated"), get("events"), FREQUENCIES.duplicateDelivery.rate);
    expectRate(get("substitution.made"), get("fulfillment.accepted"), FREQUENCIES.substitution.rate);
    expectRate(get("dead letters business"), shipments, FREQUENCIES.failedPostingBusiness.rate);
    expect(get("shortages cancelled")).toBe(get("shortage.reported"));
    const cancelled = get("order.cancelled") / ORDERS;
    expect(cancelled).toBeGreaterThan(0.025);
    expect(cancelled).toBeLessThan(0.04);
    // Two-line orders split at 12 %, and a backorder or a rejection seldom adds a second warehouse.
    expectRate(get("orders from two warehouses"), get("orders of 2+ lines"), 0.115);
    const consolidated = get("orders consolidated") / ORDERS;
    expect(consolidated).toBeGreaterThan(0.02);
    expect(consolidated).toBeLessThan(0.06);
    // First attempts fail at 2 %, and more in incidents.
    const failing = get("first attempts failed") / get("first attempts");
    expect(failing).toBeGreaterThan(0.018);
    expect(failing).toBeLessThan(0.035);
  });

  it("stand in the documentation as they stand in the code", async () => {
    const docs = await readFile(fileURLToPath(new URL("../../docs/sandbox.md", import.meta.url)), "utf8");
    // The formatter pads the columns of a table; its cells are what counts.
    const cells = (text: string) => text.replace(/ *\| */g, "|").replace(/-{3,}/g, "---");
    expect(cells(docs)).toContain(cells(frequencyTable()));
  });
});

describe("the distributions", () => {
  it("have busy days and quiet nights", () => {
    const at = (hour: number) => seen.ordersByHour[hour] ?? 0;
    expect(at(12)).toBeGreaterThan(6 * at(3));
    expect(at(20)).toBeGreaterThan(at(23));
    const weekday = (day: number) => seen.ordersByWeekday[day] ?? 0;
    expect(weekday(1)).toBeGreaterThan(weekday(6) * 1.15);
    expect(seen.ordersByWeekday.every((count) => count > ORDERS / 14)).toBe(true);
  });

  it("have a long tail of about two thousand SKUs and a few customers who buy most", () => {
    const catalog = new Catalog("frequencies");
    expect(catalog.products.length).toBeGreaterThan(1900);
    expect(catalog.products.length).toBeLessThan(2200);
    expect(new Set(catalog.products.map(({ sku }) => sku)).size).toBe(catalog.products.length);
    const share = (counts: Map<string, number>, part: number) => {
      const sorted = [...counts.values()].sort((a, b) => b - a);
      const top = sorted.slice(0, Math.ceil(sorted.length * part)).reduce((sum, count) => sum + count, 0);
      return top / sorted.reduce((sum, count) => sum + count, 0);
    };
    expect(share(seen.units, 0.1)).toBeGreaterThan(0.4);
    expect(share(seen.units, 0.1)).toBeLessThan(0.7);
    expect(share(seen.customers, 0.1)).toBeGreaterThan(0.5);
  });

  it("ship most orders within two days, and a few much later", () => {
    const hours = [...seen.leadHours].sort((a, b) => a - b);
    const quantile = (q: number) => hours[Math.floor(q * hours.length)] ?? 0;
    expect(quantile(0)).toBeGreaterThan(0);
    expect(quantile(0.5)).toBeLessThan(30);
    expect(quantile(0.9)).toBeLessThan(72);
    expect(quantile(0.999)).toBeGreaterThan(96);
  });

  it("give every system its part of about thirty events an order", () => {
    const each = seen.get("events") / ORDERS;
    expect(each).toBeGreaterThan(22);
    expect(each).toBeLessThan(40);
    for (const source of [
      "oms",
      "marketplace",
      "erp",
      "gateway",
      "middleware",
      "wms-east",
      "wms-central",
      "wms-west",
      "carrier-dhl",
      "carrier-ups",
    ]) {
      expect(seen.get(`source ${source}`)).toBeGreaterThan(1000);
    }
  });
});
