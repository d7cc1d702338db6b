/** "Accept always": breaks of a kind that finance takes as they are, for a time. Pure. */
import type { ExactDecimal } from "@/lib/domain/decimal";
import { inCurrency } from "./comparison";
import type { Finance } from "./finance";
import type { BreakState } from "./handoff";

export interface StandingAcceptance {
  readonly id: string;
  readonly rule: string;
  readonly states: readonly BreakState[];
  /** Empty: any. */
  readonly companyCode: string;
  readonly location: string;
  readonly partner: string;
  /** The largest stake that is accepted, a decimal as a string, in `currency`. */
  readonly amountMax: string;
  readonly currency: string;
  readonly reason: string;
  readonly note: string;
  readonly createdAt: string;
  readonly createdBy: string;
  /** Breaks that arose before this are accepted, those that were open when it was made among them. */
  readonly expiresAt: string;
}

export interface Standing {
  readonly rule: string;
  readonly state: BreakState;
  readonly companyCode: string;
  readonly location: string;
  readonly partner: string;
  readonly stake: { readonly amount: ExactDecimal; readonly currency: string };
  readonly brokenAt: string;
}

/** The first acceptance, by when it was made, that covers this break; null when none does. */
export function acceptanceOf(
  broken: Standing,
  acceptances: readonly StandingAcceptance[],
  finance: Finance,
): StandingAcceptance | null {
  const covering = acceptances.filter(
    (each) =>
      each.rule === broken.rule &&
      each.states.includes(broken.state) &&
      (each.companyCode === "" || each.companyCode === broken.companyCode) &&
      (each.location === "" || each.location === broken.location) &&
      (each.partner === "" || each.partner === broken.partner) &&
      broken.brokenAt < each.expiresAt &&
      covers(each, broken, finance),
  );
  return (
    covering.sort((a, b) =>
      a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1,
    )[0] ?? null
  );
}

/** What is at stake in another currency is converted; without a rate it is not covered. */
function covers(acceptance: StandingAcceptance, { stake, brokenAt }: Standing, finance: Finance): boolean {
  if (stake.amount.isZero()) return true;
  const { amount, missing } = inCurrency(
    new Map([[stake.currency, stake.amount]]),
    acceptance.currency,
    brokenAt,
    finance,
  );
  return missing.length === 0 && amount.abs().lessThanOrEqualTo(acceptance.amountMax);
}
