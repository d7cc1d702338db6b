import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate, readMigrations } from "@/lib/clickhouse/migrate";
import { repeatRisk, statementsOf } from "@/lib/clickhouse/migration-text";
import { startTestStore, type TestStore } from "./embedded-store";

const SHIPPED = fileURLToPath(new URL("../../clickhouse/migrations", import.meta.url));

let test: TestStore;
let folder: string;

beforeAll(async () => {
  test = await startTestStore({ migrations: false });
  folder = await mkdtemp(path.join(tmpdir(), "throughline-migrations-"));
  await writeFile(
    path.join(folder, "0001_first.sql"),
    "CREATE TABLE IF NOT EXISTS a (id UInt32) ENGINE = {{engine:MergeTree()}} ORDER BY id;",
  );
});

afterAll(async () => {
  await test?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("the migrations that ship", () => {
  it("parse in both forms and can be repeated safely", async () => {
    const migrations = await readMigrations(SHIPPED);
    expect(migrations.length).toBeGreaterThan(0);
    for (const migration of migrations) {
      for (const cluster of [undefined, "throughline"]) {
        for (const statement of statementsOf(migration, cluster)) {
          expect(repeatRisk(statement), `${migration.fileName}: ${statement.slice(0, 80)}`).toBeUndefined();
          await test.store.query("SELECT formatQuery({statement:String})", { statement });
        }
      }
    }
  });

  it("name the cluster and replicate every table of their own in the cluster form", async () => {
    for (const migration of await readMigrations(SHIPPED)) {
      for (const statement of statementsOf(migration, "throughline")) {
        expect(statement).toMatch(/ON CLUSTER 'throughline'/);
        const engine = /ENGINE\s*=\s*(\w*MergeTree)/.exec(statement)?.[1];
        if (engine !== undefined) expect(engine).toMatch(/^Replicated/);
      }
    }
  });

  it("apply on the engine, twice without a change, and by two processes at once", async () => {
    const both = await Promise.all([1, 2].map(() => migrate(test.store, { directory: SHIPPED })));
    const names = (await readMigrations(SHIPPED)).map((migration) => migration.fileName);
    expect(new Set(both.flat())).toEqual(new Set(names));
    expect(await migrate(test.store, { directory: SHIPPED })).toEqual([]);
    const recorded = await test.store.query<{ file_name: string }>(
      "SELECT file_name FROM schema_migrations FINAL ORDER BY number",
    );
    expect(recorded.map((row) => row.file_name)).toEqual(names);
  });
});

describe("a database of its own folder", () => {
  beforeAll(async () => {
    await test.store.command("TRUNCATE TABLE IF EXISTS schema_migrations");
    await migrate(test.store, { directory: folder });
  });

  it("refuses a file that was changed after it was applied", async () => {
    const changed = await mkdtemp(path.join(tmpdir(), "throughline-migrations-"));
    await writeFile(path.join(changed, "0001_first.sql"), "CREATE TABLE IF NOT EXISTS b (id UInt32) ENGINE = Memory;");
    await expect(migrate(test.store, { directory: changed })).rejects.toThrow(
      /0001_first\.sql was changed after it had been applied/,
    );
    await rm(changed, { recursive: true });
  });

  it("refuses a folder in which an applied file is missing", async () => {
    const empty = await mkdtemp(path.join(tmpdir(), "throughline-migrations-"));
    await expect(migrate(test.store, { directory: empty })).rejects.toThrow(
      /0001_first\.sql, which this version does not know/,
    );
    await rm(empty, { recursive: true });
  });

  it("applies only what is new, and says so", async () => {
    await writeFile(
      path.join(folder, "0003_third.sql"),
      "-- c\nALTER TABLE a ADD COLUMN IF NOT EXISTS n String DEFAULT 'x;y';",
    );
    const told: string[] = [];
    const applied = await migrate(test.store, { directory: folder, onApplied: (name) => told.push(name) });
    expect(applied).toEqual(["0003_third.sql"]);
    expect(told).toEqual(applied);
    await test.store.insert("a", [{ id: 1 }]);
    expect(await test.store.query("SELECT * FROM a")).toEqual([{ id: 1, n: "x;y" }]);
  });

  it("refuses a new file numbered before one that was applied", async () => {
    await writeFile(path.join(folder, "0002_late.sql"), "CREATE TABLE IF NOT EXISTS c (id UInt32) ENGINE = Memory;");
    await expect(migrate(test.store, { directory: folder })).rejects.toThrow(/0002_late\.sql comes before migration 3/);
    await rm(path.join(folder, "0002_late.sql"));
  });

  it("does not record a file whose statement fails, and runs it again once it is right", async () => {
    const file = path.join(folder, "0004_broken.sql");
    await writeFile(
      file,
      "CREATE TABLE IF NOT EXISTS d (id UInt32) ENGINE = Memory; CREATE TABLE IF NOT EXISTS e (id Nonsense) ENGINE = Memory;",
    );
    await expect(migrate(test.store, { directory: folder })).rejects.toMatchObject({ type: "UNKNOWN_TYPE" });
    await writeFile(
      file,
      "CREATE TABLE IF NOT EXISTS d (id UInt32) ENGINE = Memory; CREATE TABLE IF NOT EXISTS e (id UInt8) ENGINE = Memory;",
    );
    expect(await migrate(test.store, { directory: folder })).toEqual(["0004_broken.sql"]);
  });
});
