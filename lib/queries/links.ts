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

/**
 * Links from an object down to the third level below it come in one query. A journey is four to five levels deep, so its descent takes two
 * round trips instead of five; each further level in one query repeats all above it.
 */
export const HOPS_PER_QUERY = 3;
/** Of later queries of the same descent: what lies this deep is mostly all there is. */
const HOPS_PER_LATER_QUERY = 2;
/** From this many objects on, repeating a level costs more than the round trip that it saves. */
const KEYS_OF_ONE_HOP = 50;

/** How many levels below `keys` one query of a descent reads. */
export function hopsFrom(keys: readonly ObjectKey[], isFirst: boolean): number {
  if (keys.length >= KEYS_OF_ONE_HOP) return 1;
  return isFirst ? HOPS_PER_QUERY : HOPS_PER_LATER_QUERY;
}

/** Statements that one level of a descent passes on to the next, so that no input makes one query grow without end. */
export const DESCENT_ROW_LIMIT = 1_000_000;

const COLUMNS = "child_type, child_id, parent_type, parent_id, source, event_id, act, occurred_at";
/** From this many keys on, two arrays of strings are cheaper for the engine to read than one of tuples; below, it is the other way round. */
const KEYS_AS_ARRAYS = 1_000;

export interface KeySet {
  /** What stands after `IN`. */
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export function keySet(keys: readonly ObjectKey[]): KeySet {
  if (keys.length < KEYS_AS_ARRAYS) {
    return { sql: "{keys:Array(Tuple(String, String))}", parameters: { keys: keys.map(tupleOfKey) } };
  }
  const objects = keys.map(objectOfKey);
  return {
    sql: "(SELECT key.1, key.2 FROM (SELECT arrayJoin(arrayZip({types:Array(String)}, {ids:Array(String)})) AS key))",
    parameters: { types: objects.map(({ type }) => type), ids: objects.map(({ id }) => id) },
  };
}

/**
 * For lookups by key: a few thousand rows at most of each part. Threads that share them cost more processor time than
 * they save, and a store that serves many has none to spare.
 */
export const LOOKUP_SETTINGS = "SETTINGS max_threads = 1";

/**
 * All statements on links whose parents are in `keys`, or up to `hops` - 1 links below those, received at or before `asOf`. A statement may come
 * more than once, and in any order.
 */
export async function readLinksBelow(
  reader: FactReader,
  keys: readonly ObjectKey[],
  asOf: string | null,
  hops: number,
): Promise<LinkStatement[]> {
  return readStatements(reader, keys, asOf, (inKeys) => descentSql(inKeys, asOf, hops));
}

function descentSql(inKeys: string, asOf: string | null, hops: number): string {
  const levels: string[] = [];
  let parents = inKeys;
  for (let hop = 0; hop < hops; hop += 1) {
    const from = `FROM links_by_parent WHERE (parent_type, parent_id) IN ${parents} ${receivedBy(asOf)}`;
    levels.push(`SELECT ${COLUMNS} ${from}`);
    parents = `(SELECT child_type, child_id ${from} LIMIT ${DESCENT_ROW_LIMIT})`;
  }
  return levels.join(" UNION ALL ");
}

/** All statements on links whose children are in `keys`, received at or before `asOf`. A repeated row may come twice. */
export async function readLinksAbove(
  reader: FactReader,
  keys: readonly ObjectKey[],
  asOf: string | null,
): Promise<LinkStatement[]> {
  return readStatements(reader, keys, asOf, (inKeys) => ascentSql(inKeys, asOf));
}

/** As readLinksAbove, without (most of) those whose parents are in `keys` too: for a caller that has read them as links below. */
export async function readLinksFromOutside(
  reader: FactReader,
  keys: readonly ObjectKey[],
  asOf: string | null,
): Promise<LinkStatement[]> {
  return readStatements(
    reader,
    keys,
    asOf,
    (inKeys) => `${ascentSql(inKeys, asOf)} AND (parent_type, parent_id) NOT IN ${inKeys}`,
  );
}

const ascentSql = (inKeys: string, asOf: string | null): string =>
  `SELECT ${COLUMNS} FROM links_by_child WHERE (child_type, child_id) IN ${inKeys} ${receivedBy(asOf)}`;

async function readStatements(
  reader: FactReader,
  keys: readonly ObjectKey[],
  asOf: string | null,
  sqlOf: (inKeys: string) => string,
): Promise<LinkStatement[]> {
  const rows = await inChunks(keys, (chunk) => {
    const { sql, parameters } = keySet(chunk);
    return reader.query<LinkRow>(`${sqlOf(sql)} ${LOOKUP_SETTINGS}`, {
      ...parameters,
      ...(asOf === null ? {} : { asOf }),
    });
  });
  return rows.map(statementOf);
}

const statementOf = (row: LinkRow): LinkStatement => ({
  child: { type: row.child_type, id: row.child_id },
  parent: { type: row.parent_type, id: row.parent_id },
  source: row.source,
  eventId: row.event_id,
  act: row.act,
  occurredAt: row.occurred_at,
});

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
