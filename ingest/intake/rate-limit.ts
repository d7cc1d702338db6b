/** One bucket a token: so many requests a second on average, so many at once. */

export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

export class RateLimiter {
  private readonly buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(
    private readonly limit: RateLimit,
    private readonly nowMs: () => number,
  ) {}

  /** 0 when the request may pass, else the seconds to wait (at least 1). */
  take(key: string): number {
    const now = this.nowMs();
    const bucket = this.buckets.get(key) ?? { tokens: this.limit.burst, atMs: now };
    const refilled = bucket.tokens + ((now - bucket.atMs) / 1000) * this.limit.perSecond;
    bucket.tokens = Math.min(this.limit.burst, refilled);
    bucket.atMs = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / this.limit.perSecond));
    bucket.tokens -= 1;
    return 0;
  }
}
