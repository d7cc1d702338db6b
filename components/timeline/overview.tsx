"use client";
import { type KeyboardEvent, memo, type PointerEvent, useRef } from "react";
import type { Lane } from "./lanes";
import { fitView, pixelOf, type TimeScale, unitAt, unitOf, type View } from "./scale";
import type { TimelineView } from "./use-timeline-view";

const HEIGHT_PX = 36;
const HANDLE_PX = 10;

type Grip = "window" | "left" | "right";

export interface OverviewProps {
  readonly scale: TimeScale;
  readonly lanes: readonly Lane[];
  readonly widthPx: number;
  readonly timeline: TimelineView;
}

/** The whole journey in a strip, with the window on it: drag the window or its ends, click beside it to go there. */
export function Overview({ scale, lanes, widthPx, timeline }: OverviewProps) {
  const whole = fitView(scale);
  const grip = useRef<{ readonly part: Grip; readonly startX: number; readonly view: View } | null>(null);
  const left = pixelOf(whole, widthPx, timeline.view.from);
  const right = pixelOf(whole, widthPx, timeline.view.to);
  const perPixel = (whole.to - whole.from) / widthPx;

  const xOf = (event: PointerEvent<SVGSVGElement>) => event.clientX - event.currentTarget.getBoundingClientRect().left;
  const onPointerDown = (event: PointerEvent<SVGSVGElement>) => {
    const x = xOf(event);
    const part = gripAt(x, left, right);
    let { view } = timeline;
    if (part === null) {
      const half = (view.to - view.from) / 2;
      const centre = unitAt(whole, widthPx, x);
      view = { from: centre - half, to: centre + half };
      timeline.setView(view);
    }
    grip.current = { part: part ?? "window", startX: x, view };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const held = grip.current;
    if (!held) return;
    const delta = (xOf(event) - held.startX) * perPixel;
    const from = held.part === "right" ? held.view.from : held.view.from + delta;
    const to = held.part === "left" ? held.view.to : held.view.to + delta;
    if (to > from) timeline.setView({ from, to });
  };
  const release = () => {
    grip.current = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps = new Map<string, () => void>([
      ["ArrowLeft", () => timeline.panBy(-0.2)],
      ["ArrowRight", () => timeline.panBy(0.2)],
      ["ArrowUp", () => timeline.zoomBy(0.7)],
      ["ArrowDown", () => timeline.zoomBy(1 / 0.7)],
      ["Home", () => timeline.fit()],
    ]);
    const step = steps.get(event.key);
    if (!step) return;
    event.preventDefault();
    step();
  };
  const share = Math.round(((right - left) / widthPx) * 100);
  return (
    <svg
      role="slider"
      tabIndex={0}
      aria-label="Window on the whole journey. Left and right move it, up and down zoom, Home shows all."
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((left / widthPx) * 100)}
      aria-valuetext={timeline.fitted ? "whole journey" : `${share} percent of the journey`}
      width={widthPx}
      height={HEIGHT_PX}
      className="block touch-none rounded"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={onKeyDown}
    >
      <rect width={widthPx} height={HEIGHT_PX} className="fill-sunken" rx={4} />
      <OverviewMarks scale={scale} lanes={lanes} widthPx={widthPx} />
      <rect
        x={Math.max(0.5, left)}
        y={0.5}
        width={Math.max(4, Math.min(widthPx - 1, right) - Math.max(0, left))}
        height={HEIGHT_PX - 1}
        rx={4}
        className="cursor-grab fill-accent/10 stroke-accent"
      />
      {[left, right].map((x) => (
        <rect
          key={x === left ? "left" : "right"}
          x={Math.min(widthPx - 3, Math.max(0, x - 1.5))}
          y={HEIGHT_PX / 2 - 7}
          width={3}
          height={14}
          rx={1.5}
          className="cursor-ew-resize fill-accent"
        />
      ))}
    </svg>
  );
}

function gripAt(x: number, left: number, right: number): Grip | null {
  if (Math.abs(x - left) <= HANDLE_PX) return "left";
  if (Math.abs(x - right) <= HANDLE_PX) return "right";
  return x > left && x < right ? "window" : null;
}

interface OverviewMarksProps {
  readonly scale: TimeScale;
  readonly lanes: readonly Lane[];
  readonly widthPx: number;
}

/** One dash per pixel column and lane at most: 20,000 events draw no more than the strip is wide, and panning draws none again. */
const OverviewMarks = memo(function OverviewMarks({ scale, lanes, widthPx }: OverviewMarksProps) {
  const whole = fitView(scale);
  const rowHeight = (HEIGHT_PX - 8) / Math.max(1, lanes.length);
  return lanes.map((lane, row) => {
    const columns = new Map<number, boolean>();
    for (const item of lane.items) {
      const column = Math.round(pixelOf(whole, widthPx, unitOf(scale, item.fromMs)) / 2) * 2;
      columns.set(column, (columns.get(column) ?? false) || item.failed);
    }
    return [...columns].map(([column, failed]) => (
      <rect
        key={`${lane.source} ${column}`}
        x={column - 1}
        y={4 + row * rowHeight}
        width={failed ? 3 : 2}
        height={Math.max(1.5, rowHeight - 1)}
        className={failed ? "fill-broken" : "fill-ink-faint"}
      />
    ));
  });
});
