import { DAY, HOUR } from "./calendar";
import { INTERFACES, WAREHOUSE_SOURCES, WAREHOUSES, type Warehouse } from "./enterprise";
import { orderRef, type TakenOrder } from "./intake";
import type { Order, OrderLine } from "./order";
import { unitsOf } from "./order";
import type { Random } from "./random";
import type { Story } from "./story";

/** The OMS decides what ships from where and when: allocation, split, backorder, and the requests to the warehouses. */

/** What one warehouse is asked to ship of one order. */
export interface Leg {
  readonly order: Order;
  readonly fulfillment: string;
  readonly warehouse: Warehouse;
  readonly lines: readonly OrderLine[];
  readonly requestedAt: number;
}

export function planLegs(story: Story, taken: TakenOrder, consolidated: boolean): Leg[] {
  const { order, releasedAt } = taken;
  const random = story.random("planning", order.index);
  const { tally } = story.world;
  let now: readonly OrderLine[] = taken.lines;
  let later: readonly OrderLine[] = [];
  if (!consolidated && tally.draw("backorder", random)) {
    const waiting = random.int(0, now.length - 1);
    later = now.filter((_, i) => i === waiting);
    now = now.filter((_, i) => i !== waiting);
    reportBackorder(story, order, later, taken.allocatedAt);
  }
  let away: readonly OrderLine[] = [];
  if (!consolidated && now.length >= 2 && tally.draw("splitOrder", random)) {
    const count = random.int(1, now.length - 1);
    away = now.slice(0, count);
    now = now.slice(count);
    story.shape(order.id, "splitOrder");
  }
  const other = anotherWarehouse(order.home, random);
  const parts = [
    { lines: now, warehouse: order.home, at: releasedAt },
    { lines: away, warehouse: other, at: releasedAt + random.between(200, 4000) },
    { lines: later, warehouse: order.home, at: releasedAt + random.between(2 * DAY, 8 * DAY) },
  ].filter((part) => part.lines.length > 0);

  const legs = parts.map((part) => {
    const late = part.lines === later;
    allocate(story, order, part.lines, part.warehouse, late ? part.at - 2 * HOUR : taken.allocatedAt);
    return request(story, order, part.lines, part.warehouse, part.at);
  });
  story.emit("oms", "order.released", releasedAt, {
    objects: [orderRef(order)],
    attributes: { fulfillments: legs.length },
  });
  return legs;
}

/** Asks a warehouse for a leg; also used when another warehouse has rejected it. */
export function request(
  story: Story,
  order: Order,
  lines: readonly OrderLine[],
  warehouse: Warehouse,
  at: number,
): Leg {
  const fulfillment = story.world.numbers.fulfillment();
  const requestedAt = at + 1500;
  story.emit("oms", "fulfillment.requested", requestedAt, {
    objects: [
      { type: "fulfillment", id: fulfillment, qualifier: "subject" },
      orderRef(order),
      { type: "location", id: warehouse.location },
    ],
    interface: INTERFACES.fulfillment,
    lines: lines.map((line) => ({
      sku: line.product.sku,
      location: warehouse.location,
      quantity: String(line.quantity),
      uom: "EA",
    })),
    attributes: { service: order.service },
  });
  return { order, fulfillment, warehouse, lines, requestedAt };
}

export function anotherWarehouse(home: Warehouse, random: Random): Warehouse {
  return WAREHOUSES[random.pick(WAREHOUSE_SOURCES.filter((source) => source !== home.source))];
}

function allocate(story: Story, order: Order, lines: readonly OrderLine[], warehouse: Warehouse, at: number): void {
  story.emit("oms", "order.allocated", at, {
    objects: [orderRef(order), { type: "location", id: warehouse.location }],
    lines: lines.map((line) => ({
      sku: line.product.sku,
      location: warehouse.location,
      quantity: String(line.quantity),
      uom: "EA",
    })),
  });
}

function reportBackorder(story: Story, order: Order, lines: readonly OrderLine[], at: number): void {
  story.emit("oms", "order.backordered", at + 400, {
    objects: [orderRef(order), ...lines.map((line) => ({ type: "order_item", id: `${order.id}/${line.item}` }))],
    lines: lines.map((line) => ({ sku: line.product.sku, quantity: String(line.quantity), uom: "EA" })),
    attributes: { reason: "out of stock", units: unitsOf(lines) },
  });
  story.shape(order.id, "backorder");
}
