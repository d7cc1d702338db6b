/** The queue by cause: what failed alike, how much it holds up. `now` is RFC 3339 throughout. */
import { z } from "zod";
import { timestamp } from "@/lib/domain/event";
import type { ExceptionGroup } from "@/lib/domain/exceptions/exception";
import { conditionsOf, type ExceptionFilter } from "./exception-filter";
import { RANK_SQL } from "./exception-order";
import { CLOCK, EFFECTIVE_STATE } from "./exception-row";
import { readExceptions } from "./exceptions";
import type { FactReader } from "./fact-reader";
import { InvalidCursor } from "./orders";

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
  sample: string;
  count: string;
  regressed: string;
  orders: string;
  owners: string[];
  first_at: string;
  last_at: string;
  trend: (string | number)[];
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
  const after = cursor ? decodeCursor(cursor) : null;
  const now = after?.now ?? clock;
  const rows = await readGroups(reader, filter, now);
  const start = after ? rows.findIndex(({ fingerprint }) => fingerprint === after.group) + 1 : 0;
  const page = rows.slice(start, start + Math.min(Math.max(limit, 1), PAGE_SIZE_MAX));
  const groups = page.map(({ fingerprint }) => fingerprint);
  const [samples, values] = await Promise.all([
    readExceptions(
      reader,
      page.map(({ sample }) => sample),
      now,
    ),
    readValues(reader, { ...filter, group: groups }, now),
  ]);
  const sampleOf = new Map(samples.map((sample) => [sample.id, sample]));
  const last = page.at(-1);
  return {
    items: page.map((row) => groupOf(row, sampleOf.get(row.sample), values.get(row.fingerprint) ?? [])),
    nextCursor: last && start + page.length < rows.length ? encodeCursor({ group: last.fingerprint, now }) : null,
    total: rows.length,
  };
}

/** All groups without their words: narrow columns, of which FINAL reads a million rows in the time that one wide column takes. */
async function readGroups(reader: FactReader, filter: ExceptionFilter, now: string): Promise<GroupRow[]> {
  const { where, parameters } = conditionsOf(filter);
  return reader.query<GroupRow>(
    `SELECT fingerprint, min(exception_id) AS sample, count() AS count, countIf(${EFFECTIVE_STATE} = 'regressed') AS regressed,
       uniqExactArray(roots.id) AS orders, arraySort(groupUniqArray(50)(owner)) AS owners,
       min(first_failed_at) AS first_at, max(last_failed_at) AS last_at,
       countResample(0, ${TREND_BUCKETS}, 1)(exception_id, ${BUCKET}) AS trend, sum(toInt128(${RANK_SQL})) AS held_up
     FROM (SELECT * FROM exceptions FINAL WHERE ${where})
     GROUP BY fingerprint ORDER BY held_up DESC, fingerprint LIMIT ${GROUPS_MAX}`,
    { ...parameters, now },
  );
}

/** 0 to 23 within the last day, the oldest hour first; anything else lies outside. */
const BUCKET = `toInt32(intDiv(toUnixTimestamp64Milli(first_failed_at) - toUnixTimestamp64Milli(${CLOCK}) + ${TREND_BUCKETS * BUCKET_MS}, ${BUCKET_MS}))`;

/** By group: money by currency. Orders that a group holds up several times count once. */
async function readValues(
  reader: FactReader,
  filter: ExceptionFilter,
  now: string,
): Promise<Map<string, { amount: string; currency: string }[]>> {
  const { where, parameters } = conditionsOf(filter);
  const rows = await reader.query<{ fingerprint: string; currency: string; amount: string }>(
    `SELECT fingerprint, currency, toString(sum(at_risk)) AS amount
     FROM (
       SELECT fingerprint, currency, cityHash64(roots, if(empty(roots), exception_id, '')) AS held, max(value) AS at_risk
       FROM exceptions FINAL WHERE ${where} AND value IS NOT NULL GROUP BY fingerprint, currency, held)
     GROUP BY fingerprint, currency ORDER BY fingerprint, currency`,
    { ...parameters, now },
  );
  const values = new Map<string, { amount: string; currency: string }[]>();
  for (const { fingerprint, currency, amount } of rows)
    values.set(fingerprint, [...(values.get(fingerprint) ?? []), { amount, currency }]);
  return values;
}

function groupOf(
  row: GroupRow,
  sample: Awaited<ReturnType<typeof readExceptions>>[number] | undefined,
  valueAtRisk: ExceptionGroup["valueAtRisk"],
): ExceptionGroup {
  return {
    group: row.fingerprint,
    cause: sample?.cause ?? "",
    category: sample?.category ?? "technical",
    class: sample?.class ?? "business",
    interface: sample?.interface ?? "",
    owners: row.owners.filter((owner) => owner !== ""),
    count: Number(row.count),
    regressed: Number(row.regressed),
    ordersHeldUp: Number(row.orders),
    valueAtRisk,
    firstFailedAt: row.first_at,
    lastFailedAt: row.last_at,
    trend: row.trend.map(Number),
  };
}

const cursorShape = z.strictObject({ group: z.string(), now: timestamp });
const encodeCursor = (cursor: z.input<typeof cursorShape>): string =>
  Buffer.from(JSON.stringify(cursor)).toString("base64url");

function decodeCursor(text: string): z.output<typeof cursorShape> {
  try {
    return cursorShape.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    throw new InvalidCursor("cursor: not one that this list gave out; start again without it.");
  }
}
