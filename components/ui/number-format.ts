/** Decimal strings as people read them. They stay strings: no figure of money or quantity becomes a float. */
import { Decimal } from "decimal.js";

/** "1234567.5" → "1,234,567.50" with two fraction digits; trailing zeros past `fraction` are dropped, other digits kept. */
export function groupedDecimal(value: string, fraction = 0): string {
  const sign = value.startsWith("-") ? "−" : "";
  const [integer = "0", digits = ""] = value.replace(/^-/, "").split(".");
  const grouped = integer.replace(/^0+(?=\d)/, "").replace(/\B(?=(\d{3})+$)/g, ",");
  const kept = digits.replace(/0+$/, "").padEnd(fraction, "0");
  return kept === "" ? `${sign}${grouped}` : `${sign}${grouped}.${kept}`;
}

/** "1,234.50 USD". */
export function moneyLabel(value: { readonly amount: string; readonly currency: string }): string {
  const amount = groupedDecimal(value.amount, 2);
  return value.currency === "" ? amount : `${amount} ${value.currency}`;
}

/** Orders decimals by value, for sorting columns. */
export const compareDecimals = (left: string, right: string): number => new Decimal(left).comparedTo(right);

/** "1,284" for counts. */
export const countLabel = (count: number): string => groupedDecimal(String(count));

/** "1 order", "3 orders". */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${countLabel(count)} ${count === 1 ? one : many}`;
