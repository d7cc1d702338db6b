import { createHash } from "node:crypto";
import { splitStatements, tokens } from "./sql-text";

/** One file of clickhouse/migrations. */
export interface Migration {
  /** 1 for `0001_facts.sql`. */
  number: number;
  fileName: string;
  /** As written, with its placeholders. */
  text: string;
  /** SHA-256 of `text`, hex. Of the text as written, so that it does not depend on single node or cluster. */
  checksum: string;
}

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;
const PLACEHOLDER = /\{\{\s*(on_cluster|engine:([^}]*))\s*\}\}/g;
const ENGINE = /^\s*([A-Za-z]*MergeTree)\s*(?:\((.*)\))?\s*$/s;

/** @throws when the name is not `NNNN_lower_case.sql`. */
export function toMigration(fileName: string, text: string): Migration {
  const number = FILE_NAME.exec(fileName)?.[1];
  if (number === undefined) throw new Error(`${fileName} is not a migration's name; expected NNNN_lower_case.sql`);
  return { number: Number(number), fileName, text, checksum: createHash("sha256").update(text).digest("hex") };
}

/**
 * Renders the placeholders: `{{on_cluster}}` to nothing or `ON CLUSTER 'name'`, and `{{engine:ReplacingMergeTree(version)}}` to itself or to its
 * replicated kind. The path holds the shard, so each shard's replicas form one table; `{shard}` and `{replica}` are macros of the server.
 * @throws on any other placeholder.
 */
export function renderSql(sql: string, cluster?: string): string {
  const rendered = sql.replace(PLACEHOLDER, (_, name: string, engine: string) => {
    if (name === "on_cluster") return cluster === undefined ? "" : `ON CLUSTER '${cluster}'`;
    return renderEngine(engine, cluster !== undefined);
  });
  const unknown = /\{\{[^}]*\}\}/.exec(rendered)?.[0];
  if (unknown !== undefined)
    throw new Error(`unknown placeholder ${unknown}; known are {{on_cluster}} and {{engine:…MergeTree(…)}}`);
  return rendered;
}

/** The text as it runs on a cluster. */
export function clusterForm(sql: string, cluster = "throughline"): string {
  return renderSql(sql, cluster);
}

function renderEngine(engine: string, isReplicated: boolean): string {
  const [, name, parameters = ""] = ENGINE.exec(engine) ?? [];
  if (name === undefined) throw new Error(`{{engine:${engine}}} names no engine of the MergeTree family`);
  if (!isReplicated) return `${name}(${parameters.trim()})`;
  const own = parameters.trim() === "" ? "" : `, ${parameters.trim()}`;
  return `Replicated${name}('/clickhouse/tables/{shard}/{database}/{table}', '{replica}'${own})`;
}

/** The statements of a migration, rendered, in order. */
export function statementsOf(migration: Migration, cluster?: string): string[] {
  return splitStatements(renderSql(migration.text, cluster));
}

/**
 * Why a statement must not stand in a migration, or undefined. Two processes may run one file at the same time, and a crash may leave it half
 * run, so each statement must do nothing when it has been done before.
 */
export function repeatRisk(statement: string): string | undefined {
  const words: string[] = [];
  for (const token of tokens(statement)) {
    if (token.kind === "word") words.push(statement.slice(token.start, token.end).toUpperCase());
    if (words.length === 40) break;
  }
  const text = words.join(" ");
  switch (words[0]) {
    case "CREATE":
      return /^CREATE (OR REPLACE|(\w+ ){1,2}IF NOT EXISTS)/.test(text)
        ? undefined
        : "CREATE needs IF NOT EXISTS or OR REPLACE";
    case "DROP":
      return /^DROP (\w+ ){1,2}IF EXISTS/.test(text) ? undefined : "DROP needs IF EXISTS";
    case "ALTER":
      if (/ (ADD|DROP|CLEAR|RENAME) (COLUMN|INDEX|PROJECTION|CONSTRAINT) (?!IF )/.test(text))
        return "ALTER needs IF [NOT] EXISTS";
      return undefined;
    default:
      return `${words[0] ?? "an empty statement"} cannot be repeated safely; migrations only CREATE, ALTER and DROP`;
  }
}
