/** Which lanes there are, in the order goods and money flow, and how the keyboard walks from mark to mark. Pure. */
import type { JourneyEvent } from "@/lib/domain/journey";
import type { SystemKind } from "@/lib/domain/system";
import { itemsOf, type TimelineItem } from "./items";
import type { LaneLayout, PlacedMark } from "./layout";

export interface Lane {
  readonly source: string;
  readonly items: readonly TimelineItem[];
}

const FLOW: readonly SystemKind[] = ["channel", "oms", "middleware", "gateway", "wms", "carrier", "erp", "other"];

/**
 * One lane per source that reported, by kind of system, then by its first event.
 * @param expected sources that should report: they have a lane even while they are silent.
 */
export function lanesOf(
  events: readonly JourneyEvent[],
  kindOf: (source: string) => SystemKind,
  expected: readonly string[] = [],
): Lane[] {
  const bySource = new Map<string, JourneyEvent[]>();
  for (const event of events) {
    const known = bySource.get(event.source);
    if (known) known.push(event);
    else bySource.set(event.source, [event]);
  }
  for (const source of expected) if (!bySource.has(source)) bySource.set(source, []);
  // Map order is the order of first events: a stable sort keeps it within one kind.
  return [...bySource.entries()]
    .sort(([a], [b]) => FLOW.indexOf(kindOf(a)) - FLOW.indexOf(kindOf(b)))
    .map(([source, own]) => ({ source, items: itemsOf(own) }));
}

export interface LaneGeometry {
  readonly lane: Lane;
  readonly layout: LaneLayout;
  readonly top: number;
  readonly height: number;
}

export const ROW_PX = 24;
const LANE_PADDING_PX = 10;
/** Room for a lane's name and its count, one under the other, where they stand beside the lane. */
const LANE_LEAST_PX = 40;

/** Lanes under each other; `headPx` is kept free at the top of each (for its name on narrow screens). */
export function stackLanes(
  lanes: readonly { readonly lane: Lane; readonly layout: LaneLayout }[],
  headPx: number,
): LaneGeometry[] {
  let top = 0;
  return lanes.map(({ lane, layout }) => {
    const height = Math.max(headPx + layout.rows * ROW_PX + LANE_PADDING_PX, LANE_LEAST_PX);
    const geometry = { lane, layout, top, height };
    top += height;
    return geometry;
  });
}

export const markY = (geometry: LaneGeometry, mark: PlacedMark, headPx: number): number =>
  geometry.top + headPx + LANE_PADDING_PX / 2 + mark.row * ROW_PX + ROW_PX / 2;

export type Direction = "left" | "right" | "up" | "down" | "first" | "last";

export interface MarkPosition {
  readonly lane: number;
  readonly mark: number;
}

/** The mark the arrow keys lead to: along the lane by time, across lanes to the nearest in x. Null at an edge. */
export function neighbourOf(
  lanes: readonly LaneGeometry[],
  from: MarkPosition,
  direction: Direction,
): MarkPosition | null {
  const marks = lanes[from.lane]?.layout.marks ?? [];
  if (marks.length === 0) return null;
  if (direction === "first") return { lane: from.lane, mark: 0 };
  if (direction === "last") return { lane: from.lane, mark: marks.length - 1 };
  if (direction === "left") return from.mark > 0 ? { lane: from.lane, mark: from.mark - 1 } : null;
  if (direction === "right") return from.mark < marks.length - 1 ? { lane: from.lane, mark: from.mark + 1 } : null;
  const x = marks[from.mark]?.x ?? 0;
  const step = direction === "up" ? -1 : 1;
  for (let lane = from.lane + step; lane >= 0 && lane < lanes.length; lane += step) {
    const mark = nearestMark(lanes[lane]?.layout.marks ?? [], x);
    if (mark !== null) return { lane, mark };
  }
  return null;
}

function nearestMark(marks: readonly PlacedMark[], x: number): number | null {
  let best: number | null = null;
  let distance = Number.POSITIVE_INFINITY;
  marks.forEach((mark, index) => {
    const away = Math.abs(mark.x - x);
    if (away < distance) {
      distance = away;
      best = index;
    }
  });
  return best;
}
