/** Decimals as sources write them. Pure. */
import { Decimal as DecimalType } from "decimal.js";

// Products of long decimals keep all their digits.
const Decimal = DecimalType.clone({ precision: 80 });

/**
 * As the schema wants a decimal: a point, no grouping, the sign in front. SAP writes a negative amount 12.50-, ledgers write (12.50). What is no
 * decimal is left for the schema to refuse.
 */
export function plainDecimal(text: string, decimalComma: boolean): string {
  const trimmed = text.trim();
  const negative = /^\((\d[\d.,]*)\)$/.exec(trimmed)?.[1] ?? /^(\d[\d.,]*)\s*-$/.exec(trimmed)?.[1];
  const signed = negative === undefined ? trimmed.replace(/^\+(?=\d)/, "") : `-${negative}`;
  return decimalComma ? signed.replaceAll(".", "").replace(",", ".") : signed;
}

/** Written as the source writes decimals, so that it can be read like any other; or which factor, from 0, is no decimal. */
export function productOf(factors: readonly string[], decimalComma: boolean): { product: string } | { wrong: number } {
  const plain = factors.map((factor) => plainDecimal(factor, decimalComma));
  const wrong = plain.findIndex((factor) => !/^-?\d{1,30}(\.\d{1,30})?$/.test(factor));
  if (wrong !== -1) return { wrong };
  const product = plain.reduce((sum, factor) => sum.times(factor), new Decimal(1)).toFixed();
  return { product: decimalComma ? product.replace(".", ",") : product };
}
