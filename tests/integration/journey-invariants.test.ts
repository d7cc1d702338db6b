/** Order, repetition, batching and concurrent workers do not matter; a rebuild gives the same rows (docs/concepts.md). */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectJourneys } from "@/ingest/project/journeys";
import { rebuild } from "@/ingest/project/rebuild";
import { loadFinance } from "@/lib/config/finance";
import type { Journey } from "@/lib/domain/journey";
import { objectKey } from "@/lib/domain/object";
import { readJourney, resolveRoots } from "@/lib/queries/journey";
import { readRulesInForce } from "@/lib/queries/rules-in-force";
import { searchObjects } from "@/lib/queries/search";
import { startTestStore, type TestStore } from "./embedded-store";
import { openTestPipeline, rules } from "./test-pipeline";

let test: TestStore;
const inForce = () => readRulesInForce(test.store, loadFinance("config"));
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test?.stop());

interface Reference {
  type: string;
  id: string;
}
interface PlannedEvent {
  source: string;
  type: string;
  minute: number;
  objects: Reference[];
  links: { child: Reference; parent: Reference }[] | null;
  outcome: string;
}

// A small world, so that everything meets everything: consolidated shipments, diamonds, cycles, links taken back.
const anyReference: fc.Arbitrary<Reference> = fc.record({
  type: fc.constantFrom("order", "order", "fulfillment", "shipment", "package", "invoice", "sku", "undeclared_thing"),
  id: fc.constantFrom("1", "2", "3", "4"),
});
const anyEvent: fc.Arbitrary<PlannedEvent> = fc.record({
  source: fc.constantFrom("oms", "wms-east", "erp", "carrier-dhl"),
  type: fc.constantFrom(
    "order.created",
    "shipment.confirmed",
    "goods_issue.posted",
    "link.retracted",
    "carrier.delivered",
    "custom.thing",
  ),
  minute: fc.integer({ min: 0, max: 50 }),
  objects: fc.array(anyReference, { maxLength: 4 }),
  links: fc.option(fc.array(fc.record({ child: anyReference, parent: anyReference }), { maxLength: 3 }), { freq: 2 }),
  outcome: fc.constantFrom("ok", "ok", "ok", "failed"),
});

/** The same events under other numbers, so that one store holds many worlds side by side. */
function inWorld(world: string, events: readonly PlannedEvent[]): object[] {
  const rename = ({ type, id }: Reference) => ({ type, id: `${world}-${id}` });
  return events.map((event, index) => ({
    specversion: "1.0",
    id: `${world}-${index}`,
    source: event.source,
    type: event.type,
    time: `2026-11-01T10:${String(event.minute).padStart(2, "0")}:00.000Z`,
    data: {
      objects: event.objects.map(rename),
      ...(event.links
        ? { links: event.links.map((link) => ({ child: rename(link.child), parent: rename(link.parent) })) }
        : {}),
      outcome: event.outcome,
      lines: [{ sku: "A-1", quantity: "1", uom: "EA" }],
    },
  }));
}

async function rowsOf(world: string): Promise<object[]> {
  const rows = await test.store.query<Record<string, unknown>>(
    "SELECT * EXCEPT (is_deleted) FROM journeys FINAL WHERE startsWith(root_id, {world:String}) ORDER BY root_type, root_id",
    { world: `${world}-` },
  );
  return rows.map((row) => ({ ...row, root_id: String(row.root_id).slice(world.length) }));
}

async function journeysOf(world: string): Promise<unknown[]> {
  const journeys: unknown[] = [];
  for (const type of ["order", "fulfillment", "shipment", "package", "invoice"]) {
    for (const id of ["1", "2", "3", "4"]) {
      const journey = await readJourney(test.store, rules, { type, id: `${world}-${id}` });
      if (journey) journeys.push(comparable(journey, world));
    }
  }
  return journeys;
}

/** Without what differs by nature: when we received it, and the world's own prefix. */
function comparable(journey: Journey, world: string): unknown {
  const events = journey.events.map(({ receivedAt: _, ...event }) => event);
  const { completeThrough: _, ...rest } = { ...journey, events };
  return JSON.parse(JSON.stringify(rest).replaceAll(`${world}-`, ""));
}

/** Rows on either side that have no equal on the other. */
function differences(actual: readonly object[], expected: readonly object[]): string[] {
  const [a, b] = [actual, expected].map((rows) => new Set(rows.map((row) => JSON.stringify(row))));
  return [
    ...[...(a ?? [])].filter((row) => !b?.has(row)).map((row) => `+ ${row}`),
    ...[...(b ?? [])].filter((row) => !a?.has(row)).map((row) => `- ${row}`),
  ];
}

describe("journeys", () => {
  let worlds = 0;

  it("do not depend on order, repetition, batching or on which of two workers took what", {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { minLength: 3, maxLength: 25 }),
        fc.infiniteStream(fc.nat()),
        async (events, choices) => {
          worlds += 1;
          const choose = (below: number) => (choices.next().value as number) % below;
          const [plain, mixed] = [`p${worlds}`, `m${worlds}`];

          const single = await openTestPipeline(test.store);
          await single.takeEvents(inWorld(plain, events));
          await single.close();

          const twice = [...inWorld(mixed, events), ...inWorld(mixed, events)];
          const shuffled = twice.map((event) => ({ event, at: choose(1_000_000) })).sort((a, b) => a.at - b.at);
          const workers = [await openTestPipeline(test.store), await openTestPipeline(test.store)];
          const requests: Promise<unknown>[] = [];
          while (shuffled.length > 0) {
            const batch = shuffled.splice(0, 1 + choose(7)).map(({ event }) => event);
            requests.push(workers[choose(2)]?.takeEvents(batch) ?? Promise.resolve());
          }
          await Promise.all(requests);
          await Promise.all(workers.map((worker) => worker.close()));

          expect(await journeysOf(mixed)).toEqual(await journeysOf(plain));
          expect(await rowsOf(mixed)).toEqual(await rowsOf(plain));
        },
      ),
      { numRuns: 15, endOnFailure: true },
    );
  });

  it("come out of a rebuild with the same rows, also when the derived rows were lost", {
    timeout: 120_000,
  }, async () => {
    const all = () =>
      test.store.query<object>(
        "SELECT * FROM journeys FINAL ORDER BY root_type, root_id SETTINGS do_not_merge_across_partitions_select_final = 0",
      );
    const before = await all();
    expect(before.length).toBeGreaterThan(20);
    await rebuild(test.store, rules, await inForce(), null, () => undefined);
    expect(differences(await all(), before)).toEqual([]);
    await test.store.command("TRUNCATE TABLE journeys");
    await rebuild(test.store, rules, await inForce(), null, () => undefined);
    expect(differences(await all(), before)).toEqual([]);
  });

  it("take in a type once it is declared, after a rebuild", async () => {
    const pipeline = await openTestPipeline(test.store);
    await pipeline.takeEvents([
      {
        id: "declare-1",
        source: "oms",
        type: "custom.thing",
        time: "2026-11-01T10:00:00Z",
        data: {
          objects: [
            { type: "order", id: "DECL-1" },
            { type: "parcel_locker", id: "PL-1" },
          ],
        },
      },
      {
        id: "declare-2",
        source: "oms",
        type: "custom.thing",
        time: "2026-11-01T10:01:00Z",
        data: { objects: [{ type: "parcel_locker", id: "PL-1" }] },
      },
    ]);
    await pipeline.close();
    const before = await readJourney(test.store, rules, { type: "order", id: "DECL-1" });
    expect(before?.events.map((event) => event.id)).toEqual(["declare-1"]);

    const types = new Map(rules.catalogue.types);
    types.set("parcel_locker", { type: "parcel_locker", label: "Parcel locker", rank: 99, unique: "company" });
    const declared = { ...rules, catalogue: { types } };
    await rebuild(test.store, declared, await inForce(), null, () => undefined);
    const after = await readJourney(test.store, declared, { type: "order", id: "DECL-1" });
    expect(after?.events.map((event) => event.id)).toEqual(["declare-1", "declare-2"]);
    await rebuild(test.store, rules, await inForce(), null, () => undefined);
    const undeclared = await readJourney(test.store, rules, { type: "order", id: "DECL-1" });
    expect(undeclared?.events.map((event) => event.id)).toEqual(["declare-1"]);
  });
});

describe("a journey", () => {
  const event = (id: string, source: string, type: string, minute: number, data: object) => ({
    id,
    source,
    type,
    time: `2026-11-02T10:${String(minute).padStart(2, "0")}:00Z`,
    data,
  });

  it("heals when the link arrives late, and what was a root leaves the list", async () => {
    const pipeline = await openTestPipeline(test.store);
    await pipeline.takeEvents([
      event("late-1", "erp", "goods_issue.posted", 5, {
        objects: [
          { type: "erp_document", id: "0049000001" },
          { type: "shipment", id: "LATE-SH" },
        ],
      }),
    ]);
    await pipeline.drain();
    const listed = () =>
      test.store.query<{ root_id: string }>(
        "SELECT root_type, root_id FROM journeys FINAL WHERE root_id IN ('LATE-SH', 'LATE-SO')",
      );
    expect(await listed()).toEqual([{ root_type: "shipment", root_id: "LATE-SH" }]);
    await pipeline.takeEvents([
      event("late-2", "oms", "order.created", 0, { objects: [{ type: "order", id: "LATE-SO" }] }),
      event("late-3", "wms-east", "shipment.confirmed", 4, {
        objects: [
          { type: "shipment", id: "LATE-SH" },
          { type: "order", id: "LATE-SO" },
        ],
      }),
    ]);
    await pipeline.close();
    expect(await listed()).toEqual([{ root_type: "order", root_id: "LATE-SO" }]);
    const journey = await readJourney(test.store, rules, { type: "order", id: "LATE-SO" });
    expect(journey?.events.map(({ id }) => id)).toEqual(["late-2", "late-3", "late-1"]);
    // The document's number is found without the zeros that the ERP writes before it, and with them.
    for (const typed of ["49000001", "0049000001"]) {
      const { results } = await searchObjects(test.store, rules.catalogue, typed);
      expect(results[0]?.roots).toEqual([{ type: "order", id: "LATE-SO" }]);
    }
    expect(journey?.events[2]?.linkedBy).toEqual([
      {
        from: { type: "shipment", id: "LATE-SH" },
        to: { type: "order", id: "LATE-SO" },
        source: "wms-east",
        eventId: "late-3",
      },
    ]);
  });

  it("shows as of a moment only what had reached us by then", async () => {
    const pipeline = await openTestPipeline(test.store);
    await pipeline.takeEvents([
      event("asof-1", "oms", "order.created", 0, { objects: [{ type: "order", id: "ASOF-1" }] }),
    ]);
    const [first] = (await readJourney(test.store, rules, { type: "order", id: "ASOF-1" }))?.events ?? [];
    const then = first?.receivedAt ?? "";
    while (new Date().toISOString() <= then) await new Promise((resolve) => setImmediate(resolve));
    // It happened before, and we hear of it after.
    await pipeline.takeEvents([
      event("asof-0", "wms-east", "pick.completed", 1, { objects: [{ type: "order", id: "ASOF-1" }] }),
    ]);
    await pipeline.close();
    const past = await readJourney(test.store, rules, { type: "order", id: "ASOF-1" }, { asOf: then });
    const now = await readJourney(test.store, rules, { type: "order", id: "ASOF-1" });
    expect(past?.events.map(({ id }) => id)).toEqual(["asof-1"]);
    expect(past?.stage).toBe("Ordered");
    expect(now?.events.map(({ id }) => id)).toEqual(["asof-1", "asof-0"]);
    expect(now?.stage).toBe("Picked");
  });

  it("stays one event per identity when the same id comes again with another content", async () => {
    const pipeline = await openTestPipeline(test.store);
    const original = event("same-1", "oms", "order.created", 0, { objects: [{ type: "order", id: "SAME-1" }] });
    expect(await pipeline.takeEvents([original])).toMatchObject({ accepted: 1, duplicate: 0 });
    const impostor = event("same-1", "oms", "order.cancelled", 9, { objects: [{ type: "order", id: "SAME-2" }] });
    expect(await pipeline.takeEvents([impostor])).toMatchObject({ accepted: 0, duplicate: 1 });
    await pipeline.close();
    expect((await readJourney(test.store, rules, { type: "order", id: "SAME-1" }))?.events).toHaveLength(1);
    expect(await resolveRoots(test.store, rules.catalogue, { type: "order", id: "SAME-2" })).toEqual({
      exists: false,
      roots: [],
    });
  });

  it("of a neighbour of a hub is projected alone, and counts the hub's other orders", {
    timeout: 120_000,
  }, async () => {
    const pipeline = await openTestPipeline(test.store);
    const orders = Array.from({ length: 10_000 }, (_, index) => ({ type: "order", id: `HUB-${index}` }));
    await pipeline.takeEvents([
      event("hub-invoice", "erp", "invoice.posted", 30, { objects: [{ type: "invoice", id: "HUB-INV" }, ...orders] }),
    ]);
    await pipeline.drain();
    const fresh = event("hub-neighbour", "wms-east", "pick.completed", 40, {
      objects: [{ type: "order", id: "HUB-77" }],
    });
    await pipeline.takeEvents([fresh]);
    await pipeline.close();
    const neighbour = await readJourney(test.store, rules, { type: "order", id: "HUB-77" });
    expect(neighbour?.events.map(({ id, sharedWith }) => ({ id, sharedWith }))).toEqual([
      { id: "hub-invoice", sharedWith: 9_999 },
      { id: "hub-neighbour", sharedWith: 0 },
    ]);
    const touched = new Set([objectKey({ type: "order", id: "HUB-77" })]);
    expect(await projectJourneys(test.store, rules, { touched, relinked: new Set() })).toBe(1);
    const [counted] = await test.store.query<{ rows: number }>(
      "SELECT toUInt32(count()) AS rows FROM journeys FINAL WHERE root_type = 'order' AND startsWith(root_id, 'HUB-')",
    );
    expect(counted?.rows).toBe(10_000);
  });

  it("keeps two warehouses' tasks of one number apart, and finds both by the bare number", async () => {
    const pipeline = await openTestPipeline(test.store);
    for (const side of ["east", "west"]) {
      await pipeline.takeEvents([
        event(`task-${side}`, `wms-${side}`, "pick.completed", 1, {
          objects: [
            { type: "warehouse_task", id: "47110815" },
            { type: "order", id: `TASK-${side}` },
          ],
        }),
      ]);
    }
    await pipeline.close();
    const { results } = await searchObjects(test.store, rules.catalogue, "47110815");
    expect(results.map(({ object, roots }) => [object.id, roots[0]?.id])).toEqual([
      ["wms-east:47110815", "TASK-east"],
      ["wms-west:47110815", "TASK-west"],
    ]);
  });
});
