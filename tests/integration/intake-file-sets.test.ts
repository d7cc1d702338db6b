import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStore, type TestStore } from "./embedded-store";
import { type ErpWorkspace, openWorkspace, runImport } from "./erp-import";

const MAPPING = `
format: jsonl
otherwise: skip
tables:
  note: { file: notes, with: { items: { table: item, on: no } } }
  item: { file: note_items }
events:
  - table: note
    id: no
    type: =shipment.confirmed
    time: at
    objects: [{ type: =shipment, id: no }]
    lines: { each: items, sku: sku, quantity: qty }
`;

let test: TestStore;
let workspace: ErpWorkspace;

beforeAll(async () => {
  test = await startTestStore();
  workspace = await openWorkspace("sap-o2c");
  await writeFile(join(workspace.configDir, "mappings", "notes.yaml"), MAPPING);
});

afterAll(async () => {
  await test?.stop();
  if (workspace) await rm(workspace.folder, { recursive: true, force: true });
});

async function folderOf(name: string, files: Record<string, string | Buffer>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(workspace.folder, name, path);
    await mkdir(join(file, ".."), { recursive: true });
    await writeFile(file, content);
  }
  return join(workspace.folder, name);
}

const lines = (...rows: object[]) => rows.map((row) => JSON.stringify(row)).join("\n");
const NOTES = lines({ no: "N1", at: "2026-11-23" }, { no: "N2", at: "2026-11-24" });
const ITEMS = lines({ no: "N1", sku: "A", qty: "2" }, { no: "N2", sku: "B", qty: "1" });
const options = ["--source", "wms", "--format", "notes"];

describe("npm run import of files that belong together", () => {
  it("joins parts of tables, plain and gzip, from a folder, tells what is wrong by file and line, and leaves other files unread", async () => {
    const folder = await folderOf("first", {
      "notes/part-1.jsonl": NOTES,
      "notes/part-2.jsonl.gz": gzipSync(lines({ no: "N3", at: "2026-11-25" })),
      "note_items/part-1.jsonl": `${ITEMS}\n${lines({ no: "N3", sku: "C", qty: "4" }, { no: "N9", sku: "C", qty: "4" })}`,
      "master_data/part-1.bin": Buffer.from([0xff, 0xfe]),
      ".hidden": "x",
    });
    const done = await runImport(test.url, workspace, [folder, ...options]);
    expect(done, done.stderr).toMatchObject({ code: 0 });
    expect(done.stdout).toContain("1 of 4 files are of no table of notes, and left out");
    expect(done.stdout).toContain("3 accepted, 0 duplicate, 1 dead letter");
    expect(done.stdout).toMatch(/note_items\/part-1\.jsonl line 4: no: expected a record of the table note/);
    const [letter] = await test.store.query<{ origin: string }>("SELECT origin FROM dead_letters FINAL");
    expect(letter?.origin).toBe("note_items/part-1.jsonl:4");
    const rows = await test.store.query<{ id: string; sku: string[] }>(
      "SELECT event_id AS id, [JSONExtractString(payload, 'data', 'lines', 1, 'sku')] AS sku FROM events FINAL WHERE source = 'wms' ORDER BY id",
    );
    expect(rows).toEqual([
      { id: "N1", sku: ["A"] },
      { id: "N2", sku: ["B"] },
      { id: "N3", sku: ["C"] },
    ]);
  }, 120_000);

  it("stores nothing of headers that came without their items, so that both together can follow", async () => {
    const folder = await folderOf("second", {
      "notes.jsonl": lines({ no: "M1", at: "2026-11-23" }),
      "note_items.jsonl": lines({ no: "M1", sku: "A", qty: "1" }),
    });
    const alone = await runImport(test.url, workspace, [join(folder, "notes.jsonl"), ...options]);
    expect(alone.stdout).toContain("0 accepted, 0 duplicate, 1 dead letter");
    const together = await runImport(test.url, workspace, [
      join(folder, "notes.jsonl"),
      join(folder, "note_items.jsonl"),
      ...options,
    ]);
    expect(together.stdout).toContain("1 accepted, 0 duplicate, 0 dead letters");
  }, 120_000);

  it("says so when no file is of a table, when a folder is empty, and when a file cannot be read at all", async () => {
    const other = await folderOf("third", { "else.jsonl": NOTES });
    expect((await runImport(test.url, workspace, [other, ...options])).stderr).toContain(
      "None of 1 files is of a table of the mapping notes",
    );
    const empty = join(workspace.folder, "empty");
    await mkdir(empty);
    expect((await runImport(test.url, workspace, [empty, ...options])).stderr).toContain("no file is in this folder");
    const broken = await folderOf("fourth", { "notes.jsonl": Buffer.from([0xff]), "note_items.jsonl": ITEMS });
    const run = await runImport(test.url, workspace, [broken, ...options]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("notes.jsonl: expected UTF-8");
  }, 120_000);
});
