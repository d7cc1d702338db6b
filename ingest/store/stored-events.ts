/** Which events are stored already: one primary-key set query per flush. */

export interface EventIdentity {
  readonly source: string;
  readonly eventId: string;
}

export const identityKey = ({ source, eventId }: EventIdentity): string => `${source}\u0000${eventId}`;

export interface EventLookup {
  query<Row>(sql: string, params?: Record<string, unknown>, options?: { timeoutMs?: number }): Promise<Row[]>;
}

// Keys at most in one query: 5,000 keys of 40 characters make a parameter of about 200 kB.
const LOOKUP_KEYS_MAX = 5_000;

// FINAL is not needed: a row that has not collapsed yet answers the same question; the earliest received is the one that stays.
const STORED_EVENTS_SQL = `
  SELECT source, event_id, argMin(content_hash, received_at) AS content_hash
  FROM events
  WHERE source = {source:String} AND event_id IN {event_ids:Array(String)}
  GROUP BY source, event_id`;

/** Identity key → content hash, for those of the identities that are stored. */
export async function findStoredEvents(
  store: EventLookup,
  identities: readonly EventIdentity[],
  timeoutMs: number,
): Promise<Map<string, string>> {
  const idsBySource = new Map<string, string[]>();
  for (const { source, eventId } of identities) {
    const ids = idsBySource.get(source);
    if (ids) ids.push(eventId);
    else idsBySource.set(source, [eventId]);
  }
  const stored = new Map<string, string>();
  for (const [source, eventIds] of idsBySource) {
    for (let from = 0; from < eventIds.length; from += LOOKUP_KEYS_MAX) {
      const rows = await store.query<{ source: string; event_id: string; content_hash: string }>(
        STORED_EVENTS_SQL,
        { source, event_ids: eventIds.slice(from, from + LOOKUP_KEYS_MAX) },
        { timeoutMs },
      );
      for (const row of rows) {
        stored.set(identityKey({ source: row.source, eventId: row.event_id }), row.content_hash);
      }
    }
  }
  return stored;
}
