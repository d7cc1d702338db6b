/** What people have decided about handoffs, as facts: events of source `throughline`. */
import { HANDOFF_ACTS } from "@/lib/domain/handoffs/act";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import { type NamedObject, type ObjectRef, objectKey } from "@/lib/domain/object";
import { OWN_SOURCE } from "@/lib/domain/system";
import type { FactReader } from "./fact-reader";
import { tupleOfKey } from "./links";

/** Every act of one rule that names any of these keys, in no order. */
export async function readActsAbout(
  reader: FactReader,
  rule: string,
  keys: readonly ObjectRef[],
): Promise<HandoffEvent[]> {
  if (keys.length === 0) return [];
  const rows = await reader.query<ActRow>(
    `SELECT event_id, type, occurred_at, received_at, objects, payload FROM events FINAL
     WHERE source = {source:String} AND event_id IN (
       SELECT event_id FROM events_by_object
       WHERE (object_type, object_id) IN {keys:Array(Tuple(String, String))}
         AND source = {source:String} AND type IN {types:Array(String)})`,
    { source: OWN_SOURCE, types: [...HANDOFF_ACTS], keys: keys.map((key) => tupleOfKey(objectKey(key))) },
  );
  return rows.map(actOf).filter(({ attributes }) => attributes.rule === rule);
}

interface ActRow {
  event_id: string;
  type: string;
  occurred_at: string;
  received_at: string;
  objects: NamedObject[];
  payload: string;
}

function actOf(row: ActRow): HandoffEvent {
  const { data } = JSON.parse(row.payload) as { data?: { attributes?: Record<string, unknown> } };
  return {
    id: row.event_id,
    source: OWN_SOURCE,
    type: row.type,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    outcome: "ok",
    interface: "",
    objects: row.objects,
    amount: null,
    currency: "",
    lines: [],
    posting: { companyCode: "", period: "", reverses: "" },
    attributes: data?.attributes ?? {},
  };
}

/** Which of these acts are stored. */
export async function readStoredActIds(reader: FactReader, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await reader.query<{ event_id: string }>(
    "SELECT event_id FROM events WHERE source = {source:String} AND event_id IN {ids:Array(String)}",
    { source: OWN_SOURCE, ids: [...ids] },
  );
  return new Set(rows.map(({ event_id }) => event_id));
}
