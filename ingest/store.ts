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
 *   within 3           The insert is one block: all of it is in `events` or none; but its materialized views (by object, links,
 *                      search) are written after it. While the worker lives it repeats the insert with the same token: stored
 *                      once, and the views get what they missed. When it gave up, or died, the sender sends again and finds
 *                      duplicates that the views may lack: before the next flush, or when a worker starts, they are filled
 *                      again from `events` (ingest/store/read-paths.ts).
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
import { GroupCommit, type GroupCommitLimits } from "@/ingest/store/group-commit";
import {
  dedupTokenOf,
  type ErrorClass,
  insertAllButRefused,
  RETRY_POLICY,
  type Refusal,
  type Retrying,
  type RetryPolicy,
  StoreUnavailable,
  startRetrying,
} from "@/ingest/store/insertion";
import { type EventLookup, findStoredEvents, identityKey } from "@/ingest/store/stored-events";

/** What this file needs of the database. */
export interface FactTables extends EventLookup {
  /** Rows as JSONEachRow lines. Resolves when they are stored. */
  insert(table: string, lines: Uint8Array, options: { dedupToken: string; timeoutMs: number }): Promise<void>;
}

/** An event with the circumstances of its receipt, which a dead letter made of it would state. */
export interface StorableEvent {
  readonly correlated: CorrelatedEvent;
  /** Its row (ingest/store/event-row.ts), made before it waits: while one flush is under way, the rows of the next are made. */
  readonly line: string;
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
  /** The read paths may lack events received since then (RFC 3339): they are filled before the next flush. */
  doubt(since: string): void;
  readonly queuedItems: number;
  readonly queuedBytes: number;
  /** Resolves when everything submitted so far is answered. */
  idle(): Promise<void>;
}

/**
 * 100 ms: a lone request waits that long for company, and a trickle makes at most ten parts a second in each table, which
 * merges keep up with. 128 MiB waiting is the flat line that memory stays under while the store is away.
 */
export const GROUP_COMMIT_LIMITS: GroupCommitLimits = {
  flushItems: 10_000,
  flushBytes: 32 * 1024 * 1024,
  lingerMs: 100,
  queueItems: 100_000,
  queueBytes: 128 * 1024 * 1024,
  waitMsMax: 20_000,
};

/**
 * One call of the store. With what a submission may wait (20 s) and a flush may retry (15 s) an event is stored within 50 s of
 * its received_at, or not at all: catching up after a death looks 60 s further back than the dead worker's checkpoint.
 */
const CALL_TIMEOUT_MS = 15_000;

export interface FactStoreOptions {
  readonly tables: FactTables;
  readonly classify: (error: unknown) => ErrorClass;
  /** Fills the read paths with what was received since a time (ingest/store/read-paths.ts). */
  readonly refill: (since: string) => Promise<void>;
  readonly limits?: GroupCommitLimits;
  readonly retry?: RetryPolicy;
  readonly onRetry?: (error: unknown) => void;
  readonly onFlush?: (measure: FlushMeasure) => void;
}

export function createFactStore(options: FactStoreOptions): FactStore {
  const doubts = new Doubts();
  const queue = new GroupCommit<Storable, StoreOutcome>(options.limits ?? GROUP_COMMIT_LIMITS, (items) =>
    flush(items, doubts, options),
  );
  return {
    async store(items) {
      const answer = queue.submit(
        items,
        items.reduce((sum, item) => sum + sizeOf(item), 0),
      );
      if (!answer) return { notStored: "busy", detail: "Too many events wait to be stored; send again later." };
      try {
        const outcomes = await answer;
        if (outcomes === "late") return { notStored: "away", detail: "The store is slow or away; send again later." };
        return outcomes;
      } catch (error) {
        if (error instanceof StoreUnavailable) return { notStored: "away", detail: error.message };
        throw error;
      }
    },
    doubt: (since) => doubts.add(since),
    get queuedItems() {
      return queue.queuedItems;
    },
    get queuedBytes() {
      return queue.queuedBytes;
    },
    idle: () => queue.idle(),
  };
}

/** Since when rows may be in `events` and not in its read paths: an insert whose end nobody saw. */
class Doubts {
  since: string | null = null;
  add(since: string): void {
    if (this.since === null || since < this.since) this.since = since;
  }
}

// The row holds the payload; the event in memory behind it is about as large again.
const sizeOf = (item: Storable): number =>
  "event" in item ? 500 + 2 * item.event.line.length : 500 + item.deadLetter.raw.byteLength;

interface EventRow {
  readonly item: StorableEvent;
  /** Position in the flush. */
  readonly index: number;
  readonly key: string;
  readonly identity: string;
}

async function flush(items: readonly Storable[], doubts: Doubts, options: FactStoreOptions): Promise<StoreOutcome[]> {
  const startedMs = performance.now();
  const retrying = startRetrying(options.classify, options.retry ?? RETRY_POLICY, options.onRetry);
  await settleDoubts(doubts, options, retrying);

  const outcomes: StoreOutcome[] = items.map(() => ({ kind: "accepted" }));
  const letters: DeadLetter[] = [];
  const fresh = await separateDuplicates(items, outcomes, letters, options, retrying);
  const refusals = await insertEvents(fresh, doubts, options, retrying);
  for (const { row, reason } of refusals) {
    outcomes[row.index] = { kind: "deadLettered", reason: `The store refuses this event: ${reason}`, path: "" };
    letters.push(letterOf(row.item, "store", reason, ""));
  }
  items.forEach((item, index) => {
    if (!("deadLetter" in item)) return;
    letters.push(item.deadLetter);
    outcomes[index] = { kind: "deadLettered", reason: item.deadLetter.reason, path: item.deadLetter.path };
  });
  await insertLetters(letters, options, retrying);

  const seconds = (performance.now() - startedMs) / 1000;
  options.onFlush?.({ items: items.length, newEvents: fresh.length - refusals.length, seconds });
  return outcomes;
}

async function settleDoubts(doubts: Doubts, options: FactStoreOptions, retrying: Retrying): Promise<void> {
  const { since } = doubts;
  if (since === null) return;
  await retrying(() => options.refill(since));
  doubts.since = null;
}

/** The events that are new; of the others it notes the outcome, and a dead letter where the content differs. */
async function separateDuplicates(
  items: readonly Storable[],
  outcomes: StoreOutcome[],
  letters: DeadLetter[],
  { tables }: FactStoreOptions,
  retrying: Retrying,
): Promise<EventRow[]> {
  const named = items.flatMap((item, index) => ("event" in item ? [eventRowOf(item.event, index)] : []));
  const identities = named.map(({ item }) => identityOf(item));
  const stored = await retrying(() => findStoredEvents(tables, identities, CALL_TIMEOUT_MS));
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
  return fresh;
}

async function insertEvents(
  rows: readonly EventRow[],
  doubts: Doubts,
  { tables, classify }: FactStoreOptions,
  retrying: Retrying,
): Promise<Refusal<EventRow>[]> {
  const insert = (part: readonly EventRow[]) => {
    const lines = Buffer.from(part.map(({ item }) => item.line).join(""));
    const options = { dedupToken: dedupTokenOf(part), timeoutMs: CALL_TIMEOUT_MS };
    return retrying(() => tables.insert("events", lines, options));
  };
  try {
    return await insertAllButRefused(rows, insert, (error) => classify(error) === "refused");
  } catch (error) {
    for (const { item } of rows) doubts.add(item.receipt.receivedAt);
    throw error;
  }
}

async function insertLetters(letters: readonly DeadLetter[], { tables }: FactStoreOptions, retrying: Retrying) {
  if (letters.length === 0) return;
  const lines = Buffer.concat(letters.map((letter) => deadLetterLine(letter)));
  const dedupToken = dedupTokenOf(letters.map((letter) => ({ identity: deadLetterId(letter) })));
  const options = { dedupToken, timeoutMs: CALL_TIMEOUT_MS };
  // A dead letter that is refused too is a broken invariant of ours: any bytes fit its columns. It throws, so nobody is told "stored".
  await retrying(() => tables.insert("dead_letters", lines, options));
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
