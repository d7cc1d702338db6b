/** Handoffs by the clock of the query: lists, single ones, those of a journey. `now` is RFC 3339 throughout. */
import { TupleParam } from "@clickhouse/client";
import type { Store } from "@/lib/clickhouse/client";
import type { HandoffState } from "@/lib/domain/handoffs/handoff";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { ObjectRef } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { conditionsOf, type HandoffFilter, KEYS_OF_ROOT, matching, matchingVersions } from "./handoff-filter";
import {
  clockOf,
  decodeCursor,
  encodeCursor,
  type HandoffSort,
  IDENTITY,
  type Order,
  orderOf,
  type Position,
} from "./handoff-order";
import { HANDOFF_COLUMNS, type HandoffRow, handoffOf } from "./handoff-row";
import { KEYS_PER_QUERY } from "./links";
import { readMatrix } from "./reconciliation";

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

const KEYS = "(rule, key_type, key_id) IN {keys:Array(Tuple(String, String, String))}";
/** Only a condition on the key may be PREWHERE: on anything else it would sift before FINAL has chosen. It spares reading all columns of whole granules. */
const handoffsAmong = (keys: string): string => `handoffs FINAL PREWHERE ${keys}`;

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
  const { source, parameters } = matching(filter);
  const [row] = await store.query<{ total: string }>(`SELECT count() AS total FROM ${source}`, {
    ...parameters,
    now,
  });
  return Number(row?.total ?? 0);
}

/** All that match, in order, row by row: memory does not grow with them. */
export async function* streamHandoffs(
  store: Pick<Store, "stream">,
  filter: HandoffFilter,
  { sort = "stake", reverse = false, now }: Pick<HandoffListOptions, "sort" | "reverse" | "now">,
): AsyncGenerator<ListedHandoff, void, undefined> {
  const { source, parameters } = matching(filter);
  const { sql, direction } = orderOf(sort, reverse);
  const rows = store.stream<HandoffRow>(
    `SELECT ${HANDOFF_COLUMNS} FROM ${source} ORDER BY ${sql} ${direction}, ${IDENTITY}`,
    { ...parameters, now },
  );
  for await (const row of rows) yield handoffOf(row);
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
  let after: Position | null = options.cursor ? decodeCursor(options.cursor, order) : null;
  // One round, unless more of the candidates are outdated than were asked for beyond the page.
  for (let isLast = false; found.length <= count && !isLast; ) {
    const wanted = count + 1 - found.length;
    const asked = 2 * wanted + CANDIDATES_MORE;
    const candidates = await readCandidates(store, filter, order, after, asked, now);
    const newest = (await newestOf(store, candidates)).slice(0, wanted);
    found.push(...(await currentOf(store, filter, order, newest, now)));
    // Those beyond the page come again with the next round, if there is one.
    const isCut = newest.length === wanted;
    isLast = !isCut && candidates.length < asked;
    after = (isCut ? newest : candidates).at(-1) ?? after;
  }
  const page = found.slice(0, count);
  const last = page.at(-1);
  return {
    items: page.map(handoffOf),
    nextCursor: found.length > count && last ? encodeCursor(last, order, now) : null,
  };
}

/** Asked for beyond twice the page: candidates that turn out to be outdated. */
const CANDIDATES_MORE = 10;

type SortedRow = HandoffRow & Position;
type Candidate = Position & { readonly version: string };

/**
 * The next rows in order that match, among all versions that are stored: FINAL over millions of rows costs several times as much. The newest version of
 * a handoff is always among them, so nothing is missed; what is outdated is sifted out afterwards.
 */
async function readCandidates(
  store: FactReader,
  filter: HandoffFilter,
  { sql, type, direction }: Order,
  after: Position | null,
  limit: number,
  now: string,
): Promise<Candidate[]> {
  const { source, parameters } = matchingVersions(filter);
  const beyond = after
    ? `AND (sort_key ${direction === "DESC" ? "<" : ">"} {afterSort:${type}}
        OR (sort_key = {afterSort:${type}} AND (${IDENTITY}) > ({afterRule:String}, {afterType:String}, {afterId:String})))`
    : "";
  const rows = await store.query<Candidate>(
    `SELECT rule, key_type, key_id, version, ${sql} AS sort_key FROM ${source} ${beyond}
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
  return rows.map((row) => ({ ...row, sort_key: String(row.sort_key) }));
}

/** Of the candidates, in their order, those of which no later version is stored. Reads four narrow columns of a few granules. */
async function newestOf(store: FactReader, candidates: readonly Candidate[]): Promise<Candidate[]> {
  if (candidates.length === 0) return [];
  const rows = await store.query<Omit<Candidate, "sort_key">>(
    `SELECT rule, key_type, key_id, max(version) AS version FROM handoffs PREWHERE ${KEYS} GROUP BY rule, key_type, key_id
     SETTINGS max_threads = 1`,
    { keys: candidates.map(keyTuple) },
  );
  const nameOfVersion = (row: Omit<Candidate, "sort_key">) => nameOf(row.rule, row.key_type, row.key_id, row.version);
  const newest = new Set(rows.map(nameOfVersion));
  // One place once: a row whose insert was repeated is there twice.
  const taken = new Set<string>();
  return candidates.filter((candidate) => {
    const place = placeOf(candidate);
    if (!newest.has(nameOfVersion(candidate)) || taken.has(place)) return false;
    taken.add(place);
    return true;
  });
}

const placeOf = (row: Position) => nameOf(row.rule, row.key_type, row.key_id, String(row.sort_key));
const keyTuple = ({ rule, key_type, key_id }: Omit<Position, "sort_key">) => new TupleParam([rule, key_type, key_id]);

/**
 * The candidates whole, in their order. FINAL has the last word: where one version is stored twice with another content (a standing acceptance), the later counts, and
 * only if it still matches and still stands at that place.
 */
async function currentOf(
  store: FactReader,
  filter: HandoffFilter,
  { sql }: Order,
  candidates: readonly Position[],
  now: string,
): Promise<SortedRow[]> {
  if (candidates.length === 0) return [];
  const { where, parameters } = conditionsOf(filter);
  const keys = candidates.map(keyTuple);
  const rows = await store.query<SortedRow>(
    `SELECT ${HANDOFF_COLUMNS}, ${sql} AS sort_key FROM ${handoffsAmong(KEYS)} WHERE ${where}
     SETTINGS max_threads = 1`,
    { ...parameters, keys, now },
  );
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

/** The handoffs of a journey as they stand, by when they were opened. Those of an earlier time: handoffs-as-of.ts. */
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
