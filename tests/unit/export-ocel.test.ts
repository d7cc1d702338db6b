import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { correlate } from "@/ingest/correlate/correlate";
import type { CorrelatedEvent } from "@/ingest/correlate/correlated-event";
import { decodeBody } from "@/ingest/decode/decode";
import { isUnreadable } from "@/ingest/decode/decoded";
import { createDecoders } from "@/ingest/decode/decoders";
import { ocelDocument } from "@/ingest/export/ocel-document";
import { loadMappings } from "@/lib/config/mappings";
import { loadCatalogue } from "@/lib/config/objects";
import { loadSystems } from "@/lib/config/systems";
import { identify } from "@/lib/domain/identifier";
import { rankOf } from "@/lib/domain/object";
import type { ExportedEvent } from "@/lib/queries/exported-events";

const catalogue = loadCatalogue("config");
const rules = { catalogue, systems: loadSystems("config") };
const decoders = createDecoders(loadMappings("config").mappings, (type) => rankOf(catalogue, type));

function importLog(text: string): CorrelatedEvent[] {
  const decoded = decodeBody(Buffer.from(text), { source: "ocel", contentType: "ocel2", headers: {} }, decoders);
  if (isUnreadable(decoded)) throw new Error(decoded.unreadable.reason);
  return decoded.map((item) => {
    if (!item.ok) throw new Error(item.reason);
    const correlated = correlate(item, rules);
    if ("fault" in correlated) throw new Error(correlated.fault.reason);
    return correlated;
  });
}

/** The rows that the store would give back. */
const exported = ({ event, objects, payload }: CorrelatedEvent): ExportedEvent => ({
  source: event.source,
  id: event.id,
  type: event.type,
  kind: event.data.kind,
  occurredAt: event.time,
  outcome: event.data.outcome,
  interface: event.data.interface ?? "",
  errorCode: event.data.error?.code ?? "",
  quantity: null,
  amount: event.data.amount ?? null,
  currency: event.data.currency ?? "",
  objects,
  payload,
});

async function exportLog(
  events: readonly CorrelatedEvent[],
  shared: { objects?: string[]; events?: string[] } = {},
): Promise<string> {
  let text = "";
  const document = ocelDocument({
    events: events.map(exported),
    links: events.flatMap(({ links }) => links),
    sharedObjectIds: new Set(shared.objects),
    sharedEventIds: new Set(shared.events),
    identify: (stated, source) => identify(stated, source, {}, catalogue),
  });
  for await (const piece of document) text += piece;
  return text;
}

interface Log {
  events: { id: string; type: string; time: string; relationships: { objectId: string; qualifier: string }[] }[];
  objects: {
    id: string;
    type: string;
    attributes: { name: string; value: unknown }[];
    relationships: { objectId: string }[];
  }[];
  objectTypes: { name: string; attributes: { name: string; type: string }[] }[];
  eventTypes: { name: string }[];
}

const LOG = {
  objects: [
    { id: "o1", type: "orders", relationships: [{ objectId: "i1", qualifier: "comprises" }] },
    { id: "i1", type: "items", attributes: [{ name: "weight", time: "2023-01-01T00:00:00Z", value: 2.5 }] },
    { id: "s1", type: "products", attributes: [{ name: "price", time: "2023-01-01T00:00:00Z", value: 9 }] },
  ],
  events: [
    {
      id: "e1",
      type: "place order",
      time: "2023-04-03T12:00:00Z",
      relationships: [{ objectId: "o1", qualifier: "order" }],
    },
    {
      id: "e2",
      type: "pick item",
      time: "2023-04-03T13:00:00Z",
      relationships: [{ objectId: "i1", qualifier: "item" }],
    },
  ],
};

/** What an import says, apart from the attributes that an export adds. */
const meaning = (events: readonly CorrelatedEvent[]) => ({
  events: events
    .filter(({ event }) => !event.type.startsWith("object."))
    .map(({ event, objects }) => JSON.stringify([event.id, event.type, event.time, objects]))
    .sort(),
  links: events.flatMap(({ links }) => links.map((link) => JSON.stringify(link))).sort(),
});

describe("an exported log", () => {
  it("declares its types and attributes, each object once, and links as relations", async () => {
    const log = JSON.parse(await exportLog(importLog(JSON.stringify(LOG)))) as Log;
    expect(log.events.map(({ id, type, time }) => [id, type, time])).toEqual([
      ["e1", "order.created", "2023-04-03T12:00:00.000Z"],
      ["e2", "pick.completed", "2023-04-03T13:00:00.000Z"],
    ]);
    expect(log.objects.map(({ id, type }) => [id, type]).sort()).toEqual([
      ["i1", "order_item"],
      ["o1", "order"],
      ["s1", "sku"],
    ]);
    expect(log.objects.find(({ id }) => id === "o1")?.relationships).toMatchObject([{ objectId: "i1" }]);
    expect(log.objects.find(({ id }) => id === "s1")?.attributes).toMatchObject([{ name: "price", value: 9 }]);
    expect(log.objectTypes).toContainEqual({ name: "order_item", attributes: [{ name: "weight", type: "float" }] });
    expect(log.eventTypes.map(({ name }) => name)).toEqual(["order.created", "pick.completed"]);
  });

  it("means the same when it is imported again", async () => {
    const first = importLog(JSON.stringify(LOG));
    expect(meaning(importLog(await exportLog(first)))).toEqual(meaning(first));
  });

  it("names objects by type and events by source where their ids are not unique", async () => {
    const log = JSON.parse(await exportLog(importLog(JSON.stringify(LOG)), { objects: ["o1"], events: ["e2"] })) as Log;
    expect(log.events.map(({ id }) => id)).toEqual(["e1", "ocel:e2"]);
    expect(log.events[0]?.relationships).toEqual([{ objectId: "order:o1", qualifier: "order" }]);
    expect(log.objects.map(({ id }) => id)).toContain("order:o1");
  });
});

const sample = join(process.env.THROUGHLINE_SAMPLES ?? "../shared/data", "ocel", "bpi_2019_ocel.json.gz");

describe.skipIf(!existsSync(sample))("a real log (skipped without the samples folder)", () => {
  it("means the same after import, export and import", async () => {
    const first = importLog(gunzipSync(readFileSync(sample)).toString());
    const again = importLog(await exportLog(first));
    expect(meaning(again)).toEqual(meaning(first));
  });
});
