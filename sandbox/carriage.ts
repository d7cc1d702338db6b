import { addBusinessDays, HOUR, isWeekend, localDayStart, MINUTE } from "./calendar";
import { type CarrierSource, INTERFACES, type WarehouseSource } from "./enterprise";
import { isoTime, type ObjectRef } from "./event";
import { type ServiceLevel, TRANSIT_DAYS } from "./order";
import type { Random } from "./random";
import type { ConfirmedShipment, Package } from "./shipment";
import type { Story } from "./story";

/** The carriers: they know a tracking number, a scan and a depot. Only DHL's pickup scan quotes our shipment. */

/** Each carrier's hub of a region, and the air hub between regions. */
const HUBS: Readonly<Record<CarrierSource, Readonly<Record<WarehouseSource | "air", string>>>> = {
  "carrier-ups": {
    "wms-east": "Secaucus NJ",
    "wms-central": "Hodgkins IL",
    "wms-west": "Ontario CA",
    air: "Louisville KY",
  },
  "carrier-dhl": {
    "wms-east": "Carteret NJ",
    "wms-central": "Des Plaines IL",
    "wms-west": "Riverside CA",
    air: "Erlanger KY",
  },
};

/** The hubs on the way: the warehouse's, across regions the air hub too, then the customer's. */
function routeOf(shipment: ConfirmedShipment): string[] {
  const hubs = HUBS[shipment.packed.carrier];
  const from = shipment.warehouse.source;
  const to = shipment.orders[0]?.customer.home ?? from;
  return from === to ? [hubs[from]] : [hubs[from], hubs.air, hubs[to]];
}

/** Carries every package of a shipment; answers when the last one was delivered. */
export function carry(story: Story, shipment: ConfirmedShipment): number {
  let lastAt = 0;
  shipment.packed.packages.forEach((item, i) => {
    const random = story.random("carriage", item.id);
    lastAt = Math.max(lastAt, carryPackage(story, shipment, item, i, random));
  });
  return lastAt;
}

function carryPackage(
  story: Story,
  shipment: ConfirmedShipment,
  item: Package,
  position: number,
  random: Random,
): number {
  const { carrier } = shipment.packed;
  const order = shipment.orders[0];
  const destination = order?.customer;
  const offset = destination?.utcOffsetHours ?? shipment.warehouse.utcOffsetHours;
  const tracking: ObjectRef = { type: "tracking", id: item.tracking };
  const scan = (type: string, at: number, place: string, attributes: Readonly<Record<string, unknown>> = {}) =>
    story.emit(carrier, type, at, {
      objects: [tracking, { type: "depot", id: place }],
      interface: INTERFACES.tracking,
      attributes: { place, ...attributes },
    });

  const pickedUpAt = shipment.confirmedAt + random.between(8, 50) * MINUTE + position * 40_000;
  pickUp(story, shipment, tracking, pickedUpAt, random);

  const route = routeOf(shipment);
  let day = localDayStart(pickedUpAt, offset);
  let at = pickedUpAt + random.between(2, 6) * HOUR;
  const travel = transitDays(order?.service ?? "standard", random);
  // Long journeys are scanned out of the last hub as well; what is due tomorrow is seldom scanned everywhere.
  const scanned = travel === 1 ? route.slice(0, 2) : travel >= 4 ? [...route, route.at(-1) ?? ""] : route;
  scanned.forEach((hub, hop) => {
    if (hop > 0) at += travel === 1 ? random.between(3, 5) * HOUR : random.between(9, 20) * HOUR;
    scan("carrier.in_transit", at, hub);
  });
  day = addBusinessDays(day, travel, offset);
  if (story.world.tally.draw("carrierException", random)) {
    const [code, reason] = random.pick(EXCEPTIONS);
    scan("carrier.exception", Math.max(at + HOUR, day + 9 * HOUR), route.at(-1) ?? "", { code, reason });
    day = addBusinessDays(day, random.int(1, 4), offset);
  }
  while (isWeekend(day, offset)) day = addBusinessDays(day, 1, offset);
  const outAt = Math.max(at + HOUR, day + random.between(5.5, 9) * HOUR);
  scan("carrier.out_for_delivery", outAt, order?.shipTo.city ?? "");
  const deliveredAt = Math.max(outAt + HOUR, day + random.between(9.5, 19) * HOUR);
  scan("carrier.delivered", deliveredAt, order?.shipTo.city ?? "", {
    signedBy: random.chance(0.3) ? order?.shipTo.name.split(" ").at(-1) : "left at door",
  });
  return deliveredAt;
}

const EXCEPTIONS = [
  ["X1", "Delayed by weather"],
  ["X2", "Address incomplete, carrier contacts receiver"],
  ["X3", "Receiver not available, second attempt next working day"],
  ["X4", "Missed connection at hub"],
  ["X5", "Held for inspection of damaged packaging"],
] as const;

/** Mostly a day or two better than promised, seldom worse. */
function transitDays(service: ServiceLevel, random: Random): number {
  const promised = TRANSIT_DAYS[service];
  if (service === "next-day") return random.chance(0.94) ? 1 : 2;
  if (service === "expedited") return random.chance(0.25) ? 1 : random.chance(0.95) ? 2 : 3;
  return Math.max(1, promised - (random.chance(0.06) ? 0 : random.int(1, 3)));
}

function pickUp(story: Story, shipment: ConfirmedShipment, tracking: ObjectRef, at: number, random: Random): void {
  const { carrier } = shipment.packed;
  const depot: ObjectRef = { type: "depot", id: shipment.warehouse.city };
  const attributes = { place: shipment.warehouse.city };
  if (carrier === "carrier-ups") {
    story.emit(carrier, "carrier.accepted", at, {
      objects: [tracking, depot],
      interface: INTERFACES.tracking,
      attributes,
    });
    return;
  }
  const parent: ObjectRef = { type: "shipment", id: shipment.id };
  const unreferenced = story.world.tally.draw("unreferencedTracking", random);
  const record = story.emit(
    carrier,
    "carrier.accepted",
    at,
    {
      objects: unreferenced ? [tracking, depot] : [tracking, parent, depot],
      ...(unreferenced ? {} : { links: [{ child: tracking, parent }] }),
      interface: INTERFACES.tracking,
      attributes: unreferenced ? attributes : { ...attributes, shipperReference: shipment.id },
    },
    // Some references come hours after the first scans: the journey must heal.
    random.chance(0.03) ? { heldBackMs: random.between(3, 20) * HOUR } : {},
  );
  if (!unreferenced) return;
  story.faults.push({
    kind: "unreferencedTracking",
    order: shipment.orders[0]?.id ?? "",
    events: [{ source: carrier, id: record.event.id }],
    expected:
      shipment.packed.packages.length > 1
        ? []
        : [{ rule: "carrier-pickup", key: { type: "shipment", id: shipment.id }, state: "late" }],
    why: `DHL took ${tracking.id} of ${shipment.id} without a shipper reference: nothing says to which shipment it belongs`,
    detectableAt: isoTime(record.recordedAt),
  });
}
