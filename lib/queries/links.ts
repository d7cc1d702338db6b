/** Link statements of a set of objects, in either direction. One query per set. */
import { TupleParam } from "@clickhouse/client";
import type { LinkStatement } from "@/lib/domain/correlation";
import { type ObjectKey, objectOfKey } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";

/** Objects in one query's set. 5,000 keys of ~30 bytes stay far below the engine's limits on a parameter. */
export const KEYS_PER_QUERY = 5_000;

export interface LinkRow {
  child_type: string;
  child_id: string;
  parent_type: string;
  parent_id: string;
  source: string;
  event_id: string;
  act: LinkStatement["act"];
  occurred_at: string;
}

export type Direction = "of children" | "of parents";

/** All statements whose children (or parents) are in `keys`, received at or before `asOf`. A repeated row may come twice. */
export async function readLinks(
  reader: FactReader,
  direction: Direction,
  keys: readonly ObjectKey[],
  asOf: string | null,
): Promise<LinkStatement[]> {
  const [table, end] = direction === "of children" ? ["links_by_child", "child"] : ["links_by_parent", "parent"];
  const rows = await inChunks(keys, (chunk) =>
    reader.query<LinkRow>(
      `SELECT child_type, child_id, parent_type, parent_id, source, event_id, act, occurred_at
       FROM ${table}
       WHERE (${end}_type, ${end}_id) IN {keys:Array(Tuple(String, String))}
         ${receivedBy(asOf)}`,
      { keys: chunk.map(tupleOfKey), ...(asOf === null ? {} : { asOf }) },
    ),
  );
  return rows.map((row) => ({
    child: { type: row.child_type, id: row.child_id },
    parent: { type: row.parent_type, id: row.parent_id },
    source: row.source,
    eventId: row.event_id,
    act: row.act,
    occurredAt: row.occurred_at,
  }));
}

export const tupleOfKey = (key: ObjectKey): TupleParam => {
  const { type, id } = objectOfKey(key);
  return new TupleParam([type, id]);
};

/** The `AND` that keeps what had reached us by then. Bind `asOf` when it is not null. */
export const receivedBy = (asOf: string | null): string =>
  asOf === null ? "" : "AND received_at <= parseDateTime64BestEffort({asOf:String}, 3, 'UTC')";

export async function inChunks<Key, Row>(
  keys: readonly Key[],
  read: (chunk: readonly Key[]) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let start = 0; start < keys.length; start += KEYS_PER_QUERY) {
    for (const row of await read(keys.slice(start, start + KEYS_PER_QUERY))) rows.push(row);
  }
  return rows;
}
