/**
 * The order of the queue: value of the order × nearness of its promise. In whole numbers, so that the store's twin of the formula
 * (lib/queries/exception-order.ts) gives the same to the last digit.
 *
 *     rank   = cents × weight
 *     cents  = value in hundredths of its currency, at least 1.00, at most 10^12; currencies are not converted
 *     weight = promise missed:          1000 + 1000 a day late, at most 30 days
 *              due in n hours:          1000 / n, n at least 1, result at least 1
 *              no promise:              1
 *
 * So a missed promise weighs 1 to 31 times what one due within the hour weighs, and 24 times and more what one due tomorrow does.
 */
import { ExactDecimal } from "@/lib/domain/decimal";

export const VALUE_MAX = "1000000000000";
const CENTS_MIN = 100n;
export const DAYS_LATE_MAX = 30;

export interface Ranked {
  readonly value: { readonly amount: string } | null;
  /** RFC 3339 */
  readonly promisedAt: string | null;
}

export const rankOf = ({ value, promisedAt }: Ranked, now: Date): bigint =>
  centsOf(value?.amount ?? "0") * weightOf(promisedAt, now);

function centsOf(amount: string): bigint {
  const bounded = ExactDecimal.min(new ExactDecimal(amount), new ExactDecimal(VALUE_MAX));
  const cents = BigInt(bounded.times(100).trunc().toFixed(0));
  return cents > CENTS_MIN ? cents : CENTS_MIN;
}

function weightOf(promisedAt: string | null, now: Date): bigint {
  if (promisedAt === null) return 1n;
  // Divided towards zero, as the store does.
  const secondsLeft = BigInt(Date.parse(promisedAt) - now.getTime()) / 1000n;
  if (secondsLeft <= 0n) return 1000n + least((-secondsLeft * 1000n) / 86_400n, BigInt(DAYS_LATE_MAX) * 1000n);
  return most(3_600_000n / most(secondsLeft, 3600n), 1n);
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
