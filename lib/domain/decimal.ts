/** Exact decimals for quantities and money: enough digits that no sum of what the store can hold is ever rounded. */
import { Decimal } from "decimal.js";

/** Decimal(38, 9) values multiplied by rates and factors, summed over millions: far below 100 digits. */
export const ExactDecimal = Decimal.clone({ precision: 100, toExpNeg: -100, toExpPos: 100 });
export type ExactDecimal = Decimal;

export const ZERO: ExactDecimal = new ExactDecimal(0);

/** "12", "0.5": without needless zeros. */
export const quantityText = (value: ExactDecimal): string => value.toFixed();

/** "120.00", "0.125": two decimals at least. */
export const amountText = (value: ExactDecimal): string => value.toFixed(Math.max(2, value.decimalPlaces()));
