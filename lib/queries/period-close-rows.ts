/** The frozen handoffs of a close, one canonical line each, read and written row by row. Table period_close_rows (0006_handoffs.sql). */
import type { Store } from "@/lib/clickhouse/client";
import {
  createContentHash,
  type FrozenHandoff,
  type FrozenLine,
  frozenOf,
  itemOf,
  lineHash,
  lineOf,
} from "@/lib/domain/handoffs/period-close";
import type { CompanyPeriod } from "./close-checklist";
import { HANDOFF_COLUMNS, type HandoffRow, handoffOf } from "./handoff-row";

const ROWS_PER_INSERT = 2_000;
const KEY_ORDER = "ORDER BY rule, key_type, key_id";

/** In the order of their keys, from one state of the table. */
export async function* streamCurrent(
  store: Store,
  { companyCode, period }: CompanyPeriod,
  now: string,
): AsyncGenerator<FrozenHandoff, void, undefined> {
  const rows = store.stream<HandoffRow>(
    `SELECT ${HANDOFF_COLUMNS} FROM handoffs FINAL
     WHERE company_code = {companyCode:String} AND period = {period:String} ${KEY_ORDER}`,
    { companyCode, period, now },
  );
  for await (const row of rows) yield frozenOf(handoffOf(row));
}

interface FrozenRow {
  rule: string;
  key_type: string;
  key_id: string;
  row: string;
  row_hash: string;
}

const streamRows = (store: Store, closeId: string) =>
  store.stream<FrozenRow>(
    `SELECT rule, key_type, key_id, row, row_hash FROM period_close_rows FINAL WHERE close_id = {closeId:String} ${KEY_ORDER}`,
    { closeId },
  );

export async function* streamCurrentLines(
  store: Store,
  of: CompanyPeriod,
  now: string,
): AsyncGenerator<FrozenLine, void, undefined> {
  for await (const handoff of streamCurrent(store, of, now)) yield lineOf(handoff);
}

export async function* streamFrozenLines(store: Store, closeId: string): AsyncGenerator<FrozenLine, void, undefined> {
  for await (const { rule, key_type: type, key_id: id, row } of streamRows(store, closeId))
    yield { rule, key: { type, id }, line: row };
}

/** As they were signed, in the order of their keys. */
export async function* streamFrozen(store: Store, closeId: string): AsyncGenerator<FrozenHandoff, void, undefined> {
  for await (const { row } of streamRows(store, closeId)) yield JSON.parse(row) as FrozenHandoff;
}

export interface Frozen {
  readonly rows: number;
  readonly contentHash: string;
  /** How many are open, by item (lib/domain/handoffs/period-close.ts). */
  readonly open: ReadonlyMap<string, number>;
}

/** Copies what stands now under `closeId`; memory holds ROWS_PER_INSERT lines. Rows under an id that no close names are never read. */
export async function freezeRows(store: Store, closeId: string, of: CompanyPeriod, now: string): Promise<Frozen> {
  const hash = createContentHash();
  const open = new Map<string, number>();
  let rows = 0;
  let page: object[] = [];
  const flush = async () => {
    await store.insert("period_close_rows", page);
    page = [];
  };
  for await (const handoff of streamCurrent(store, of, now)) {
    const { line } = lineOf(handoff);
    hash.add(line);
    rows += 1;
    const item = itemOf({ ...handoff, resolution: handoff.resolution?.kind ?? null });
    if (item !== null) open.set(item, (open.get(item) ?? 0) + 1);
    const { rule, key } = handoff;
    page.push({
      close_id: closeId,
      rule,
      key_type: key.type,
      key_id: key.id,
      row_hash: lineHash(line),
      row: line,
    });
    if (page.length === ROWS_PER_INSERT) await flush();
  }
  await flush();
  return { rows, contentHash: hash.digest(), open };
}

export interface Verification {
  readonly isIntact: boolean;
  readonly rows: number;
  /** Recomputed from the stored lines. */
  readonly contentHash: string;
  /** The first line that is not what its own hash says; "" when none is. */
  readonly firstAltered: string;
}

export async function verifyRows(
  store: Store,
  { id, rows: signedRows, contentHash: signed }: { id: string; rows: number; contentHash: string },
): Promise<Verification> {
  const hash = createContentHash();
  let rows = 0;
  let firstAltered = "";
  for await (const { row, row_hash } of streamRows(store, id)) {
    hash.add(row);
    rows += 1;
    if (firstAltered === "" && lineHash(row) !== row_hash) firstAltered = row;
  }
  const contentHash = hash.digest();
  return { isIntact: contentHash === signed && rows === signedRows, rows, contentHash, firstAltered };
}
