"use client";
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { type Direction, type LaneGeometry, type MarkPosition, neighbourOf } from "./lanes";
import type { TimelineView } from "./use-timeline-view";

export const ZOOM_STEP = 0.6;
export const PAN_STEP = 0.35;

const WALK: ReadonlyMap<string, Direction> = new Map([
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
  ["Home", "first"],
  ["End", "last"],
]);

const WINDOW: ReadonlyMap<string, (timeline: TimelineView) => void> = new Map([
  ["+", (timeline) => timeline.zoomBy(ZOOM_STEP)],
  ["=", (timeline) => timeline.zoomBy(ZOOM_STEP)],
  ["-", (timeline) => timeline.zoomBy(1 / ZOOM_STEP)],
  ["0", (timeline) => timeline.fit()],
  ["[", (timeline) => timeline.panBy(-PAN_STEP)],
  ["]", (timeline) => timeline.panBy(PAN_STEP)],
] as const);

export interface MarkKeyboard {
  /** The one mark in the tab order; the arrow keys move it. Null when nothing is drawn. */
  readonly roving: MarkPosition | null;
  readonly activate: (position: MarkPosition) => void;
  readonly onKey: (event: KeyboardEvent, position: MarkPosition) => void;
}

/** Walks the marks, opens one, or goes closer to a cluster. */
export function useMarkKeyboard(
  geometries: readonly LaneGeometry[],
  plot: RefObject<SVGSVGElement | null>,
  timeline: TimelineView,
  onSelect: (key: string | null) => void,
): MarkKeyboard {
  const [chosen, setChosen] = useState<MarkPosition | null>(null);
  const moved = useRef(false);
  const markAt = (position: MarkPosition) => geometries[position.lane]?.layout.marks[position.mark];
  const firstLane = geometries.findIndex((geometry) => geometry.layout.marks.length > 0);
  const roving = chosen && markAt(chosen) ? chosen : firstLane === -1 ? null : { lane: firstLane, mark: 0 };

  useEffect(() => {
    if (!moved.current || !chosen) return;
    moved.current = false;
    plot.current?.querySelector<SVGGElement>(`[data-mark="${chosen.lane}:${chosen.mark}"]`)?.focus();
  }, [chosen, plot]);

  const activate = (position: MarkPosition) => {
    setChosen(position);
    const mark = markAt(position);
    const first = mark?.items[0];
    const last = mark?.items.at(-1);
    if (!mark || !first || !last) return;
    // Nothing is closer than the same instant: open the first of them.
    if (mark.items.length === 1 || first.fromMs === last.fromMs) onSelect(first.key);
    else timeline.zoomTo(first.fromMs, last.toMs);
  };
  const walk = (position: MarkPosition, direction: Direction) => {
    const next = neighbourOf(geometries, position, direction);
    if (next) {
      moved.current = true;
      setChosen(next);
    } else if (direction === "left" || direction === "right") {
      timeline.panBy(direction === "left" ? -PAN_STEP : PAN_STEP);
    }
  };
  const onKey = (event: KeyboardEvent, position: MarkPosition) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = WALK.get(event.key);
    const command = WINDOW.get(event.key);
    const known = direction || command || event.key === "Enter" || event.key === " " || event.key === "Escape";
    if (!known) return;
    event.preventDefault();
    event.stopPropagation();
    if (direction) walk(position, direction);
    else if (command) command(timeline);
    else if (event.key === "Escape") onSelect(null);
    else activate(position);
  };
  return { roving, activate, onKey };
}
