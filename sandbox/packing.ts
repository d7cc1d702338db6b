import { MINUTE, SECOND } from "./calendar";
import { type CarrierSource, INTERFACES } from "./enterprise";
import { isoTime, type Link, type ObjectRef } from "./event";
import { callUntilOk } from "./gateway";
import type { Random } from "./random";
import { type ConfirmedShipment, type PackedShipment, type ShipmentPlan, shipmentRef } from "./shipment";
import type { Story } from "./story";

/** Cartons, pallets and labels: which package carries which tracking number, and who said so. */

const MOST_PARCELS = 5;
const MOST_CASES = 14;
const UPS_SERVICE_CODE = { standard: "03", expedited: "02", "next-day": "01" } as const;

export function packShipment(
  story: Story,
  plan: ShipmentPlan,
  pickedAt: number,
  neighbours: readonly ConfirmedShipment[],
  random: Random,
): PackedShipment {
  const fill = plan.lines.reduce((sum, line) => sum + line.quantity / line.product.perCarton, 0);
  const cartons = Math.max(1, Math.ceil(fill - 0.15));
  const packedAt = pickedAt + random.lognormal(26 * MINUTE, 0.6);
  const ids =
    cartons <= MOST_PARCELS
      ? packParcels(story, plan, cartons, packedAt)
      : [packPallet(story, plan, cartons, packedAt, random)];
  const carrier: CarrierSource = random.chance(0.62) ? "carrier-ups" : "carrier-dhl";
  const service = plan.orders[0]?.service ?? "standard";
  const packages = ids.map((id) => ({
    id,
    tracking:
      carrier === "carrier-ups"
        ? story.world.numbers.ups(plan.warehouse, UPS_SERVICE_CODE[service])
        : story.world.numbers.dhl(),
  }));
  const packed: PackedShipment = { packedAt, carrier, packages };
  const bookedAt = book(story, plan, packed, random);
  // DHL says itself which shipment a number is for, at pickup; for UPS the middleware keeps the label list.
  if (carrier === "carrier-ups") assignLabels(story, plan, packed, bookedAt, neighbours, random);
  return packed;
}

function packParcels(story: Story, plan: ShipmentPlan, count: number, packedAt: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const id = story.world.numbers.package();
    story.emit(
      plan.warehouse.source,
      "pack.completed",
      packedAt - (count - 1 - i) * 90 * SECOND,
      {
        objects: [{ type: "package", id, qualifier: "subject" }, shipmentRef(plan.warehouse, plan.id)],
        attributes: { carton: `${i + 1}/${count}` },
      },
      { mayBeLost: count > 1 },
    );
    return id;
  });
}

/** Cases go on a pallet, the pallet belongs to the shipment: links between objects of one type. */
function packPallet(story: Story, plan: ShipmentPlan, cartons: number, packedAt: number, random: Random): string {
  const { source } = plan.warehouse;
  const pallet: ObjectRef = { type: "package", id: story.world.numbers.package() };
  const shipment = shipmentRef(plan.warehouse, plan.id);
  const cases = Array.from({ length: Math.min(cartons, MOST_CASES) }, (): ObjectRef => {
    return { type: "package", id: story.world.numbers.package() };
  });
  story.emit(source, "pack.completed", packedAt, {
    objects: [{ ...pallet, qualifier: "subject" }, ...cases, shipment],
    links: [{ child: pallet, parent: shipment }, ...cases.map((child): Link => ({ child, parent: pallet }))],
    attributes: { handlingUnit: "pallet", cartons },
  });
  const [first] = cases;
  if (first !== undefined && story.world.tally.draw("packingLoop", random)) {
    const record = story.emit(source, "pack.completed", packedAt + 4 * MINUTE, {
      objects: [{ ...first, qualifier: "subject" }, pallet],
      links: [{ child: pallet, parent: first }],
      attributes: { handlingUnit: "carton" },
    });
    story.faults.push({
      kind: "packingLoop",
      order: plan.orders[0]?.id ?? "",
      events: [{ source, id: record.event.id }],
      expected: [],
      why: `${source} says that pallet ${pallet.id} lies in its own case ${first.id}: the links form a cycle`,
      detectableAt: isoTime(record.recordedAt),
    });
  }
  return pallet.id;
}

function book(story: Story, plan: ShipmentPlan, packed: PackedShipment, random: Random): number {
  const ups = packed.carrier === "carrier-ups";
  const shipment: ObjectRef = { type: "shipment", id: plan.id };
  const result = callUntilOk(story, random, {
    at: packed.packedAt + random.between(5, 60) * SECOND,
    interface: INTERFACES.carrierBooking,
    method: "POST",
    path: ups ? "/api/shipments/v2409/ship" : "/mydhlapi/shipments",
    target: ups ? "UPS" : "DHL",
    trace: random.hex(32),
    objects: [shipment],
    requestObjects: [shipment],
    body: { reference: plan.id, service: plan.orders[0]?.service, packages: packed.packages.length },
    idempotencyKey: `label-${plan.id}`,
  });
  return result.at;
}

function assignLabels(
  story: Story,
  plan: ShipmentPlan,
  packed: PackedShipment,
  at: number,
  neighbours: readonly ConfirmedShipment[],
  random: Random,
): void {
  const wrong = swappedPackage(story, plan, neighbours, random);
  const truth = packed.packages.map((item) => labelLink(item.tracking, item.id));
  const [first, ...rest] = truth;
  const [label] = packed.packages;
  if (wrong === undefined || first === undefined || label === undefined) {
    emitLabels(story, at + 300, truth, random);
    return;
  }
  const mistaken = labelLink(label.tracking, wrong);
  const stated = emitLabels(story, at + 300, [mistaken, ...rest], random);
  const foundAt = at + random.between(3, 25) * MINUTE;
  const retracted = story.emit("middleware", "link.retracted", foundAt, {
    objects: [mistaken.child, mistaken.parent],
    links: [mistaken],
    attributes: { reason: "label printed for the neighbouring package" },
  });
  const restated = emitLabels(story, foundAt + 20 * SECOND, [first], random);
  story.faults.push({
    kind: "swappedLabel",
    order: plan.orders[0]?.id ?? "",
    events: [stated, retracted, restated].map(({ event }) => ({ source: event.source, id: event.id })),
    expected: [],
    why: `${label.tracking} was first said to be on ${wrong}, of another order; the link was retracted and stated again for ${label.id}`,
    detectableAt: isoTime(stated.recordedAt),
    resolvedAt: isoTime(restated.recordedAt),
  });
}

/** A package of another order's shipment that the label may be taken for. */
function swappedPackage(
  story: Story,
  plan: ShipmentPlan,
  neighbours: readonly ConfirmedShipment[],
  random: Random,
): string | undefined {
  const own = new Set(plan.orders.map((order) => order.id));
  const other = neighbours.find((shipment) => shipment.orders.every((order) => !own.has(order.id)));
  if (other === undefined || !story.world.tally.draw("swappedLabel", random)) return undefined;
  return other.packed.packages[0]?.id;
}

function labelLink(tracking: string, parcel: string): Link {
  return { child: { type: "tracking", id: tracking }, parent: { type: "package", id: parcel } };
}

function emitLabels(story: Story, at: number, links: readonly Link[], random: Random) {
  return story.emit("middleware", "step.completed", at, {
    objects: links.flatMap((link) => [link.child, link.parent]),
    links,
    durationMs: random.int(20, 300),
    attributes: { process: "carrier-booking", step: "assign-label" },
  });
}
