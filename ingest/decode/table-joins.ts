/** Records of a mapping's tables, each with those of other tables that its keys name (`with`). Pure. */
import type { RecordMapping } from "@/lib/config/mapping-schema";
import type { Join } from "@/lib/config/mapping-tables";
import type { Fault } from "./fault";
import { fieldOf, scopeOf, textOf } from "./mapping-value";
import { asFault, type SourceRecord } from "./source-record";
import type { TableRecord, Tables } from "./table-records";

type Row = TableRecord;

/** Records are found by the text of their keys; an index is made for each join of the mapping. */
export class Joins {
  readonly #mapping: RecordMapping;
  readonly #tables: Tables;
  readonly #byTable = new Map<string, Row[]>();
  readonly #indexes = new Map<Join, Map<string, Row[]>>();
  readonly #done = new Map<Row, SourceRecord>();
  readonly #held = new Set<Row>();

  constructor(rows: readonly Row[], mapping: RecordMapping, tables: Tables) {
    this.#mapping = mapping;
    this.#tables = tables;
    for (const row of rows) if (row.table !== null) append(this.#byTable, row.table, row);
  }

  /** Its value holds, under the name of each join, the list of what was found; a record that lacks what it must have is a fault. */
  recordOf(row: Row): SourceRecord {
    const known = this.#done.get(row);
    if (known) return known;
    const made = this.#join(row);
    this.#done.set(row, made);
    return made;
  }

  /** Whether a record of another table holds this one. Right once every record was asked for. */
  isHeld(row: Row): boolean {
    return this.#held.has(row);
  }

  whyUnheld(table: string): Fault {
    const [claim] = Object.entries(this.#tables).flatMap(([holder, { with: joins }]) =>
      Object.values(joins).flatMap((join) => (join.table === table ? { holder, join } : [])),
    );
    if (!claim) {
      const reason = `expected a table that an event or another table of the mapping uses, got ${table}; leave it out of the mapping, or add a rule`;
      return { path: "", reason };
    }
    return noPartner(
      claim.holder,
      claim.join.on.map(({ other }) => other),
      claim.join.on.map(({ own }) => own),
    );
  }

  #join(row: Row): SourceRecord {
    const { record, table } = row;
    const joins = Object.entries((table === null ? undefined : this.#tables[table]?.with) ?? {});
    if (!record.ok || joins.length === 0) return record;
    const value: Record<string, unknown> = { ...(record.value as object) };
    const faults: Fault[] = [];
    // After a fault the other joins are made all the same: items must not seem to lack their header because the header lacks something else.
    for (const [name, join] of joins) {
      const { key, fault } = this.#keyOf(record.value, join, "own");
      const found = key === null ? [] : (this.#indexOf(join).get(key) ?? []);
      const inner = found.map((other) => this.recordOf(other));
      for (const other of found) this.#held.add(other);
      if (fault) faults.push(fault);
      else if (found.length === 0 && !join.optional)
        faults.push(
          noPartner(
            join.table,
            join.on.map(({ own }) => own),
            join.on.map(({ other }) => other),
          ),
        );
      inner.forEach((one, index) => {
        if (!one.ok) faults.push(within(`${name}.${index}`, one.fault));
      });
      value[name] = inner.map((one) => (one.ok ? one.value : null));
    }
    return faults[0] ? asFault(record, faults[0]) : { ...record, value };
  }

  #indexOf(join: Join): Map<string, Row[]> {
    const known = this.#indexes.get(join);
    if (known) return known;
    const index = new Map<string, Row[]>();
    for (const row of this.#byTable.get(join.table) ?? []) {
      const { key } = row.record.ok ? this.#keyOf(row.record.value, join, "other") : { key: null };
      if (key !== null) append(index, key, row);
    }
    this.#indexes.set(join, index);
    return index;
  }

  /** Null: a part of the key is not there, and what has no key belongs to nothing. */
  #keyOf(value: unknown, { on }: Join, side: "own" | "other"): { key: string | null; fault?: Fault | undefined } {
    const scope = scopeOf(value, this.#mapping);
    const parts = on.map((pair) => textOf(pair[side], scope)?.trim());
    const [fault] = scope.faults;
    if (fault || parts.some((part) => part === undefined)) return { key: null, fault };
    return { key: parts.join("\u0000") };
  }
}

type KeyValue = Join["on"][number]["own"];

function noPartner(table: string, here: readonly KeyValue[], there: readonly KeyValue[]): Fault {
  const path = fieldOf(here[0] ?? "");
  const fields = there.map(fieldOf).join(", ");
  const reason = `${path}: expected a record of the table ${table} with the same ${fields}, got none; import both together, or mend the number`;
  return { path, reason };
}

function within(path: string, { path: inner, reason }: Fault): Fault {
  const at = inner === "" ? path : `${path}.${inner}`;
  const said = inner !== "" && reason.startsWith(`${inner}: `) ? reason.slice(inner.length + 2) : reason;
  return { path: at, reason: `${at}: ${said}` };
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
