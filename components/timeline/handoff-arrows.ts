/** Handoffs as arrows between lanes: what the chart draws for each, given where its events stand. Pure. */
import { eventKey } from "@/components/journey/event-label";
import type { EventRef } from "@/lib/domain/journey";

export type ArrowTone = "settled" | "waiting" | "broken";

/** One handoff as the chart needs it. `to` is empty while what should have followed has not: a ghost mark is drawn instead. */
export interface TimelineHandoff {
  readonly id: string;
  readonly label: string;
  readonly tone: ArrowTone;
  readonly from: readonly EventRef[];
  readonly to: readonly EventRef[];
  /** The lane of the ghost mark, and when it was or is due. */
  readonly expectedSource: string | null;
  readonly dueAt: string | null;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Arrow {
  readonly key: string;
  readonly handoff: TimelineHandoff;
  readonly path: string;
  readonly ghost: Point | null;
}

/** @param pointOf where an event's mark stands, by `eventKey`; null when it is outside the window. */
export function arrowsOf(
  handoffs: readonly TimelineHandoff[],
  pointOf: (key: string) => Point | null,
  ghostOf: (source: string, dueAt: string) => Point | null,
): Arrow[] {
  return handoffs.flatMap((handoff) => {
    const start = firstPoint(handoff.from, pointOf);
    const end = firstPoint(handoff.to, pointOf);
    const missing = handoff.to.length === 0 && handoff.expectedSource !== null && handoff.dueAt !== null;
    const ghost = missing ? ghostOf(handoff.expectedSource, handoff.dueAt) : null;
    const target = end ?? ghost;
    if (!target) return [];
    return [{ key: handoff.id, handoff, path: start ? curve(start, target) : "", ghost }];
  });
}

function firstPoint(events: readonly EventRef[], pointOf: (key: string) => Point | null): Point | null {
  for (const event of events) {
    const point = pointOf(eventKey(event));
    if (point) return point;
  }
  return null;
}

const MARK_CLEARANCE_PX = 10;

/** Leaves the first mark towards the lane of the second and enters that from its side. */
function curve(start: Point, end: Point): string {
  const down = end.y >= start.y ? 1 : -1;
  const startY = start.y + down * MARK_CLEARANCE_PX;
  const endX = end.x - (end.x >= start.x ? MARK_CLEARANCE_PX : -MARK_CLEARANCE_PX);
  return `M${start.x},${startY} C${start.x},${(startY + end.y) / 2} ${(start.x + endX) / 2},${end.y} ${endX},${end.y}`;
}
