import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeBody } from "@/ingest/decode/decode";
import { type Decoded, type DecodedEvent, isUnreadable, type Undecodable } from "@/ingest/decode/decoded";
import { createDecoders } from "@/ingest/decode/decoders";
import { placeLinks } from "@/ingest/decode/ocel-links";
import { loadMappings } from "@/lib/config/mappings";

const RANKS: Readonly<Record<string, number>> = {
  order: 0,
  purchase_order: 0,
  order_item: 2,
  package: 5,
  erp_document: 8,
  invoice: 9,
};
const { mappings } = loadMappings("config");
const decoders = createDecoders(mappings, (type) => RANKS[type] ?? null);

interface Log {
  objects: {
    id: string;
    type: string;
    attributes?: unknown[];
    relationships?: { objectId: string; qualifier: string }[];
  }[];
  events: {
    id: string;
    type: string;
    time: string;
    attributes?: unknown[];
    relationships?: { objectId: string; qualifier: string }[];
  }[];
}

const relation = (objectId: string, qualifier = "") => ({ objectId, qualifier });

const LOG: Log = {
  objects: [
    { id: "o1", type: "orders", relationships: [relation("i1", "comprises"), relation("c1")] },
    { id: "o2", type: "orders" },
    {
      id: "i1",
      type: "items",
      attributes: [{ name: "weight", time: "2023-01-01T00:00:00Z", value: 2 }],
      relationships: [relation("s1", "is a")],
    },
    { id: "p1", type: "packages", relationships: [relation("i1", "contains"), relation("p2", "contains")] },
    { id: "p2", type: "packages" },
    { id: "c1", type: "customers" },
    { id: "s1", type: "products", attributes: [{ name: "price", time: "2023-01-01T00:00:00Z", value: 9.5 }] },
    { id: "x1", type: "pallets", relationships: [relation("p1")] },
  ],
  events: [
    { id: "e3", type: "create package", time: "2023-04-03 14:00:00", relationships: [relation("p1")] },
    {
      id: "e1",
      type: "place order",
      time: "2023-04-03 12:08:18",
      relationships: [relation("o1", "order"), relation("c1")],
    },
    { id: "e2", type: "pick item", time: "2023-04-03T15:00:00+02:00", relationships: [relation("i1", "item")] },
    {
      id: "e4",
      type: "weigh package",
      time: "2023-04-03 15:00:00",
      attributes: [{ name: "kg", value: 2 }],
      relationships: [relation("p1")],
    },
  ],
};

function decode(log: unknown): Decoded[] {
  const body = Buffer.from(typeof log === "string" ? log : JSON.stringify(log));
  const result = decodeBody(body, { source: "ocel", contentType: "ocel2", headers: {} }, decoders);
  if (isUnreadable(result)) throw new Error(result.unreadable.reason);
  return result;
}

const eventsOf = (decoded: Decoded[]): DecodedEvent[] => decoded.filter((item): item is DecodedEvent => item.ok);
const deadOf = (decoded: Decoded[]): Undecodable[] => decoded.filter((item): item is Undecodable => !item.ok);

/** "package p1 → order_item i1", by the id of the event that carries it; synthetic events under their type. */
function linksByEvent(decoded: Decoded[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { event } of eventsOf(decoded)) {
    const key = event.type === "object.related" ? event.type : event.id;
    for (const { child, parent } of event.data.links ?? []) {
      found[key] = [...(found[key] ?? []), `${child.type} ${child.id} → ${parent.type} ${parent.id}`];
    }
  }
  return found;
}

describe("an OCEL 2.0 log", () => {
  it("becomes events under the log's ids, with mapped types, UTC times and the log's own type kept", () => {
    const events = eventsOf(decode(LOG)).filter(({ event }) => event.id.startsWith("e"));
    expect(events.map(({ event }) => [event.id, event.type, event.time])).toEqual([
      ["e3", "pack.completed", "2023-04-03T14:00:00.000Z"],
      ["e1", "order.created", "2023-04-03T12:08:18.000Z"],
      ["e2", "pick.completed", "2023-04-03T13:00:00.000Z"],
      ["e4", "weigh package", "2023-04-03T15:00:00.000Z"],
    ]);
    expect(events[3]?.event.data).toMatchObject({ attributes: { kg: 2, "ocel:type": "weigh package" } });
    expect(events[1]?.event.data.objects).toMatchObject([
      { type: "order", id: "o1", qualifier: "order" },
      { type: "customer" },
    ]);
  });

  it("states each relation once, child by rank, with the first event that names its ends", () => {
    expect(linksByEvent(decode(LOG))).toEqual({
      // Nobody names both ends: the first event of the child carries it.
      e2: ["order_item i1 → order o1"],
      // Of two packages, the one that says the relation is the parent; only it is named by an event.
      e3: ["package p1 → order_item i1", "package p2 → package p1"],
    });
  });

  it("prefers an event that names both ends over an earlier one that names one", () => {
    const both = {
      id: "e9",
      type: "check",
      time: "2023-05-01T00:00:00Z",
      relationships: [relation("i1"), relation("o1")],
    };
    expect(linksByEvent(decode({ ...LOG, events: [...LOG.events, both] }))).toMatchObject({
      e9: ["order_item i1 → order o1"],
    });
  });

  it("says with an event of no journey what no event names", () => {
    const objects = [
      { id: "o9", type: "orders", relationships: [relation("i9")] },
      { id: "i9", type: "items" },
    ];
    const decoded = decode({ ...LOG, objects: [...LOG.objects, ...objects] });
    const related = eventsOf(decoded).filter(({ event }) => event.type === "object.related");
    expect(related.map(({ event }) => event.data)).toMatchObject([
      { objects: [], links: [{ child: { type: "order_item", id: "i9" }, parent: { type: "order", id: "o9" } }] },
    ]);
  });

  it("gives every event links, if none, so that nothing is inferred beside what the log says", () => {
    for (const { event } of eventsOf(decode(LOG))) expect(event.data.links).toBeInstanceOf(Array);
  });

  it("keeps the attributes of an object with the first event that names it, else with an event of its own", () => {
    const events = eventsOf(decode(LOG));
    const item = events.find(({ event }) => event.id === "e2")?.event.data.objects[0];
    expect(item).toMatchObject({ id: "i1", attributes: [{ name: "weight", value: 2 }] });
    const described = events
      .filter(({ event }) => event.type === "object.described")
      .map(({ event }) => event.data.attributes);
    expect(described).toMatchObject([
      { object: { type: "order", id: "o2" } },
      { object: { type: "package", id: "p2" } },
      { object: { type: "sku", id: "s1", attributes: [{ name: "price", value: 9.5 }] } },
      { object: { type: "pallets", id: "x1" } },
    ]);
  });

  it("gives the same events whatever the order of its events and objects", () => {
    const identities = (log: Log) =>
      eventsOf(decode(log))
        .map(({ event, contentHash }) => `${event.id} ${contentHash}`)
        .sort();
    const reversed = { events: LOG.events.toReversed(), objects: LOG.objects.toReversed() };
    expect(identities(reversed)).toEqual(identities(LOG));
  });

  it("refuses an event without a time that exists, or with an object that the log does not declare, and keeps its neighbours", () => {
    const bad = [
      { id: "b1", type: "x", time: "2023-02-30 00:00:00" },
      { id: "b2", type: "x", time: "2023-04-03T00:00:00Z", relationships: [relation("nobody")] },
      { id: 5, type: "x", time: "2023-04-03T00:00:00Z" },
    ];
    const decoded = decode({ ...LOG, events: [...bad, ...LOG.events] });
    expect(deadOf(decoded).map(({ path }) => path)).toEqual([
      "events.0.time",
      "events.1.relationships.0.objectId",
      "events.2.id",
    ]);
    expect(linksByEvent(decoded)).toEqual(linksByEvent(decode(LOG)));
  });

  it("refuses a number that would change in one object and keeps the others", () => {
    const text = JSON.stringify(LOG).replace('"value":9.5', '"value":9007199254740993');
    expect(deadOf(decode(text))).toMatchObject([{ path: "objects.6.attributes.0.value", source: "ocel" }]);
  });

  it("is refused as a whole when it is no OCEL log", () => {
    for (const body of [
      "",
      "[]",
      "{}",
      '{"events":[]}',
      '{"events":{},"objects":[]}',
      '{"events":[{]}, "objects":[]}',
    ]) {
      const result = decodeBody(Buffer.from(body), { source: "ocel", contentType: "ocel2", headers: {} }, decoders);
      expect(isUnreadable(result)).toBe(true);
    }
  });

  it("must be sent for a source", () => {
    const result = decodeBody(
      Buffer.from(JSON.stringify(LOG)),
      { source: null, contentType: "ocel2", headers: {} },
      decoders,
    );
    expect(result).toMatchObject({ unreadable: { path: "source" } });
  });
});

describe("placing links", () => {
  it("leaves what exceeds an event's limit to other events", () => {
    const event = { id: "e", time: "2023-01-01T00:00:00.000Z", objectIds: new Set(["p"]) };
    const relations = ["a", "b", "c"].map((childId) => ({ childId, parentId: "p" }));
    const placed = placeLinks(relations, [event], 2);
    expect(placed.get("e")).toHaveLength(2);
    expect(placed.get(null)).toHaveLength(1);
  });
});

const samples = process.env.THROUGHLINE_SAMPLES ?? "../shared/data";

describe.skipIf(!existsSync(join(samples, "ocel")))("real logs (skipped without the samples folder)", () => {
  const read = (name: string) => gunzipSync(readFileSync(join(samples, "ocel", name))).toString();

  it.each([
    // Events, relations between ranked objects: counted from the files' own contents.
    ["order-management.ocel2.json.gz", 18_211, 7_670 + 7_670],
    ["bpi_2019_ocel.json.gz", 3_662, 1_414 + 548 + 1_324],
  ])(
    "%s: every event stands, every relation is stated once, and each by an event that names an end",
    (name, count, relations) => {
      const decoded = decode(read(name));
      expect(deadOf(decoded)).toEqual([]);
      const events = eventsOf(decoded).filter(({ event }) => !event.type.startsWith("object."));
      expect(events).toHaveLength(count);
      const stated = events.flatMap(({ event }) => (event.data.links ?? []).map((link) => ({ link, event })));
      expect(stated).toHaveLength(relations);
      expect(new Set(stated.map(({ link }) => JSON.stringify(link))).size).toBe(relations);
      const named = stated.filter(({ link, event }) =>
        event.data.objects.some(({ id }) => id === link.child.id || id === link.parent.id),
      );
      expect(named).toHaveLength(relations);
    },
  );
});
