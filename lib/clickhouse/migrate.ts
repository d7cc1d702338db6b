import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Store } from "./client";
import { type Migration, renderSql, repeatRisk, statementsOf, toMigration } from "./migration-text";

export interface MigrateOptions {
  /** Folder of the NNNN_name.sql files. */
  directory: string;
  /** Name of the cluster; without it the single-node form runs. */
  cluster?: string;
  /** Told of each file as it is applied. */
  onApplied?(fileName: string): void;
}

interface AppliedRow {
  number: number;
  file_name: string;
  checksum: string;
}

/** The folder and the record of what ran do not fit together. The message says which file, and what to do. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

// The record is one for the whole cluster (no {shard} in its path), so that a new shard does not seem unmigrated.
const RECORD_TABLE = `
  CREATE TABLE IF NOT EXISTS schema_migrations {{on_cluster}}
  (number UInt32, file_name String, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
  ENGINE = {{record_engine}} ORDER BY number`;

/** DDL on a cluster waits for every host. */
const STATEMENT_TIMEOUT_MS = 180_000;

/**
 * Brings the database to the newest migration; resolves to the names of the files it applied. Forward only.
 *
 * Two processes may do this at once, and one may die half-way: there is no lock, instead every statement does nothing when it was done before
 * (`repeatRisk` refuses others), a file is recorded only after its last statement, and two records of one file collapse into one.
 * @throws MigrationError when a file that has been applied was changed, removed or preceded by a new one; ClickHouse's error otherwise.
 */
export async function migrate(store: Store, options: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(options.directory);
  await store.command(recordTableSql(options.cluster), undefined, { timeoutMs: STATEMENT_TIMEOUT_MS });
  const applied = await store.query<AppliedRow>(
    "SELECT number, argMax(file_name, applied_at) AS file_name, argMax(checksum, applied_at) AS checksum FROM schema_migrations GROUP BY number ORDER BY number",
    undefined,
    { settings: { select_sequential_consistency: options.cluster === undefined ? "0" : "1" } },
  );
  const pending = pendingMigrations(migrations, applied);
  for (const migration of pending) {
    await apply(store, migration, options.cluster);
    options.onApplied?.(migration.fileName);
  }
  return pending.map((migration) => migration.fileName);
}

/** Reads the folder, in order of number. @throws MigrationError on a bad or doubled name. */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  const migrations = await Promise.all(
    names.map(async (name) => toMigration(name, await readFile(path.join(directory, name), "utf8"))),
  );
  for (const [index, migration] of migrations.entries()) {
    const previous = migrations[index - 1];
    if (previous?.number === migration.number) {
      throw new MigrationError(`${previous.fileName} and ${migration.fileName} have the same number; give one another`);
    }
  }
  return migrations;
}

/** What is left to run. Pure. @throws MigrationError when history was rewritten. */
export function pendingMigrations(migrations: readonly Migration[], applied: readonly AppliedRow[]): Migration[] {
  const byNumber = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const row of applied) {
    const migration = byNumber.get(row.number);
    if (migration === undefined) {
      throw new MigrationError(
        `The database has migration ${row.file_name}, which this version does not know. It was made by a newer version: use that, or a backup.`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new MigrationError(
        `${migration.fileName} was changed after it had been applied to this database. Restore it, and put the change into a new migration.`,
      );
    }
  }
  const last = applied.reduce((greatest, row) => Math.max(greatest, row.number), 0);
  const done = new Set(applied.map((row) => row.number));
  const pending = migrations.filter((migration) => !done.has(migration.number));
  const early = pending.find((migration) => migration.number < last);
  if (early !== undefined) {
    throw new MigrationError(
      `${early.fileName} comes before migration ${last}, which this database already has. Give it a number above ${last}.`,
    );
  }
  return pending;
}

async function apply(store: Store, migration: Migration, cluster: string | undefined): Promise<void> {
  const statements = statementsOf(migration, cluster);
  for (const statement of statements) {
    const risk = repeatRisk(statement);
    if (risk !== undefined) throw new MigrationError(`${migration.fileName}: ${risk}: ${statement.slice(0, 80)}`);
  }
  for (const statement of statements) await store.command(statement, undefined, { timeoutMs: STATEMENT_TIMEOUT_MS });
  const { number, fileName, checksum } = migration;
  await store.insert("schema_migrations", [{ number, file_name: fileName, checksum }], {
    settings: cluster === undefined ? {} : { insert_quorum: "auto" },
  });
}

function recordTableSql(cluster: string | undefined): string {
  const engine =
    cluster === undefined
      ? "ReplacingMergeTree(applied_at)"
      : "ReplicatedReplacingMergeTree('/clickhouse/tables/all/{database}/{table}', '{shard}-{replica}', applied_at)";
  return renderSql(RECORD_TABLE.replace("{{record_engine}}", engine), cluster);
}
