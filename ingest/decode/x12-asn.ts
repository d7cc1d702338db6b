/** 856 advance ship notice: its HL segments are a tree that says what belongs to what, so its event states its links. */
import type { X12Mapping } from "@/lib/config/mapping-schema";
import type { Segment } from "./x12-interchange";
import { element, firstOf, productOf, type Reading, type Reference, required, timeOf } from "./x12-reading";

/** Levels from the outside in; a pack may stand above or below its order. */
const DEPTH: Readonly<Record<string, number>> = { S: 0, O: 1, T: 2, P: 2, I: 3 };

interface Level {
  readonly id: string;
  readonly code: string;
  readonly parent: Level | null;
  readonly segments: Segment[];
}

interface Link {
  readonly child: Reference;
  readonly parent: Reference;
}

export function shipNotice(reading: Reading, mapping: X12Mapping): Record<string, unknown> {
  const bsn = firstOf(reading, "BSN");
  const shipment: Reference = { type: "shipment", id: shipmentNumber(reading, bsn) };
  const levels = levelsOf(reading);
  const objects: Reference[] = [shipment];
  const links: Link[] = [];
  const add = (object: Reference): Reference => {
    const known = objects.find(({ type, id }) => type === object.type && id === object.id);
    if (!known) objects.push(object);
    return known ?? object;
  };
  const link = (child: Reference, parent: Reference): void => {
    if (!links.some((known) => known.child === child && known.parent === parent)) links.push({ child, parent });
  };
  for (const level of levels) {
    for (const order of ordersAt(level, mapping)) link(shipment, add(order));
    for (const tracking of referencesAt(level, "REF", "CN")) link(add({ type: "tracking", id: tracking }), shipment);
    for (const id of packagesAt(level)) {
      const box = add({ type: "package", id });
      link(box, shipment);
      for (const parent of packParents(level, levels, mapping)) link(box, add(parent));
    }
  }
  return {
    type: "shipment.confirmed",
    time: shippedAt(reading) ?? timeOf(reading, "BSN", bsn, [3, 4]),
    data: {
      objects,
      links,
      lines: levels.flatMap(linesAt),
      attributes: { billOfLading: referencesAt(levels[0], "REF", "BM")[0] },
    },
  };
}

/** BSN02, else what the shipment level calls itself: a packing list or bill of lading. */
function shipmentNumber(reading: Reading, bsn: Segment | undefined): string {
  const named = element(bsn, 2);
  if (named !== undefined) return named;
  const references = reading.set.segments.filter(({ name }) => name === "REF");
  const known =
    references.find((segment) => element(segment, 1) === "PK") ??
    references.find((segment) => element(segment, 1) === "BM");
  return element(known, 2) ?? required(reading, "BSN", bsn, 2);
}

/** DTM 011: shipped. */
function shippedAt(reading: Reading): string | undefined {
  const shipped = reading.set.segments.find((segment) => segment.name === "DTM" && element(segment, 1) === "011");
  return timeOf(reading, "DTM", shipped, [2, 3, 4]);
}

/** HL02 names the parent; where senders leave it out, it is the nearest level further out. */
function levelsOf(reading: Reading): Level[] {
  const levels: Level[] = [];
  for (const segment of reading.set.segments) {
    if (segment.name !== "HL") {
      levels.at(-1)?.segments.push(segment);
      continue;
    }
    const code = element(segment, 3) ?? "";
    const parentId = element(segment, 2);
    const named = parentId === undefined ? undefined : levels.find(({ id }) => id === parentId);
    const outer = levels.findLast((level) => (DEPTH[level.code] ?? 9) < (DEPTH[code] ?? 9));
    levels.push({ id: element(segment, 1) ?? "", code, parent: named ?? outer ?? null, segments: [] });
  }
  return levels;
}

const ordersAt = (level: Level, { order }: X12Mapping): Reference[] =>
  level.segments.flatMap((segment) => {
    const id = segment.name === "PRF" ? element(segment, 1) : undefined;
    return id === undefined ? [] : [{ type: order, id }];
  });

const referencesAt = (level: Level | undefined, name: string, qualifier: string): string[] =>
  (level?.segments ?? []).flatMap((segment) => {
    const value = segment.name === name && element(segment, 1) === qualifier ? element(segment, 2) : undefined;
    return value === undefined ? [] : [value];
  });

/** MAN GM: the serial number of the carton or pallet (SSCC). */
const packagesAt = (level: Level): string[] =>
  level.code === "P" || level.code === "T" ? referencesAt(level, "MAN", "GM") : [];

/** The order it lies in, or the orders that lie in it, and the pallet around it. */
function packParents(pack: Level, levels: readonly Level[], mapping: X12Mapping): Reference[] {
  const parents: Reference[] = [];
  for (let outer = pack.parent; outer !== null; outer = outer.parent) {
    parents.push(...ordersAt(outer, mapping), ...packagesAt(outer).map((id) => ({ type: "package", id })));
  }
  for (const level of levels) if (isInside(level, pack)) parents.push(...ordersAt(level, mapping));
  return parents;
}

function isInside(level: Level, outer: Level): boolean {
  for (let at = level.parent; at !== null; at = at.parent) if (at === outer) return true;
  return false;
}

/** An item's LIN names the product, its SN1 how many. */
function linesAt({ segments }: Level): object[] {
  const shipped = segments.find(({ name }) => name === "SN1");
  const item = segments.find(({ name }) => name === "LIN");
  if (!shipped) return [];
  return [
    { sku: item && productOf(item, 2), quantity: element(shipped, 2), uom: element(shipped, 3), direction: "out" },
  ];
}
