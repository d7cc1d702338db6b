/** The same handoffs and the same questions in PostgreSQL. */
import path from "node:path";
import type { MatrixCell } from "@/lib/queries/reconciliation";
import type { BenchStore } from "./bench-store";
import { exportTsv, type Postgres, startPostgres } from "./postgres";
import { BENCH_NOW } from "./synthetic-handoffs";

const NOW = `timestamptz '${BENCH_NOW}'`;
const BREAKS = "('late', 'mismatched', 'duplicate', 'orphan')";
const STATE = `CASE WHEN state = 'pending' AND due_at <= ${NOW} THEN state_when_due ELSE state END`;
const OPEN = `resolution IN ('', 'awaiting_approval') AND state IN ('late', 'mismatched', 'duplicate', 'orphan', 'pending')
  AND (state <> 'pending' OR (due_at <= ${NOW} AND state_when_due IN ${BREAKS}))`;

const COLUMNS: readonly (readonly [name: string, type: string, expression?: string])[] = [
  ["rule", "text"],
  ["key_type", "text"],
  ["key_id", "text"],
  ["state", "text"],
  ["state_when_due", "text"],
  ["due_at", "timestamptz"],
  ["roots", "jsonb", "toJSONString(roots)"],
  ["from_events", "jsonb", "toJSONString(from_events)"],
  ["to_events", "jsonb", "toJSONString(to_events)"],
  ["difference", "jsonb", "if(difference = '', '{}', difference)"],
  ["expected_amount", "numeric(38,9)"],
  ["actual_amount", "numeric(38,9)"],
  ["currency", "text"],
  ["stake", "numeric(38,9)"],
  ["company_code", "text"],
  ["period", "text"],
  ["location", "text"],
  ["partner", "text"],
  ["owner", "text"],
  ["opened_at", "timestamptz"],
  ["broken_at", "timestamptz"],
  ["resolution", "text"],
  ["resolution_json", "text"],
];

/** What its manual would have: the key, the open breaks in the order they are shown, the two columns that finance filters by, what falls due. */
const INDEXES = [
  "ALTER TABLE handoffs ADD PRIMARY KEY (rule, key_type, key_id)",
  "CREATE INDEX ON handoffs (stake DESC, rule, key_type, key_id) WHERE resolution IN ('', 'awaiting_approval') AND state IN ('late', 'mismatched', 'duplicate', 'orphan', 'pending')",
  "CREATE INDEX ON handoffs (company_code, period, stake DESC) WHERE resolution IN ('', 'awaiting_approval') AND state IN ('late', 'mismatched', 'duplicate', 'orphan', 'pending')",
  "CREATE INDEX ON handoffs (company_code, period)",
  "CREATE INDEX ON handoffs (due_at) WHERE state = 'pending'",
];

const andWhere = (filter: PeerFilter): string =>
  filter === null ? "" : ` AND company_code = '${filter.companyCode}' AND period = '${filter.period}'`;
export type PeerFilter = { readonly companyCode: string; readonly period: string } | null;

export const matrixSql = (filter: PeerFilter): string =>
  `SELECT rule, ${STATE} AS shown_state, currency, count(*), count(*) FILTER (WHERE ${OPEN}), sum(stake)
   FROM handoffs WHERE true${andWhere(filter)} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
export const pageSql = (filter: PeerFilter): string =>
  `SELECT * FROM handoffs WHERE ${OPEN}${andWhere(filter)} ORDER BY stake DESC, rule, key_type, key_id LIMIT 51`;
export const countSql = (filter: PeerFilter): string =>
  `SELECT count(*) FROM handoffs WHERE ${OPEN}${andWhere(filter)}`;

/** PostgreSQL holding what the store holds now, indexed and analysed; null where it is not installed. */
export async function loadPeer(bench: BenchStore): Promise<Postgres | null> {
  const peer = await startPostgres();
  if (peer === null) return null;
  try {
    const file = path.join(peer.dir, "handoffs.tsv");
    const columns = COLUMNS.map(([name, , expression = name]) => `${expression} AS ${name}_out`).join(", ");
    await exportTsv(bench.url, `SELECT ${columns} FROM handoffs FINAL`, file);
    await peer.query(`CREATE TABLE handoffs (${COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ")})`);
    // One transaction with the table's creation would spare the log; a cluster without crash safety has little of it anyway.
    await peer.query(`\\copy handoffs FROM '${file}'`);
    await peer.query(INDEXES.map((sql) => `${sql};`).join("\n"));
    await peer.query("VACUUM ANALYZE handoffs");
    return peer;
  } catch (error) {
    await peer.stop();
    throw error;
  }
}

/** A peer that answers something else is no peer. */
export async function checkSameMatrix(peer: Postgres, cells: readonly MatrixCell[]): Promise<void> {
  const theirs = (await peer.query(matrixSql(null))).map((line) => line.split("|").slice(0, 5).join("|"));
  const ours = cells.map((cell) => [cell.rule, cell.state, cell.currency, cell.count, cell.open].join("|"));
  const differing = ours.filter((line) => !theirs.includes(line));
  if (differing.length > 0 || ours.length !== theirs.length)
    throw new Error(
      `the two stores differ: ${differing.slice(0, 3).join("; ")} (${ours.length}, ${theirs.length} cells)`,
    );
}
