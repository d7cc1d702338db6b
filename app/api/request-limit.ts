/** How many requests one caller may make: a token bucket each. Per process; a caller who stays under it never notices. */

export const REQUESTS_PER_SECOND_MAX = 50;
export const REQUEST_BURST_MAX = 200;
const CALLERS_MAX = 10_000;

interface Bucket {
  left: number;
  filledAtMs: number;
}

/** A function that takes one request of `caller` at `nowMs`: 0 when it may go on, else the seconds to wait. */
export function createRequestLimit(
  perSecondMax = REQUESTS_PER_SECOND_MAX,
  burstMax = REQUEST_BURST_MAX,
): (caller: string, nowMs: number) => number {
  const buckets = new Map<string, Bucket>();
  return (caller, nowMs) => {
    const bucket = buckets.get(caller) ?? { left: burstMax, filledAtMs: nowMs };
    const refilled = bucket.left + (Math.max(0, nowMs - bucket.filledAtMs) / 1000) * perSecondMax;
    bucket.left = Math.min(burstMax, refilled);
    bucket.filledAtMs = nowMs;
    if (!buckets.has(caller) && buckets.size >= CALLERS_MAX) buckets.clear();
    buckets.set(caller, bucket);
    if (bucket.left < 1) return Math.ceil((1 - bucket.left) / perSecondMax);
    bucket.left -= 1;
    return 0;
  };
}
