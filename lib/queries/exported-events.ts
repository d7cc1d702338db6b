/** What an export reads: whole events, and names that are not unique in a log where ours are told apart by type or source. */
import { TupleParam } from "@clickhouse/client";
import type { LinkStatement } from "@/lib/domain/correlation";
import type { EventRef } from "@/lib/domain/journey";
import type { NamedObject } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { inChunks, type LinkRow } from "./links";

export interface ExportedEvent {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly kind: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly occurredAt: string;
  readonly outcome: string;
  readonly interface: string;
  readonly errorCode: string;
  /** Decimals as strings. */
  readonly quantity: string | null;
  readonly amount: string | null;
  readonly currency: string;
  readonly objects: readonly NamedObject[];
  /** The canonical event as JSON. */
  readonly payload: string;
}

/** A reader that can also give rows one by one, in memory only a block at a time. */
export interface StreamingReader extends FactReader {
  stream<Row>(sql: string, parameters?: Record<string, unknown>): AsyncIterable<Row>;
}

const COLUMNS = `source, event_id AS id, type, kind, occurred_at AS occurredAt, outcome, interface, error_code AS errorCode,
  toString(quantity) AS quantity, toString(amount) AS amount, currency, objects, payload`;

/** Every event once, by source and id. */
export const streamAllEvents = (reader: StreamingReader): AsyncIterable<ExportedEvent> =>
  reader.stream<ExportedEvent>(`SELECT ${COLUMNS} FROM events FINAL ORDER BY source, event_id`);

/** These events, in memory. */
export const readEvents = (reader: FactReader, refs: readonly EventRef[]): Promise<ExportedEvent[]> =>
  inChunks(refs, (chunk) =>
    reader.query<ExportedEvent>(
      `SELECT ${COLUMNS} FROM events FINAL WHERE (source, event_id) IN {keys:Array(Tuple(String, String))}
       ORDER BY source, event_id`,
      { keys: chunk.map(({ source, id }) => new TupleParam([source, id])) },
    ),
  );

/** Every statement on a link, repeated rows and all. */
export async function readAllLinks(reader: FactReader): Promise<LinkStatement[]> {
  const rows = await reader.query<LinkRow>(
    "SELECT child_type, child_id, parent_type, parent_id, source, event_id, act, occurred_at FROM links_by_child",
  );
  return rows.map((row) => ({
    child: { type: row.child_type, id: row.child_id },
    parent: { type: row.parent_type, id: row.parent_id },
    source: row.source,
    eventId: row.event_id,
    act: row.act,
    occurredAt: row.occurred_at,
  }));
}

/** Object ids that objects of several types have. */
export async function readSharedObjectIds(reader: FactReader): Promise<Set<string>> {
  const rows = await reader.query<{ id: string }>(
    `SELECT id FROM (
       SELECT object_type AS type, object_id AS id FROM events_by_object
       UNION ALL SELECT child_type, child_id FROM links_by_child
       UNION ALL SELECT parent_type, parent_id FROM links_by_child)
     GROUP BY id HAVING uniqExact(type) > 1`,
  );
  return new Set(rows.map(({ id }) => id));
}

/** Event ids that several sources use. */
export async function readSharedEventIds(reader: FactReader): Promise<Set<string>> {
  const rows = await reader.query<{ id: string }>(
    "SELECT event_id AS id FROM events GROUP BY event_id HAVING uniqExact(source) > 1",
  );
  return new Set(rows.map(({ id }) => id));
}
