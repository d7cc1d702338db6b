/** The queue by the clock of the query: lists, counts, streams, single ones. `now` is RFC 3339 throughout. */
import type { Store } from "@/lib/clickhouse/client";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import { type ExceptionFilter, matching } from "./exception-filter";
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
  const { places, total } = await readPlaces(reader, filter, { sort, reverse, after, limit: count + 1, now });
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

/** Ids and sort keys only: the wide columns are read for one page, not for all that is sorted. All is counted in the same pass. */
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
): Promise<{ readonly places: readonly Position[]; readonly total: number }> {
  const { source, parameters } = matching(filter);
  const { sort, reverse, after, limit, now } = asked;
  const rows = await reader.query<{ id: string; key: string | number; total: string }>(
    `SELECT id, key, total FROM (
       SELECT exception_id AS id, ${sortKeyOf(sort, reverse)} AS key, count() OVER () AS total FROM ${source})
     ${after ? "WHERE (key, id) > ({afterKey:Int64}, {afterId:String})" : ""} ORDER BY key, id LIMIT {limit:UInt32}`,
    { ...parameters, ...(after ? { afterKey: after.key, afterId: after.id } : {}), limit, now },
  );
  const [first] = rows;
  return {
    places: rows.map(({ id, key }) => ({ id, key: String(key) })),
    // Beyond the last page no row says how many there are.
    total: first || !after ? Number(first?.total ?? 0) : await countExceptions(reader, filter, now),
  };
}

/** Those that replay `withoutJob` holds do not count. */
export async function countExceptions(
  reader: FactReader,
  filter: ExceptionFilter,
  now: string,
  withoutJob?: string,
): Promise<number> {
  const { source, parameters } = matching(filter);
  const others = withoutJob
    ? "AND exception_id NOT IN (SELECT exception_id FROM replay_items WHERE job_id = {job:String})"
    : "";
  const [row] = await reader.query<{ total: string }>(`SELECT count() AS total FROM ${source} ${others}`, {
    ...parameters,
    now,
    ...(withoutJob ? { job: withoutJob } : {}),
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
    // The newest version by hand: for rows scattered over the table FINAL costs twice as much. Equal versions saw the same facts.
    const rows = await reader.query<ExceptionListRow & { is_deleted: number }>(
      `SELECT ${EXCEPTION_COLUMNS}, is_deleted FROM exceptions PREWHERE exception_id IN {ids:Array(String)}
       ORDER BY version DESC LIMIT 1 BY exception_id SETTINGS max_threads = 1`,
      { ids: ids.slice(first, first + IDS_PER_QUERY), now },
    );
    for (const row of rows) if (row.is_deleted === 0) found.set(row.exception_id, exceptionOf(row));
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** The ids of all that match, the first `limit` of them by the sort. What is frozen when a bulk act or a replay is made. */
export async function selectExceptionIds(
  reader: FactReader,
  filter: ExceptionFilter,
  { limit, sort = "rank", now }: { readonly limit: number; readonly sort?: ExceptionSort; readonly now: string },
): Promise<{ readonly ids: readonly string[]; readonly matching: number }> {
  const { places, total } = await readPlaces(reader, filter, { sort, reverse: false, after: null, limit, now });
  return { ids: places.map(({ id }) => id), matching: total };
}

/** All that match, in order, row by row: memory does not grow with them. */
export async function* streamExceptions(
  store: Pick<Store, "stream">,
  filter: ExceptionFilter,
  { sort = "rank", reverse = false, now }: Pick<ExceptionListOptions, "sort" | "reverse" | "now">,
): AsyncGenerator<ListedException, void, undefined> {
  const { source, parameters } = matching(filter);
  const rows = store.stream<ExceptionListRow>(
    `SELECT ${EXCEPTION_COLUMNS} FROM ${source}
     ORDER BY ${sortKeyOf(sort, reverse)}, exception_id`,
    { ...parameters, now },
  );
  for await (const row of rows) yield exceptionOf(row);
}
