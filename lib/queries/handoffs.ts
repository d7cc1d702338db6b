/** Handoffs by the clock of the query: lists, single ones, those of a journey. `now` is RFC 3339 throughout. */
import { TupleParam } from "@clickhouse/client";
import { z } from "zod";
import { timestamp } from "@/lib/domain/event";
import type { HandoffState } from "@/lib/domain/handoffs/handoff";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { ObjectRef } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { conditionsOf, type HandoffFilter, IS_BREAK, KEYS_OF_ROOT } from "./handoff-filter";
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
    sql: `toUnixTimestamp64Milli(if(${IS_BREAK}, coalesce(broken_at, due_at, opened_at), toDateTime64('2299-01-01 00:00:00', 3, 'UTC')))`,
    type: "Int64",
    direction: "ASC",
  },
  opened: { sql: "toUnixTimestamp64Milli(opened_at)", type: "Int64", direction: "DESC" },
  rule: { sql: "toString(rule)", type: "String", direction: "ASC" },
  key: { sql: "key_id", type: "String", direction: "ASC" },
};
const KEYS = "(rule, key_type, key_id) IN {keys:Array(Tuple(String, String, String))}";
/** Only a condition on the key may be PREWHERE: on anything else it would sift before FINAL has chosen. It spares reading all columns of whole granules. */
const handoffsAmong = (keys: string): string => `handoffs FINAL PREWHERE ${keys}`;
const IDENTITY = "toString(rule), toString(key_type), key_id";

/** @throws InvalidCursor */
export async function listHandoffs(
  store: FactReader,
  filter: HandoffFilter,
  options: HandoffListOptions,
): Promise<HandoffList> {
  const [page, total] = await Promise.all([
    readHandoffPage(store, filter, options),
    countHandoffs(store, filter, clockOf(options)),
  ]);
  return { ...page, total };
}

export async function countHandoffs(store: FactReader, filter: HandoffFilter, now: string): Promise<number> {
  const { where, parameters } = conditionsOf(filter);
  const [row] = await store.query<{ total: string }>(`SELECT count() AS total FROM handoffs FINAL WHERE ${where}`, {
    ...parameters,
    now,
  });
  return Number(row?.total ?? 0);
}

/** A list without its total, for callers that know that otherwise. @throws InvalidCursor */
export async function readHandoffPage(
  store: FactReader,
  filter: HandoffFilter,
  options: HandoffListOptions,
): Promise<Omit<HandoffList, "total">> {
  const { limit = 50, sort = "stake", reverse = false } = options;
  const now = clockOf(options);
  const order = orderOf(sort, reverse);
  const count = Math.min(Math.max(limit, 1), PAGE_SIZE_MAX);
  const found: SortedRow[] = [];
  let after: Position | null = options.cursor ? decodeCursor(options.cursor, sort, reverse) : null;
  // One round, unless many of the candidates turn out to be outdated.
  for (let isLast = false; found.length <= count && !isLast; ) {
    const wanted = count + 1 - found.length + CANDIDATES_MORE;
    const candidates = await readCandidates(store, filter, order, after, wanted, now);
    found.push(...(await currentOf(store, filter, order, candidates, now)));
    isLast = candidates.length < wanted;
    after = candidates.at(-1) ?? after;
  }
  const page = found.slice(0, count);
  const last = page.at(-1);
  return {
    items: page.map(handoffOf),
    nextCursor: found.length > count && last ? encodeCursor(positionOf(last), sort, reverse, now) : null,
  };
}

/** Candidates beyond those wanted, for the few that are outdated. */
const CANDIDATES_MORE = 14;

interface Position {
  readonly sort_key: string;
  readonly rule: string;
  readonly key_type: string;
  readonly key_id: string;
}
type SortedRow = HandoffRow & Position;

interface Order {
  readonly sql: string;
  readonly type: SortKey["type"];
  readonly direction: "ASC" | "DESC";
}

const orderOf = (sort: HandoffSort, reverse: boolean): Order => {
  const { sql, type, direction } = SORT_KEYS[sort];
  return { sql, type, direction: (direction === "DESC") === reverse ? "ASC" : "DESC" };
};

/**
 * The next rows in order that match, among all versions that are stored: FINAL over millions of rows costs a second, and this a tenth. The newest version of
 * a handoff is always among them, so nothing is missed; what is outdated is sifted out by `currentOf`.
 */
async function readCandidates(
  store: FactReader,
  filter: HandoffFilter,
  { sql, type, direction }: Order,
  after: Position | null,
  limit: number,
  now: string,
): Promise<Position[]> {
  const { where, parameters } = conditionsOf(filter);
  const beyond = after
    ? `AND (sort_key ${direction === "DESC" ? "<" : ">"} {afterSort:${type}}
        OR (sort_key = {afterSort:${type}} AND (${IDENTITY}) > ({afterRule:String}, {afterType:String}, {afterId:String})))`
    : "";
  const rows = await store.query<Position>(
    `SELECT DISTINCT rule, key_type, key_id, ${sql} AS sort_key FROM handoffs WHERE is_deleted = 0 AND (${where}) ${beyond}
     ORDER BY sort_key ${direction}, ${IDENTITY} LIMIT {limit:UInt32}`,
    {
      ...parameters,
      ...(after
        ? { afterSort: after.sort_key, afterRule: after.rule, afterType: after.key_type, afterId: after.key_id }
        : {}),
      limit,
      now,
    },
  );
  return rows.map(positionOf);
}

const positionOf = ({ sort_key, rule, key_type, key_id }: Position): Position => ({
  sort_key: String(sort_key),
  rule,
  key_type,
  key_id,
});

/** Of the candidates, in their order, those that are the newest version of their handoff: it still matches, and still stands at that place. */
async function currentOf(
  store: FactReader,
  filter: HandoffFilter,
  { sql }: Order,
  candidates: readonly Position[],
  now: string,
): Promise<SortedRow[]> {
  if (candidates.length === 0) return [];
  const { where, parameters } = conditionsOf(filter);
  const keys = candidates.map(({ rule, key_type, key_id }) => new TupleParam([rule, key_type, key_id]));
  const rows = await store.query<SortedRow>(
    `SELECT ${HANDOFF_COLUMNS}, ${sql} AS sort_key FROM ${handoffsAmong(KEYS)} WHERE ${where}`,
    { ...parameters, keys, now },
  );
  const placeOf = (row: Position) => nameOf(row.rule, row.key_type, row.key_id, String(row.sort_key));
  const current = new Map(rows.map((row) => [placeOf(row), row]));
  return candidates.flatMap((candidate) => current.get(placeOf(candidate)) ?? []);
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
  const rows = await store.query<HandoffRow>(`SELECT ${HANDOFF_COLUMNS} FROM ${handoffsAmong(KEYS)}`, {
    keys: keys.map(({ rule, key }) => new TupleParam([rule, key.type, key.id])),
    now,
  });
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
export async function readHandoffsOfRoot(store: FactReader, root: ObjectRef, now: string): Promise<ListedHandoff[]> {
  const { where, parameters } = conditionsOf({ root });
  const rows = await store.query<HandoffRow>(
    `SELECT ${HANDOFF_COLUMNS} FROM ${handoffsAmong(KEYS_OF_ROOT)} WHERE ${where}
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
const orderName = (sort: HandoffSort, reverse: boolean): string => (reverse ? `-${sort}` : sort);

const encodeCursor = (position: Position, sort: HandoffSort, reverse: boolean, now: string): string => {
  const { sort_key: at, rule, key_type: type, key_id: id } = position;
  const cursor: z.input<typeof cursorShape> = { order: orderName(sort, reverse), at, rule, type, id, now };
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
};

const parseCursor = (text: string) =>
  cursorShape.safeParse(jsonOf(Buffer.from(text, "base64url").toString("utf8"))).data;

/** The clock of a list: its first page's. */
export const clockOf = ({ cursor, now }: HandoffListOptions): string => (cursor && parseCursor(cursor)?.now) || now;

function decodeCursor(text: string, sort: HandoffSort, reverse: boolean): Position {
  const cursor = parseCursor(text);
  const isOfType = SORT_KEYS[sort].type === "String" || /^-?\d{1,29}(\.\d{1,9})?$/.test(cursor?.at ?? "");
  if (cursor?.order !== orderName(sort, reverse) || !isOfType)
    throw new InvalidCursor("cursor: not one that this list gave out for this sort; start again without it.");
  return { sort_key: cursor.at, rule: cursor.rule, key_type: cursor.type, key_id: cursor.id };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
