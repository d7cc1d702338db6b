/** Handoffs by the clock of the query: lists, single ones, those of a journey. `now` is RFC 3339 throughout. */
import { TupleParam } from "@clickhouse/client";
import { z } from "zod";
import { timestamp } from "@/lib/domain/event";
import type { HandoffState } from "@/lib/domain/handoffs/handoff";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { ObjectRef } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { conditionsOf, type HandoffFilter } from "./handoff-filter";
import { HANDOFF_COLUMNS, type HandoffRow, handoffOf } from "./handoff-row";
import { KEYS_PER_QUERY } from "./links";
import { InvalidCursor } from "./orders";
import { readMatrix } from "./reconciliation";

export const HANDOFF_SORTS = ["stake", "age", "opened", "rule", "key"] as const;
/** `stake`: largest first. `age`: longest broken first, what is not broken last. `opened`: newest first. `rule` and `key`: by name. */
export type HandoffSort = (typeof HANDOFF_SORTS)[number];

export interface HandoffListOptions {
  readonly limit?: number;
  readonly cursor?: string | null;
  readonly sort?: HandoffSort;
  /** The other way round than the sort says. */
  readonly reverse?: boolean;
  /** A cursor keeps the clock of its first page. */
  readonly now: string;
}

export interface HandoffList {
  readonly items: readonly ListedHandoff[];
  readonly nextCursor: string | null;
  /** Of all that match, exact. */
  readonly total: number;
}

/** One journey's answer holds at most this many handoffs; an order has tens. */
export const HANDOFFS_OF_ROOT_MAX = 2_000;
const PAGE_SIZE_MAX = 500;

interface SortKey {
  /** Text, so that a cursor holds it whole: no digit of a decimal is lost. */
  readonly sql: string;
  readonly type: "Decimal(38, 9)" | "Int64" | "String";
  readonly direction: "ASC" | "DESC";
}

const SORT_KEYS: Readonly<Record<HandoffSort, SortKey>> = {
  stake: { sql: "stake", type: "Decimal(38, 9)", direction: "DESC" },
  age: {
    sql: "toUnixTimestamp64Milli(coalesce(broken_at, due_at, toDateTime64('2200-01-01 00:00:00', 3, 'UTC')))",
    type: "Int64",
    direction: "ASC",
  },
  opened: { sql: "toUnixTimestamp64Milli(opened_at)", type: "Int64", direction: "DESC" },
  rule: { sql: "toString(rule)", type: "String", direction: "ASC" },
  key: { sql: "key_id", type: "String", direction: "ASC" },
};
const IDENTITY = "toString(rule), toString(key_type), key_id";

/** @throws InvalidCursor */
export async function listHandoffs(
  store: FactReader,
  filter: HandoffFilter,
  { limit = 50, cursor: given = null, sort = "stake", reverse = false, now }: HandoffListOptions,
): Promise<HandoffList> {
  const order = reverse ? `${sort} reversed` : sort;
  const cursor = given ? decodeCursor(given, order) : null;
  const { where, parameters } = conditionsOf(filter);
  const { sql, type, direction } = SORT_KEYS[sort];
  const isDescending = (direction === "DESC") !== reverse;
  const after = cursor
    ? `AND (sort_key ${isDescending ? "<" : ">"} {afterSort:${type}}
        OR (sort_key = {afterSort:${type}} AND (${IDENTITY}) > ({afterRule:String}, {afterType:String}, {afterId:String})))`
    : "";
  const count = Math.min(Math.max(limit, 1), PAGE_SIZE_MAX);
  const bound = { ...parameters, now: cursor?.now ?? now };
  const [rows, [counted]] = await Promise.all([
    store.query<HandoffRow & { sort_key: string }>(
      `SELECT ${HANDOFF_COLUMNS}, ${sql} AS sort_key FROM handoffs FINAL WHERE (${where}) ${after}
       ORDER BY sort_key ${isDescending ? "DESC" : "ASC"}, ${IDENTITY} LIMIT {count:UInt32}`,
      {
        ...bound,
        count: count + 1,
        ...(cursor ? { afterSort: cursor.at, afterRule: cursor.rule, afterType: cursor.type, afterId: cursor.id } : {}),
      },
    ),
    store.query<{ total: string }>(`SELECT count() AS total FROM handoffs FINAL WHERE ${where}`, bound),
  ]);
  const page = rows.slice(0, count);
  const last = page.at(-1);
  return {
    items: page.map(handoffOf),
    nextCursor:
      rows.length > count && last
        ? encodeCursor({
            order,
            at: String(last.sort_key),
            rule: last.rule,
            type: last.key_type,
            id: last.key_id,
            now: bound.now,
          })
        : null,
    total: Number(counted?.total ?? 0),
  };
}

export interface HandoffKey {
  readonly rule: string;
  readonly key: ObjectRef;
}

/** In the order asked, without those that are not there. At most KEYS_PER_QUERY at once. */
export async function readHandoffs(
  store: FactReader,
  keys: readonly HandoffKey[],
  now: string,
): Promise<ListedHandoff[]> {
  if (keys.length === 0) return [];
  if (keys.length > KEYS_PER_QUERY)
    throw new Error(`expected at most ${KEYS_PER_QUERY} keys of handoffs at once, got ${keys.length}`);
  const rows = await store.query<HandoffRow>(
    `SELECT ${HANDOFF_COLUMNS} FROM handoffs FINAL
     WHERE (rule, key_type, key_id) IN {keys:Array(Tuple(String, String, String))}`,
    { keys: keys.map(({ rule, key }) => new TupleParam([rule, key.type, key.id])), now },
  );
  const found = new Map(rows.map((row) => [nameOf(row.rule, row.key_type, row.key_id), handoffOf(row)]));
  return keys.flatMap(({ rule, key }) => found.get(nameOf(rule, key.type, key.id)) ?? []);
}

const nameOf = (...parts: readonly string[]): string => parts.join("\u0000");

/** Null when this rule has nothing about this key. */
export async function readHandoff(
  store: FactReader,
  rule: string,
  key: ObjectRef,
  now: string,
): Promise<ListedHandoff | null> {
  const [handoff] = await readHandoffs(store, [{ rule, key }], now);
  return handoff ?? null;
}

/**
 * The handoffs of a journey, by when they were opened. They are derived from what is known now: with `asOf` set there are none, rather than
 * today's judgement on yesterday's facts.
 */
export async function readHandoffsOfRoot(
  store: FactReader,
  root: ObjectRef,
  now: string,
  asOf: string | null = null,
): Promise<ListedHandoff[]> {
  if (asOf !== null) return [];
  const { where, parameters } = conditionsOf({ root });
  const rows = await store.query<HandoffRow>(
    `SELECT ${HANDOFF_COLUMNS} FROM handoffs FINAL WHERE ${where}
     ORDER BY opened_at, ${IDENTITY} LIMIT ${HANDOFFS_OF_ROOT_MAX}`,
    { ...parameters, now },
  );
  return rows.map(handoffOf);
}

export interface HandoffTotal {
  readonly rule: string;
  readonly state: HandoffState;
  readonly count: number;
  /** At stake, a decimal in `currency`; two currencies are two totals. */
  readonly amount: string;
  /** Empty where no side stated money. */
  readonly currency: string;
}

export async function handoffTotals(store: FactReader, filter: HandoffFilter, now: string): Promise<HandoffTotal[]> {
  const cells = await readMatrix(store, filter, now);
  return cells.map(({ rule, state, count, stake, currency }) => ({ rule, state, count, amount: stake, currency }));
}

const cursorShape = z.strictObject({
  order: z.string(),
  at: z.string(),
  rule: z.string(),
  type: z.string(),
  id: z.string(),
  now: timestamp,
});
type Cursor = z.output<typeof cursorShape>;

const encodeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString("base64url");

function decodeCursor(text: string, order: string): Cursor {
  const cursor = cursorShape.safeParse(jsonOf(Buffer.from(text, "base64url").toString("utf8"))).data;
  const sort = HANDOFF_SORTS.find((name) => order.startsWith(name)) ?? "key";
  const isNumber = SORT_KEYS[sort].type !== "String";
  if (cursor?.order === order && (!isNumber || /^-?\d{1,29}(\.\d{1,9})?$/.test(cursor.at))) return cursor;
  throw new InvalidCursor("cursor: not one that this list gave out for this sort; start again without it.");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
