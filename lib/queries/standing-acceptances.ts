/** "Accept always": what is accepted without a person looking. Table standing_acceptances (0006_handoffs.sql); the worker applies what stands there. */
import { randomUUID } from "node:crypto";
import type { Store } from "@/lib/clickhouse/client";
import { amountText, ExactDecimal } from "@/lib/domain/decimal";
import { type AcceptanceDraft, faultsOfDraft } from "@/lib/domain/handoffs/acceptance-draft";
import { type Money, sumByCurrency } from "@/lib/domain/handoffs/approval";
import type { Finance } from "@/lib/domain/handoffs/finance";
import type { BreakState } from "@/lib/domain/handoffs/handoff";
import { acceptanceOf, type StandingAcceptance } from "@/lib/domain/handoffs/standing-acceptance";
import { type Actor, recordAudit } from "./audit";
import type { FactReader } from "./fact-reader";
import { OPEN, STATE } from "./handoff-filter";
import { judgingOf, readRuleVersions } from "./handoff-rules";

export interface ListedAcceptance extends StandingAcceptance {
  readonly createdById: string;
  /** Empty unless somebody withdrew it; `expiresAt` is then when. */
  readonly withdrawnBy: string;
}

interface AcceptanceRow {
  acceptance_id: string;
  version: string;
  rule: string;
  states: BreakState[];
  company_code: string;
  location: string;
  partner: string;
  amount_max: string;
  currency: string;
  reason: string;
  note: string;
  created_at: string;
  created_by: string;
  created_by_id: string;
  expires_at: string;
  withdrawn_by: string;
}

/** Far more than a finance department keeps. */
const ACCEPTANCES_MAX = 10_000;

/** Newest first, with those that are over: what they covered before stays covered. */
export async function listStandingAcceptances(reader: FactReader): Promise<ListedAcceptance[]> {
  return (await readRows(reader)).map(acceptanceOfRow);
}

/** The same for judging handoffs by; `changes`: how often one of them was made or changed, since each row's version counts that. */
export async function readStandingAcceptances(
  reader: FactReader,
): Promise<{ readonly acceptances: readonly StandingAcceptance[]; readonly changes: number }> {
  const rows = await readRows(reader);
  return {
    acceptances: rows.map(acceptanceOfRow),
    changes: rows.reduce((sum, { version }) => sum + Number(version), 0),
  };
}

const readRows = (reader: FactReader): Promise<AcceptanceRow[]> =>
  reader.query<AcceptanceRow>(
    "SELECT * FROM standing_acceptances FINAL ORDER BY created_at DESC, acceptance_id LIMIT {limit:UInt32}",
    { limit: ACCEPTANCES_MAX },
  );

export type AcceptanceOutcome =
  | { readonly state: "stored"; readonly acceptance: ListedAcceptance }
  | { readonly state: "invalid"; readonly faults: readonly { readonly path: string; readonly message: string }[] };

/** The caller has checked `reconciliation:accept-always`. */
export async function createStandingAcceptance(
  store: Store,
  draft: AcceptanceDraft,
  { actor, finance, now }: { readonly actor: Actor; readonly finance: Finance; readonly now: Date },
): Promise<AcceptanceOutcome> {
  const judging = judgingOf(await readRuleVersions(store));
  const faults = faultsOfDraft(draft, { finance, now, rules: new Set(judging.map(({ rule }) => rule.id)) });
  if (faults.length > 0) return { state: "invalid", faults };
  const acceptance: ListedAcceptance = {
    ...draft,
    amountMax: amountText(new ExactDecimal(draft.amountMax)),
    id: randomUUID(),
    createdAt: now.toISOString(),
    createdBy: actor.name,
    createdById: actor.id,
    withdrawnBy: "",
  };
  const entry = { actor, action: "acceptance.created", target: targetOf(acceptance), details: { ...draft } };
  await recordAudit(store, entry, now);
  await store.insert("standing_acceptances", [rowOf(acceptance, 1)]);
  return { state: "stored", acceptance };
}

/**
 * Ends it now: what arose before stays accepted. Null when there is none of that id; one that is over already is given back as it is.
 * Whoever withdraws says why, in the audit log.
 */
export async function withdrawStandingAcceptance(
  store: Store,
  id: string,
  { actor, reason, now }: { readonly actor: Actor; readonly reason: string; readonly now: Date },
): Promise<ListedAcceptance | null> {
  const [row] = await store.query<AcceptanceRow>(
    "SELECT * FROM standing_acceptances FINAL WHERE acceptance_id = {id:String}",
    { id },
  );
  if (!row) return null;
  const acceptance = acceptanceOfRow(row);
  if (acceptance.withdrawnBy !== "" || acceptance.expiresAt <= now.toISOString()) return acceptance;
  const withdrawn = { ...acceptance, expiresAt: now.toISOString(), withdrawnBy: actor.name };
  const entry = { actor, action: "acceptance.withdrawn", target: targetOf(acceptance), details: { reason } };
  await recordAudit(store, entry, now);
  await store.insert("standing_acceptances", [rowOf(withdrawn, Number(row.version) + 1)]);
  return withdrawn;
}

export interface AcceptancePreview {
  /** Open breaks that nobody decided and that it would accept now. */
  readonly count: number;
  /** What is at stake in them, one sum per currency. */
  readonly stakes: readonly Money[];
}

/** By the same rule as the worker applies it; row by row, so memory does not grow with what is open. */
export async function previewStandingAcceptance(
  store: Store,
  draft: AcceptanceDraft,
  { finance, now }: { readonly finance: Finance; readonly now: Date },
): Promise<AcceptancePreview> {
  const proposed: StandingAcceptance = { ...draft, id: "proposed", createdAt: now.toISOString(), createdBy: "" };
  const rows = store.stream<BrokenRow>(
    `SELECT ${STATE} AS state_now, company_code, location, partner, currency, ifNull(broken_at, due_at) AS broken,
            toString(stake) AS own_stake, toString(sum(stake) OVER (PARTITION BY group_lead)) AS group_stake
     FROM handoffs FINAL WHERE rule = {rule:String} AND ${OPEN} AND resolution = ''`,
    { rule: draft.rule, now: now.toISOString() },
  );
  let count = 0;
  let stakes: Money[] = [];
  for await (const row of rows) {
    const standing = {
      rule: draft.rule,
      state: row.state_now,
      companyCode: row.company_code,
      location: row.location,
      partner: row.partner,
      stake: { amount: new ExactDecimal(row.group_stake), currency: row.currency },
      brokenAt: row.broken ?? "",
    };
    if (acceptanceOf(standing, [proposed], finance) === null) continue;
    count += 1;
    stakes = sumByCurrency([...stakes, { amount: row.own_stake, currency: row.currency }]);
  }
  return { count, stakes };
}

interface BrokenRow {
  state_now: BreakState;
  company_code: string;
  location: string;
  partner: string;
  currency: string;
  broken: string | null;
  own_stake: string;
  group_stake: string;
}

const targetOf = ({ id, rule }: Pick<StandingAcceptance, "id" | "rule">): string => `standing acceptance ${id} ${rule}`;

const rowOf = (acceptance: ListedAcceptance, version: number): AcceptanceRow => ({
  acceptance_id: acceptance.id,
  version: String(version),
  rule: acceptance.rule,
  states: [...acceptance.states],
  company_code: acceptance.companyCode,
  location: acceptance.location,
  partner: acceptance.partner,
  amount_max: acceptance.amountMax,
  currency: acceptance.currency,
  reason: acceptance.reason,
  note: acceptance.note,
  created_at: acceptance.createdAt,
  created_by: acceptance.createdBy,
  created_by_id: acceptance.createdById,
  expires_at: acceptance.expiresAt,
  withdrawn_by: acceptance.withdrawnBy,
});

const acceptanceOfRow = (row: AcceptanceRow): ListedAcceptance => ({
  id: row.acceptance_id,
  rule: row.rule,
  states: row.states,
  companyCode: row.company_code,
  location: row.location,
  partner: row.partner,
  amountMax: amountText(new ExactDecimal(row.amount_max)),
  currency: row.currency,
  reason: row.reason,
  note: row.note,
  createdAt: row.created_at,
  createdBy: row.created_by,
  createdById: row.created_by_id,
  expiresAt: row.expires_at,
  withdrawnBy: row.withdrawn_by,
});
