/**
 * Finds what has become late as time passed. Rows of `handoffs` say by themselves what holds from their due time on, so nothing is written here: the sweep
 * tells whoever must hear of it (metrics today). It reads the slice of due times between its last look and now, so it costs what is due, not what exists.
 *
 *   killed after a look, before its mark is written   the same slice is read again by the next worker: told twice, never missed
 *   a row whose due time had passed when it was written   not found here and need not be: it was late from the start
 */
import type { Logger } from "pino";
import type { ProjectionStore } from "@/ingest/project/journeys";
import type { FactReader } from "@/lib/queries/fact-reader";

export const SWEEP_MS = 10_000;
/** A row may be stored a while after it was made: look this much further back. */
const SLACK_MS = 60_000;
/** Due times in one look; the rest comes in the next. */
const DEADLINES_PER_LOOK = 50_000;
const MARK = "due handoffs";

export interface DueHandoff {
  readonly rule: string;
  readonly keyType: string;
  readonly keyId: string;
  readonly dueAt: string;
  /** What it has become: late, or mismatched where part of it had come. */
  readonly state: string;
}

/** What fell due in (after, through] and is still open, by due time; each may be told of more than once. `through` says how far that reaches. */
export async function readDue(
  reader: FactReader,
  after: string,
  through: string,
): Promise<{ readonly due: readonly DueHandoff[]; readonly through: string }> {
  const [slice] = await reader.query<{ deadlines: string; last: string }>(
    `SELECT toString(count()) AS deadlines, max(due_at) AS last FROM (
       SELECT due_at FROM handoff_deadlines
       WHERE ${WINDOW} ORDER BY due_at LIMIT ${DEADLINES_PER_LOOK})`,
    { after, through },
  );
  const deadlines = Number(slice?.deadlines ?? 0);
  if (!slice || deadlines === 0) return { due: [], through };
  const reached = deadlines === DEADLINES_PER_LOOK ? slice.last : through;
  const rows = await reader.query<{ rule: string; key_type: string; key_id: string; due: string; became: string }>(
    `SELECT rule, key_type, key_id, due_at AS due, state_when_due AS became
     FROM handoffs FINAL
     WHERE (rule, key_type, key_id) IN (SELECT rule, key_type, key_id FROM handoff_deadlines WHERE ${WINDOW})
       AND state = 'pending' AND ${WINDOW}
     ORDER BY due_at, rule, key_type, key_id`,
    { after, through: reached },
  );
  const due = rows.map(({ rule, key_type: keyType, key_id: keyId, due: dueAt, became: state }) => ({
    rule,
    keyType,
    keyId,
    dueAt,
    state,
  }));
  return { due, through: reached };
}

const WINDOW = `due_at > parseDateTime64BestEffort({after:String}, 3, 'UTC')
  AND due_at <= parseDateTime64BestEffort({through:String}, 3, 'UTC')`;

const identityOf = ({ rule, keyType, keyId, dueAt }: DueHandoff): string =>
  [rule, keyType, keyId, dueAt].join("\u0000");

export interface Sweep {
  start(): void;
  /** One look. */
  look(): Promise<readonly DueHandoff[]>;
  stop(): Promise<void>;
}

export interface SweepOptions {
  readonly store: ProjectionStore;
  readonly logger: Logger;
  /** The clock, RFC 3339. */
  readonly now: () => string;
  readonly onDue: (due: readonly DueHandoff[]) => void;
}

export function createSweep({ store, logger, now, onDue }: SweepOptions): Sweep {
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<unknown> = Promise.resolve();
  /** What this worker has told of within the slack: each look reads that again. */
  let told = new Map<string, string>();

  async function look(): Promise<readonly DueHandoff[]> {
    const [mark] = await store.query<{ swept_through: string }>(
      `SELECT swept_through FROM sweep_progress FINAL WHERE sweep = {mark:String}`,
      { mark: MARK },
    );
    // The first look ever starts now: what was late before was late from the start.
    const slackBefore = new Date(Date.parse(now()) - SLACK_MS).toISOString();
    const after = mark && mark.swept_through < slackBefore ? mark.swept_through : slackBefore;
    const { due: found, through } = await readDue(store, after, now());
    const due = found.filter((each) => !told.has(identityOf(each)));
    told = new Map([...told, ...due.map((each) => [identityOf(each), each.dueAt] as const)]);
    for (const [identity, dueAt] of told) if (dueAt < slackBefore) told.delete(identity);
    if (due.length > 0) onDue(due);
    await store.insert("sweep_progress", [{ sweep: MARK, swept_through: through }]);
    return due;
  }

  return {
    look,
    start() {
      timer = setInterval(() => {
        // One at a time: a slow store must not pile them up.
        looking = looking
          .then(look)
          .catch((error: unknown) => logger.warn({ err: error }, "due handoffs not looked for; the next look will"));
      }, SWEEP_MS);
      timer.unref();
    },
    async stop() {
      if (timer) clearInterval(timer);
      await looking;
    },
  };
}
