import { HOUR, MINUTE } from "./calendar";
import { carry } from "./carriage";
import { cancelOrder, takeOrder } from "./intake";
import { invoiceOrders } from "./invoicing";
import { type OrderGroup, unitsOf } from "./order";
import { type Leg, planLegs } from "./planning";
import { postGoodsIssues } from "./postings";
import type { Random } from "./random";
import { returnGoods } from "./returns";
import { type ConfirmedShipment, cutIntoParts, type ShipLine, type ShipmentPlan, shipmentRef } from "./shipment";
import { adjustLines, type CurrentLines, type Shortage, tellShortages } from "./shortfall";
import { Story } from "./story";
import { acceptLeg, pickAndShip } from "./warehouse";
import type { World } from "./world";

/** The whole story of a group of orders, from the first click to the last payment or credit memo. */
export function tellOrders(world: World, group: OrderGroup): Story {
  const lead = group.orders[0];
  if (lead === undefined) throw new Error("order story: a group has an order");
  const story = new Story(
    world,
    `order/${lead.index}`,
    group.orders.map((order) => order.id),
  );
  const taken = group.orders.flatMap((order) => takeOrder(story, order) ?? []);
  const current: CurrentLines = new Map(taken.map((each) => [each.order.id, each.lines]));
  const shortages: Shortage[] = [];
  const plans = taken
    .flatMap((each) => {
      const legs = planLegs(story, each, group.kind === "consolidated");
      return legs.flatMap((leg) => planShipments(story, leg, legs.length === 1 && group.kind === "single", shortages));
    })
    .sort((a, b) => a.startAt - b.startAt);
  tellShortages(story, shortages, current);

  const shipments: ConfirmedShipment[] = [];
  for (const plan of group.kind === "consolidated" ? consolidate(story, plans) : plans) {
    shipments.push(pickAndShip(story, plan, shipments));
  }
  const posted = postGoodsIssues(story, shipments);
  const invoices = invoiceOrders(story, group, posted);
  for (const shipment of shipments) returnGoods(story, shipment, carry(story, shipment), invoices);
  return story;
}

/** One leg becomes one shipment, two when it leaves in parts, none when it is cancelled in time. */
function planShipments(story: Story, requested: Leg, mayCancel: boolean, shortages: Shortage[]): ShipmentPlan[] {
  const { leg, acceptedAt } = acceptLeg(story, requested);
  const random = story.random("shipments", leg.fulfillment);
  if (mayCancel && story.world.tally.draw("cancelledAfterRelease", random)) {
    cancelInWarehouse(story, leg, acceptedAt + random.between(4, 80) * MINUTE);
    return [];
  }
  const lines = adjustLines(story, leg, acceptedAt, shortages).map((line): ShipLine => {
    return { ...line, orderId: leg.order.id, fulfillment: leg.fulfillment };
  });
  const plan = (part: readonly ShipLine[], startAt: number): ShipmentPlan => ({
    id: story.world.numbers.shipment(),
    warehouse: leg.warehouse,
    orders: [leg.order],
    lines: part,
    startAt,
  });
  const parts = partsOf(story, leg, lines, random);
  return parts.map((part, i) => plan(part, i === 0 ? acceptedAt : acceptedAt + random.between(14, 60) * HOUR));
}

/** What leaves together: mostly everything; else two parts, now and then of the very same lines. */
function partsOf(story: Story, leg: Leg, lines: readonly ShipLine[], random: Random): (readonly ShipLine[])[] {
  if (unitsOf(lines) < 2) return [lines];
  if (story.world.tally.draw("partialShipment", random)) {
    story.shape(leg.order.id, "partialShipment");
    return cutIntoParts(lines, 2);
  }
  if (lines.some((line) => line.quantity % 2 === 1)) return [lines];
  if (!story.world.tally.draw("repeatedShipment", story.random("repeated", leg.fulfillment))) return [lines];
  story.shape(leg.order.id, "repeatedShipment");
  const half = lines.map((line) => ({ ...line, quantity: line.quantity / 2 }));
  return [half, half];
}

function cancelInWarehouse(story: Story, leg: Leg, at: number): void {
  cancelOrder(
    story,
    leg.order,
    leg.lines,
    at - MINUTE,
    "customer cancelled, warehouse informed",
    "cancelledAfterRelease",
  );
  story.emit(leg.warehouse.source, "shipment.cancelled", at, {
    objects: [
      { ...shipmentRef(leg.warehouse, story.world.numbers.shipment()), qualifier: "subject" },
      { type: "fulfillment", id: leg.fulfillment },
    ],
    attributes: { reason: "cancelled by OMS" },
  });
}

/** Joins what one warehouse holds for one customer within half a day into one shipment. */
function consolidate(story: Story, plans: readonly ShipmentPlan[]): ShipmentPlan[] {
  const joined: ShipmentPlan[] = [];
  for (const plan of plans) {
    const i = joined.findIndex((each) => each.warehouse === plan.warehouse && plan.startAt - each.startAt < 12 * HOUR);
    const other = joined[i];
    if (other === undefined) joined.push(plan);
    else {
      joined[i] = {
        ...other,
        orders: [...new Set([...other.orders, ...plan.orders])],
        lines: [...other.lines, ...plan.lines],
        startAt: plan.startAt,
      };
    }
  }
  for (const plan of joined) {
    if (plan.orders.length > 1) for (const order of plan.orders) story.shape(order.id, "consolidatedShipment");
  }
  return joined;
}
