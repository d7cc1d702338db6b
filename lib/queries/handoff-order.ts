/** The orders that lists of handoffs come in, a place in one, and a cursor that holds it. */
import { z } from "zod";
import { timestamp } from "@/lib/domain/event";
import { IS_BREAK } from "./handoff-filter";
import { InvalidCursor } from "./orders";

export const HANDOFF_SORTS = ["stake", "age", "opened", "rule", "key"] as const;
/** `stake`: largest first. `age`: longest broken first, what is not broken last. `opened`: newest first. `rule` and `key`: by name. */
export type HandoffSort = (typeof HANDOFF_SORTS)[number];

export interface Order {
  /** Of cursors: which order they belong to. */
  readonly name: string;
  readonly sql: string;
  readonly type: "Decimal(38, 9)" | "Int64" | "String";
  readonly direction: "ASC" | "DESC";
}

const SORT_KEYS: Readonly<Record<HandoffSort, Omit<Order, "name">>> = {
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

/** Where the sort says nothing, by this. */
export const IDENTITY = "toString(rule), toString(key_type), key_id";

/** `reverse`: the other way round than the sort says. */
export function orderOf(sort: HandoffSort, reverse: boolean): Order {
  const { sql, type, direction } = SORT_KEYS[sort];
  const isDescending = (direction === "DESC") !== reverse;
  return { name: reverse ? `-${sort}` : sort, sql, type, direction: isDescending ? "DESC" : "ASC" };
}

/** The place of a row. The sort's value is text, so that no digit of a decimal is lost. */
export interface Position {
  readonly sort_key: string;
  readonly rule: string;
  readonly key_type: string;
  readonly key_id: string;
}

const cursorShape = z.strictObject({
  order: z.string(),
  at: z.string(),
  rule: z.string(),
  type: z.string(),
  id: z.string(),
  now: timestamp,
});

export function encodeCursor(position: Position, order: Order, now: string): string {
  const { sort_key, rule, key_type: type, key_id: id } = position;
  const cursor: z.input<typeof cursorShape> = { order: order.name, at: String(sort_key), rule, type, id, now };
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** @throws InvalidCursor when it is of another order, or of nobody's making */
export function decodeCursor(text: string, order: Order): Position {
  const cursor = parseCursor(text);
  const isOfType = order.type === "String" || /^-?\d{1,29}(\.\d{1,9})?$/.test(cursor?.at ?? "");
  if (cursor?.order !== order.name || !isOfType)
    throw new InvalidCursor("cursor: not one that this list gave out for this sort; start again without it.");
  return { sort_key: cursor.at, rule: cursor.rule, key_type: cursor.type, key_id: cursor.id };
}

/** The clock of a list is that of its first page: a cursor keeps it. */
export const clockOf = ({ cursor, now }: { readonly cursor?: string | null; readonly now: string }): string =>
  (cursor && parseCursor(cursor)?.now) || now;

function parseCursor(text: string) {
  try {
    return cursorShape.safeParse(JSON.parse(Buffer.from(text, "base64url").toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
