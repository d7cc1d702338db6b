/** The same exceptions and the same questions in PostgreSQL. */
import path from "node:path";
import type { ExceptionGroup } from "@/lib/domain/exceptions/exception";
import type { BenchStore } from "./bench-store";
import { exportTsv, type Postgres, startPostgres } from "./postgres";
import { BENCH_NOW } from "./synthetic-handoffs";

export interface PeerQuestion {
  readonly interface?: string;
  readonly q?: string;
}

const NOW = `timestamptz '${BENCH_NOW}'`;
const COLUMNS: readonly (readonly [name: string, type: string, expression?: string])[] = [
  ["exception_id", "text"],
  ["kind", "text"],
  ["category", "text"],
  ["class", "text"],
  ["state", "text"],
  ["interface", "text"],
  ["source", "text"],
  ["target", "text"],
  ["fingerprint", "text"],
  ["cause", "text"],
  ["message", "text"],
  ["error_code", "text"],
  ["subject_id", "text"],
  ["root_id", "text", "roots[1].id"],
  ["severity", "text"],
  ["owner", "text"],
  ["assignee", "text"],
  ["opens_at", "timestamptz"],
  ["first_failed_at", "timestamptz"],
  ["last_failed_at", "timestamptz"],
  ["due_at", "timestamptz"],
  ["ignored_until", "timestamptz"],
  ["occurrences", "integer"],
  ["attempts", "integer"],
  ["value", "numeric(38,9)"],
  ["currency", "text"],
  ["promised_at", "timestamptz"],
];

const INDEXES = [
  "ALTER TABLE exceptions ADD PRIMARY KEY (exception_id)",
  "CREATE INDEX ON exceptions (state, interface)",
  "CREATE INDEX ON exceptions (fingerprint)",
  "CREATE INDEX ON exceptions (root_id)",
  "CREATE INDEX ON exceptions (subject_id)",
];

const STATE = `CASE WHEN state = 'ignored' AND ignored_until <= ${NOW} THEN 'open' ELSE state END`;
const RANK = `greatest(coalesce(value, 0) * 100, 100) * CASE WHEN promised_at IS NULL THEN 1
  WHEN promised_at <= ${NOW} THEN 1000 + least(extract(epoch FROM ${NOW} - promised_at) * 1000 / 86400, 30000)
  ELSE greatest(3600000 / greatest(extract(epoch FROM promised_at - ${NOW}), 3600), 1) END`;

function where({ interface: name, q }: PeerQuestion): string {
  const conditions = [`opens_at <= ${NOW}`, `${STATE} IN ('open', 'acknowledged', 'regressed')`];
  if (name !== undefined) conditions.push(`interface = '${name}'`);
  if (q !== undefined)
    conditions.push(
      `(${["subject_id", "message", "cause", "root_id"].map((column) => `${column} ILIKE '%${q}%'`).join(" OR ")})`,
    );
  return conditions.join(" AND ");
}

export const pageSql = (question: PeerQuestion): string =>
  `SELECT *, ${RANK} AS rank FROM exceptions WHERE ${where(question)} ORDER BY rank DESC, exception_id LIMIT 51`;
export const countSql = (question: PeerQuestion): string => `SELECT count(*) FROM exceptions WHERE ${where(question)}`;
export const groupsSql = (question: PeerQuestion): string =>
  `SELECT g.*, v.money FROM (
     SELECT fingerprint, count(*) AS held, count(*) FILTER (WHERE state = 'regressed') AS regressed, count(DISTINCT root_id) AS orders,
       min(first_failed_at), max(last_failed_at), array_agg(DISTINCT owner) AS owners, sum(${RANK}) AS rank
     FROM exceptions WHERE ${where(question)} GROUP BY fingerprint) g
   LEFT JOIN (
     SELECT fingerprint, json_object_agg(currency, amount) AS money FROM (
       SELECT fingerprint, currency, sum(value) AS amount FROM (
         SELECT fingerprint, currency, root_id, max(value) AS value FROM exceptions WHERE ${where(question)} GROUP BY 1, 2, 3) o GROUP BY 1, 2) c
     GROUP BY 1) v USING (fingerprint)
   ORDER BY rank DESC LIMIT 51`;

/** PostgreSQL holding what the store holds now, indexed and analysed; null where it is not installed. */
export async function loadExceptionPeer(bench: BenchStore): Promise<Postgres | null> {
  const peer = await startPostgres();
  if (peer === null) return null;
  try {
    const file = path.join(peer.dir, "exceptions.tsv");
    const columns = COLUMNS.map(([name, , expression = name]) => `${expression} AS ${name}_out`).join(", ");
    await exportTsv(bench.url, `SELECT ${columns} FROM exceptions FINAL`, file);
    await peer.query(`CREATE TABLE exceptions (${COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ")})`);
    await peer.query(`\\copy exceptions FROM '${file}'`);
    await peer.query(INDEXES.map((sql) => `${sql};`).join("\n"));
    await peer.query("VACUUM ANALYZE exceptions");
    return peer;
  } catch (error) {
    await peer.stop();
    throw error;
  }
}

/** A peer that answers something else is no peer. */
export async function checkSameGroups(peer: Postgres, groups: readonly ExceptionGroup[]): Promise<void> {
  const rows = await peer.query(
    `SELECT fingerprint, count(*), count(DISTINCT root_id) FROM exceptions WHERE ${where({})} GROUP BY 1`,
  );
  const theirs = new Set(rows);
  const differing = groups.filter(({ group, count, ordersHeldUp }) => !theirs.has(`${group}|${count}|${ordersHeldUp}`));
  if (differing.length > 0 || theirs.size !== groups.length)
    throw new Error(
      `the two stores differ: ${differing.length} of ${groups.length} groups (PostgreSQL ${theirs.size})`,
    );
}
