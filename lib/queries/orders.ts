/** The list of orders (any root), from the projected journeys. */
import { type SourceStatus, STAGES, type Stage, type StageProgress } from "@/lib/domain/journey";
import type { ObjectRef } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";

export const ORDER_SORTS = ["risk", "updated", "value", "promise", "created"] as const;
export type OrderSort = (typeof ORDER_SORTS)[number];

/** Every stage as a list shows it and can be filtered by; a partial one is worded as in journey-summary.ts. */
export const SHOWN_STAGES = [
  ...STAGES,
  ...STAGES.map((stage) => `Partially ${stage.toLowerCase() as Lowercase<Stage>}` as const),
  "Cancelled",
  "Unknown",
] as const;

export interface OrderListOptions {
  /** The root type to list. */
  readonly type?: string;
  readonly sort?: OrderSort;
  /** Stage as shown ("Picked", "Partially shipped", "Cancelled"). */
  readonly stage?: string | null;
  /** `open`: not yet wholly delivered and not cancelled; `late`: open and past its promise; `disagreed`: systems disagree; `failed`: has failures. */
  readonly state?: "all" | "open" | "late" | "disagreed" | "failed";
  /** A reporting source. */
  readonly source?: string | null;
  readonly limit?: number;
  readonly cursor?: string | null;
  /** RFC 3339; the clock is an argument. A cursor keeps the clock of its first page. */
  readonly now: string;
}

export interface OrderListItem {
  readonly root: ObjectRef;
  readonly stage: string;
  readonly agreed: boolean;
  readonly promisedAt: string | null;
  readonly value: { readonly amount: string; readonly currency: string } | null;
  readonly nextStep: string | null;
  readonly sentence: string;
  readonly firstEventAt: string | null;
  readonly lastEventAt: string | null;
  readonly events: number;
  readonly failures: number;
  readonly sources: readonly string[];
  readonly stages: readonly StageProgress[];
  readonly statusBySource: Readonly<Record<string, SourceStatus>>;
}

export interface OrderList {
  readonly items: readonly OrderListItem[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** A cursor that this query did not make. */
export class InvalidCursor extends Error {
  override readonly name = "InvalidCursor";
}

const HOURS_TO_PROMISE = "dateDiff('second', now, promised_at) / 3600";
/** Value × nearness of the promise: an overdue order counts in full and more each day late; one due in n hours counts 1/n; no promise, 1/1000. */
const RISK = `toFloat64(ifNull(amount, 0)) * multiIf(
  promised_at IS NULL, 0.001,
  ${HOURS_TO_PROMISE} <= 0, 1 + least(-(${HOURS_TO_PROMISE}) / 24, 30),
  1 / greatest(${HOURS_TO_PROMISE}, 1))`;

const SORT_KEY: Readonly<Record<OrderSort, string>> = {
  risk: RISK,
  updated: "toFloat64(toUnixTimestamp64Milli(ifNull(last_event_at, toDateTime64(0, 3, 'UTC'))))",
  created: "toFloat64(toUnixTimestamp64Milli(ifNull(first_event_at, toDateTime64(0, 3, 'UTC'))))",
  value: "toFloat64(ifNull(amount, -1))",
  // Soonest promise first, none last.
  promise: "-toFloat64(toUnixTimestamp64Milli(ifNull(promised_at, toDateTime64('2200-01-01 00:00:00', 3, 'UTC'))))",
};

const OPEN = "cancelled = 0 AND stage_rank < 6";
const STATE_FILTER: Readonly<Record<NonNullable<OrderListOptions["state"]>, string>> = {
  all: "1",
  open: OPEN,
  late: `${OPEN} AND promised_at < now`,
  disagreed: "agreed = 0",
  failed: "failures > 0",
};

/** @throws InvalidCursor */
export async function listOrders(reader: FactReader, options: OrderListOptions): Promise<OrderList> {
  const { type = "order", sort = "risk", stage = null, state = "open", source = null } = options;
  const limit = Math.min(Math.max(options.limit ?? 50, 1), 500);
  const cursor = options.cursor ? decodeCursor(options.cursor, sort) : null;
  const parameters = {
    type,
    now: cursor?.now ?? options.now,
    limit: limit + 1,
    ...(stage === null ? {} : { stage }),
    ...(source === null ? {} : { source }),
  };
  const matching = `
    FROM journeys FINAL
    WHERE root_type = {type:String} AND ${STATE_FILTER[state]}
      ${stage === null ? "" : "AND stage = {stage:String}"}
      ${source === null ? "" : "AND has(sources, {source:String})"}`;
  const clock = "WITH parseDateTime64BestEffort({now:String}, 3, 'UTC') AS now";
  const [rows, [counted]] = await Promise.all([
    reader.query<OrderRow>(
      `${clock}
       SELECT root_type, root_id, stage, agreed, promised_at, toString(amount) AS amount_text, currency, next_step, sentence,
              first_event_at, last_event_at, events, failures, sources, stages, status_by_source,
              ${SORT_KEY[sort]} AS sort_key
       ${matching}
       ${cursor ? "AND (sort_key < {afterKey:Float64} OR (sort_key = {afterKey:Float64} AND root_id > {afterId:String}))" : ""}
       ORDER BY sort_key DESC, root_id LIMIT {limit:UInt32}`,
      { ...parameters, ...(cursor ? { afterKey: cursor.key, afterId: cursor.id } : {}) },
    ),
    reader.query<{ total: number }>(`${clock} SELECT toUInt32(count()) AS total ${matching}`, parameters),
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(orderOf),
    nextCursor:
      rows.length > limit && last
        ? encodeCursor({ sort, key: last.sort_key, id: last.root_id, now: parameters.now })
        : null,
    total: counted?.total ?? 0,
  };
}

interface OrderRow {
  root_type: string;
  root_id: string;
  stage: string;
  agreed: number;
  promised_at: string | null;
  amount_text: string | null;
  currency: string;
  next_step: string;
  sentence: string;
  first_event_at: string | null;
  last_event_at: string | null;
  events: number;
  failures: number;
  sources: string[];
  stages: string;
  status_by_source: string;
  sort_key: number;
}

function orderOf(row: OrderRow): OrderListItem {
  return {
    root: { type: row.root_type, id: row.root_id },
    stage: row.stage,
    agreed: row.agreed === 1,
    promisedAt: row.promised_at,
    value: row.amount_text === null ? null : { amount: row.amount_text, currency: row.currency },
    nextStep: row.next_step || null,
    sentence: row.sentence,
    firstEventAt: row.first_event_at,
    lastEventAt: row.last_event_at,
    events: row.events,
    failures: row.failures,
    sources: row.sources,
    stages: JSON.parse(row.stages) as StageProgress[],
    statusBySource: JSON.parse(row.status_by_source) as Record<string, SourceStatus>,
  };
}

interface Cursor {
  readonly sort: OrderSort;
  readonly key: number;
  readonly id: string;
  readonly now: string;
}

const encodeCursor = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString("base64url");

function decodeCursor(text: string, sort: OrderSort): Cursor {
  try {
    const cursor = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Partial<Cursor>;
    const { key, id, now } = cursor;
    if (cursor.sort === sort && typeof key === "number" && typeof id === "string" && typeof now === "string") {
      if (!Number.isNaN(Date.parse(now))) return { sort, key, id, now };
    }
  } catch {
    // Falls through: whatever is wrong with it, it is not one of ours.
  }
  throw new InvalidCursor("cursor: not one that this list gave out for this sort; start again without it.");
}
