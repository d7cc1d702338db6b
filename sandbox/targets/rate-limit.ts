/** A token bucket: so many a second, and a quarter of a second's worth at once. */
export class RateLimit {
  private readonly holds: number;
  private tokens: number;
  private filledAt: number;

  /** `now` in ms, of a clock that only goes forward. */
  constructor(
    private readonly perSecond: number,
    now: number,
  ) {
    this.holds = Math.max(1, Math.ceil(perSecond / 4));
    this.tokens = this.holds;
    this.filledAt = now;
  }

  allows(now: number): boolean {
    this.tokens = Math.min(this.holds, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
