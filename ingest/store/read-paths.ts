/**
 * Fills the read paths of events (by object, links, search) again from `events`.
 *
 * An insert writes `events` first and then the tables of its materialized views. When the store dies or fails between the two,
 * the same insert repeated makes up for it; but when nobody is left to repeat it, the event is known (a repeat is a
 * duplicate) and cannot be found. So each worker that starts after another died, and each that lost sight of an insert,
 * fills the window in question. Doing so twice changes nothing: the rows collapse by key.
 */
import { SettingsMap } from "@clickhouse/client";
import type { Store } from "@/lib/clickhouse/client";

export type ReadPathTables = Pick<Store, "query" | "command">;

// The select of each view is read from the database, so that it is written once, in its migration.
const VIEWS_SQL = `
  SELECT database, name, as_select FROM system.tables
  WHERE database = currentDatabase() AND engine = 'MaterializedView' AND match(as_select, 'FROM (\\\\S+\\\\.)?events\\\\b')`;

const REFILL_TIMEOUT_MS = 600_000;

/** Fills every read path with the events received since `since` (RFC 3339). */
export async function refillReadPaths(tables: ReadPathTables, since: string): Promise<void> {
  // It goes into a filter in quotes inside quotes, which takes no parameters.
  const from = new Date(since).toISOString();
  const views = await tables.query<{ database: string; name: string; as_select: string }>(VIEWS_SQL);
  for (const { database, name, as_select } of views) {
    const target = name.replace(/_mv$/, "");
    const columns = await columnsOf(tables, target);
    // The view's own select, over the events of that time only.
    const filter = `received_at >= parseDateTime64BestEffort(\\'${from}\\', 3, \\'UTC\\')`;
    await tables.command(`INSERT INTO ${target} (${columns}) SELECT ${columns} FROM (${as_select})`, undefined, {
      timeoutMs: REFILL_TIMEOUT_MS,
      settings: { additional_table_filters: SettingsMap.from({ [`${database}.events`]: filter }) },
    });
  }
}

async function columnsOf(tables: ReadPathTables, table: string): Promise<string> {
  const rows = await tables.query<{ name: string }>(
    `SELECT name FROM system.columns
     WHERE database = currentDatabase() AND table = {table:String} AND default_kind NOT IN ('MATERIALIZED', 'ALIAS')
     ORDER BY position`,
    { table },
  );
  if (rows.length === 0)
    throw new Error(`A view writes to ${table}, which has no columns; a view X_mv must write to a table X.`);
  return rows.map(({ name }) => name).join(", ");
}

/** Received times are stamped up to this long before their rows are stored (ingest/store.ts). */
const STAMP_SLACK_MS = 60_000;

/**
 * The time from which a worker that starts must fill: where the oldest worker that did not close its checkpoint had come.
 * Null when all ended well.
 */
export async function unfinishedSince(tables: Pick<ReadPathTables, "query">): Promise<string | null> {
  const [row] = await tables.query<{ since: string; workers: string }>(
    "SELECT min(projected_through) AS since, count() AS workers FROM projection_checkpoints FINAL WHERE closed = 0",
  );
  if (!row || Number(row.workers) === 0) return null;
  return slackBefore(row.since);
}

export const slackBefore = (time: string): string => new Date(Date.parse(time) - STAMP_SLACK_MS).toISOString();
