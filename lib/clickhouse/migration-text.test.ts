import { describe, expect, it } from "vitest";
import { pendingMigrations } from "./migrate";
import { clusterForm, renderSql, repeatRisk, statementsOf, toMigration } from "./migration-text";

describe("rendering", () => {
  const sql =
    "CREATE TABLE IF NOT EXISTS t {{on_cluster}} (a Int8) ENGINE = {{engine:ReplacingMergeTree(version, is_deleted)}} ORDER BY a";

  it("drops the placeholders on a single node", () => {
    expect(renderSql(sql)).toBe(
      "CREATE TABLE IF NOT EXISTS t  (a Int8) ENGINE = ReplacingMergeTree(version, is_deleted) ORDER BY a",
    );
  });

  it("replicates and distributes on a cluster", () => {
    expect(clusterForm(sql, "main")).toBe(
      "CREATE TABLE IF NOT EXISTS t ON CLUSTER 'main' (a Int8) ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted) ORDER BY a",
    );
  });

  it.each([
    [
      "{{engine:MergeTree()}}",
      "MergeTree()",
      "ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')",
    ],
    [
      "{{engine:MergeTree}}",
      "MergeTree()",
      "ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')",
    ],
    [
      "{{engine:AggregatingMergeTree()}}",
      "AggregatingMergeTree()",
      "ReplicatedAggregatingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')",
    ],
    [
      "{{ engine:SummingMergeTree((a, b)) }}",
      "SummingMergeTree((a, b))",
      "ReplicatedSummingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', (a, b))",
    ],
  ])("knows %s", (placeholder, single, cluster) => {
    expect(renderSql(placeholder)).toBe(single);
    expect(clusterForm(placeholder)).toBe(cluster);
  });

  it("refuses what it does not know", () => {
    expect(() => renderSql("{{on_clutser}}")).toThrow(/unknown placeholder \{\{on_clutser\}\}/);
    expect(() => renderSql("{{engine:Memory}}")).toThrow(/no engine of the MergeTree family/);
  });

  it("splits a file into statements whatever its strings hold", () => {
    const migration = toMigration(
      "0007_x.sql",
      "CREATE TABLE IF NOT EXISTS a (s String DEFAULT ';') ENGINE = Memory;\n-- end; of file\n",
    );
    expect(statementsOf(migration)).toEqual(["CREATE TABLE IF NOT EXISTS a (s String DEFAULT ';') ENGINE = Memory"]);
  });
});

describe("repeatRisk", () => {
  it.each([
    "CREATE TABLE IF NOT EXISTS t (a Int8) ENGINE = Memory",
    "-- why\nCREATE MATERIALIZED VIEW IF NOT EXISTS v TO t AS SELECT 1",
    "CREATE OR REPLACE VIEW v AS SELECT 1",
    "CREATE FUNCTION IF NOT EXISTS f AS (x) -> x",
    "DROP TABLE IF EXISTS t",
    "ALTER TABLE t ADD COLUMN IF NOT EXISTS b String",
    "ALTER TABLE t MODIFY SETTING index_granularity = 1",
  ])("has nothing against %s", (statement) => {
    expect(repeatRisk(statement)).toBeUndefined();
  });

  it.each([
    "CREATE TABLE t (a Int8) ENGINE = Memory",
    "DROP TABLE t",
    "ALTER TABLE t ADD COLUMN b String",
    "INSERT INTO t SELECT 1",
    "RENAME TABLE a TO b",
  ])("refuses %s", (statement) => {
    expect(repeatRisk(statement)).toMatch(/needs|cannot be repeated/);
  });
});

describe("pendingMigrations", () => {
  const [one, two] = [toMigration("0001_a.sql", "a"), toMigration("0002_b.sql", "b")];
  const applied = (migration: typeof one) => ({
    number: migration.number,
    file_name: migration.fileName,
    checksum: migration.checksum,
  });

  it("is what has not been applied, in order", () => {
    expect(pendingMigrations([one, two], [])).toEqual([one, two]);
    expect(pendingMigrations([one, two], [applied(one)])).toEqual([two]);
    expect(pendingMigrations([one, two], [applied(two), applied(one)])).toEqual([]);
  });

  it("refuses history that was rewritten", () => {
    expect(() => pendingMigrations([one], [{ ...applied(one), checksum: "0" }])).toThrow(/0001_a\.sql was changed/);
    expect(() => pendingMigrations([one], [applied(one), applied(two)])).toThrow(
      /0002_b\.sql, which this version does not know/,
    );
    expect(() => pendingMigrations([one, two], [applied(two)])).toThrow(/0001_a\.sql comes before migration 2/);
  });

  it("refuses names that are not NNNN_lower_case.sql", () => {
    for (const name of ["1_a.sql", "0001_A.sql", "0001-a.sql", "0001_a.txt"])
      expect(() => toMigration(name, "")).toThrow(/expected NNNN/);
  });
});
