/**
 * Signing off a period of a company code, and opening it again. Tables period_closes and period_close_rows (0006_handoffs.sql).
 *
 *   1. the checklist is read: what is open must be acknowledged, in the number in which it is open
 *   2. the audit entry is stored
 *   3. what stands is frozen, row by row, under the close's id
 *   4. what was frozen is compared with what was acknowledged: the projection goes on meanwhile
 *   5. the close itself is stored, under a token of how many acts this period has had
 *   6. it is read back
 *
 * Failure windows:
 *   between 3 and 5   rows under an id that no close names; they are never read, and a new attempt has a new id
 *   two at once in 5  one token, so the store keeps the first and drops the second whole; in 6 the second finds the first's id instead of its own
 *   after 5           the close stands; asked again, the period is closed already
 */
import { randomUUID } from "node:crypto";
import type { Store } from "@/lib/clickhouse/client";
import {
  type Acknowledgement,
  type ChangeAfterClose,
  type CloseChecklist,
  compareFrozen,
  faultsOfAcknowledgements,
  openItemsOf,
} from "@/lib/domain/handoffs/period-close";
import { type Actor, recordAudit } from "./audit";
import { type CloseContext, type CompanyPeriod, readCloseChecklist } from "./close-checklist";
import type { FactReader } from "./fact-reader";
import { type Frozen, freezeRows, streamCurrentLines, streamFrozenLines } from "./period-close-rows";

export interface PeriodAct extends CompanyPeriod {
  /** Of a reopening: that of the close it opens. */
  readonly id: string;
  readonly act: "closed" | "reopened";
  readonly at: string;
  readonly signedBy: string;
  readonly signedById: string;
  readonly note: string;
  readonly contentHash: string;
  readonly rows: number;
  /** As it stood, with what was acknowledged. Null of a reopening. */
  readonly checklist: (CloseChecklist & { readonly acknowledgements: readonly Acknowledgement[] }) | null;
}

export type CloseOutcome =
  | { readonly state: "stored"; readonly close: PeriodAct }
  | { readonly state: "invalid"; readonly faults: readonly { readonly path: string; readonly message: string }[] }
  | { readonly state: "conflict" | "unknown"; readonly detail: string };

export interface CloseRequest extends CompanyPeriod {
  readonly note: string;
  readonly acknowledgements: readonly Acknowledgement[];
}

/** The caller has checked `reconciliation:close`, and that the actor is a person. */
export async function closePeriod(
  store: Store,
  request: CloseRequest,
  actor: Actor,
  context: CloseContext,
): Promise<CloseOutcome> {
  const { companyCode, period, note, acknowledgements } = request;
  const acts = await readPeriodActs(store, { companyCode, period });
  const standing = acts.at(-1);
  if (standing?.act === "closed") return closedAlready(standing);
  const checklist = await readCloseChecklist(store, request, context);
  const isDeclared = context.finance.company_codes.some(({ id }) => id === companyCode);
  if (!isDeclared && checklist.rules.length === 0)
    return { state: "unknown", detail: `There is no company code ${companyCode} with handoffs in ${period}.` };
  const faults = faultsOfAcknowledgements(openItemsOf(checklist), acknowledgements);
  if (faults.length > 0) return { state: "invalid", faults };
  const id = randomUUID();
  const { now } = context;
  const details = { id, note, acknowledgements };
  await recordAudit(store, { actor, action: "period.closed", target: targetOf(request), details }, now);
  const frozen = await freezeRows(store, id, request, now.toISOString());
  if (!holdsAs(checklist, frozen))
    return { state: "conflict", detail: "Handoffs of this period changed while it was being closed. Look again." };
  return storeAct(store, acts, {
    id,
    companyCode,
    period,
    act: "closed",
    at: timeAfter(standing, now),
    signedBy: actor.name,
    signedById: actor.id,
    note,
    contentHash: frozen.contentHash,
    rows: frozen.rows,
    checklist: { ...checklist, acknowledgements },
  });
}

/** Whether what was frozen is open in the numbers of the checklist. */
function holdsAs(checklist: CloseChecklist, { open, rows }: Frozen): boolean {
  const total = checklist.rules.reduce((sum, rule) => sum + rule.total, 0);
  const ofHandoffs = openItemsOf({ ...checklist, sources: [], hasEnded: true });
  return (
    rows === total && ofHandoffs.length === open.size && ofHandoffs.every(({ item, count }) => open.get(item) === count)
  );
}

/** Opens a closed period again; what was frozen stays, and stays verifiable. */
export async function reopenPeriod(
  store: Store,
  closeId: string,
  { actor, reason, now }: { readonly actor: Actor; readonly reason: string; readonly now: Date },
): Promise<CloseOutcome> {
  const close = await readPeriodClose(store, closeId);
  if (!close) return { state: "unknown", detail: "There is no such close." };
  const acts = await readPeriodActs(store, close);
  const standing = acts.at(-1);
  if (standing?.act !== "closed" || standing.id !== closeId)
    return { state: "conflict", detail: "This close is not in force: the period was opened again already." };
  const entry = { actor, action: "period.reopened", target: targetOf(close), details: { id: closeId, reason } };
  await recordAudit(store, entry, now);
  return storeAct(store, acts, {
    ...close,
    act: "reopened",
    at: timeAfter(standing, now),
    signedBy: actor.name,
    signedById: actor.id,
    note: reason,
    checklist: null,
  });
}

/** All acts of a period, oldest first: the last one holds. */
export async function readPeriodActs(reader: FactReader, { companyCode, period }: CompanyPeriod): Promise<PeriodAct[]> {
  const rows = await reader.query<PeriodActRow>(
    `SELECT * FROM period_closes FINAL WHERE company_code = {companyCode:String} AND period = {period:String}
     ORDER BY closed_at`,
    { companyCode, period },
  );
  return rows.map(actOfRow);
}

/** Every act of every period, newest first. */
export async function listPeriodActs(reader: FactReader, limit = 500): Promise<PeriodAct[]> {
  const rows = await reader.query<PeriodActRow>(
    "SELECT * FROM period_closes FINAL ORDER BY closed_at DESC, close_id LIMIT {limit:UInt32}",
    { limit },
  );
  return rows.map(actOfRow);
}

/** The close of that id, whether or not it is still in force. */
export async function readPeriodClose(reader: FactReader, id: string): Promise<PeriodAct | null> {
  const [row] = await reader.query<PeriodActRow>(
    "SELECT * FROM period_closes FINAL WHERE close_id = {id:String} AND act = 'closed' LIMIT 1",
    { id },
  );
  return row ? actOfRow(row) : null;
}

/** Handoffs of a closed period that are no longer as they were signed: one by one, in the order of their keys. */
export const changesAfterClose = (
  store: Store,
  close: PeriodAct,
  now: string,
): AsyncGenerator<ChangeAfterClose, void, undefined> =>
  compareFrozen(streamFrozenLines(store, close.id), streamCurrentLines(store, close, now));

export interface ChangesSummary {
  readonly counts: Readonly<Record<ChangeAfterClose["kind"], number>>;
  /** The first `shownMax` of them. */
  readonly items: readonly ChangeAfterClose[];
}

export async function summariseChanges(
  store: Store,
  close: PeriodAct,
  { now, shownMax }: { readonly now: string; readonly shownMax: number },
): Promise<ChangesSummary> {
  const counts = { changed: 0, missing: 0, new: 0 };
  const items: ChangeAfterClose[] = [];
  for await (const change of changesAfterClose(store, close, now)) {
    counts[change.kind] += 1;
    if (items.length < shownMax) items.push(change);
  }
  return { counts, items };
}

async function storeAct(store: Store, before: readonly PeriodAct[], act: PeriodAct): Promise<CloseOutcome> {
  const token = JSON.stringify(["period", act.companyCode, act.period, before.length]);
  await store.insert("period_closes", [rowOfAct(act)], { dedupToken: token });
  const after = await readPeriodActs(store, act);
  const stored = after[before.length];
  const isOurs = stored?.id === act.id && stored.act === act.act && stored.signedById === act.signedById;
  if (stored && isOurs) return { state: "stored", close: stored };
  return stored?.act === "closed"
    ? closedAlready(stored)
    : { state: "conflict", detail: "Somebody else opened this period at the same time." };
}

const closedAlready = ({ signedBy, at }: PeriodAct): CloseOutcome => ({
  state: "conflict",
  detail: `This period was closed by ${signedBy} at ${at}. Reopen it to close it anew.`,
});

/** Acts follow each other in time, also where a clock stepped back. */
const timeAfter = (last: PeriodAct | undefined, now: Date): string =>
  new Date(Math.max(now.getTime(), last ? Date.parse(last.at) + 1 : 0)).toISOString();

const targetOf = ({ companyCode, period }: CompanyPeriod): string => `period ${companyCode} ${period}`;

interface PeriodActRow {
  company_code: string;
  period: string;
  closed_at: string;
  close_id: string;
  act: PeriodAct["act"];
  signed_by: string;
  signed_by_id: string;
  note: string;
  content_hash: string;
  rows: string;
  checklist: string;
}

const rowOfAct = (act: PeriodAct): PeriodActRow => ({
  company_code: act.companyCode,
  period: act.period,
  closed_at: act.at,
  close_id: act.id,
  act: act.act,
  signed_by: act.signedBy,
  signed_by_id: act.signedById,
  note: act.note,
  content_hash: act.contentHash,
  rows: String(act.rows),
  checklist: act.checklist === null ? "" : JSON.stringify(act.checklist),
});

const actOfRow = (row: PeriodActRow): PeriodAct => ({
  companyCode: row.company_code,
  period: row.period,
  at: row.closed_at,
  id: row.close_id,
  act: row.act,
  signedBy: row.signed_by,
  signedById: row.signed_by_id,
  note: row.note,
  contentHash: row.content_hash,
  rows: Number(row.rows),
  checklist: row.checklist === "" ? null : (JSON.parse(row.checklist) as PeriodAct["checklist"]),
});
