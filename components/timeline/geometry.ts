/** Where everything of the swimlanes stands for one window and width. Pure. */
import { eventKey } from "@/components/journey/event-label";
import { OWN_SOURCE } from "@/lib/domain/system";
import type { Point, TimelineHandoff } from "./handoff-arrows";
import { itemHolds, type TimelineItem } from "./items";
import { type Lane, type LaneGeometry, markY, ROW_PX, stackLanes } from "./lanes";
import { layoutLane, MARK_RADIUS_PX, type PlacedMark } from "./layout";
import { markLabel } from "./mark-name";
import { LEAST_VIEW_UNITS, pixelOf, type TimeScale, unitOf, type View } from "./scale";

export interface ChartGeometry {
  readonly lanes: readonly LaneGeometry[];
  /** Of all lanes together, px. */
  readonly height: number;
  readonly headPx: number;
  readonly xOf: (atMs: number) => number;
  readonly pointOf: (key: string) => Point | null;
  readonly ghostOf: (source: string, dueAt: string) => Point | null;
}

export interface GeometryOptions {
  readonly scale: TimeScale;
  readonly view: View;
  readonly widthPx: number;
  readonly headPx: number;
  readonly selected: string | null;
  /** Sources with a ghost mark: their lane keeps a row free for it. */
  readonly expected: readonly string[];
}

export function geometryOf(lanes: readonly Lane[], options: GeometryOptions): ChartGeometry {
  const { scale, view, widthPx, headPx, selected, expected } = options;
  const xOf = (atMs: number) => pixelOf(view, widthPx, unitOf(scale, atMs));
  const placed = lanes.map((lane) => {
    const isPinned = (item: Lane["items"][number]) => itemHolds(item, selected);
    const layout = layoutLane(lane.items, { xOf, labelOf: markLabel, widthPx, isPinned });
    const ghostRow = lane.items.length > 0 && expected.includes(lane.source) ? 1 : 0;
    return { lane, layout: { ...layout, rows: layout.rows + ghostRow } };
  });
  const stacked = stackLanes(placed, headPx);
  const last = stacked.at(-1);
  const points = new Map<string, Point>();
  for (const geometry of stacked) {
    for (const mark of geometry.layout.marks) {
      const point = { x: mark.x, y: markY(geometry, mark, headPx) };
      for (const item of mark.items) for (const event of item.events) points.set(eventKey(event), point);
    }
  }
  return {
    lanes: stacked,
    height: last ? last.top + last.height : 0,
    headPx,
    xOf,
    pointOf: (key) => points.get(key) ?? null,
    ghostOf: (source, dueAt) => {
      const geometry = stacked.find(({ lane }) => lane.source === source);
      const x = xOf(Date.parse(dueAt));
      if (!geometry || !(x >= -MARK_RADIUS_PX && x <= widthPx + MARK_RADIUS_PX)) return null;
      return { x, y: geometry.top + geometry.height - 5 - ROW_PX / 2 };
    },
  };
}

/** The sources whose answer is still missing, each once. */
export function expectedSources(handoffs: readonly TimelineHandoff[]): string[] {
  const missing = handoffs.filter((handoff) => handoff.to.length === 0 && handoff.dueAt !== null);
  return [...new Set(missing.flatMap(({ expectedSource }) => (expectedSource === null ? [] : [expectedSource])))];
}

/**
 * Every instant the scale must reach: the events, the ends of their attempts, and what is due. `acts` apart: what people did in Throughline may come
 * weeks after all else, and must not push it together; where there is nothing else, they are the journey. A replay's sends are part of the journey.
 */
export function instantsOf(
  lanes: readonly Lane[],
  handoffs: readonly TimelineHandoff[],
): { readonly journey: readonly number[]; readonly acts: readonly number[] } {
  const due = handoffs.flatMap(({ to, dueAt }) => (to.length === 0 && dueAt !== null ? [Date.parse(dueAt)] : []));
  const items = lanes.flatMap((lane) => lane.items);
  const journey = [...items.filter((item) => !isAct(item)).flatMap(extentOf), ...due].filter(Number.isFinite);
  const acts = items.filter(isAct).flatMap(extentOf).filter(Number.isFinite);
  return journey.length > 0 ? { journey, acts } : { journey: acts, acts: [] };
}

const isAct = ({ events }: TimelineItem): boolean =>
  events.every(({ source, kind }) => source === OWN_SOURCE && kind === "step");

const extentOf = (item: TimelineItem): number[] => [
  ...item.events.map((event) => Date.parse(event.occurredAt)),
  item.toMs,
];

/** The window that parts a cluster; null when its items lie on one instant or the window is at its closest. */
export function clusterView(scale: TimeScale, view: View, mark: PlacedMark): View | null {
  const from = unitOf(scale, Math.min(...mark.items.map((item) => item.fromMs)));
  const to = unitOf(scale, Math.max(...mark.items.map((item) => item.toMs)));
  const size = view.to - view.from;
  if (to - from < 1 || size <= LEAST_VIEW_UNITS * 1.05) return null;
  const centre = (from + to) / 2;
  // Always clearly closer than before, even when the cluster fills the window.
  const half = Math.max(LEAST_VIEW_UNITS, Math.min((to - from) * 1.3, size * 0.5)) / 2;
  return { from: centre - half, to: centre + half };
}
