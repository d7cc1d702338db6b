import { MINUTE, nextTruck, nextWave, SECOND } from "./calendar";
import { INTERFACES } from "./enterprise";
import { money, type ObjectRef } from "./event";
import { callUntilOk } from "./gateway";
import { orderRef } from "./intake";
import { centsOf, eventLines, unitsOf } from "./order";
import { packShipment } from "./packing";
import { anotherWarehouse, type Leg, request } from "./planning";
import type { Random } from "./random";
import {
  type ConfirmedShipment,
  mergeLines,
  type PackedShipment,
  type ShipLine,
  type ShipmentPlan,
  shipmentRef,
} from "./shipment";
import type { Story, StoryRecord } from "./story";

/** The warehouse: takes a fulfilment on, picks it in waves, packs it, and confirms the shipment as the truck leaves. */

/** Delivers the request to the warehouse. A rejected leg goes to another warehouse under a new number. */
export function acceptLeg(story: Story, leg: Leg): { readonly leg: Leg; readonly acceptedAt: number } {
  const random = story.random("accept", leg.fulfillment);
  const subject: ObjectRef = { type: "fulfillment", id: leg.fulfillment };
  const call = callUntilOk(story, random, {
    at: leg.requestedAt + random.between(0.2, 2) * SECOND,
    interface: INTERFACES.fulfillment,
    method: "POST",
    path: `/${leg.warehouse.source}/fulfillments`,
    target: leg.warehouse.source.toUpperCase(),
    trace: random.hex(32),
    objects: [subject],
    requestObjects: [subject],
    body: {
      fulfillment: leg.fulfillment,
      lines: leg.lines.map((line) => ({ sku: line.product.sku, qty: line.quantity })),
    },
    idempotencyKey: leg.fulfillment,
  });
  const at = call.at + random.lognormal(40 * SECOND, 0.8);
  if (story.world.tally.draw("fulfillmentRejected", random)) {
    story.emit(leg.warehouse.source, "fulfillment.rejected", at, {
      objects: [subject],
      outcome: "rejected",
      interface: INTERFACES.fulfillment,
      error: {
        class: "business",
        code: "NO_SLOT",
        message: `No pick face for ${leg.lines[0]?.product.sku} in ${leg.warehouse.location}`,
      },
    });
    story.shape(leg.order.id, "fulfillmentRejected");
    const again = request(story, leg.order, leg.lines, anotherWarehouse(leg.warehouse, random), at + 2 * MINUTE);
    return acceptLeg(story, again);
  }
  story.emit(leg.warehouse.source, "fulfillment.accepted", at, {
    // The central warehouse is fed from the ERP and keeps the ERP's number, without its leading zeros.
    objects:
      leg.warehouse.source === "wms-central"
        ? [subject, { type: "erp_order", id: String(Number(leg.order.erpOrder)) }]
        : [subject],
    interface: INTERFACES.fulfillment,
  });
  return { leg, acceptedAt: at };
}

export function pickAndShip(
  story: Story,
  plan: ShipmentPlan,
  neighbours: readonly ConfirmedShipment[],
): ConfirmedShipment {
  const random = story.random("warehouse", plan.id);
  const offset = plan.warehouse.utcOffsetHours;
  const waveAt = nextWave(plan.startAt + 10 * MINUTE, offset);
  const pickedAt = pick(story, plan, waveAt, random);
  const packed = packShipment(story, plan, pickedAt, neighbours, random);
  const departure = nextTruck(packed.packedAt + 12 * MINUTE, offset);
  const confirmedAt = departure - random.between(1, 9) * MINUTE;
  const confirmation = confirm(story, plan, packed, confirmedAt);
  return { ...plan, packed, confirmedAt, confirmation };
}

/** One task for up to four lines. The three hosts differ in what their pick messages name. */
function pick(story: Story, plan: ShipmentPlan, waveAt: number, random: Random): number {
  const { source, location } = plan.warehouse;
  const wave = `W${new Date(waveAt).toISOString().slice(2, 13).replace(/[-T]/g, "")}`;
  let last = waveAt;
  for (const [fulfillment, lines] of byFulfillment(plan.lines)) {
    for (let i = 0; i < lines.length; i += 4) {
      const taskLines = lines.slice(i, i + 4);
      const at = waveAt + random.lognormal(38 * MINUTE, 0.75);
      last = Math.max(last, at);
      const task: ObjectRef = { type: "warehouse_task", id: story.world.numbers.task(source), qualifier: "subject" };
      const shipment = shipmentRef(plan.warehouse, plan.id);
      const order: ObjectRef = { type: "fulfillment", id: fulfillment };
      const named = source === "wms-west" ? [order] : source === "wms-central" ? [shipment] : [shipment, order];
      story.emit(
        source,
        "pick.completed",
        at,
        {
          objects: [task, ...named, { type: "wave", id: wave }, { type: "location", id: location }],
          lines: taskLines.map((line) => ({
            sku: line.product.sku,
            location,
            quantity: String(line.quantity),
            uom: "EA",
          })),
          attributes: { picker: `P${random.int(101, 164)}`, zone: random.pick(["A", "B", "C", "M"]) },
        },
        { mayBeLost: true },
      );
      if (random.chance(0.06)) forwardPick(story, source, task.id, at, random);
    }
  }
  return last;
}

/** Middleware quotes a warehouse's task number and says whose number it is. */
function forwardPick(story: Story, issuer: string, task: string, at: number, random: Random): void {
  story.emit("middleware", "step.completed", at + random.between(2, 9) * SECOND, {
    objects: [{ type: "warehouse_task", id: task, issuer }],
    durationMs: random.int(5, 60),
    attributes: { process: "warehouse-progress", step: "forward-pick" },
  });
}

function byFulfillment(lines: readonly ShipLine[]): Map<string, ShipLine[]> {
  const groups = new Map<string, ShipLine[]>();
  for (const line of lines) {
    const group = groups.get(line.fulfillment);
    if (group === undefined) groups.set(line.fulfillment, [line]);
    else group.push(line);
  }
  return groups;
}

function confirm(story: Story, plan: ShipmentPlan, packed: PackedShipment, at: number): StoryRecord {
  const shipment = shipmentRef(plan.warehouse, plan.id);
  const fulfillments = [...byFulfillment(plan.lines).keys()].map((id) => ({ type: "fulfillment", id }));
  const orders = plan.orders.map(orderRef);
  const { location } = plan.warehouse;
  const record = story.emit(plan.warehouse.source, "shipment.confirmed", at, {
    objects: [{ ...shipment, qualifier: "subject" }, ...orders, ...fulfillments, { type: "location", id: location }],
    links: [...orders, ...fulfillments].map((parent) => ({ child: shipment, parent })),
    interface: INTERFACES.shipmentConfirmation,
    lines: eventLines(mergeLines(plan.lines), { location, direction: "out" }),
    amount: money(centsOf(plan.lines)),
    currency: "USD",
    attributes: { carrier: packed.carrier, packages: packed.packages.length },
  });
  for (const order of plan.orders) {
    const own = plan.lines.filter((line) => line.orderId === order.id);
    story.book(order.id, "shipped", unitsOf(own), centsOf(own), record);
  }
  return record;
}
