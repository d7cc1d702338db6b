/** The orders that the queue comes in, a place in one, and a cursor that holds it. */
import { z } from "zod";
import { timestamp } from "@/lib/domain/event";
import { DAYS_LATE_MAX, VALUE_MAX } from "@/lib/domain/exceptions/rank";
import { CLOCK } from "./exception-row";
import { InvalidCursor } from "./orders";

export const EXCEPTION_SORTS = ["rank", "age", "recent", "occurrences", "value", "due"] as const;
/** `rank`: lib/domain/exceptions/rank.ts. `age`: longest failing first. `recent`: last failed first. `due`: soonest first, without a date last. */
export type ExceptionSort = (typeof EXCEPTION_SORTS)[number];

const CENTS = `toInt64(least(ifNull(value, toDecimal128(0, 9)), toDecimal128('${VALUE_MAX}', 9)) * 100)`;
const SECONDS_LEFT = `intDiv(toUnixTimestamp64Milli(promised_at) - toUnixTimestamp64Milli(${CLOCK}), 1000)`;
/** rank.ts, digit by digit; a test holds the two together. */
export const RANK_SQL = `(greatest(${CENTS}, 100) * multiIf(
    promised_at IS NULL, 1,
    assumeNotNull(${SECONDS_LEFT}) <= 0, 1000 + least(intDiv(-assumeNotNull(${SECONDS_LEFT}) * 1000, 86400), ${DAYS_LATE_MAX * 1000}),
    greatest(intDiv(3600000, greatest(assumeNotNull(${SECONDS_LEFT}), 3600)), 1)))`;

const LAST = "9000000000000000000";
/** Each as a whole number that rises down the list. */
const KEYS: Readonly<Record<ExceptionSort, string>> = {
  rank: `-${RANK_SQL}`,
  age: "toUnixTimestamp64Milli(first_failed_at)",
  recent: "-toUnixTimestamp64Milli(last_failed_at)",
  occurrences: "-toInt64(occurrences)",
  value: `-${CENTS}`,
  due: `ifNull(toUnixTimestamp64Milli(due_at), toInt64(${LAST}))`,
};

/** `reverse`: the other way round than the sort says. */
export const sortKeyOf = (sort: ExceptionSort, reverse: boolean): string =>
  `toInt64(${reverse ? `-(${KEYS[sort]})` : KEYS[sort]})`;

/** The place of a row. A whole number of 64 bits, as text. */
export interface Position {
  readonly key: string;
  readonly id: string;
}

const cursorShape = z.strictObject({
  order: z.string(),
  key: z.string().regex(/^-?\d{1,19}$/),
  id: z.string(),
  now: timestamp,
});

const orderName = (sort: string, reverse: boolean): string => (reverse ? `-${sort}` : sort);

export function encodeCursor({ key, id }: Position, sort: string, reverse: boolean, now: string): string {
  const cursor: z.input<typeof cursorShape> = { order: orderName(sort, reverse), key, id, now };
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** With the clock of the list's first page. @throws InvalidCursor when it is of another order, or of nobody's making */
export function decodeCursor(text: string, sort: string, reverse: boolean): Position & { readonly now: string } {
  const cursor = parse(text);
  if (cursor?.order !== orderName(sort, reverse))
    throw new InvalidCursor("cursor: not one that this list gave out for this sort; start again without it.");
  return cursor;
}

function parse(text: string) {
  try {
    return cursorShape.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
