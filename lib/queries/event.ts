/** One event with its payload. The caller has checked `payload:view` and writes the audit row. */
import type { NamedObject } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";

export interface StoredEvent {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string | null;
  readonly receivedAt: string;
  readonly objects: readonly NamedObject[];
  /** The canonical event as JSON text. */
  readonly payload: string;
}

export async function readEvent(reader: FactReader, source: string, id: string): Promise<StoredEvent | null> {
  const [row] = await reader.query<{
    source: string;
    event_id: string;
    type: string;
    occurred_at: string;
    recorded_at: string | null;
    received_at: string;
    objects: NamedObject[];
    payload: string;
  }>(
    `SELECT source, event_id, type, occurred_at, recorded_at, received_at, objects, payload FROM events
     WHERE source = {source:String} AND event_id = {id:String}
     ORDER BY received_at LIMIT 1`,
    { source, id },
  );
  if (!row) return null;
  return {
    source: row.source,
    id: row.event_id,
    type: row.type,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    receivedAt: row.received_at,
    objects: row.objects,
    payload: row.payload,
  };
}
