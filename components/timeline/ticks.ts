/** Adaptive ticks of the time axis: as fine as the zoom allows, on round wall-clock times of the zone shown. Pure. */
import {
  clockTime,
  DAY_MS,
  dayLabel,
  durationLabel,
  HOUR_MS,
  MINUTE_MS,
  offsetOf,
  preciseTime,
  SECOND_MS,
} from "@/components/ui/time-format";
import { pixelOf, type Segment, type TimeScale, timeOf, unitOf, type View } from "./scale";

export interface Tick {
  readonly atMs: number;
  readonly x: number;
  readonly label: string;
  /** Set where the day begins to be another than at the tick before. */
  readonly day: string | null;
}

export interface Gap {
  readonly fromX: number;
  readonly toX: number;
  /** "20 h": how long nothing happened. */
  readonly label: string;
}

const STEPS_MS = [
  5,
  10,
  50,
  100,
  500,
  SECOND_MS,
  5 * SECOND_MS,
  15 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  14 * DAY_MS,
  28 * DAY_MS,
  91 * DAY_MS,
  364 * DAY_MS,
] as const;

const SPACING_PX = 76;

export interface TickOptions {
  readonly widthPx: number;
  readonly zone: string;
  readonly nowMs: number;
}

/** The smallest step whose ticks stand at least `SPACING_PX` apart. */
export function stepFor(msPerPx: number): number {
  return STEPS_MS.find((step) => step / msPerPx >= SPACING_PX) ?? STEPS_MS[STEPS_MS.length - 1] ?? DAY_MS;
}

export function ticksOf(scale: TimeScale, view: View, options: TickOptions): Tick[] {
  const msPerPx = (view.to - view.from) / options.widthPx;
  const step = stepFor(msPerPx);
  const candidates = [...roundTimes(scale, view, step, options.zone), ...anchorTimes(scale, view)];
  const placed: { atMs: number; x: number }[] = [];
  for (const atMs of candidates) {
    const x = pixelOf(view, options.widthPx, unitOf(scale, atMs));
    if (x < 18 || x > options.widthPx - 24) continue;
    if (placed.every((other) => Math.abs(other.x - x) >= SPACING_PX * 0.8)) placed.push({ atMs, x });
  }
  placed.sort((a, b) => a.x - b.x);
  let lastDay = "";
  return placed.map(({ atMs, x }) => {
    const day = dayLabel(atMs, options.zone, options.nowMs);
    const changed = day !== lastDay;
    lastDay = day;
    return { atMs, x, label: labelOf(atMs, step, options.zone), day: changed ? day : null };
  });
}

function labelOf(atMs: number, step: number, zone: string): string {
  if (step < SECOND_MS) return preciseTime(atMs, zone);
  if (step < MINUTE_MS) return preciseTime(atMs, zone).slice(0, 8);
  return clockTime(atMs, zone);
}

/** Round wall-clock times in the active parts of the window. */
function roundTimes(scale: TimeScale, view: View, step: number, zone: string): number[] {
  const times: number[] = [];
  for (const segment of visibleSegments(scale, view, false)) {
    const fromMs = Math.max(segment.fromMs, timeOf(scale, Math.max(view.from, segment.fromUnit)));
    const toMs = Math.min(segment.toMs, timeOf(scale, Math.min(view.to, segment.toUnit)));
    // Days begin at midnight of the zone, not of UTC; the offset is asked once per segment and step.
    const offset = offsetOf(fromMs, zone);
    for (let wall = Math.ceil((fromMs + offset) / step) * step; wall - offset <= toMs; wall += step) {
      times.push(wall - offset);
    }
  }
  return times;
}

/** Where activity resumes after a pause: without these, a lone event between two pauses would have no time beside it. */
function anchorTimes(scale: TimeScale, view: View): number[] {
  const starts = visibleSegments(scale, view, true).flatMap((segment) => [segment.fromMs, segment.toMs]);
  const first = scale.segments[0];
  return first && view.from <= first.fromUnit ? [first.fromMs, ...starts] : starts;
}

/** The marked pauses in the window that are wide enough to be seen. */
export function gapsOf(scale: TimeScale, view: View, widthPx: number): Gap[] {
  return visibleSegments(scale, view, true)
    .map((segment) => ({
      fromX: pixelOf(view, widthPx, segment.fromUnit),
      toX: pixelOf(view, widthPx, segment.toUnit),
      label: durationLabel(segment.toMs - segment.fromMs),
    }))
    .filter((gap) => gap.toX - gap.fromX >= 6);
}

function visibleSegments(scale: TimeScale, view: View, compressed: boolean): Segment[] {
  return scale.segments.filter(
    (segment) => segment.compressed === compressed && segment.toUnit >= view.from && segment.fromUnit <= view.to,
  );
}
