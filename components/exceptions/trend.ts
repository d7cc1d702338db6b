/** The bars of a group's trend. Pure. */

export interface TrendBar {
  /** 0 … 1 of the highest; a bucket with any failure is never drawn as none. */
  readonly height: number;
  readonly count: number;
}

const LEAST_HEIGHT = 0.08;

export function trendBars(counts: readonly number[]): TrendBar[] {
  const most = Math.max(0, ...counts);
  return counts.map((count) => ({ count, height: count === 0 ? 0 : Math.max(LEAST_HEIGHT, count / most) }));
}

/** "12 in the last 24 hours, most in the last of 8 parts"; what the bars show, for who does not see them. */
export function trendText(counts: readonly number[]): string {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return "None in the last 24 hours";
  const peak = counts.indexOf(Math.max(...counts));
  return `${total} in the last 24 hours, most in part ${peak + 1} of ${counts.length}`;
}
