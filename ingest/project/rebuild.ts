/**
 * Derives everything again from the facts, beside a running product or without one (docs/operations.md):
 *
 *   1. correlate every stored event again under the rules of today. Where objects or links come out differently (a type was declared, a source's
 *      identifier rule changed), its rows under the old identity go and the event is stored again with the new.
 *   2. project every root and every handoff that an event names.
 *
 * Killed at any point, it is run again: a step done twice changes nothing. Between the two halves of step 1 for one set of
 * events (old rows gone, new ones not yet there) those events are missing from journeys; nothing is missing from `events`.
 */

import { TupleParam } from "@clickhouse/client";
import { type CorrelationFault, type CorrelationRules, correlate } from "@/ingest/correlate/correlate";
import type { CorrelatedEvent } from "@/ingest/correlate/correlated-event";
import { eventLine } from "@/ingest/store/event-row";
import { canonicalEvent } from "@/lib/domain/event";
import type { RulesInForce } from "@/lib/domain/handoffs/rules-in-force";
import { readTouchedSince } from "./checkpoints";
import { projectHandoffs } from "./handoffs";
import { type ProjectionStore, projectJourneys } from "./journeys";

const EVENTS_PER_SET = 5_000;
/** Rows of an event outside `events`, found by its identity. */
const INDEX_TABLES = ["events_by_object", "links_by_child", "links_by_parent", "failures"] as const;

export interface RebuildStore extends ProjectionStore {
  insert(table: string, rows: readonly object[] | Uint8Array): Promise<void>;
  command(sql: string, parameters?: Record<string, unknown>): Promise<void>;
}

export interface RebuildProgress {
  readonly step: "correlate" | "project";
  readonly done: number;
  /** Correlate: events whose objects or links changed. Project: rows written. */
  readonly changed: number;
}

/** @param from RFC 3339: only events received since; null is all. */
export async function rebuild(
  store: RebuildStore,
  rules: CorrelationRules,
  inForce: RulesInForce,
  from: string | null,
  onProgress: (progress: RebuildProgress) => void,
): Promise<void> {
  const since = from ?? "1970-01-01T00:01:00.000Z";
  await recorrelate(store, rules, since, onProgress);
  let done = 0;
  let rows = 0;
  for await (const touched of readTouchedSince(store, since)) {
    rows += await projectJourneys(store, rules, touched);
    rows += await projectHandoffs(store, rules, inForce, touched);
    done += touched.touched.size;
    onProgress({ step: "project", done, changed: rows });
  }
}

interface StoredRow {
  source: string;
  event_id: string;
  received_at: string;
  content_hash: string;
  payload: string;
  objects: unknown;
  links: unknown;
  exception_id: string;
  message_key: string;
}

async function recorrelate(
  store: RebuildStore,
  rules: CorrelationRules,
  since: string,
  onProgress: (progress: RebuildProgress) => void,
): Promise<void> {
  let after = { source: "", id: "" };
  let done = 0;
  let changed = 0;
  for (;;) {
    const rows = await store.query<StoredRow>(
      `SELECT source, event_id, received_at, content_hash, payload, objects, links, exception_id, message_key FROM events FINAL
       WHERE (source, event_id) > ({source:String}, {id:String})
         AND received_at >= parseDateTime64BestEffort({since:String}, 3, 'UTC')
       ORDER BY source, event_id LIMIT ${EVENTS_PER_SET}`,
      { ...after, since },
    );
    const different = rows.flatMap((row) => differently(row, rules));
    if (different.length > 0) await restate(store, different, rules);
    done += rows.length;
    changed += different.length;
    onProgress({ step: "correlate", done, changed });
    const last = rows.at(-1);
    if (!last || rows.length < EVENTS_PER_SET) return;
    after = { source: last.source, id: last.event_id };
  }
}

interface Restated {
  readonly row: StoredRow;
  readonly correlated: CorrelatedEvent;
}

/** The event under today's rules, when that differs from how it is stored. */
function differently(row: StoredRow, rules: CorrelationRules): Restated[] {
  const event = canonicalEvent.parse(JSON.parse(row.payload));
  const correlated = correlate({ event, payload: row.payload, contentHash: row.content_hash }, rules);
  // Under changed rules an event may imply too many links; it stays as it was stored.
  if (isFault(correlated)) return [];
  const now = JSON.parse(eventLine(correlated, row.received_at, rules.catalogue)) as StoredRow;
  const same =
    isSame(now.objects, row.objects) &&
    isSame(now.links, row.links) &&
    now.exception_id === row.exception_id &&
    now.message_key === row.message_key;
  return same ? [] : [{ row, correlated }];
}

const isFault = (result: CorrelatedEvent | CorrelationFault): result is CorrelationFault => "fault" in result;
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

async function restate(
  store: RebuildStore,
  events: readonly Restated[],
  { catalogue }: CorrelationRules,
): Promise<void> {
  const keys = events.map(({ row }) => new TupleParam([row.source, row.event_id]));
  for (const table of INDEX_TABLES) {
    await store.command(
      `DELETE FROM ${table} WHERE (source, event_id) IN {keys:Array(Tuple(String, String))} SETTINGS lightweight_deletes_sync = 2`,
      { keys },
    );
  }
  // The same received_at gives the same version, and of equal versions the row written last is kept.
  const lines = events.map(({ row, correlated }) => eventLine(correlated, row.received_at, catalogue));
  await store.insert("events", Buffer.from(lines.join("")));
}
