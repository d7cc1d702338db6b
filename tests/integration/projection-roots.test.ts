/** Only roots are projected: what stops being a root leaves the list, what becomes one appears, whoever saw the link first. */
import { TupleParam } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectJourneys } from "@/ingest/project/journeys";
import type { Store } from "@/lib/clickhouse/client";
import { objectKey } from "@/lib/domain/object";
import { startTestStore, type TestStore } from "./embedded-store";
import { openTestPipeline, rules } from "./test-pipeline";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test?.stop());

interface Reference {
  readonly type: string;
  readonly id: string;
}
const order = (id: string): Reference => ({ type: "order", id });
const shipment = (id: string): Reference => ({ type: "shipment", id });
const parcel = (id: string): Reference => ({ type: "package", id });
const tracking = (id: string): Reference => ({ type: "tracking", id });

/** @param links child, parent */
function event(id: string, objects: Reference[], links: [Reference, Reference][] = [], type = "custom.thing") {
  const minute = /\d+$/.exec(id)?.[0] ?? "0";
  return {
    id,
    source: "wms-east",
    type,
    time: `2026-11-03T10:${minute.padStart(2, "0")}:00.000Z`,
    data: { objects, links: links.map(([child, parent]) => ({ child, parent })) },
  };
}

/** The list of roots, as pages read it: "order NAME-1: 3". */
async function listed(name: string): Promise<string[]> {
  const rows = await test.store.query<{ root_type: string; root_id: string; events: number }>(
    "SELECT root_type, root_id, events FROM journeys FINAL WHERE startsWith(root_id, {name:String}) ORDER BY root_type, root_id",
    { name: `${name}-` },
  );
  return rows.map(({ root_type, root_id, events }) => `${root_type} ${root_id}: ${events}`);
}

/** A store whose inserts of journeys wait until `release`; `reached` resolves when the first of them waits. */
function holdingJourneys(store: Store) {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let reach = (): void => {};
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const insert: Store["insert"] = async (table, rows, options) => {
    if (table === "journeys") {
      reach();
      await held;
    }
    return store.insert(table, rows, options);
  };
  return { store: { ...store, insert }, release, reached };
}

describe("what stops being a root", () => {
  it("leaves the list although a worker that had not seen the link writes its row last, made of more events", async () => {
    const [child, parent] = [shipment("RACE-SH"), order("RACE-SO")];
    const slow = holdingJourneys(test.store);
    const first = await openTestPipeline(slow.store);
    await first.takeEvents(Array.from({ length: 40 }, (_, n) => event(`race-${n}`, [child])));
    await slow.reached;

    const second = await openTestPipeline(test.store);
    await second.takeEvents([event("race-40", [child, parent], [[child, parent]])]);
    await second.close();
    expect(await listed("RACE")).toEqual(["order RACE-SO: 41"]);
    slow.release();
    await first.close();
    expect(await listed("RACE")).toEqual(["order RACE-SO: 41"]);
  });

  it("leaves the list when it stood for a cycle and another member of it gained a parent", async () => {
    const [one, two, parent] = [parcel("CYCLE-1"), parcel("CYCLE-2"), order("CYCLE-SO")];
    const pipeline = await openTestPipeline(test.store);
    await pipeline.takeEvents([event("cycle-1", [one], [[one, two]]), event("cycle-2", [two], [[two, one]])]);
    await pipeline.drain();
    expect(await listed("CYCLE")).toEqual(["package CYCLE-1: 2"]);
    await pipeline.takeEvents([event("cycle-3", [parent], [[two, parent]])]);
    await pipeline.close();
    expect(await listed("CYCLE")).toEqual(["order CYCLE-SO: 3"]);
  });

  it("comes back when the link is retracted, and goes again when it is stated once more", async () => {
    const [child, parent] = [shipment("BACK-SH"), order("BACK-SO")];
    const link: [Reference, Reference][] = [[child, parent]];
    const pipeline = await openTestPipeline(test.store);
    await pipeline.takeEvents([event("back-1", [child]), event("back-2", [parent], link)]);
    await pipeline.drain();
    expect(await listed("BACK")).toEqual(["order BACK-SO: 2"]);
    await pipeline.takeEvents([event("back-3", [], link, "link.retracted")]);
    await pipeline.drain();
    expect(await listed("BACK")).toEqual(["order BACK-SO: 1", "shipment BACK-SH: 1"]);
    await pipeline.takeEvents([event("back-4", [parent], link)]);
    await pipeline.close();
    expect(await listed("BACK")).toEqual(["order BACK-SO: 3"]);
  });
});

describe("a changed link", () => {
  it("changes a root that is not above it, through an event that both share", async () => {
    const [mine, other] = [order("SHARE-1"), order("SHARE-2")];
    const [box, number] = [parcel("SHARE-P"), tracking("SHARE-T")];
    const pipeline = await openTestPipeline(test.store);
    await pipeline.takeEvents([
      event(
        "share-1",
        [box],
        [
          [box, mine],
          [box, other],
        ],
      ),
      event("share-2", [box, number]),
    ]);
    await pipeline.drain();
    // The package's and the number's roots have nothing in common: the event belongs to all.
    expect(await listed("SHARE")).toEqual(["order SHARE-1: 2", "order SHARE-2: 2", "tracking SHARE-T: 1"]);
    await pipeline.takeEvents([event("share-3", [mine], [[number, mine]])]);
    await pipeline.close();
    // Now they have one order in common, and the other loses the event.
    expect(await listed("SHARE")).toEqual(["order SHARE-1: 3", "order SHARE-2: 1"]);
  });
});

describe("an event at the bottom of an order", () => {
  it("costs one row, and the facts of one root", async () => {
    const [top, middle, bottom] = [order("DEPTH-SO"), shipment("DEPTH-SH"), parcel("DEPTH-P")];
    const pipeline = await openTestPipeline(test.store);
    await pipeline.takeEvents([
      event(
        "depth-1",
        [top],
        [
          [middle, top],
          [bottom, middle],
        ],
      ),
      event("depth-2", [bottom]),
    ]);
    await pipeline.close();
    const inserted: object[] = [];
    const factReads: unknown[] = [];
    const counting = {
      query: <Row>(sql: string, parameters?: Record<string, unknown>): Promise<Row[]> => {
        if (sql.includes("FROM events_by_object")) factReads.push(parameters?.keys);
        return test.store.query<Row>(sql, parameters);
      },
      insert: async (_table: string, rows: readonly object[]) => void inserted.push(...rows),
    };
    const touched = new Set([objectKey(bottom), objectKey(middle)]);
    expect(await projectJourneys(counting, rules, { touched, relinked: new Set() })).toBe(1);
    expect(inserted).toMatchObject([{ root_type: "order", root_id: "DEPTH-SO", events: 2, is_deleted: 0 }]);
    expect(factReads).toEqual([[top, middle, bottom].map(({ type, id }) => new TupleParam([type, id]))]);
  });
});
