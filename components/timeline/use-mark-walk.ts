"use client";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { eventKey } from "@/components/journey/event-label";
import { type ChartGeometry, clusterView } from "./geometry";
import { itemHolds } from "./items";
import { type Direction, type MarkPosition, neighbourOf } from "./lanes";
import type { PlacedMark } from "./layout";
import { type TimeScale, unitOf } from "./scale";
import { PAN_STEP, ZOOM_STEP } from "./toolbar";
import type { TimelineView } from "./use-timeline-view";

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
};

export interface MarkWalkOptions {
  readonly geometry: ChartGeometry;
  readonly scale: TimeScale;
  readonly timeline: TimelineView;
  readonly widthPx: number;
  readonly selected: string | null;
  readonly onSelect: (key: string | null) => void;
}

export interface MarkWalk {
  /** The one mark the Tab key stops at. */
  readonly tabKey: string | null;
  readonly register: (key: string, element: SVGGElement | null) => void;
  readonly onFocus: (mark: PlacedMark) => void;
  readonly activate: (mark: PlacedMark) => void;
  readonly onKeyDown: (event: KeyboardEvent, position: MarkPosition) => void;
}

/** Roving focus over the marks: one Tab stop, arrow keys from mark to mark, past the window's edge too. */
export function useMarkWalk(options: MarkWalkOptions): MarkWalk {
  const { geometry, scale, timeline, widthPx, selected, onSelect } = options;
  const elements = useRef(new Map<string, SVGGElement>());
  const [active, setActive] = useState<string | null>(null);
  // Items, not marks: a zoom regroups the marks, and focus must find the same event again.
  const [wanted, setWanted] = useState<{ readonly item: string } | null>(null);
  const latest = useRef(geometry);
  latest.current = geometry;
  useEffect(() => {
    if (!wanted) return;
    const mark = allMarks(latest.current).find((candidate) => holdsItem(candidate, wanted.item));
    if (mark) elements.current.get(mark.key)?.focus();
  }, [wanted]);

  const activate = (mark: PlacedMark) => {
    const first = mark.items[0];
    if (!first) return;
    const closer = mark.items.length > 1 ? clusterView(scale, timeline.view, mark) : null;
    if (closer) timeline.setView(closer);
    else onSelect(selectionOf(mark));
    // A cluster wider than half the window opens at its middle: focus goes to the first event that is still shown.
    const shown = closer ? mark.items.find((item) => unitOf(scale, item.fromMs) >= closer.from) : first;
    setWanted({ item: (shown ?? first).key });
  };

  const walk = (position: MarkPosition, direction: Direction) => {
    const next = neighbourOf(geometry.lanes, position, direction);
    const mark = next ? geometry.lanes[next.lane]?.layout.marks[next.mark] : undefined;
    const beyond = direction === "up" || direction === "down" ? null : itemBeyond(geometry, position, direction);
    const ends = direction === "first" || direction === "last";
    const item = (ends || !mark ? beyond : null) ?? mark?.items[0] ?? null;
    if (!item) return;
    if (item === beyond) timeline.reveal(item.fromMs);
    setWanted({ item: item.key });
  };

  const onKeyDown = (event: KeyboardEvent, position: MarkPosition) => {
    const mark = geometry.lanes[position.lane]?.layout.marks[position.mark];
    if (!mark || event.ctrlKey || event.metaKey || event.altKey) return;
    const zoom = (factor: number) => {
      timeline.zoomBy(factor, Math.min(1, Math.max(0, mark.x / widthPx)));
      setWanted({ item: mark.items[0]?.key ?? "" });
    };
    const fit = () => {
      timeline.fit();
      setWanted({ item: mark.items[0]?.key ?? "" });
    };
    const keys = new Map<string, () => void>([
      ["Enter", () => activate(mark)],
      [" ", () => activate(mark)],
      ["+", () => zoom(ZOOM_STEP)],
      ["=", () => zoom(ZOOM_STEP)],
      ["-", () => zoom(1 / ZOOM_STEP)],
      ["0", fit],
      ["[", () => timeline.panBy(-PAN_STEP)],
      ["]", () => timeline.panBy(PAN_STEP)],
      ["Escape", () => onSelect(null)],
    ]);
    const direction = DIRECTIONS[event.key];
    const act = direction ? () => walk(position, direction) : keys.get(event.key);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  return {
    tabKey: tabStop(geometry, active, selected),
    register: (key, element) => {
      if (element) elements.current.set(key, element);
      else elements.current.delete(key);
    },
    onFocus: (mark) => setActive(mark.items[0]?.key ?? null),
    activate,
    onKeyDown,
  };
}

const allMarks = (geometry: ChartGeometry): PlacedMark[] => geometry.lanes.flatMap(({ layout }) => layout.marks);
const holdsItem = (mark: PlacedMark, item: string | null): boolean => mark.items.some(({ key }) => key === item);

/** The last attempt decides how a call ended, so that is the one to read first. */
function selectionOf(mark: PlacedMark): string | null {
  const last = mark.items[0]?.events.at(-1);
  return last ? eventKey(last) : null;
}

function tabStop(geometry: ChartGeometry, active: string | null, selected: string | null): string | null {
  const marks = allMarks(geometry);
  const stop =
    marks.find((mark) => holdsItem(mark, active)) ??
    marks.find((mark) => mark.items.some((item) => itemHolds(item, selected))) ??
    marks[0];
  return stop?.key ?? null;
}

/** The next item of the lane that the window does not show, or the very first or last one. */
function itemBeyond(geometry: ChartGeometry, position: MarkPosition, direction: Direction) {
  const lane = geometry.lanes[position.lane];
  const mark = lane?.layout.marks[position.mark];
  if (!lane || !mark) return null;
  const items = [...lane.lane.items].sort((a, b) => a.fromMs - b.fromMs);
  if (direction === "first") return items[0] ?? null;
  if (direction === "last") return items.at(-1) ?? null;
  const places = mark.items.map((item) => items.indexOf(item));
  return (direction === "left" ? items[Math.min(...places) - 1] : items[Math.max(...places) + 1]) ?? null;
}
