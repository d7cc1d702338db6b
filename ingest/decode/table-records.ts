/**
 * Bodies of several tables → the records of each, with those of other tables that belong to them, in numbered steps (docs/mapping-guide.md, "Tables"):
 *
 *   1. read every body, and tell of each record which table it is of
 *   2. give each record those of other tables that its keys name
 *   3. say what belongs nowhere: a record of no table, and an item whose header is not there
 */
import type { RecordMapping } from "@/lib/config/mapping-schema";
import type { TableRule } from "@/lib/config/mapping-tables";
import { type Fault, shapeOf } from "./fault";
import { missingRecords, openBody } from "./mapping-records";
import { valueAtPath } from "./mapping-value";
import { asFault, type SourceRecord } from "./source-record";
import { Joins } from "./table-joins";

/** A file, or the body of a request, which has no name. */
export interface NamedBody {
  readonly name: string;
  readonly body: Buffer;
}

export interface TableRecord {
  /** Null: of no table. */
  readonly table: string | null;
  /** Its value holds what was joined to it. */
  readonly record: SourceRecord;
  /** Which of the bodies it is from, and the how manieth record there, from 0. */
  readonly body: number;
  readonly position: number;
}

export type Tables = Readonly<Record<string, TableRule>>;

/** A body that cannot be read at all refuses the whole: what is joined would lack parts that nobody could tell. */
export interface UnreadableBody {
  readonly unreadable: { readonly name: string; readonly fault: Fault };
}

export function readTables(
  bodies: readonly NamedBody[],
  mapping: RecordMapping,
  tables: Tables,
): readonly TableRecord[] | UnreadableBody {
  const rows: TableRecord[] = [];
  for (const [body, { name, body: bytes }] of bodies.entries()) {
    const found = readBody(bytes, name, mapping, tables);
    if ("reason" in found) return { unreadable: { name, fault: found } };
    for (const [position, row] of found.entries()) rows.push({ ...row, body, position });
  }
  const joins = new Joins(rows, mapping, tables);
  const joined = rows.map((row) => joins.recordOf(row));
  const withRules = new Set(mapping.events.map(({ table }) => table));
  return rows.map((row, index) => {
    const record = joined[index] ?? row.record;
    if (row.table === null || withRules.has(row.table) || !row.record.ok) return { ...row, record };
    // Whatever it lacks, the record that holds it says so.
    if (joins.isHeld(row)) return row;
    return { ...row, record: record.ok ? asFault(record, joins.whyUnheld(row.table)) : record };
  });
}

/** Whether a file of this name can hold records of the mapping's tables at all. */
export const holdsTable = (name: string, tables: Tables): boolean =>
  Object.values(tables).some(({ file }) => file === undefined || fitsName(file, name) !== null);

type Told = Pick<TableRecord, "table" | "record">;

function readBody(bytes: Buffer, name: string, mapping: RecordMapping, tables: Tables): Told[] | Fault {
  const open = openBody(bytes, mapping);
  if (typeof open !== "function") return open;
  const told: Told[] = [];
  const byPaths = new Map<string, { paths: readonly string[]; tables: string[] }>();
  for (const table of tablesOfFile(name, tables)) {
    const paths = tables[table]?.records ?? ("records" in mapping ? mapping.records : ["."]);
    const group = byPaths.get(paths.join("\u0000")) ?? { paths, tables: [] };
    byPaths.set(paths.join("\u0000"), { paths, tables: [...group.tables, table] });
  }
  const missing: string[] = [];
  for (const { paths, tables: candidates } of byPaths.values()) {
    const records = open(paths);
    if ("reason" in records) missing.push(...paths);
    else for (const record of records) told.push(tell(record, candidates, tables));
  }
  if (told.length > 0 || mapping.otherwise === "skip") return told;
  if (byPaths.size > 0) return missing.length > 0 ? missingRecords(missing) : told;
  const records = open("records" in mapping ? mapping.records : ["."]);
  return "reason" in records ? records : records.map((record) => ({ table: null, record }));
}

/** A table that names the file itself wins over one that names its folder. */
function tablesOfFile(name: string, tables: Tables): string[] {
  const fits = Object.entries(tables).map(([table, { file }]) => ({ table, by: file ? fitsName(file, name) : "any" }));
  const nearest = (["file", "folder"] as const).find((level) => fits.some(({ by }) => by === level));
  return fits
    .filter(({ by }) => by === "any" || by === nearest)
    .flatMap(({ table, by }) => (by === null ? [] : [table]));
}

function fitsName(patterns: readonly string[], name: string): "file" | "folder" | null {
  const [file = "", folder = ""] = name.split(/[\\/]/).reverse();
  const unzipped = file.replace(/\.gz$/i, "");
  const names = [file, unzipped, unzipped.replace(/\.[^.]*$/, "")];
  const fits = (pattern: string, candidate: string) => {
    const parts = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "s").test(candidate);
  };
  if (patterns.some((pattern) => names.some((candidate) => fits(pattern, candidate)))) return "file";
  return patterns.some((pattern) => fits(pattern, folder)) ? "folder" : null;
}

/** A line that is no record is of the one table of its file, if there is one: its dead letter says so much. */
function tell(record: SourceRecord, candidates: readonly string[], tables: Tables): Told {
  if (!record.ok) return { table: null, record };
  const scope = { record: record.value, element: record.value, outer: null };
  const isThere = (path: string) => ![undefined, null, ""].includes(valueAtPath(path, scope) as null);
  const table = candidates.find((name) => (tables[name]?.has ?? []).every(isThere)) ?? null;
  if (table === null || (typeof record.value === "object" && record.value !== null && !Array.isArray(record.value)))
    return { table, record };
  return { table, record: asFault(record, { path: "", reason: `expected a record, got ${shapeOf(record.value)}` }) };
}
