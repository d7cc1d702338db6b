/** Derived rows into their table in spite of one that the store will never take. */
import { insertAllButRefused, type Refusal } from "@/ingest/store/insertion";
import { classifyError } from "@/lib/clickhouse/errors";

type Insert = (table: string, rows: readonly object[]) => Promise<void>;

/**
 * An `insert` that leaves out each row which the store refuses for good and tells of it: its facts are stored, and its neighbours go in. Without
 * this the row would be tried for ever, and with it everything that waits to be projected. Rejects as the store does while it is away.
 */
export function leavingOutRefused(
  insert: Insert,
  onRefused: (table: string, refusals: readonly Refusal<object>[]) => void,
): Insert {
  return async (table, rows) => {
    const refusals = await insertAllButRefused(
      rows,
      (part) => insert(table, part),
      (error) => classifyError(error) === "refused",
    );
    if (refusals.length > 0) onRefused(table, refusals);
  };
}

/** What a refused row is the row of, for a log: its leading columns, which are its key. Amounts and texts come later. */
export const keyOf = (row: object): object => Object.fromEntries(Object.entries(row).slice(0, KEY_COLUMNS));
const KEY_COLUMNS = 3;
