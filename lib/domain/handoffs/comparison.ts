/** Whether the two sides of a handoff agree, and where they do not. Pure. */
import { amountText, ExactDecimal, quantityText, ZERO } from "@/lib/domain/decimal";
import { periodOf, statedPeriod } from "./business-time";
import type { Amounts, Figures, Quantities } from "./figures";
import type { CompanyCode, Finance } from "./finance";
import type { Difference, QuantityDifference } from "./handoff";
import type { HandoffEvent } from "./handoff-event";
import type { Comparison, HandoffRule, Tolerance } from "./rule";

/** One side: what it adds up to, and the events that stand. */
export interface Side {
  readonly figures: Figures;
  readonly standing: readonly HandoffEvent[];
}

export interface Compared {
  readonly difference: Difference;
  readonly agrees: boolean;
  /** What was posted is part of what was expected, and the rest may still come. */
  readonly isPartial: boolean;
}

export interface ComparisonContext {
  readonly company: CompanyCode;
  readonly finance: Finance;
}

/**
 * Compares what the rule asks for. A measure that one side does not state at all is not compared: a warehouse that knows no prices is no break.
 * Partial: the quantity falls short and nothing else is wrong; where the rule compares no quantity, the same for the amount.
 */
export function compareSides(rule: HandoffRule, expected: Side, actual: Side, context: ComparisonContext): Compared {
  const found = rule.compare.map((comparison) => measure(comparison, expected, actual, context));
  const difference: Difference = Object.assign({}, ...found.map(({ difference }) => difference));
  const incomparable = found.flatMap(({ difference }) => difference.incomparable ?? []);
  const whole = incomparable.length > 0 ? { ...difference, incomparable } : difference;
  const failing = found.filter(({ verdict }) => verdict !== "agrees");
  const quantityIsShort = failing.some(({ verdict, kind }) => kind === "quantity" && verdict === "short");
  const comparesQuantity = found.some(({ kind, isStated }) => kind === "quantity" && isStated);
  const isPartial =
    failing.length > 0 && failing.every(({ verdict }) => verdict === "short") && (quantityIsShort || !comparesQuantity);
  return { difference: whole, agrees: failing.length === 0, isPartial };
}

type Verdict = "agrees" | "short" | "differs";

interface Measured {
  readonly kind: "quantity" | "amount" | "period";
  readonly verdict: Verdict;
  readonly difference: Difference;
  readonly isStated: boolean;
}

function measure(comparison: Comparison, expected: Side, actual: Side, context: ComparisonContext): Measured {
  switch (comparison.measure) {
    case "quantity by sku":
      return quantities(expected.figures.quantities, actual.figures.quantities, comparison.tolerance);
    case "quantity":
      return quantities(inTotal(expected.figures.quantities), inTotal(actual.figures.quantities), comparison.tolerance);
    case "amount":
      return amounts(expected, actual, comparison.tolerance, context.finance);
    case "period":
      return periods(expected.standing, actual.standing, comparison.lag, context.company);
  }
}

const unstated = (kind: Measured["kind"]): Measured => ({ kind, verdict: "agrees", difference: {}, isStated: false });

function quantities(expected: Quantities | null, actual: Quantities | null, tolerance?: Tolerance): Measured {
  if (expected === null || actual === null) return unstated("quantity");
  const different: QuantityDifference[] = [];
  const incomparable: string[] = [];
  const verdicts = new Set<Verdict>();
  for (const sku of [...new Set([...expected.keys(), ...actual.keys()])].sort()) {
    const left = nonZero(expected.get(sku));
    const right = nonZero(actual.get(sku));
    const units = [...new Set([...left.keys(), ...right.keys()])].sort();
    if (units.length > 1) {
      incomparable.push(`no conversion between ${units.map((unit) => unit || "no unit").join(" and ")} for ${sku}`);
      verdicts.add("differs");
      continue;
    }
    const [unit = ""] = units;
    const [wanted, got] = [left.get(unit) ?? ZERO, right.get(unit) ?? ZERO];
    const verdict = within(wanted, got, tolerance);
    verdicts.add(verdict);
    if (verdict !== "agrees") different.push({ sku, expected: quantityText(wanted), actual: quantityText(got) });
  }
  return {
    kind: "quantity",
    verdict: worst(verdicts),
    difference: {
      ...(different.length > 0 ? { quantity: different } : {}),
      ...(incomparable.length > 0 ? { incomparable } : {}),
    },
    isStated: true,
  };
}

const nonZero = (units: ReadonlyMap<string, ExactDecimal> | undefined): ReadonlyMap<string, ExactDecimal> =>
  new Map([...(units ?? [])].filter(([, quantity]) => !quantity.isZero()));

/** Over all SKUs: for rules where the SKU itself may differ (a substitution). */
function inTotal(quantities: Quantities | null): Quantities | null {
  if (quantities === null) return null;
  const total = new Map<string, ExactDecimal>();
  for (const units of quantities.values()) {
    for (const [unit, quantity] of units) total.set(unit, (total.get(unit) ?? ZERO).plus(quantity));
  }
  return new Map([["", total]]);
}

function amounts(expected: Side, actual: Side, tolerance: Tolerance | undefined, finance: Finance): Measured {
  if (expected.figures.amounts === null || actual.figures.amounts === null) return unstated("amount");
  const currency = currencyOf(expected.figures.amounts) ?? "";
  const date = actual.standing[0]?.occurredAt ?? "";
  const left = inCurrency(expected.figures.amounts, currency, date, finance);
  const right = inCurrency(actual.figures.amounts, currency, date, finance);
  const missing = [...new Set([...left.missing, ...right.missing])].sort();
  if (missing.length > 0) {
    // Where each currency agrees with itself, no rate is needed.
    if (isSame(expected.figures.amounts, actual.figures.amounts))
      return { kind: "amount", verdict: "agrees", difference: {}, isStated: true };
    const incomparable = missing.map((from) => `no rate from ${from || "no currency"} to ${currency || "no currency"}`);
    return { kind: "amount", verdict: "differs", difference: { incomparable }, isStated: true };
  }
  const verdict = within(left.amount, right.amount, tolerance);
  const difference = { amount: { expected: amountText(left.amount), actual: amountText(right.amount), currency } };
  return { kind: "amount", verdict, difference: verdict === "agrees" ? {} : difference, isStated: true };
}

const isSame = (left: Amounts, right: Amounts): boolean =>
  [...new Set([...left.keys(), ...right.keys()])].every((currency) =>
    (left.get(currency) ?? ZERO).equals(right.get(currency) ?? ZERO),
  );

/** The currency a side is counted in: its own, the first by name where it has several. */
export const currencyOf = (amounts: Amounts | null): string | null =>
  amounts ? ([...amounts.keys()].sort()[0] ?? null) : null;

/** The whole in one currency, by the rate that held on that date; `missing` are currencies without a rate. */
export function inCurrency(amounts: Amounts, currency: string, date: string, finance: Finance) {
  let amount = ZERO;
  const missing: string[] = [];
  for (const [from, value] of amounts) {
    // Nothing is nothing in every currency.
    if (value.isZero()) continue;
    const rate = from === currency ? new ExactDecimal(1) : rateOf(from, currency, date, finance);
    if (rate === null) missing.push(from);
    // A converted amount is money again: whole cents, halves up.
    else
      amount = amount.plus(
        from === currency ? value : value.times(rate).toDecimalPlaces(2, ExactDecimal.ROUND_HALF_UP),
      );
  }
  return { amount, missing };
}

function rateOf(from: string, to: string, date: string, { exchange_rates }: Finance): ExactDecimal | null {
  const latest = (a: string, b: string) =>
    exchange_rates
      .filter((each) => each.from === a && each.to === b && each.valid_from <= date.slice(0, 10))
      .sort((x, y) => (x.valid_from < y.valid_from ? 1 : -1))[0];
  const direct = latest(from, to);
  if (direct) return new ExactDecimal(direct.rate);
  const inverse = latest(to, from);
  return inverse ? new ExactDecimal(1).dividedBy(inverse.rate) : null;
}

/** What is posted belongs to the period its cause happened in; with a lag, also to that of so much later. */
function periods(
  causes: readonly HandoffEvent[],
  postings: readonly HandoffEvent[],
  lag: { days: number; ms: number } | undefined,
  company: CompanyCode,
): Measured {
  const stated = postings.map(({ posting }) => posting.period).filter((period) => period !== "");
  const actual = new Set(stated.map(statedPeriod));
  if (actual.size === 0 || causes.length === 0) return unstated("period");
  const expected = new Set(causes.map((cause) => periodOfCause(cause, company)));
  const allowed = new Set(expected);
  if (lag) {
    for (const { occurredAt } of causes) {
      const later = Date.parse(occurredAt) + lag.days * 86_400_000 + lag.ms;
      allowed.add(periodOf(new Date(later).toISOString(), company));
    }
  }
  const wrong = [...actual].filter((period) => !allowed.has(period)).sort();
  if (wrong.length === 0) return { kind: "period", verdict: "agrees", difference: {}, isStated: true };
  const difference = { period: { expected: [...expected].sort().join(", "), actual: wrong.join(", ") } };
  return { kind: "period", verdict: "differs", difference, isStated: true };
}

/** A cause that was itself posted states its period; for the others the company's calendar does. */
export const periodOfCause = ({ posting, occurredAt }: HandoffEvent, company: CompanyCode): string =>
  posting.period ? statedPeriod(posting.period) : periodOf(occurredAt, company);

function within(expected: ExactDecimal, actual: ExactDecimal, tolerance: Tolerance | undefined): Verdict {
  const difference = actual.minus(expected);
  if (difference.abs().lessThanOrEqualTo(allowance(expected, tolerance))) return "agrees";
  // Short: something of it is there, with the right sign, and more would settle it.
  const isTowards = expected.isNegative() ? difference.isPositive() : difference.isNegative();
  const isBeyondZero = !actual.isZero() && actual.isNegative() !== expected.isNegative();
  return isTowards && !isBeyondZero && !expected.isZero() ? "short" : "differs";
}

function allowance(expected: ExactDecimal, tolerance: Tolerance | undefined): ExactDecimal {
  if (!tolerance) return ZERO;
  const limits = [
    ...(tolerance.absolute === undefined ? [] : [new ExactDecimal(tolerance.absolute)]),
    ...(tolerance.percent === undefined ? [] : [expected.abs().times(tolerance.percent).dividedBy(100)]),
  ];
  return tolerance.take === "larger" ? ExactDecimal.max(...limits) : ExactDecimal.min(...limits);
}

const worst = (verdicts: ReadonlySet<Verdict>): Verdict =>
  verdicts.has("differs") ? "differs" : verdicts.has("short") ? "short" : "agrees";
