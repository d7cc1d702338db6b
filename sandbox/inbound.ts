import { DAY, fiscalPeriod, isWeekend, MINUTE, nextBatch, nextWave, SECOND } from "./calendar";
import {
  COMPANY_CODE,
  CURRENCY,
  DUE_MS,
  ERP_BATCH,
  INTERFACES,
  OFFICE_UTC_OFFSET_HOURS,
  WAREHOUSE_SOURCES,
  WAREHOUSES,
} from "./enterprise";
import { isoTime, money, type ObjectRef } from "./event";
import { centsOf, eventLines } from "./order";
import type { Random } from "./random";
import { type Fault, keyOf, Story, type StoryRecord } from "./story";
import type { World } from "./world";

/** Replenishment: purchase order, advance shipping notice, receipt in the warehouse, receipt in the ERP. */

/** One purchase order for about this many customer orders. */
const ORDERS_PER_PURCHASE = 40;
const SUPPLIERS = [
  "V-2001 Nordfast Fasteners",
  "V-2014 Shenzhen Brightway",
  "V-2033 Carolina Textiles",
  "V-2058 Toolcraft GmbH",
  "V-2071 Midwest Packaging",
];

export function inboundStories(world: World, startAt: number, lengthMs: number, orders: number): Story[] {
  // Buyers work weekdays. Everything happens after the window opens, so that no window reaches back.
  if (isWeekend(startAt + lengthMs / 2, OFFICE_UTC_OFFSET_HOURS)) return [];
  const random = world.random("inbound", startAt);
  const wanted = orders / ORDERS_PER_PURCHASE;
  const count = Math.floor(wanted) + (random.chance(wanted % 1) ? 1 : 0);
  return Array.from({ length: count }, (_, i) => purchase(world, startAt, lengthMs, i));
}

function purchase(world: World, startAt: number, lengthMs: number, i: number): Story {
  const story = new Story(world, `inbound/${startAt}/${i}`, []);
  const random = story.random("purchase");
  const warehouse = WAREHOUSES[random.pick(WAREHOUSE_SOURCES)];
  const order: ObjectRef = { type: "purchase_order", id: world.numbers.purchaseOrder() };
  const asn: ObjectRef = { type: "shipment", id: world.numbers.asn() };
  const lines = draftLines(world, random);
  const placedAt = Math.round(startAt + random.between(0.35, 0.7) * lengthMs);
  const base = { lines: eventLines(lines), amount: money(centsOf(lines)), currency: CURRENCY };
  story.emit("erp", "purchase_order.created", placedAt, {
    objects: [
      { ...order, qualifier: "subject" },
      { type: "location", id: warehouse.location },
    ],
    ...base,
    attributes: { supplier: random.pick(SUPPLIERS) },
  });
  const announcedAt = placedAt + random.between(1, 5) * DAY;
  story.emit(warehouse.source, "asn.received", announcedAt, {
    objects: [{ ...asn, qualifier: "subject" }, order, { type: "location", id: warehouse.location }],
    links: [{ child: asn, parent: order }],
    interface: INTERFACES.asn,
    lines: eventLines(lines),
  });
  const arrivedAt =
    nextWave(announcedAt + random.between(0.5, 3) * DAY, warehouse.utcOffsetHours) + random.between(10, 90) * MINUTE;
  const received = story.emit(warehouse.source, "goods_receipt.posted", arrivedAt, {
    objects: [asn, { type: "location", id: warehouse.location }],
    interface: INTERFACES.goodsReceipt,
    lines: eventLines(lines, { location: warehouse.location, direction: "in" }),
    attributes: { dock: `D${random.int(1, 12)}` },
  });
  lines.forEach((line, n) => {
    story.emit(warehouse.source, "inventory.moved", arrivedAt + random.lognormal(50 * MINUTE, 0.6), {
      objects: [
        { type: "warehouse_task", id: world.numbers.task(warehouse.source), qualifier: "subject" },
        asn,
        { type: "sku", id: line.product.sku },
        { type: "location", id: warehouse.location },
      ],
      lines: [{ sku: line.product.sku, location: warehouse.location, quantity: String(line.quantity), uom: "EA" }],
      attributes: { from: "RECEIVING", to: `${random.pick(["A", "B", "C", "M"])}-${random.int(10, 48)}-${n + 1}` },
    });
  });
  postReceipt(story, { order, asn, lines, location: warehouse.location, received }, arrivedAt, random);
  return story;
}

interface Receipt {
  readonly order: ObjectRef;
  readonly asn: ObjectRef;
  readonly lines: ReturnType<typeof draftLines>;
  readonly location: string;
  readonly received: StoryRecord;
}

function postReceipt(story: Story, receipt: Receipt, arrivedAt: number, random: Random): void {
  const { order, asn, lines, location, received } = receipt;
  const key = { type: "shipment", id: asn.id };
  const fault = story.world.tally.drawOne(["missingGoodsReceipt", "wrongQuantityGoodsReceipt"] as const, random);
  if (fault === "missingGoodsReceipt") {
    push(story, order.id, {
      kind: fault,
      events: [keyOf(received)],
      expected: [
        { rule: "goods-receipt", key, state: "late" },
        { rule: "purchase-order-receipt", key: order, state: "late" },
      ],
      why: "the receipt was refused at the dock terminal and never entered in the ERP",
      detectableAt: isoTime(Date.parse(received.event.time) + DUE_MS.goodsReceipt),
    });
    return;
  }
  const [first] = lines;
  const wrong = fault === "wrongQuantityGoodsReceipt" && first !== undefined;
  const posted = wrong
    ? lines.map((line) => (line === first ? { ...line, quantity: line.quantity - 1 - random.int(0, 3) } : line))
    : lines;
  const at = nextBatch(arrivedAt + MINUTE, ERP_BATCH.goodsIssueMs) + random.between(3, 50) * SECOND;
  const record = story.emit("erp", "goods_receipt.posted", at, {
    objects: [
      { type: "erp_document", id: story.world.numbers.goodsReceipt(), qualifier: "subject" },
      order,
      asn,
      { type: "location", id: location },
    ],
    interface: INTERFACES.goodsReceipt,
    lines: eventLines(posted, { location, direction: "in" }),
    amount: money(centsOf(posted)),
    currency: CURRENCY,
    posting: { companyCode: COMPANY_CODE, period: fiscalPeriod(Date.parse(received.event.time)) },
    attributes: { movementType: "101" },
  });
  const shortLine = posted[0];
  if (!wrong || shortLine === undefined) return;
  const quantity = [{ sku: first.product.sku, expected: String(first.quantity), actual: String(shortLine.quantity) }];
  push(story, order.id, {
    kind: "wrongQuantityGoodsReceipt",
    events: [keyOf(received), keyOf(record)],
    expected: [
      { rule: "goods-receipt", key, state: "mismatched", quantity },
      { rule: "purchase-order-receipt", key: order, state: "mismatched", quantity },
    ],
    why: "the clerk counted fewer cartons than the warehouse",
    // What is missing may still come until it is due.
    detectableAt: isoTime(Math.max(record.recordedAt, Date.parse(received.event.time) + DUE_MS.goodsReceipt)),
  });
}

function push(story: Story, order: string, fault: Omit<Fault, "order">): void {
  story.faults.push({ ...fault, order });
}

function draftLines(world: World, random: Random) {
  const products = new Map(
    Array.from({ length: random.int(1, 6) }, () => world.catalog.draw(random)).map((product) => [product.sku, product]),
  );
  return [...products.values()].map((product) => ({
    product,
    quantity: random.int(4, 40) * Math.max(2, product.perCarton),
    priceCents: Math.round(product.priceCents * 0.48),
  }));
}
