/**
 * Scale arithmetic of the swimlanes, apart from React. Time is laid out in *units*: one unit is one millisecond of active
 * time; idle gaps longer than a threshold are shortened, and marked so. A view is a window in units; pixels come last.
 */

export interface Segment {
  readonly fromMs: number;
  readonly toMs: number;
  readonly fromUnit: number;
  readonly toUnit: number;
  /** Idle time drawn shorter than it was. */
  readonly compressed: boolean;
}

export interface TimeScale {
  /** Contiguous, ascending, covering every instant it was built from. Never empty. */
  readonly segments: readonly Segment[];
  readonly units: number;
}

export interface View {
  readonly from: number;
  readonly to: number;
}

/** Below this a gap is not idle; above the other one it always is. */
const SHORTEST_IDLE_MS = 30_000;
const LONGEST_ACTIVE_MS = 12 * 3_600_000;
/** A lone instant still needs an extent to be drawn in. */
const LEAST_UNITS = 60_000;
/** At the closest, the window shows 20 ms: clocks give no more. */
export const LEAST_VIEW_UNITS = 20;

/** @param timesMs any order, at least one. */
export function buildScale(timesMs: readonly number[], compress: boolean): TimeScale {
  const times = [...new Set(timesMs)].sort((a, b) => a - b);
  const first = times[0];
  if (first === undefined) throw new Error("a time scale needs at least one instant");
  const threshold = compress ? idleThreshold(times) : Number.POSITIVE_INFINITY;
  const segments: Segment[] = [];
  let unit = 0;
  for (let index = 1; index < times.length; index += 1) {
    const fromMs = times[index - 1] ?? first;
    const toMs = times[index] ?? first;
    const gap = toMs - fromMs;
    const compressed = gap > threshold;
    // A longer pause is drawn longer, but only by its logarithm: ten days must not push ten minutes off the page.
    const length = compressed ? threshold * (1 + Math.log(gap / threshold)) : gap;
    segments.push({ fromMs, toMs, fromUnit: unit, toUnit: unit + length, compressed });
    unit += length;
  }
  if (unit < LEAST_UNITS) return linearScale(first - LEAST_UNITS / 2, (times.at(-1) ?? first) + LEAST_UNITS / 2);
  return { segments: mergeActive(segments), units: unit };
}

/** Everything at one rate. */
function linearScale(fromMs: number, toMs: number): TimeScale {
  const units = toMs - fromMs;
  return { segments: [{ fromMs, toMs, fromUnit: 0, toUnit: units, compressed: false }], units };
}

/** Most gaps count as activity, the long tail as idle: the 70th percentile of the gaps, within bounds. */
function idleThreshold(times: readonly number[]): number {
  const gaps: number[] = [];
  for (let index = 1; index < times.length; index += 1) {
    const gap = (times[index] ?? 0) - (times[index - 1] ?? 0);
    if (gap >= 1_000) gaps.push(gap);
  }
  gaps.sort((a, b) => a - b);
  const typical = gaps[Math.floor(gaps.length * 0.7)] ?? SHORTEST_IDLE_MS;
  return Math.min(LONGEST_ACTIVE_MS, Math.max(SHORTEST_IDLE_MS, typical));
}

function mergeActive(segments: readonly Segment[]): Segment[] {
  const merged: Segment[] = [];
  for (const segment of segments) {
    const last = merged.at(-1);
    if (last && !last.compressed && !segment.compressed) {
      merged[merged.length - 1] = { ...last, toMs: segment.toMs, toUnit: segment.toUnit };
    } else merged.push(segment);
  }
  return merged;
}

/** What people do about a journey weeks later is drawn in at most this share of what the systems did. */
const ACTS_SHARE = 0.1;

/** The scale continued to the last of `actsMs`: as one shortened stretch where it would push the journey together. */
export function continuedForActs(scale: TimeScale, actsMs: readonly number[]): TimeScale {
  const last = scale.segments.at(-1);
  if (!last) throw new Error("a time scale has at least one segment");
  const toMs = Math.max(last.toMs, ...actsMs);
  if (toMs === last.toMs) return scale;
  const span = toMs - last.toMs;
  const length = Math.min(span, scale.units * ACTS_SHARE);
  const units = last.toUnit + length;
  const stretch = { fromMs: last.toMs, toMs, fromUnit: last.toUnit, toUnit: units, compressed: length < span };
  return { segments: mergeActive([...scale.segments, stretch]), units };
}

/** The unit of an instant. Before the first and after the last, time runs on at the active rate. */
export function unitOf(scale: TimeScale, atMs: number): number {
  const segment = findSegment(scale, (candidate) => atMs <= candidate.toMs);
  if (atMs < segment.fromMs) return segment.fromUnit - (segment.fromMs - atMs);
  if (atMs > segment.toMs) return segment.toUnit + (atMs - segment.toMs);
  const span = segment.toMs - segment.fromMs;
  const share = span === 0 ? 0 : (atMs - segment.fromMs) / span;
  return segment.fromUnit + share * (segment.toUnit - segment.fromUnit);
}

/** The instant at a unit: the inverse of `unitOf`. */
export function timeOf(scale: TimeScale, unit: number): number {
  const segment = findSegment(scale, (candidate) => unit <= candidate.toUnit);
  if (unit < segment.fromUnit) return segment.fromMs - (segment.fromUnit - unit);
  if (unit > segment.toUnit) return segment.toMs + (unit - segment.toUnit);
  const span = segment.toUnit - segment.fromUnit;
  const share = span === 0 ? 0 : (unit - segment.fromUnit) / span;
  return segment.fromMs + share * (segment.toMs - segment.fromMs);
}

/** The first segment for which `reaches` holds (it holds for all after it), else the last. */
function findSegment(scale: TimeScale, reaches: (segment: Segment) => boolean): Segment {
  const { segments } = scale;
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment && reaches(segment)) high = middle;
    else low = middle + 1;
  }
  const found = segments[low];
  if (!found) throw new Error("a time scale has at least one segment");
  return found;
}

/** The whole scale with a margin on both sides, so that the first and last marks are not cut. */
export function fitView(scale: TimeScale): View {
  const margin = scale.units * 0.03;
  return { from: -margin, to: scale.units + margin };
}

/** `factor` below 1 zooms in; the unit under `anchor` (0 left edge … 1 right edge) stays where it is. */
export function zoomView(scale: TimeScale, view: View, factor: number, anchor = 0.5): View {
  const size = view.to - view.from;
  const wanted = Math.max(LEAST_VIEW_UNITS, size * factor);
  const held = view.from + size * anchor;
  return clampView(scale, { from: held - wanted * anchor, to: held + wanted * (1 - anchor) });
}

/** `share` of the window's own width, positive to the right. */
export function panView(scale: TimeScale, view: View, share: number): View {
  const delta = (view.to - view.from) * share;
  return clampView(scale, { from: view.from + delta, to: view.to + delta });
}

/** Inside the fitted whole, keeping its size where that is possible. */
export function clampView(scale: TimeScale, view: View): View {
  const whole = fitView(scale);
  const size = Math.min(Math.max(LEAST_VIEW_UNITS, view.to - view.from), whole.to - whole.from);
  const from = Math.min(Math.max(view.from, whole.from), whole.to - size);
  return { from, to: from + size };
}

/** Pans, without zooming, until the unit is comfortably inside. */
export function revealUnit(scale: TimeScale, view: View, unit: number): View {
  const size = view.to - view.from;
  const inset = size * 0.08;
  if (unit >= view.from + inset && unit <= view.to - inset) return view;
  return clampView(scale, { from: unit - size / 2, to: unit + size / 2 });
}

export const isFitted = (scale: TimeScale, view: View): boolean => {
  const whole = fitView(scale);
  return view.to - view.from >= (whole.to - whole.from) * 0.999;
};

export const pixelOf = (view: View, widthPx: number, unit: number): number =>
  ((unit - view.from) / (view.to - view.from)) * widthPx;

export const unitAt = (view: View, widthPx: number, px: number): number =>
  view.from + (px / widthPx) * (view.to - view.from);
