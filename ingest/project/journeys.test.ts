import type { TupleParam } from "@clickhouse/client";
import { expect, it } from "vitest";
import { projectJourneys } from "@/ingest/project/journeys";
import { loadCatalogue } from "@/lib/config/objects";
import { objectKey } from "@/lib/domain/object";
import { DESCENT_ROW_LIMIT } from "@/lib/queries/links";

const rules = { catalogue: loadCatalogue("config"), systems: { exact: new Map(), families: [] } };
const TIME = "2026-11-03T10:00:00.000Z";

it("reads orders that are too large together apart, so that none is cut for the company it is in", {
  timeout: 60_000,
}, async () => {
  const inserted: object[] = [];
  const store = {
    /** Each order has a shipment. Two orders or more at once fill a reading before it comes to those. */
    async query<Row>(sql: string, parameters: Record<string, unknown> = {}): Promise<Row[]> {
      const ids = (parameters.keys as readonly TupleParam[]).map((key) => String(key.values[1]));
      if (sql.includes("FROM events_by_object")) return ids.map((id) => eventOf(id) as Row);
      if (sql.includes("FROM links_by_child")) return [];
      if (ids.length > 1) return new Array<Row>(DESCENT_ROW_LIMIT).fill(linkOf("SO-other") as Row);
      return ids.filter((id) => id.startsWith("SO-")).map((id) => linkOf(id) as Row);
    },
    insert: async (_table: string, rows: readonly object[]) => void inserted.push(...rows),
  };
  const orders = ["SO-1", "SO-2", "SO-3"];
  const touched = new Set(orders.map((id) => objectKey({ type: "order", id })));
  expect(await projectJourneys(store, rules, { touched, relinked: new Set() })).toBe(3);
  expect(inserted).toMatchObject(orders.map((root_id) => ({ root_id, events: 2 })));
});

const linkOf = (order: string) => ({
  child_type: "shipment",
  child_id: `SH-of-${order}`,
  parent_type: "order",
  parent_id: order,
  source: "oms",
  event_id: `link-${order}`,
  act: "stated",
  occurred_at: TIME,
});

const eventOf = (id: string) => ({
  source: "oms",
  event_id: `about-${id}`,
  type: "custom.thing",
  occurred_at: TIME,
  outcome: "ok",
  objects: [{ type: id.startsWith("SO-") ? "order" : "shipment", id, qualifier: "" }],
  object_count: 1,
  quantity: null,
  amount: null,
  currency: "",
  promised_at: null,
});
