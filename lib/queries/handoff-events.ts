/** The events that play a part in handoffs, with their lines and postings. */
import { TupleParam } from "@clickhouse/client";
import type { EventLine, EventOutcome } from "@/lib/domain/event";
import { compareEvents, type HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import type { EventRef } from "@/lib/domain/journey";
import type { NamedObject, ObjectKey } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { eventKey, readEventRows } from "./journey-events";
import { inChunks } from "./links";

const COLUMNS =
  "source, event_id, type, occurred_at, received_at, outcome, interface, objects, object_count, toString(amount) AS amount, currency";

interface HandoffEventRow {
  source: string;
  event_id: string;
  type: string;
  occurred_at: string;
  received_at: string;
  outcome: EventOutcome;
  interface: string;
  objects: NamedObject[];
  object_count: number;
  amount: string | null;
  currency: string;
}

/** @returns a reader of those events of these types that name any of the keys; each once, the row received first winning. */
export const handoffEventsOf =
  (types: readonly string[]) =>
  async (reader: FactReader, keys: readonly ObjectKey[], asOf: string | null): Promise<HandoffEvent[]> => {
    if (types.length === 0) return [];
    const rows = await readEventRows<HandoffEventRow>(reader, keys, asOf, COLUMNS, types);
    const details = await readDetails(reader, rows);
    return rows.map((row) => handoffEventOf(row, details.get(eventKey({ source: row.source, id: row.event_id }))));
  };

/** Those of these events that are stored, with lines and postings, by when they happened. */
export async function readHandoffEvents(reader: FactReader, refs: readonly EventRef[]): Promise<HandoffEvent[]> {
  const rows = await inChunks(refs, (chunk) =>
    reader.query<HandoffEventRow>(
      `SELECT ${COLUMNS.replace("object_count", "toUInt32(length(objects)) AS object_count")} FROM events WHERE (source, event_id) IN {keys:Array(Tuple(String, String))}
       ORDER BY source, event_id, received_at LIMIT 1 BY source, event_id`,
      { keys: chunk.map(({ source, id }) => new TupleParam([source, id])) },
    ),
  );
  const details = await readDetails(reader, rows);
  return rows
    .map((row) => handoffEventOf(row, details.get(eventKey({ source: row.source, id: row.event_id }))))
    .sort(compareEvents);
}

interface DetailRow {
  source: string;
  event_id: string;
  /** Of `lines`, `posting` and `attributes`, those that the event has, as raw JSON. */
  details: (readonly [name: string, json: string])[];
}

/** Events in one query's set: their payloads are read, so fewer than keys. */
const EVENTS_PER_QUERY = 2_000;

async function readDetails(
  reader: FactReader,
  rows: readonly HandoffEventRow[],
): Promise<ReadonlyMap<string, DetailRow>> {
  const found = new Map<string, DetailRow>();
  for (let start = 0; start < rows.length; start += EVENTS_PER_QUERY) {
    const details = await inChunks(rows.slice(start, start + EVENTS_PER_QUERY), (chunk) =>
      reader.query<DetailRow>(
        `SELECT source, event_id,
                arrayFilter(part -> part.1 IN ('lines', 'posting', 'attributes'), JSONExtractKeysAndValuesRaw(payload, 'data')) AS details
         FROM events
         WHERE (source, event_id) IN {keys:Array(Tuple(String, String))}
         ORDER BY source, event_id, received_at
         LIMIT 1 BY source, event_id`,
        { keys: chunk.map((row) => new TupleParam([row.source, row.event_id])) },
      ),
    );
    for (const detail of details) found.set(eventKey({ source: detail.source, id: detail.event_id }), detail);
  }
  return found;
}

function handoffEventOf(row: HandoffEventRow, detail: DetailRow | undefined): HandoffEvent {
  // Stored events passed the schema of lib/domain/event.ts: what is there has its shape.
  const details = new Map(detail?.details);
  const posting = parse<{ companyCode?: string; period?: string; reverses?: string }>(details.get("posting"), {});
  return {
    id: row.event_id,
    source: row.source,
    type: row.type,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    outcome: row.outcome,
    interface: row.interface,
    objects: row.objects,
    amount: row.amount,
    currency: row.currency,
    lines: parse<EventLine[]>(details.get("lines"), []),
    posting: {
      companyCode: posting.companyCode?.trim() ?? "",
      period: posting.period?.trim() ?? "",
      reverses: posting.reverses?.trim() ?? "",
    },
    attributes: parse<Record<string, unknown>>(details.get("attributes"), {}),
  };
}

const parse = <Value>(json: string | undefined, otherwise: Value): Value =>
  json === undefined || json === "" || json === "null" ? otherwise : (JSON.parse(json) as Value);
