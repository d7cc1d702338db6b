/**
 * The store of facts: correlated events and dead letters become rows, each submission answered only when its rows are
 * stored. This file decides when rows go in and what is a duplicate; its parts (ingest/store/) build and insert them.
 *
 * A flush, step by step:
 *   1. The first of each (source, event_id) in the flush is kept; a repeat is a duplicate.
 *   2. One query per source asks which of them are stored; those are duplicates.
 *   3. New events are inserted, under a deduplication token made of their content.
 *   4. Dead letters are inserted: undecodable ones, events that the store refuses for good, and duplicates whose content
 *      differs from what is stored (`conflict`).
 *   5. Submissions are answered; then the caller lets the projector know.
 *
 * What happens when the worker, the store or both die, by where they die:
 *   before 3           Nothing is stored, nobody was answered: the sender sends again.
 *   within 3           The insert is one block: all of it is in `events` or none. If the worker lives, it repeats the insert
 *                      with the same token: stored once, and the materialized views (by object, links, search) get what they
 *                      missed. If the worker dies too, the sender sends again, finds duplicates, and views may lack those
 *                      rows: every start of a worker fills them again from `events` (ingest/store/read-paths.ts).
 *   between 3 and 4    Events are stored, dead letters not, nobody was answered: sent again, the events are duplicates, and
 *                      the dead letters are stored (their id is made of their content: one row however often).
 *   between 4 and 5    Stored and not answered: sent again, all of it is duplicate. Kafka offsets are not committed: the same.
 *   after 5, before    Answered and not projected: the journeys' checkpoint of this worker is behind, and a worker that
 *   projection         starts or takes over projects from there (ingest/project/).
 *   the store is away  Steps 2–4 are repeated with back-off up to RetryPolicy.totalMsMax; then the submissions fail as
 *                      unavailable: HTTP says 503, Kafka waits. The queue is bounded, so memory is.
 *   two workers at     Both may find an event new and insert it: ReplacingMergeTree keeps the row received first. Both answer
 *   once               "accepted". If the two contents differ, the later one is lost to the `conflict` check: a source that
 *                      sends one id with two contents through two workers within one flush (~0.1 s) is not told.
 */
import type { CorrelatedEvent } from "@/ingest/correlate/correlated-event";
import { type DeadLetter, deadLetterId, deadLetterLine } from "@/ingest/store/dead-letter-row";
import { eventLine } from "@/ingest/store/event-row";
import { GroupCommit, type GroupCommitLimits } from "@/ingest/store/group-commit";
import {
  type ErrorClass,
  insertAllButRefused,
  RETRY_POLICY,
  type RetryPolicy,
  StoreUnavailable,
  withRetry,
} from "@/ingest/store/insertion";
import { type EventLookup, findStoredEvents, identityKey } from "@/ingest/store/stored-events";

/** What this file needs of the database. */
export interface FactTables extends EventLookup {
  /** Rows as JSONEachRow lines. Resolves when they are stored. */
  insert(table: string, lines: Uint8Array, options: { dedupToken: string }): Promise<void>;
}

/** An event with the circumstances of its receipt, which a dead letter made of it would state. */
export interface StorableEvent {
  readonly correlated: CorrelatedEvent;
  readonly receipt: Pick<DeadLetter, "receivedAt" | "channel" | "origin" | "contentType">;
}

export type Storable = { readonly event: StorableEvent } | { readonly deadLetter: DeadLetter };

export type StoreOutcome =
  | { readonly kind: "accepted" }
  /** `conflict`: the stored event of this identity says something else; this one is kept as a dead letter. */
  | { readonly kind: "duplicate"; readonly conflict: boolean }
  | { readonly kind: "deadLettered"; readonly reason: string; readonly path: string };

/** `busy`: the queue is full. `away`: the store did not take the rows in time. */
export interface NotStored {
  readonly notStored: "busy" | "away";
  readonly detail: string;
}

export interface FlushMeasure {
  readonly items: number;
  readonly newEvents: number;
  readonly seconds: number;
}

export interface FactStore {
  /** One outcome per item, in order, once all are stored. */
  store(items: readonly Storable[]): Promise<StoreOutcome[] | NotStored>;
  readonly queuedItems: number;
  readonly queuedBytes: number;
  /** Resolves when everything submitted so far is answered. */
  idle(): Promise<void>;
}

/**
 * 100 ms: a lone request waits that long for company, and a trickle makes at most ten parts a second in each table, which
 * merges keep up with. 64 MiB waiting is the flat line that memory stays under while the store is away.
 */
export const GROUP_COMMIT_LIMITS: GroupCommitLimits = {
  flushItems: 10_000,
  flushBytes: 16 * 1024 * 1024,
  lingerMs: 100,
  queueItems: 100_000,
  queueBytes: 64 * 1024 * 1024,
};

export interface FactStoreOptions {
  readonly tables: FactTables;
  readonly classify: (error: unknown) => ErrorClass;
  readonly limits?: GroupCommitLimits;
  readonly retry?: RetryPolicy;
  readonly onRetry?: (error: unknown) => void;
  readonly onFlush?: (measure: FlushMeasure) => void;
}

export function createFactStore(options: FactStoreOptions): FactStore {
  const queue = new GroupCommit<Storable, StoreOutcome>(options.limits ?? GROUP_COMMIT_LIMITS, (items) =>
    flush(items, options),
  );
  return {
    async store(items) {
      const answer = queue.submit(
        items,
        items.reduce((sum, item) => sum + sizeOf(item), 0),
      );
      if (!answer) return { notStored: "busy", detail: "Too many events wait to be stored; send again later." };
      try {
        return await answer;
      } catch (error) {
        if (error instanceof StoreUnavailable) return { notStored: "away", detail: error.message };
        throw error;
      }
    },
    get queuedItems() {
      return queue.queuedItems;
    },
    get queuedBytes() {
      return queue.queuedBytes;
    },
    idle: () => queue.idle(),
  };
}

// Beside the payload a row holds its objects and links, and the objects in memory behind them: about twice the text, and 500 bytes.
const sizeOf = (item: Storable): number =>
  "event" in item ? 500 + 2 * item.event.correlated.payload.length : 500 + item.deadLetter.raw.byteLength;

interface EventRow {
  readonly item: StorableEvent;
  /** Position in the flush. */
  readonly index: number;
  readonly key: string;
  readonly identity: string;
}

interface LetterRow {
  readonly letter: DeadLetter;
  readonly identity: string;
}

async function flush(items: readonly Storable[], options: FactStoreOptions): Promise<StoreOutcome[]> {
  const startedMs = performance.now();
  const outcomes: StoreOutcome[] = items.map(() => ({ kind: "accepted" }));
  const letters: DeadLetter[] = [];
  const retrying = <Result>(work: () => Promise<Result>) =>
    withRetry(work, options.classify, options.retry ?? RETRY_POLICY, options.onRetry);

  const named = items.flatMap((item, index) => ("event" in item ? [eventRowOf(item.event, index)] : []));
  const stored = await retrying(() =>
    findStoredEvents(
      options.tables,
      named.map(({ item }) => identityOf(item)),
    ),
  );
  const fresh: EventRow[] = [];
  for (const row of named) {
    const { contentHash } = row.item.correlated;
    const known = stored.get(row.key);
    if (known === undefined) {
      stored.set(row.key, contentHash);
      fresh.push(row);
      continue;
    }
    const conflict = known !== contentHash;
    outcomes[row.index] = { kind: "duplicate", conflict };
    if (conflict) letters.push(letterOf(row.item, "conflict", CONFLICT_REASON, "id"));
  }

  const refusals = await insertAllButRefused(
    fresh,
    (rows, dedupToken) => {
      const lines = rows.map(({ item }) => eventLine(item.correlated, item.receipt.receivedAt)).join("");
      const bytes = Buffer.from(lines);
      return retrying(() => options.tables.insert("events", bytes, { dedupToken }));
    },
    (error) => options.classify(error) === "refused",
  );
  for (const { row, reason } of refusals) {
    outcomes[row.index] = { kind: "deadLettered", reason: `The store refuses this event: ${reason}`, path: "" };
    letters.push(letterOf(row.item, "store", reason, ""));
  }

  items.forEach((item, index) => {
    if (!("deadLetter" in item)) return;
    letters.push(item.deadLetter);
    outcomes[index] = { kind: "deadLettered", reason: item.deadLetter.reason, path: item.deadLetter.path };
  });
  await storeLetters(letters, options.tables, retrying);

  options.onFlush?.({
    items: items.length,
    newEvents: fresh.length - refusals.length,
    seconds: (performance.now() - startedMs) / 1000,
  });
  return outcomes;
}

const CONFLICT_REASON =
  "id: expected new content under a new id, got other content under the id of a stored event; the stored event stays. Send a correction under an id of its own.";

const identityOf = ({ correlated: { event } }: StorableEvent) => ({ source: event.source, eventId: event.id });

function eventRowOf(item: StorableEvent, index: number): EventRow {
  const key = identityKey(identityOf(item));
  return { item, index, key, identity: `${key}\u0000${item.correlated.contentHash}` };
}

function letterOf(item: StorableEvent, step: DeadLetter["step"], reason: string, path: string): DeadLetter {
  const { event, payload } = item.correlated;
  return { ...item.receipt, source: event.source, step, reason, path, raw: Buffer.from(payload) };
}

async function storeLetters(
  letters: readonly DeadLetter[],
  tables: FactTables,
  retrying: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const rows: LetterRow[] = letters.map((letter) => ({ letter, identity: deadLetterId(letter) }));
  // A dead letter that is refused too is a broken invariant of ours: any bytes fit its columns. It throws, so nobody is told "stored".
  await insertAllButRefused(
    rows,
    (part, dedupToken) => {
      const bytes = Buffer.concat(part.map(({ letter }) => deadLetterLine(letter)));
      return retrying(() => tables.insert("dead_letters", bytes, { dedupToken }));
    },
    () => false,
  );
}
