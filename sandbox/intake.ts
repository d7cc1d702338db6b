import { HOUR, MINUTE, nextBatch, SECOND } from "./calendar";
import type { Channel } from "./demand";
import { CURRENCY, ERP_BATCH, INTERFACES } from "./enterprise";
import { isoTime, money, type ObjectRef } from "./event";
import { callUntilOk } from "./gateway";
import { centsOf, eventLines, type Order, type OrderLine, unitsOf } from "./order";
import type { Random } from "./random";
import type { Story } from "./story";

/** From the customer's click to the release: channel, OMS, middleware steps, and the order's copy in the ERP. */

export interface TakenOrder {
  readonly order: Order;
  /** The lines as they stand after a change by the customer. */
  readonly lines: readonly OrderLine[];
  readonly allocatedAt: number;
  readonly releasedAt: number;
}

const ORDER_INTERFACE = {
  ecommerce: INTERFACES.ecommerceOrder,
  "field-sales": INTERFACES.fieldSalesOrder,
  marketplace: INTERFACES.marketplaceOrder,
} as const satisfies Record<Channel, string>;

/** Takes an order in. Undefined when the customer cancels before the release; nothing follows then. */
export function takeOrder(story: Story, order: Order): TakenOrder | undefined {
  const random = story.random("intake", order.index);
  const trace = random.hex(32);
  const createdAt =
    order.channel === "marketplace" ? fromMarketplace(story, order, random) : fromApi(story, order, trace, random);
  createOrder(story, order, createdAt);
  const creditOk = validate(story, order, trace, createdAt, random);
  const lines = changeOrder(story, order, createdAt + random.between(20, 70) * SECOND, random);
  const allocatedAt = createdAt + random.between(90, 240) * SECOND;
  createErpOrder(story, order, lines, allocatedAt - 5 * SECOND, random);

  const held = story.world.tally.draw("holdBeforeRelease", random) || !creditOk;
  if (held) story.shape(order.id, "holdBeforeRelease");
  const releasedAt = allocatedAt + (held ? random.between(2, 20) * HOUR : random.lognormal(4 * MINUTE, 0.6));
  if (story.world.tally.draw("cancelledBeforeRelease", random)) {
    const cancelledAt = Math.min(releasedAt - SECOND, createdAt + random.between(2, 60) * MINUTE);
    cancelOrder(story, order, lines, cancelledAt, "customer changed their mind", "cancelledBeforeRelease");
    return undefined;
  }
  return { order, lines, allocatedAt, releasedAt };
}

/** The whole rest of the order is cancelled; its books are closed with it. */
export function cancelOrder(
  story: Story,
  order: Order,
  lines: readonly OrderLine[],
  at: number,
  reason: string,
  shape: string,
): void {
  const record = story.emit("oms", "order.cancelled", at, {
    objects: [orderRef(order)],
    attributes: { reason },
  });
  story.book(order.id, "cancelled", unitsOf(lines), centsOf(lines), record);
  story.shape(order.id, shape);
}

export function orderRef(order: Order): ObjectRef {
  return { type: "order", id: order.id };
}

function fromApi(story: Story, order: Order, trace: string, random: Random): number {
  if (order.channel === "ecommerce" && random.chance(0.15)) checkAvailability(story, order, random);
  const shop = order.channel === "ecommerce";
  const result = callUntilOk(story, random, {
    at: order.placedAt,
    interface: ORDER_INTERFACE[order.channel],
    method: "POST",
    path: shop ? "/oms/v2/orders" : "/oms/v2/sales-orders",
    target: "OMS",
    trace,
    objects: [orderRef(order)],
    requestObjects: [],
    body: {
      customer: order.customer.id,
      lines: order.lines.map((line) => ({ sku: line.product.sku, quantity: line.quantity })),
    },
    idempotencyKey: `${shop ? "cart" : "visit"}-${trace.slice(0, 12)}`,
  });
  return result.at + random.between(20, 200);
}

/** The customer browses on, and the shop asks for stock: it names a SKU and a location, so this call belongs to no order. */
function checkAvailability(story: Story, order: Order, random: Random): void {
  const sku = order.lines[0]?.product.sku ?? "";
  const durationMs = Math.round(random.lognormal(45, 0.5));
  story.emit("gateway", "api.called", order.placedAt + random.between(30, 400) * SECOND, {
    objects: [
      { type: "sku", id: sku },
      { type: "location", id: order.home.location },
    ],
    interface: INTERFACES.availability,
    attempt: 1,
    durationMs,
    attributes: { method: "GET", path: `/oms/v2/availability/${sku}`, target: "OMS", status: 200 },
  });
}

/** The marketplace knows its own number only; the OMS polls it and gives ours. */
function fromMarketplace(story: Story, order: Order, random: Random): number {
  story.emit("marketplace", "order.created", order.placedAt, {
    objects: [{ type: "order", id: order.marketplaceId ?? "", qualifier: "subject" }],
    lines: eventLines(order.lines),
    amount: money(centsOf(order.lines)),
    currency: CURRENCY,
    attributes: { shipService: order.service },
  });
  return nextBatch(order.placedAt + 20 * SECOND, 5 * MINUTE) + random.between(1, 25) * SECOND;
}

function createOrder(story: Story, order: Order, at: number): void {
  const own = orderRef(order);
  const theirs = order.marketplaceId === undefined ? undefined : { type: "order", id: order.marketplaceId };
  const cents = centsOf(order.lines);
  const record = story.emit("oms", "order.created", at, {
    objects: [
      { ...own, qualifier: "subject" },
      { type: "customer", id: order.customer.id },
      ...(theirs === undefined ? [] : [{ ...theirs, qualifier: "marketplace" }]),
    ],
    ...(theirs === undefined
      ? {}
      : { links: [{ child: theirs, parent: own }], interface: INTERFACES.marketplaceOrder }),
    lines: eventLines(order.lines),
    amount: money(cents),
    currency: CURRENCY,
    promisedAt: isoTime(order.promisedAt),
    attributes: {
      channel: order.channel,
      service: order.service,
      shipTo: order.shipTo,
      email: order.customer.email,
      ...(order.billedIn === CURRENCY ? {} : { billedIn: order.billedIn }),
    },
  });
  story.book(order.id, "ordered", unitsOf(order.lines), cents, record);
  if (order.billedIn !== CURRENCY) story.shape(order.id, "exportOrder");
}

/** Middleware's steps: the first names the order beside its trace, the later ones know the trace only. */
function validate(story: Story, order: Order, trace: string, createdAt: number, random: Random): boolean {
  const ref: ObjectRef = { type: "trace", id: trace };
  const first = createdAt + random.between(0.4, 3) * SECOND;
  step(story, first, "validate-order", [ref, orderRef(order)], random);
  const second = first + random.between(0.2, 2) * SECOND;
  const creditOk = order.channel !== "field-sales" || !random.chance(0.03);
  if (order.channel === "field-sales") {
    story.emit("middleware", "step.completed", second, {
      objects: [ref],
      outcome: creditOk ? "ok" : "rejected",
      ...(creditOk
        ? {}
        : {
            error: { class: "business", code: "CREDIT_LIMIT", message: "Credit limit exceeded, order held for review" },
          }),
      durationMs: random.int(120, 900),
      attributes: { process: "order-intake", step: "credit-check" },
    });
  }
  step(story, second + random.between(0.2, 2) * SECOND, "route-order", [ref], random);
  return creditOk;
}

function step(story: Story, at: number, name: string, objects: readonly ObjectRef[], random: Random): void {
  story.emit("middleware", "step.completed", at, {
    objects,
    durationMs: random.int(8, 240),
    attributes: { process: "order-intake", step: name },
  });
}

/** Now and then the customer wants one more, or one less. The event carries the order's new lines, all of them. */
function changeOrder(story: Story, order: Order, at: number, random: Random): readonly OrderLine[] {
  if (!story.world.tally.draw("changedOrder", random)) return order.lines;
  const target = random.int(0, order.lines.length - 1);
  const lines = order.lines.map((line, i) => {
    if (i !== target) return line;
    const quantity = line.quantity > 1 && random.chance(0.4) ? line.quantity - 1 : line.quantity + 1;
    return { ...line, quantity };
  });
  const record = story.emit("oms", "order.changed", at, {
    objects: [orderRef(order), { type: "order_item", id: `${order.id}/${lines[target]?.item}` }],
    lines: eventLines(lines),
    amount: money(centsOf(lines)),
    currency: CURRENCY,
    attributes: { reason: "customer changed a quantity" },
  });
  story.book(order.id, "ordered", unitsOf(lines) - unitsOf(order.lines), centsOf(lines) - centsOf(order.lines), record);
  story.shape(order.id, "changedOrder");
  return lines;
}

function createErpOrder(story: Story, order: Order, lines: readonly OrderLine[], sentAt: number, random: Random): void {
  const trace: ObjectRef = { type: "trace", id: random.hex(32) };
  story.emit("middleware", "step.completed", sentAt, {
    objects: [trace, orderRef(order)],
    interface: INTERFACES.erpOrder,
    durationMs: random.int(30, 400),
    attributes: { process: "order-to-erp", step: "map-to-idoc", idocType: "ORDERS05" },
  });
  const postedAt = nextBatch(sentAt + 20 * SECOND, ERP_BATCH.orderMs) + random.between(2, 50) * SECOND;
  story.emit("erp", "erp_order.created", postedAt, {
    objects: [
      { type: "erp_order", id: order.erpOrder, qualifier: "subject" },
      { ...orderRef(order), qualifier: "customer reference" },
      { type: "customer", id: order.customer.id },
    ],
    interface: INTERFACES.erpOrder,
    lines: eventLines(lines),
    amount: money(centsOf(lines)),
    currency: CURRENCY,
    attributes: { orderType: "ZOR", plant: order.home.plant },
  });
}
