/** The queue by cause: what failed alike, how much it holds up. `now` is RFC 3339 throughout. */
import { z } from "zod";
import { timestamp } from "@/lib/domain/event";
import type { ExceptionGroup } from "@/lib/domain/exceptions/exception";
import { type ExceptionFilter, matching } from "./exception-filter";
import { RANK_SQL } from "./exception-order";
import { CLOCK } from "./exception-row";
import type { FactReader } from "./fact-reader";
import { decodeCursor, encodeCursor } from "./place-cursor";

export interface ExceptionGroupList {
  readonly items: readonly ExceptionGroup[];
  readonly nextCursor: string | null;
  /** How many groups match, exact up to GROUPS_MAX. */
  readonly total: number;
}

/** A house with more causes than this at once reads them narrowed by a filter. */
export const GROUPS_MAX = 20_000;
const PAGE_SIZE_MAX = 500;
export const TREND_BUCKETS = 24;
const BUCKET_MS = 3_600_000;

interface GroupRow {
  fingerprint: string;
  count: string;
  regressed: string;
  orders: string;
  most_orders: number;
  owners: string[];
  money: [currency: string, amount: string][];
  first_at: string;
  last_at: string;
  buckets: number[];
}

/** What holds up most (the sum of its ranks) first. @throws InvalidCursor */
export async function listExceptionGroups(
  reader: FactReader,
  filter: ExceptionFilter,
  {
    limit = 50,
    cursor,
    now: clock,
  }: { readonly limit?: number; readonly cursor?: string | null; readonly now: string },
): Promise<ExceptionGroupList> {
  const after = cursor ? decodeCursor(cursorShape, cursor) : null;
  const now = after?.now ?? clock;
  const rows = await readGroups(reader, filter, now);
  const start = after ? rows.findIndex(({ fingerprint }) => fingerprint === after.group) + 1 : 0;
  const page = rows.slice(start, start + Math.min(Math.max(limit, 1), PAGE_SIZE_MAX));
  const overlapping = page.filter(mayOverlap).map(({ fingerprint }) => fingerprint);
  const [words, exact] = await Promise.all([
    readWords(
      reader,
      page.map(({ fingerprint }) => fingerprint),
    ),
    overlapping.length > 0 ? readExact(reader, { ...filter, group: overlapping }, now) : new Map<string, Exact>(),
  ]);
  const last = page.at(-1);
  return {
    items: page.map((row) => groupOf(row, words.get(row.fingerprint), exact.get(row.fingerprint) ?? quickOf(row))),
    nextCursor: last && start + page.length < rows.length ? encodeCursor({ group: last.fingerprint, now }) : null,
    total: rows.length,
  };
}

/**
 * All groups without their words, in one pass over narrow columns, most of them numbers: first what one order holds in a cell (a cause, currency and owner as one
 * number), so that its money counts once, then the cell; what the numbers stand for is joined to the few that are left.
 */
async function readGroups(reader: FactReader, filter: ExceptionFilter, now: string): Promise<GroupRow[]> {
  const { source, parameters } = matching(filter);
  return reader.query<GroupRow>(
    `SELECT fingerprint, sum(cells.count) AS count, sum(cells.regressed) AS regressed, sum(cells.orders) AS orders, max(cells.most_orders) AS most_orders,
       arraySort(groupUniqArray(50)(names.owner)) AS owners,
       arraySort(groupArrayIf((toString(names.currency), toString(cells.money)), cells.has_money)) AS money,
       min(cells.first_at) AS first_at, max(cells.last_at) AS last_at, groupArrayArray(cells.buckets) AS buckets, sum(cells.held_up) AS held_up
     FROM (
       SELECT cell, sum(held_count) AS count, sum(held_regressed) AS regressed, sum(held_orders) AS orders, max(held_orders) AS most_orders,
         sum(ifNull(at_risk, toDecimal128(0, 9))) AS money, max(at_risk IS NOT NULL) AS has_money, min(held_first_at) AS first_at,
         max(held_last_at) AS last_at, groupArrayArray(held_buckets) AS buckets, sum(toInt128(held_rank)) AS held_up
       FROM (
         SELECT cell, held, count() AS held_count, countIf(state = 'regressed') AS held_regressed,
           any(toUInt32(length(root_hashes))) AS held_orders, max(value) AS at_risk, min(first_failed_at) AS held_first_at,
           max(last_failed_at) AS held_last_at, groupArrayIf(toUInt8(${BUCKET}), ${BUCKET} BETWEEN 0 AND ${TREND_BUCKETS - 1}) AS held_buckets,
           sum(${RANK_SQL}) AS held_rank
         FROM ${source} GROUP BY cell, held)
       GROUP BY cell) AS cells
     INNER JOIN (
       SELECT cell, any(fingerprint) AS fingerprint, any(currency) AS currency, any(owner) AS owner FROM exceptions GROUP BY cell) AS names
       ON names.cell = cells.cell
     GROUP BY fingerprint ORDER BY held_up DESC, fingerprint LIMIT ${GROUPS_MAX}`,
    { ...parameters, now },
  );
}

/** 0 to 23 within the last day, the oldest hour first; anything else lies outside. */
const BUCKET = `intDiv(toUnixTimestamp64Milli(first_failed_at) - toUnixTimestamp64Milli(${CLOCK}) + ${TREND_BUCKETS * BUCKET_MS}, ${BUCKET_MS})`;

/** Orders of a group, and its money by currency, each order once. */
interface Exact {
  readonly orders: number;
  readonly money: ExceptionGroup["valueAtRisk"];
}

/** Where a message holds up several orders, or a group has several owners, one order may stand in several places of the quick pass. */
const mayOverlap = ({ most_orders, owners }: GroupRow): boolean => most_orders > 1 || owners.length > 1;

const quickOf = ({ orders, money }: Pick<GroupRow, "orders" | "money">): Exact => ({
  orders: Number(orders),
  money: money.map(([currency, amount]) => ({ amount, currency })),
});

async function readExact(reader: FactReader, filter: ExceptionFilter, now: string): Promise<Map<string, Exact>> {
  const { source, parameters } = matching(filter);
  const rows = await reader.query<Pick<GroupRow, "fingerprint" | "orders" | "money">>(
    `SELECT fingerprint, uniqExactArray(order_hashes) AS orders, arraySort(groupArrayIf((toString(currency), toString(money)), has_money)) AS money
     FROM (
       SELECT fingerprint, currency, groupUniqArrayArray(held_hashes) AS order_hashes, sum(ifNull(at_risk, toDecimal128(0, 9))) AS money,
         max(at_risk IS NOT NULL) AS has_money
       FROM (
         SELECT fingerprint, currency, held, any(root_hashes) AS held_hashes, max(value) AS at_risk
         FROM ${source} GROUP BY fingerprint, currency, held)
       GROUP BY fingerprint, currency)
     GROUP BY fingerprint`,
    { ...parameters, now },
  );
  return new Map(rows.map((row) => [row.fingerprint, quickOf(row)]));
}

type Words = Pick<ExceptionGroup, "cause" | "category" | "class" | "interface">;

/** What all of a group have in common, in any version: the fingerprint is made of it. */
async function readWords(reader: FactReader, groups: readonly string[]): Promise<Map<string, Words>> {
  const rows = await reader.query<Words & { fingerprint: string }>(
    `SELECT fingerprint, any(cause) AS cause, any(category) AS category, any(class) AS class, any(interface) AS interface
     FROM exceptions PREWHERE fingerprint IN {groups:Array(String)} GROUP BY fingerprint`,
    { groups },
  );
  return new Map(rows.map((row) => [row.fingerprint, row]));
}

function groupOf(row: GroupRow, words: Words | undefined, { orders, money }: Exact): ExceptionGroup {
  return {
    group: row.fingerprint,
    cause: words?.cause ?? "",
    category: words?.category ?? "technical",
    class: words?.class ?? "business",
    interface: words?.interface ?? "",
    owners: row.owners.filter((owner) => owner !== ""),
    count: Number(row.count),
    regressed: Number(row.regressed),
    ordersHeldUp: orders,
    valueAtRisk: money,
    firstFailedAt: row.first_at,
    lastFailedAt: row.last_at,
    trend: Array.from({ length: TREND_BUCKETS }, (_, bucket) => row.buckets.filter((each) => each === bucket).length),
  };
}

const cursorShape = z.strictObject({ group: z.string(), now: timestamp });
