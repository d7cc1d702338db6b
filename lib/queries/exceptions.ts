/** The queue by the clock of the query: lists, counts, streams, single ones. `now` is RFC 3339 throughout. */
import type { Store } from "@/lib/clickhouse/client";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import { conditionsOf, type ExceptionFilter } from "./exception-filter";
import { decodeCursor, type ExceptionSort, encodeCursor, type Position, sortKeyOf } from "./exception-order";
import { EXCEPTION_COLUMNS, type ExceptionListRow, exceptionOf } from "./exception-row";
import type { FactReader } from "./fact-reader";

export interface ExceptionListOptions {
  readonly limit?: number;
  readonly cursor?: string | null;
  readonly sort?: ExceptionSort;
  /** The other way round than the sort says. */
  readonly reverse?: boolean;
  /** A cursor keeps the clock of its first page. */
  readonly now: string;
}

export interface ExceptionList {
  readonly items: readonly ListedException[];
  readonly nextCursor: string | null;
  /** Of all that match, exact. */
  readonly total: number;
}

const PAGE_SIZE_MAX = 500;
const IDS_PER_QUERY = 1_000;

/** @throws InvalidCursor */
export async function listExceptions(
  reader: FactReader,
  filter: ExceptionFilter,
  { limit = 50, cursor, sort = "rank", reverse = false, now: clock }: ExceptionListOptions,
): Promise<ExceptionList> {
  const after = cursor ? decodeCursor(cursor, sort, reverse) : null;
  const now = after?.now ?? clock;
  const count = Math.min(Math.max(limit, 1), PAGE_SIZE_MAX);
  const [places, total] = await Promise.all([
    readPlaces(reader, filter, { sort, reverse, after, limit: count + 1, now }),
    countExceptions(reader, filter, now),
  ]);
  const page = places.slice(0, count);
  const last = page.at(-1);
  return {
    items: await readExceptions(
      reader,
      page.map(({ id }) => id),
      now,
    ),
    nextCursor: places.length > count && last ? encodeCursor(last, sort, reverse, now) : null,
    total,
  };
}

/** Ids and sort keys only: the wide columns are read for one page, not for all that is sorted. */
async function readPlaces(
  reader: FactReader,
  filter: ExceptionFilter,
  asked: {
    readonly sort: ExceptionSort;
    readonly reverse: boolean;
    readonly after: Position | null;
    readonly limit: number;
    readonly now: string;
  },
): Promise<Position[]> {
  const { where, parameters } = conditionsOf(filter);
  const { sort, reverse, after, limit, now } = asked;
  const rows = await reader.query<{ id: string; key: string | number }>(
    `SELECT exception_id AS id, ${sortKeyOf(sort, reverse)} AS key FROM exceptions FINAL WHERE ${where}
     ${after ? "AND (key, id) > ({afterKey:Int64}, {afterId:String})" : ""} ORDER BY key, id LIMIT {limit:UInt32}`,
    { ...parameters, ...(after ? { afterKey: after.key, afterId: after.id } : {}), limit, now },
  );
  return rows.map(({ id, key }) => ({ id, key: String(key) }));
}

export async function countExceptions(reader: FactReader, filter: ExceptionFilter, now: string): Promise<number> {
  const { where, parameters } = conditionsOf(filter);
  const [row] = await reader.query<{ total: string }>(`SELECT count() AS total FROM exceptions FINAL WHERE ${where}`, {
    ...parameters,
    now,
  });
  return Number(row?.total ?? 0);
}

/** In the order asked, without those that are not there. */
export async function readExceptions(
  reader: FactReader,
  ids: readonly string[],
  now: string,
): Promise<ListedException[]> {
  const found = new Map<string, ListedException>();
  for (let first = 0; first < ids.length; first += IDS_PER_QUERY) {
    const rows = await reader.query<ExceptionListRow>(
      // Only a condition on the key may be PREWHERE: on anything else it would sift before FINAL has chosen.
      `SELECT ${EXCEPTION_COLUMNS} FROM exceptions FINAL PREWHERE exception_id IN {ids:Array(String)} SETTINGS max_threads = 1`,
      { ids: ids.slice(first, first + IDS_PER_QUERY), now },
    );
    for (const row of rows) found.set(row.exception_id, exceptionOf(row));
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** The ids of all that match, the first `limit` of them by the sort. What is frozen when a bulk act or a replay is made. */
export async function selectExceptionIds(
  reader: FactReader,
  filter: ExceptionFilter,
  { limit, sort = "rank", now }: { readonly limit: number; readonly sort?: ExceptionSort; readonly now: string },
): Promise<{ readonly ids: readonly string[]; readonly matching: number }> {
  const [places, matching] = await Promise.all([
    readPlaces(reader, filter, { sort, reverse: false, after: null, limit, now }),
    countExceptions(reader, filter, now),
  ]);
  return { ids: places.map(({ id }) => id), matching };
}

/** All that match, in order, row by row: memory does not grow with them. */
export async function* streamExceptions(
  store: Pick<Store, "stream">,
  filter: ExceptionFilter,
  { sort = "rank", reverse = false, now }: Pick<ExceptionListOptions, "sort" | "reverse" | "now">,
): AsyncGenerator<ListedException, void, undefined> {
  const { where, parameters } = conditionsOf(filter);
  const rows = store.stream<ExceptionListRow>(
    `SELECT ${EXCEPTION_COLUMNS} FROM exceptions FINAL WHERE ${where}
     ORDER BY ${sortKeyOf(sort, reverse)}, exception_id`,
    { ...parameters, now },
  );
  for await (const row of rows) yield exceptionOf(row);
}
