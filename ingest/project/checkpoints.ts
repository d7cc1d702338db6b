/**
 * How far each worker has projected. Failure windows:
 *   stored, then killed before projecting   its checkpoint stays behind and its heartbeat stops; another worker (or its
 *                                           successor) projects what was received since the checkpoint, then closes it
 *   projected, then killed before the checkpoint moves   the same rows are projected again: they are a pure function of facts
 */
import { type ObjectKey, objectKey } from "@/lib/domain/object";
import type { ProjectionStore, TouchedFacts } from "./journeys";

/** A worker says it lives every 5 s (orphans are looked for as often), and counts as gone after 30 s of silence. */
export const HEARTBEAT_MS = 5_000;
export const SILENT_AFTER_MS = 30_000;
/** Events of a dead worker that are caught up in one pass. */
const CATCH_UP_EVENTS = 5_000;
/** Received times are stamped before the insert, which may take a while: look this much further back. */
const STAMP_SLACK_MS = 60_000;

export interface Checkpoint {
  readonly workerId: string;
  /** Everything this worker stored that was received before this is projected. */
  readonly projectedThrough: string;
  readonly heartbeatAt: string;
  readonly closed: boolean;
}

export async function writeCheckpoint(store: ProjectionStore, checkpoint: Checkpoint): Promise<void> {
  await store.insert("projection_checkpoints", [
    {
      worker_id: checkpoint.workerId,
      projected_through: checkpoint.projectedThrough,
      heartbeat_at: checkpoint.heartbeatAt,
      closed: checkpoint.closed ? 1 : 0,
    },
  ]);
}

/** Checkpoints of workers that fell silent without closing. */
export async function readOrphans(store: ProjectionStore, ownId: string, now: string): Promise<Checkpoint[]> {
  const silentBefore = new Date(Date.parse(now) - SILENT_AFTER_MS).toISOString();
  const rows = await store.query<{ worker_id: string; projected_through: string; heartbeat_at: string }>(
    `SELECT worker_id, projected_through, heartbeat_at FROM projection_checkpoints FINAL
     WHERE closed = 0 AND worker_id != {ownId:String}
       AND heartbeat_at < parseDateTime64BestEffort({silentBefore:String}, 3, 'UTC')
     ORDER BY worker_id LIMIT 100`,
    { ownId, silentBefore },
  );
  return rows.map((row) => ({
    workerId: row.worker_id,
    projectedThrough: row.projected_through,
    heartbeatAt: row.heartbeat_at,
    closed: false,
  }));
}

/** The objects of every event received since a time, in sets of a few thousand events; all their links count as changed. */
export async function* readTouchedSince(store: ProjectionStore, since: string): AsyncGenerator<TouchedFacts> {
  const from = new Date(Date.parse(since) - STAMP_SLACK_MS).toISOString();
  let after: { receivedAt: string; source: string; id: string } | null = { receivedAt: from, source: "", id: "" };
  while (after) {
    const rows: TouchedRow[] = await store.query<TouchedRow>(
      `SELECT source, event_id, type, received_at, objects, links FROM events
       WHERE (received_at, source, event_id) >
             (parseDateTime64BestEffort({receivedAt:String}, 3, 'UTC'), {source:String}, {id:String})
       ORDER BY received_at, source, event_id LIMIT ${CATCH_UP_EVENTS}`,
      { ...after },
    );
    if (rows.length > 0) yield touchedOf(rows);
    const last = rows.at(-1);
    after =
      last && rows.length === CATCH_UP_EVENTS
        ? { receivedAt: last.received_at, source: last.source, id: last.event_id }
        : null;
  }
}

interface TouchedRow {
  source: string;
  event_id: string;
  type: string;
  received_at: string;
  objects: { type: string; id: string }[];
  links: { child_type: string; child_id: string; parent_type: string; parent_id: string }[];
}

function touchedOf(rows: readonly TouchedRow[]): TouchedFacts {
  const touched = new Set<ObjectKey>();
  const relinked = new Set<ObjectKey>();
  const namedBy = new Map<string, Set<ObjectKey>>();
  for (const row of rows) {
    const named = namedBy.get(row.type) ?? new Set<ObjectKey>();
    namedBy.set(row.type, named);
    for (const object of row.objects) {
      touched.add(objectKey(object));
      named.add(objectKey(object));
    }
    for (const link of row.links) {
      relinked.add(objectKey({ type: link.child_type, id: link.child_id }));
      touched.add(objectKey({ type: link.parent_type, id: link.parent_id }));
    }
  }
  return { touched, relinked, namedBy };
}
