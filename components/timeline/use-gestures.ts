"use client";
import { type PointerEvent, type RefObject, useEffect, useRef, useState } from "react";
import { unitAt } from "./scale";
import type { TimelineView } from "./use-timeline-view";

/** Below this a press is a click. */
const DRAG_STARTS_PX = 4;
const WHEEL_ZOOM_RATE = 0.0022;

interface Drag {
  readonly startX: number;
  lastX: number;
  readonly brushing: boolean;
  moved: boolean;
}

export interface Brush {
  readonly fromX: number;
  readonly toX: number;
}

/**
 * Pointer and wheel on the plot. Drag pans, Shift and drag marks a range to zoom to, a sideways wheel pans, and the wheel
 * with Ctrl or ⌘ (and a pinch, which browsers report so) zooms. The bare wheel is left to the page: a chart that swallows
 * scrolling is a trap.
 */
export function useGestures(plot: RefObject<SVGSVGElement | null>, widthPx: number, timeline: TimelineView) {
  const [brush, setBrush] = useState<Brush | null>(null);
  const drag = useRef<Drag | null>(null);
  const latest = useRef({ widthPx, timeline });
  latest.current = { widthPx, timeline };

  useEffect(() => {
    const element = plot.current;
    if (!element) return;
    // React's wheel listener is passive and cannot keep the page from zooming too.
    const onWheel = (event: WheelEvent) => {
      const now = latest.current;
      const x = event.clientX - element.getBoundingClientRect().left;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        now.timeline.zoomBy(Math.exp(event.deltaY * WHEEL_ZOOM_RATE), x / now.widthPx);
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
        event.preventDefault();
        now.timeline.panBy((event.shiftKey ? event.deltaY || event.deltaX : event.deltaX) / now.widthPx);
      }
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [plot]);

  const xOf = (event: PointerEvent) => event.clientX - event.currentTarget.getBoundingClientRect().left;
  const onPointerDown = (event: PointerEvent<SVGSVGElement>) => {
    if (event.button !== 0) return;
    const x = xOf(event);
    drag.current = { startX: x, lastX: x, brushing: event.shiftKey, moved: false };
  };
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const current = drag.current;
    if (!current) return;
    const x = xOf(event);
    if (!current.moved && Math.abs(x - current.startX) < DRAG_STARTS_PX) return;
    if (!current.moved) event.currentTarget.setPointerCapture(event.pointerId);
    current.moved = true;
    if (current.brushing) setBrush({ fromX: Math.min(x, current.startX), toX: Math.max(x, current.startX) });
    else timeline.panBy(-(x - current.lastX) / widthPx);
    current.lastX = x;
  };
  const onPointerUp = (event: PointerEvent<SVGSVGElement>) => {
    const current = drag.current;
    drag.current = null;
    if (event.currentTarget.hasPointerCapture(event.pointerId)) {
      event.currentTarget.releasePointerCapture(event.pointerId);
    }
    if (!current?.brushing || !brush) return setBrush(null);
    const { view } = timeline;
    timeline.setView({ from: unitAt(view, widthPx, brush.fromX), to: unitAt(view, widthPx, brush.toX) });
    setBrush(null);
  };
  return { brush, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp } } as const;
}
