import type { Invoice } from "./billing";
import { DAY, fiscalPeriod, HOUR, MINUTE, nextBatch, nextWave, SECOND } from "./calendar";
import { billedCents, billedEventLines } from "./currency";
import { BILLING_COMPANY_CODES, DUE_MS, ERP_BATCH, INTERFACES, WAREHOUSES } from "./enterprise";
import { isoTime, money, type ObjectRef } from "./event";
import { centsOf, eventLines, unitsOf } from "./order";
import type { Random } from "./random";
import type { ConfirmedShipment, ShipLine } from "./shipment";
import { keyOf, type Story, type StoryRecord } from "./story";

/** Goods that come back: requested at the OMS, received and inspected in the warehouse, credited in the ERP. */

const REASONS = [
  "does not fit",
  "damaged in transit",
  "not as described",
  "ordered by mistake",
  "arrived too late",
  "defective",
] as const;

export function returnGoods(
  story: Story,
  shipment: ConfirmedShipment,
  deliveredAt: number,
  invoices: readonly Invoice[],
): void {
  const random = story.random("return", shipment.id);
  const order = random.pick(shipment.orders);
  const scale = order.channel === "field-sales" ? 0.25 : 1;
  const returned = story.world.tally.draw("returnedOrder", random, scale);
  const invoice = invoices.find(
    (each) => each.orders.includes(order) && each.shipments.some((entry) => entry.shipment.id === shipment.id),
  );
  // Only what was billed can be credited; the OMS offers no return for the rest.
  if (!returned || invoice === undefined) return;
  const bought = random.pick(shipment.lines.filter((line) => line.orderId === order.id));
  const line: ShipLine = {
    ...bought,
    quantity: Math.min(bought.quantity, random.int(1, Math.max(1, Math.ceil(bought.quantity / 2)))),
  };
  const rma: ObjectRef = { type: "return", id: story.world.numbers.return() };
  story.shape(order.id, "returnedOrder");

  const requestedAt = deliveredAt + Math.min(20 * DAY, random.lognormal(2.2 * DAY, 0.8));
  story.emit("oms", "return.requested", requestedAt, {
    objects: [
      { ...rma, qualifier: "subject" },
      { type: "order", id: order.id },
      { type: "order_item", id: `${order.id}/${line.item}` },
    ],
    lines: eventLines([line]),
    attributes: { reason: random.pick(REASONS) },
  });
  const { source, location } = shipment.warehouse;
  const arrivesAt = nextWave(requestedAt + random.between(2, 7) * DAY, shipment.warehouse.utcOffsetHours);
  const receivedAt = arrivesAt + random.between(5, 110) * MINUTE;
  const received = story.emit(source, "return.received", receivedAt, {
    objects: [rma, { type: "location", id: location }],
    interface: INTERFACES.returnReceipt,
    lines: eventLines([line], { location, direction: "in" }),
  });
  inspect(story, { rma, line, invoice, received, source, orderId: order.id }, receivedAt, random);
}

interface Returned {
  readonly rma: ObjectRef;
  readonly line: ShipLine;
  readonly invoice: Invoice;
  readonly received: StoryRecord;
  readonly source: ConfirmedShipment["warehouse"]["source"];
  readonly orderId: string;
}

function inspect(story: Story, returned: Returned, receivedAt: number, random: Random): void {
  const { rma, line, source, orderId } = returned;
  const { utcOffsetHours } = WAREHOUSES[source];
  const inspectedAt =
    nextWave(receivedAt + random.lognormal(14 * HOUR, 0.7), utcOffsetHours) + random.between(2, 115) * MINUTE;
  const refused = story.world.tally.draw("refusedReturn", random);
  const inspected = story.emit(source, "return.inspected", inspectedAt, {
    objects: [rma],
    outcome: refused ? "rejected" : "ok",
    interface: INTERFACES.returnReceipt,
    lines: eventLines([line]),
    attributes: {
      disposition: refused
        ? "refused: used and not resaleable"
        : random.pick(["restock", "restock", "restock", "scrap"]),
    },
  });
  if (refused) {
    story.shape(orderId, "refusedReturn");
    return;
  }
  if (!story.world.tally.draw("missingCreditMemo", random)) {
    credit(story, returned, inspectedAt, random);
    return;
  }
  story.faults.push({
    kind: "missingCreditMemo",
    order: orderId,
    events: [keyOf(returned.received), keyOf(inspected)],
    expected: [{ rule: "return-credit", key: { type: "return", id: rma.id }, state: "late" }],
    why: "the return order in the ERP was never released for billing",
    detectableAt: isoTime(Date.parse(inspected.event.time) + DUE_MS.creditMemo),
  });
}

function credit(story: Story, returned: Returned, inspectedAt: number, random: Random): void {
  const { rma, line, invoice, orderId } = returned;
  const memo: ObjectRef = { type: "credit_memo", id: story.world.numbers.creditMemo() };
  const run = nextBatch(inspectedAt + random.between(1, 20) * HOUR, ERP_BATCH.billingMs);
  const at = run + random.between(10, 400) * SECOND;
  const record = story.emit("erp", "credit_memo.posted", at + MINUTE, {
    objects: [{ ...memo, qualifier: "subject" }, rma, { type: "invoice", id: invoice.id, qualifier: "reference" }],
    links: [{ child: memo, parent: rma }],
    lines: billedEventLines([line], invoice.currency, "now"),
    amount: money(billedCents([line], invoice.currency, "now")),
    currency: invoice.currency,
    posting: { companyCode: BILLING_COMPANY_CODES[invoice.currency], period: fiscalPeriod(at) },
    attributes: { billingType: "G2" },
  });
  story.book(orderId, "credited", unitsOf([line]), centsOf([line]), record);
}
