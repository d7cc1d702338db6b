import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlacedEvent } from "@/lib/domain/assembly";
import { summariseJourney } from "@/lib/domain/journey-summary";
import type { SystemKind, SystemRegistry } from "@/lib/domain/system";

const KINDS: Record<string, SystemKind> = { oms: "oms", wms: "wms", erp: "erp", dhl: "carrier" };
const systems: SystemRegistry = {
  exact: new Map(Object.entries(KINDS).map(([id, kind]) => [id, { id, name: id, kind, identifiers: {} }])),
  families: [],
};
const GOODS = ["Allocated", "Released", "Picked", "Packed", "Shipped", "Delivered"];
const REPORTS = [
  ["oms", "order.created"],
  ["oms", "order.allocated"],
  ["oms", "order.released"],
  ["wms", "pick.completed"],
  ["wms", "pack.completed"],
  ["wms", "shipment.confirmed"],
  ["wms", "shipment.cancelled"],
  ["erp", "goods_issue.posted"],
  ["erp", "goods_issue.reversed"],
  ["dhl", "carrier.in_transit"],
  ["dhl", "carrier.delivered"],
] as const;

/** Any reports on one order of up to three shipments, with and without units, lost, doubled and taken back; in time order, as assembled. */
const journey = fc
  .array(
    fc.record({
      report: fc.constantFrom(...REPORTS),
      shipment: fc.constantFrom("", "A", "B", "C"),
      parcel: fc.constantFrom("", "package P1", "package P2", "tracking T1", "warehouse_task 1"),
      quantity: fc.constantFrom(null, "1", "2", "5"),
      sharedWith: fc.constantFrom(0, 0, 0, 1),
    }),
    { maxLength: 25 },
  )
  .map((reports) =>
    reports.map(({ report: [source, type], shipment, parcel, quantity, sharedWith }, minute): PlacedEvent => {
      const at = new Date(Date.UTC(2026, 10, 23, 8, minute)).toISOString();
      const names = ["order 1", ...(shipment ? [`shipment ${shipment}`] : []), ...(parcel ? [parcel] : [])];
      return {
        id: String(minute),
        source,
        type,
        occurredAt: at,
        outcome: "ok",
        objects: names.map((name) => {
          const [objectType = "", id = ""] = name.split(" ");
          return { type: objectType, id, qualifier: "" };
        }),
        quantity,
        amount: null,
        currency: "",
        promisedAt: null,
        sharedWith,
      };
    }),
  );

const summarise = (events: PlacedEvent[]) =>
  summariseJourney(
    events,
    events.flatMap((event) => event.objects),
    systems,
  );

describe("the stages of any order", () => {
  it("are never less complete earlier on the way of the goods than later", () => {
    fc.assert(
      fc.property(journey, (events) => {
        const goods = summarise(events).stages.filter(({ stage, state }) => GOODS.includes(stage) && state !== "none");
        const lastFull = goods.findLastIndex(({ state }) => state === "full");
        expect(goods.slice(0, lastFull + 1).map(({ state }) => state)).not.toContain("partial");
      }),
      { numRuns: 2_000 },
    );
  });

  it("are dated by an event, from the first that shows them on", () => {
    fc.assert(
      fc.property(journey, (events) => {
        const times = new Set(events.map((event) => event.occurredAt));
        for (const { state, firstAt, completedAt } of summarise(events).stages) {
          expect([firstAt !== null, completedAt !== null]).toEqual([state !== "none", state === "full"]);
          if (completedAt !== null)
            expect([times.has(completedAt), (firstAt ?? "") <= completedAt]).toEqual([true, true]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("keep their dates when what already left is only scanned again", () => {
    fc.assert(
      fc.property(journey, (events) => {
        const before = summarise(events);
        const scanned = events.findLast((event) => event.type === "carrier.in_transit");
        if (!scanned) return;
        const at = new Date(Date.UTC(2026, 10, 24)).toISOString();
        const after = summarise([...events, { ...scanned, id: "again", occurredAt: at, quantity: null }]);
        const dated = (summary: typeof before) => summary.stages.find(({ stage }) => stage === "Shipped")?.completedAt;
        if (dated(before) && scanned.quantity === null) expect(dated(after)).toBe(dated(before));
      }),
      { numRuns: 2_000 },
    );
  });
});
