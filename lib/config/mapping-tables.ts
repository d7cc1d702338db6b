/**
 * Tables of a mapping: sources that keep headers and items apart, a file or an element for each. What the file may say; docs/mapping-guide.md explains
 * it with examples, and ingest/decode/table-records.ts carries it out.
 */
import { z } from "zod";
import { type EventRule, path, recordsPathsAsWritten, value } from "./record-mapping";

const text = z.string().min(1);
const oneOrMore = z.union([text.transform((only) => [only]), z.array(text).min(1)]);

/** A field that both tables have under one name, or a value of each. */
const sameField = z.union(
  [text.transform((field) => ({ own: field, other: field })), z.strictObject({ own: value, other: value })],
  { error: "must be a field that both tables have, or { own: …, other: … }" },
);

const join = z.strictObject({
  table: text,
  /** All must be equal, as text. */
  on: z.union([sameField.transform((only) => [only]), z.array(sameField).min(1)], {
    error: "must be a field that both tables have, { own: …, other: … }, or a list of such",
  }),
  /** A record that finds none goes through without; otherwise it is a dead letter. */
  optional: z.boolean().default(false),
});

const table = z.strictObject({
  /** Told by the name of the file, with or without its ending, or of the folder it is in; `*` stands for anything. */
  file: oneOrMore.optional(),
  /** Told by fields that its records have. */
  has: z.union([path.transform((only) => [only]), z.array(path).min(1)]).optional(),
  /** Records of other tables, under a name of their own: a list each. */
  with: z.record(text.regex(/^[^.^$=\s]+$/, "must be a name without dots"), join).default({}),
});

const tablesOf = <Table extends z.ZodType>(schema: Table) => z.record(text, schema).optional();

/** json and xml: a table may also be told by where its records are. */
export const treeTables = tablesOf(table.extend({ records: recordsPathsAsWritten.optional() }));
export const recordTables = tablesOf(table);

export type TableRule = z.output<typeof table> & { readonly records?: readonly string[] | undefined };
export type Join = z.output<typeof join>;

interface WithTables {
  readonly tables?: Readonly<Record<string, TableRule>> | undefined;
  readonly events: readonly EventRule[];
}

interface TableFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export function faultsOfTables({ tables, events }: WithTables): TableFault[] {
  if (tables === undefined) {
    return events.flatMap((rule, index) =>
      rule.table === undefined
        ? []
        : { path: ["events", index, "table"], message: "must be left out: the mapping has no tables" },
    );
  }
  const names = `one of tables: ${Object.keys(tables).join(", ")}`;
  const unknown = (name: string) => !Object.hasOwn(tables, name);
  const faults: TableFault[] = [];
  events.forEach(({ table: name }, index) => {
    if (name === undefined || unknown(name))
      faults.push({ path: ["events", index, "table"], message: `must be ${names}` });
  });
  for (const [name, rule] of Object.entries(tables)) {
    if (rule.file === undefined && rule.has === undefined && rule.records === undefined)
      faults.push({
        path: ["tables", name],
        message: "must say how its records are told: file, has or (json, xml) records",
      });
    for (const [as, { table: other }] of Object.entries(rule.with)) {
      const at = ["tables", name, "with", as, "table"];
      if (unknown(other)) faults.push({ path: at, message: `must be ${names}` });
      else if (reaches(tables, other, name)) faults.push({ path: at, message: `must not lead back to ${name}` });
    }
  }
  return faults;
}

/** Whether records of `from` hold, directly or through others, records of `to`. */
function reaches(tables: Readonly<Record<string, TableRule>>, from: string, to: string): boolean {
  const seen = new Set([from]);
  // A Set is walked in insertion order, and what is added on the way is walked too.
  for (const name of seen) for (const { table: next } of Object.values(tables[name]?.with ?? {})) seen.add(next);
  return seen.has(to);
}
