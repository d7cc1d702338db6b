import { type BillingCurrency, RATES_TO_USD } from "./enterprise";
import { type Line, money } from "./event";
import { centsOf, eventLines } from "./order";
import { mergeLines, type ShipLine } from "./shipment";

/** What a customer abroad is billed: dollar prices at the rate, in whole cents of his currency. */

export type RateOf = "now" | "lastYear";

/** Rates have four decimals; whole numbers keep the arithmetic exact. */
const SCALE = 10_000;

/** The total in cents of the currency. Rounded once, so that the lines add up to what the whole is worth. */
export function billedCents(lines: readonly ShipLine[], currency: BillingCurrency, rate: RateOf): number {
  return Math.round((centsOf(lines) * SCALE) / scaled(currency, rate));
}

/** Back in dollar cents at this year's rate, halves up. */
export function dollarCents(cents: number, currency: BillingCurrency): number {
  return Math.floor((cents * scaled(currency, "now") + SCALE / 2) / SCALE);
}

function scaled(currency: BillingCurrency, rate: RateOf): number {
  return Math.round(RATES_TO_USD[currency][rate] * SCALE);
}

/** Lines as the invoice carries them. What rounding leaves over goes to the lines that lost most by it. */
export function billedEventLines(lines: readonly ShipLine[], currency: BillingCurrency, rate: RateOf): Line[] {
  const merged = mergeLines(lines);
  const exact = merged.map((line) => (centsOf([line]) * SCALE) / scaled(currency, rate));
  const cents = exact.map(Math.floor);
  let rest = billedCents(lines, currency, rate) - cents.reduce((sum, each) => sum + each, 0);
  const byLoss = exact
    .map((value, i) => ({ i, loss: value - Math.floor(value) }))
    .sort((a, b) => b.loss - a.loss || a.i - b.i);
  for (const { i } of byLoss) {
    if (rest <= 0) break;
    cents[i] = (cents[i] ?? 0) + 1;
    rest -= 1;
  }
  return eventLines(merged).map((line, i) => ({ ...line, amount: money(cents[i] ?? 0), currency }));
}
