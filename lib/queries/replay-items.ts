/** The items of a replay in the order in which they go, each with what became of it. */
import { z } from "zod";
import type { EventRef } from "@/lib/domain/journey";
import type { ObjectRef } from "@/lib/domain/object";
import { ITEM_STATES, type ItemState, type ReplayEntry } from "@/lib/domain/replay/entry";
import type { ReplayItem, SkipReason } from "@/lib/domain/replay/job";
import type { FactReader } from "./fact-reader";
import { decodeCursor, encodeCursor } from "./place-cursor";

export interface ListedReplayItem {
  readonly exceptionId: string;
  readonly position: number;
  /** What the plan left out is `skipped`. */
  readonly state: ItemState;
  /** Why the plan left it out. */
  readonly skipReason: SkipReason | null;
  /** Null where the plan left it out. */
  readonly item: Pick<
    ReplayItem,
    "interface" | "chain" | "causedAt" | "subject" | "roots" | "messageKey" | "failedEvent"
  > | null;
  readonly isEdited: boolean;
  /** Sends of this job. */
  readonly attempts: number;
  /** The last thing that happened to it; null before anything has. */
  readonly last: { readonly at: string; readonly entryNo: number; readonly entry: ReplayEntry } | null;
}

export interface ReplayItemList {
  readonly items: readonly ListedReplayItem[];
  readonly nextCursor: string | null;
  readonly total: number;
}

export const REPLAY_ITEM_STATES = ITEM_STATES;

interface ItemRow {
  exception_id: string;
  position: number;
  disposition: string;
  skip_reason: string;
  item: string;
  shown_state: ItemState;
  attempts: number;
  last_at: string;
  last_no: number;
  last_entry: string;
  last_detail: string;
}

/** @throws InvalidCursor */
export async function listReplayItems(
  reader: FactReader,
  id: string,
  {
    state = null,
    limit = 50,
    cursor,
  }: { readonly state?: ItemState | null; readonly limit?: number; readonly cursor?: string | null } = {},
): Promise<ReplayItemList> {
  const after = cursor ? decodeCursor(place, cursor) : null;
  const count = Math.min(Math.max(limit, 1), 500);
  const parameters = { id, ...(state === null ? {} : { state }) };
  const narrowed = state === null ? "1" : "shown_state = {state:String}";
  const [rows, [counted]] = await Promise.all([
    reader.query<ItemRow>(
      `SELECT * FROM (${ITEMS_SQL}) WHERE ${narrowed} ${after ? "AND position > {after:UInt32}" : ""}
       ORDER BY position LIMIT {limit:UInt32}`,
      { ...parameters, limit: count + 1, ...(after ? { after: after.position } : {}) },
    ),
    reader.query<{ total: string }>(`SELECT count() AS total FROM (${ITEMS_SQL}) WHERE ${narrowed}`, parameters),
  ]);
  const items = rows.slice(0, count).map(itemOf);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > count && last ? encodeCursor({ position: last.position }) : null,
    total: Number(counted?.total ?? 0),
  };
}

/** One item; null when the job does not hold it. */
export async function readReplayItem(
  reader: FactReader,
  id: string,
  exceptionId: string,
): Promise<ListedReplayItem | null> {
  const [row] = await reader.query<ItemRow>(
    `SELECT * FROM (${ITEMS_SQL}) WHERE exception_id = {exceptionId:String} LIMIT 1`,
    { id, exceptionId },
  );
  return row ? itemOf(row) : null;
}

const place = z.strictObject({ position: z.int().min(0) });

const ITEMS_SQL = `SELECT planned.exception_id AS exception_id, position, disposition, skip_reason, item,
    multiIf(disposition = 'skip', 'skipped', done.last_state = '', 'pending', done.last_state) AS shown_state,
    done.attempts AS attempts, done.last_at AS last_at, done.last_no AS last_no, done.last_entry AS last_entry, done.last_detail AS last_detail
  FROM (SELECT * FROM replay_items FINAL WHERE job_id = {id:String}) AS planned
  LEFT JOIN (
    SELECT exception_id, argMax(toString(state), (entry_no, entry_id)) AS last_state, toUInt32(uniqExactIf(entry_no, entry = 'intended')) AS attempts,
      argMax(at, (entry_no, entry_id)) AS last_at, max(entry_no) AS last_no, argMax(toString(entry), (entry_no, entry_id)) AS last_entry,
      argMax(detail, (entry_no, entry_id)) AS last_detail
    FROM replay_attempts WHERE job_id = {id:String} GROUP BY exception_id) AS done ON done.exception_id = planned.exception_id`;

function itemOf(row: ItemRow): ListedReplayItem {
  const item = row.item === "" ? null : (JSON.parse(row.item) as ReplayItem);
  return {
    exceptionId: row.exception_id,
    position: row.position,
    state: row.shown_state,
    skipReason: row.skip_reason === "" ? null : (row.skip_reason as SkipReason),
    item: item && shownOf(item),
    isEdited: item?.edit != null,
    attempts: row.attempts,
    last:
      row.last_entry === ""
        ? null
        : { at: row.last_at, entryNo: row.last_no, entry: entryOf(row.last_entry, row.last_detail) },
  };
}

/** Without the edited body: a payload is shown by its own right. */
const shownOf = ({ interface: name, chain, causedAt, subject, roots, messageKey, failedEvent }: ReplayItem) => ({
  interface: name,
  chain: chain as ObjectRef | null,
  causedAt,
  subject,
  roots,
  messageKey,
  failedEvent: failedEvent as EventRef,
});

const entryOf = (entry: string, detail: string): ReplayEntry =>
  ({ ...(JSON.parse(detail || "{}") as object), entry }) as ReplayEntry;
