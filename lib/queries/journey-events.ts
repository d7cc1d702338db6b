/** The events that name any of a set of objects, without their payloads. */
import { TupleParam } from "@clickhouse/client";
import type { EventKind, EventOutcome } from "@/lib/domain/event";
import type { JourneyEvent, ToldEvent } from "@/lib/domain/journey";
import type { NamedObject, ObjectKey } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { inChunks, keySet, LOOKUP_SETTINGS, receivedBy } from "./links";

/** An event before it is placed in a journey. */
export type FactEvent = Omit<JourneyEvent, "linkedBy" | "sharedWith">;

export interface ToldRow {
  source: string;
  event_id: string;
  type: string;
  occurred_at: string;
  outcome: EventOutcome;
  objects: NamedObject[];
  object_count: number;
  quantity: string | null;
  amount: string | null;
  currency: string;
  promised_at: string | null;
}

const TOLD_COLUMNS = `source, event_id, type, occurred_at, outcome, objects, object_count, toString(quantity) AS quantity,
  toString(amount) AS amount, currency, promised_at`;

interface EventRow extends ToldRow {
  kind: EventKind;
  recorded_at: string | null;
  received_at: string;
  interface: string;
  error_class: string;
  error_code: string;
  error_message: string;
  attempt: number;
  duration_ms: number | null;
}

const SHOWN_COLUMNS =
  "kind, recorded_at, received_at, interface, error_class, error_code, error_message, attempt, duration_ms";

export const eventKey = (event: { readonly source: string; readonly id: string }): string =>
  `${event.source}\u0000${event.id}`;

/** Each event once, the row received first winning. */
export async function readEventsOf(
  reader: FactReader,
  keys: readonly ObjectKey[],
  asOf: string | null,
): Promise<FactEvent[]> {
  const rows = await readEventRows<EventRow>(reader, keys, asOf, `${TOLD_COLUMNS}, ${SHOWN_COLUMNS}`);
  return rows.map(factEventOf);
}

/** The same without what only a person reads: two thirds of the cost. */
export async function readToldEventsOf(
  reader: FactReader,
  keys: readonly ObjectKey[],
  asOf: string | null,
): Promise<ToldEvent[]> {
  const rows = await readEventRows<ToldRow>(reader, keys, asOf, TOLD_COLUMNS);
  return rows.map(toldEventOf);
}

/** @param only of these types of events; null is all. */
export async function readEventRows<Row extends Pick<ToldRow, "source" | "event_id" | "objects" | "object_count">>(
  reader: FactReader,
  keys: readonly ObjectKey[],
  asOf: string | null,
  columns: string,
  only: readonly string[] | null = null,
): Promise<Row[]> {
  const rows = await inChunks(keys, (chunk) => {
    const { sql, parameters } = keySet(chunk);
    return reader.query<Row>(
      `SELECT ${columns}
       FROM events_by_object
       WHERE (object_type, object_id) IN ${sql}
         ${receivedBy(asOf)}
         ${only === null ? "" : "AND type IN {eventTypes:Array(String)}"}
       ORDER BY source, event_id, received_at
       LIMIT 1 BY source, event_id
       ${LOOKUP_SETTINGS}`,
      { ...parameters, ...(asOf === null ? {} : { asOf }), ...(only === null ? {} : { eventTypes: only }) },
    );
  });
  await fillLargeObjectLists(reader, rows);
  return rows;
}

/** An event that names more than 64 objects carries its list in `events` only (0002_indexes_of_events.sql). */
async function fillLargeObjectLists(
  reader: FactReader,
  rows: readonly Pick<ToldRow, "source" | "event_id" | "objects" | "object_count">[],
): Promise<void> {
  const large = rows.filter((row) => row.object_count > row.objects.length);
  if (large.length === 0) return;
  const lists = await inChunks(large, (chunk) =>
    reader.query<{ source: string; event_id: string; objects: NamedObject[] }>(
      `SELECT source, event_id, objects FROM events
       WHERE (source, event_id) IN {keys:Array(Tuple(String, String))}
       ORDER BY received_at LIMIT 1 BY source, event_id`,
      { keys: chunk.map((row) => new TupleParam([row.source, row.event_id])) },
    ),
  );
  const byKey = new Map(lists.map((list) => [eventKey({ source: list.source, id: list.event_id }), list.objects]));
  for (const row of large) row.objects = byKey.get(eventKey({ source: row.source, id: row.event_id })) ?? row.objects;
}

function toldEventOf(row: ToldRow): ToldEvent {
  return {
    id: row.event_id,
    source: row.source,
    type: row.type,
    occurredAt: row.occurred_at,
    outcome: row.outcome,
    objects: row.objects,
    quantity: row.quantity,
    amount: row.amount,
    currency: row.currency,
    promisedAt: row.promised_at,
  };
}

function factEventOf(row: EventRow): FactEvent {
  return {
    ...toldEventOf(row),
    kind: row.kind,
    recordedAt: row.recorded_at,
    receivedAt: row.received_at,
    error:
      row.error_class || row.error_code || row.error_message
        ? { class: row.error_class, code: row.error_code, message: row.error_message }
        : null,
    interface: row.interface,
    attempt: row.attempt,
    durationMs: row.duration_ms,
  };
}
