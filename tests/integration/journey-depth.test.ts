/** A journey is read a few levels of links at a time (lib/queries/links.ts): where one query ends and the next begins must not show. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJourney } from "@/lib/queries/journey";
import { HOPS_PER_QUERY } from "@/lib/queries/links";
import { startTestStore, type TestStore } from "./embedded-store";
import { openTestPipeline, rules } from "./test-pipeline";

let test: TestStore;
beforeAll(async () => {
  test = await startTestStore();
});
afterAll(() => test?.stop());

const DEPTH = 3 * HOPS_PER_QUERY + 1;
const order = { type: "order", id: "DEEP-1" };
const packed = (level: number) => ({ type: "package", id: `DEEP-P${level}` });
const above = (level: number) => (level === 1 ? order : packed(level - 1));

function event(id: string, objects: object[], links: object[]) {
  return { id, source: "wms-east", type: "pack.completed", time: "2026-11-01T10:00:00.000Z", data: { objects, links } };
}

/** A package in a package in a package …, each known by its own event alone. */
const chain = Array.from({ length: DEPTH }, (_, index) => {
  const level = index + 1;
  return event(`deep-${level}`, [packed(level)], [{ child: packed(level), parent: above(level) }]);
});

describe("a journey deeper than one query reads", () => {
  it("has every level, and as of a moment only the levels that had reached us by then", async () => {
    const pipeline = await openTestPipeline(test.store);
    await pipeline.takeEvents(chain.slice(0, HOPS_PER_QUERY + 1));
    await pipeline.drain();
    const [clock] = await test.store.query<{ at: string }>("SELECT max(received_at) AS at FROM events");
    await pipeline.takeEvents(chain.slice(HOPS_PER_QUERY + 1));
    await pipeline.close();

    const now = await readJourney(test.store, rules, order);
    expect(now?.events.map(({ id }) => id).sort()).toEqual(chain.map(({ id }) => id).sort());
    expect(now?.objects).toHaveLength(DEPTH + 1);
    const then = await readJourney(test.store, rules, order, { asOf: clock?.at ?? null });
    expect(then?.objects).toHaveLength(HOPS_PER_QUERY + 2);
  });

  it("has an object once that is reached by ways of different lengths, with what lies below it", async () => {
    const pipeline = await openTestPipeline(test.store);
    const end = { type: "invoice", id: "DEEP-I" };
    const last = { type: "payment", id: "DEEP-PAY" };
    await pipeline.takeEvents([
      event("short", [end], [{ child: end, parent: order }]),
      event("long", [end], [{ child: end, parent: packed(HOPS_PER_QUERY) }]),
      event("below", [last], [{ child: last, parent: end }]),
    ]);
    await pipeline.close();
    const journey = await readJourney(test.store, rules, order);
    expect(journey?.objects.filter(({ id }) => id === end.id)).toHaveLength(1);
    expect(journey?.objects.filter(({ id }) => id === last.id)).toHaveLength(1);
    expect(journey?.events.filter(({ id }) => ["short", "long", "below"].includes(id))).toHaveLength(3);
  });
});
