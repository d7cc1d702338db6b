/** Getting rows into one table in spite of a store that is away, and of a row that it will never take. */
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

/** What an error of the store means for the rows (lib/clickhouse/errors.ts). */
export type ErrorClass = "retry" | "refused" | "fatal";

export interface RetryPolicy {
  readonly firstDelayMs: number;
  readonly delayMsMax: number;
  /** Past this the rows are given back as not stored; whoever sent them still has them. */
  readonly totalMsMax: number;
}

export const RETRY_POLICY: RetryPolicy = { firstDelayMs: 50, delayMsMax: 2_000, totalMsMax: 15_000 };

/** The store did not take the rows in time, or cannot at all. Nothing is known to be stored. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** Runs work that needs the store, again while the store is away. */
export type Retrying = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Work is run again after a back-off while its error is of class `retry`; everything run through one Retrying shares its bound.
 * It rejects with StoreUnavailable past the bound or at a `fatal` error, and with the error itself when it is `refused`.
 */
export function startRetrying(
  classify: (error: unknown) => ErrorClass,
  policy: RetryPolicy,
  onRetry: (error: unknown) => void = () => {},
): Retrying {
  const startedMs = performance.now();
  return (work) => retry(work, startedMs, classify, policy, onRetry);
}

async function retry<Result>(
  work: () => Promise<Result>,
  startedMs: number,
  classify: (error: unknown) => ErrorClass,
  policy: RetryPolicy,
  onRetry: (error: unknown) => void,
): Promise<Result> {
  for (let delayMs = policy.firstDelayMs; ; delayMs = Math.min(delayMs * 2, policy.delayMsMax)) {
    try {
      return await work();
    } catch (error) {
      const errorClass = classify(error);
      if (errorClass === "refused") throw error;
      const spentMs = performance.now() - startedMs;
      if (errorClass === "fatal" || spentMs + delayMs > policy.totalMsMax) {
        throw new StoreUnavailable(`The store did not take the rows: ${messageOf(error)}`, { cause: error });
      }
      onRetry(error);
      // Jitter, so that workers that lost the same store do not all come back in the same instant.
      await delay(delayMs * (0.5 + Math.random() / 2));
    }
  }
}

export interface InsertableRow {
  /** What makes the row itself: goes into the deduplication token. */
  readonly identity: string;
}

export interface Refusal<Row> {
  readonly row: Row;
  readonly reason: string;
}

/**
 * Inserts rows; a batch that is refused for good is halved until each refused row is alone. Returns those.
 * A batch of n rows with one bad one costs about 2·log2(n) inserts more.
 */
export async function insertAllButRefused<Row>(
  rows: readonly Row[],
  insert: (rows: readonly Row[]) => Promise<void>,
  isRefusal: (error: unknown) => boolean,
): Promise<Refusal<Row>[]> {
  if (rows.length === 0) return [];
  try {
    await insert(rows);
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [only] = rows;
    if (rows.length === 1 && only) return [{ row: only, reason: messageOf(error) }];
    const middle = Math.ceil(rows.length / 2);
    const left = await insertAllButRefused(rows.slice(0, middle), insert, isRefusal);
    const right = await insertAllButRefused(rows.slice(middle), insert, isRefusal);
    return [...left, ...right];
  }
}

/** The same rows in the same order have the same token, so a batch that was sent twice is stored once. */
export function dedupTokenOf(rows: readonly InsertableRow[]): string {
  const hash = createHash("sha256");
  for (const { identity } of rows) hash.update(identity).update("\u0000");
  return hash.digest("hex");
}

// A ClickHouse message may quote the row it choked on; its first line says what is wrong without that.
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n", 1)[0] ?? "").slice(0, 300);
}
