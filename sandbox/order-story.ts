import { bill } from "./billing";
import { HOUR, MINUTE } from "./calendar";
import { carry } from "./carriage";
import { cancelOrder, takeOrder } from "./intake";
import { type OrderGroup, unitsOf } from "./order";
import { type Leg, planLegs } from "./planning";
import { postGoodsIssue } from "./postings";
import { returnGoods } from "./returns";
import { type ConfirmedShipment, type ShipLine, type ShipmentPlan, shipmentRef } from "./shipment";
import { adjustLines, type CurrentLines } from "./shortfall";
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
  const plans = taken
    .flatMap((each) => {
      const legs = planLegs(story, each, group.kind === "consolidated");
      return legs.flatMap((leg) => planShipments(story, leg, legs.length === 1 && group.kind === "single", current));
    })
    .sort((a, b) => a.startAt - b.startAt);

  const shipments: ConfirmedShipment[] = [];
  for (const plan of group.kind === "consolidated" ? consolidate(story, plans) : plans) {
    shipments.push(pickAndShip(story, plan, shipments));
  }
  const posted = shipments.map((shipment) => postGoodsIssue(story, shipment));
  const invoices = bill(story, group, posted);
  for (const shipment of shipments) returnGoods(story, shipment, carry(story, shipment), invoices);
  return story;
}

/** One leg becomes one shipment, two when it leaves in parts, none when it is cancelled in time. */
function planShipments(story: Story, requested: Leg, mayCancel: boolean, current: CurrentLines): ShipmentPlan[] {
  const { leg, acceptedAt } = acceptLeg(story, requested);
  const random = story.random("shipments", leg.fulfillment);
  if (mayCancel && story.world.tally.draw("cancelledAfterRelease", random)) {
    cancelInWarehouse(story, leg, acceptedAt + random.between(4, 80) * MINUTE);
    return [];
  }
  const lines = adjustLines(story, leg, acceptedAt, current).map((line): ShipLine => {
    return { ...line, orderId: leg.order.id, fulfillment: leg.fulfillment };
  });
  const plan = (part: readonly ShipLine[], startAt: number): ShipmentPlan => ({
    id: story.world.numbers.shipment(),
    warehouse: leg.warehouse,
    orders: [leg.order],
    lines: part,
    startAt,
  });
  if (unitsOf(lines) < 2 || !story.world.tally.draw("partialShipment", random)) return [plan(lines, acceptedAt)];
  story.shape(leg.order.id, "partialShipment");
  const [first, second] = halve(lines);
  return [plan(first, acceptedAt), plan(second, acceptedAt + random.between(14, 60) * HOUR)];
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

/** Splits by units: both parts hold at least one. */
function halve(lines: readonly ShipLine[]): [ShipLine[], ShipLine[]] {
  const first: ShipLine[] = [];
  const second: ShipLine[] = [];
  let room = Math.ceil(unitsOf(lines) / 2);
  for (const line of lines) {
    const now = Math.min(room, line.quantity);
    room -= now;
    if (now > 0) first.push({ ...line, quantity: now });
    if (now < line.quantity) second.push({ ...line, quantity: line.quantity - now });
  }
  return [first, second];
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
