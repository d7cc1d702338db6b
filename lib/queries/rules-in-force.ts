/** What handoffs are judged by at this moment, read from the store. */
import type { Finance } from "@/lib/domain/handoffs/finance";
import type { BreakState } from "@/lib/domain/handoffs/handoff";
import type { RulesInForce } from "@/lib/domain/handoffs/rules-in-force";
import type { StandingAcceptance } from "@/lib/domain/handoffs/standing-acceptance";
import type { FactReader } from "./fact-reader";
import { judgingOf, readRuleVersions } from "./handoff-rules";

/** Standing acceptances in one reading: far more than a finance department keeps. */
const ACCEPTANCES_MAX = 10_000;

export async function readRulesInForce(reader: FactReader, finance: Finance): Promise<RulesInForce> {
  const [versions, { acceptances, changes }] = await Promise.all([readRuleVersions(reader), readAcceptances(reader)]);
  return { rules: judgingOf(versions), finance, acceptances, acceptanceChanges: changes };
}

interface AcceptanceRow {
  acceptance_id: string;
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
  expires_at: string;
  changes: string;
}

/** Withdrawn and expired ones among them: what they covered before stays covered. `changes` counts every row ever written. */
async function readAcceptances(
  reader: FactReader,
): Promise<{ acceptances: readonly StandingAcceptance[]; changes: number }> {
  const rows = await reader.query<AcceptanceRow>(
    `SELECT acceptance_id, rule, states, company_code, location, partner, toString(amount_max) AS amount_max, currency,
            reason, note, created_at, created_by, expires_at, toString(version) AS changes
     FROM standing_acceptances FINAL
     ORDER BY created_at, acceptance_id LIMIT ${ACCEPTANCES_MAX}`,
  );
  const acceptances = rows.map((row) => ({
    id: row.acceptance_id,
    rule: row.rule,
    states: row.states,
    companyCode: row.company_code,
    location: row.location,
    partner: row.partner,
    amountMax: row.amount_max,
    currency: row.currency,
    reason: row.reason,
    note: row.note,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
  }));
  return { acceptances, changes: rows.reduce((sum, row) => sum + Number(row.changes), 0) };
}
