/** From which amount on a decision needs a second person (config/finance.yaml, approval). Pure. */
import { ExactDecimal, ZERO } from "@/lib/domain/decimal";
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
  let sum = ZERO;
  for (const stake of stakes) {
    const amount = new ExactDecimal(stake.amount).abs();
    if (amount.isZero()) continue;
    const rate = exchangeRate(stake.currency, currency, finance.exchange_rates, date);
    if (rate === null) return "required";
    sum = sum.plus(amount.times(rate));
  }
  return sum.greaterThan(above) ? "required" : "not-required";
}

/** The rate in force on that day, as stated, else turned round. Null when there is none. */
function exchangeRate(from: string, to: string, rates: Finance["exchange_rates"], date: string): ExactDecimal | null {
  if (from === to) return new ExactDecimal(1);
  const inForce = (a: string, b: string) =>
    rates
      .filter((rate) => rate.from === a && rate.to === b && rate.valid_from <= date)
      .sort((x, y) => y.valid_from.localeCompare(x.valid_from))[0]?.rate;
  const stated = inForce(from, to);
  if (stated !== undefined) return new ExactDecimal(stated);
  const turned = inForce(to, from);
  return turned === undefined ? null : new ExactDecimal(1).dividedBy(turned);
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
