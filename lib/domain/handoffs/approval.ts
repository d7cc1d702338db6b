/** From which amount on a decision needs a second person (config/finance.yaml, approval). Pure. */
import { ExactDecimal, ZERO } from "@/lib/domain/decimal";
import { inCurrency } from "./comparison";
import type { Finance } from "./finance";

export interface Money {
  /** A decimal as text. */
  readonly amount: string;
  readonly currency: string;
}

export type Approval = "required" | "not-required";

/** What no rate leads to the limit's currency from counts as above it: nobody can say that it is not. `date`: "2026-11-25". */
export function approvalOf(stakes: readonly Money[], finance: Finance, date: string): Approval {
  if (finance.approval === undefined) return "not-required";
  const { above, currency } = finance.approval;
  const amounts = new Map(
    sumByCurrency(stakes.map((stake) => ({ ...stake, amount: new ExactDecimal(stake.amount).abs().toFixed() }))).map(
      (sum) => [sum.currency, new ExactDecimal(sum.amount)],
    ),
  );
  const { amount, missing } = inCurrency(amounts, currency, date, finance);
  return missing.length > 0 || amount.greaterThan(above) ? "required" : "not-required";
}

/** One sum per currency, currencies in order, without those at zero. */
export function sumByCurrency(all: Iterable<Money>): Money[] {
  const sums = new Map<string, ExactDecimal>();
  for (const { amount, currency } of all) sums.set(currency, (sums.get(currency) ?? ZERO).plus(amount));
  return [...sums]
    .filter(([, sum]) => !sum.isZero())
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, sum]) => ({ amount: sum.toFixed(), currency }));
}
