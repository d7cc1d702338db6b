"use client";
import { useCallback, useMemo, useState } from "react";
import {
  clampView,
  fitView,
  isFitted,
  panView,
  revealUnit,
  type TimeScale,
  timeOf,
  unitOf,
  type View,
  zoomView,
} from "./scale";

export interface TimelineView {
  readonly view: View;
  readonly fitted: boolean;
  readonly setView: (view: View) => void;
  readonly zoomBy: (factor: number, anchor?: number) => void;
  readonly panBy: (share: number) => void;
  readonly fit: () => void;
  readonly reveal: (atMs: number) => void;
}

/**
 * The window of the swimlanes. It is kept as two instants, not as units: when new events arrive the scale is another,
 * and the window must still show the same hours.
 */
export function useTimelineView(scale: TimeScale): TimelineView {
  const [window, setWindow] = useState<{ readonly fromMs: number; readonly toMs: number } | null>(null);
  const view = useMemo(
    () =>
      window
        ? clampView(scale, { from: unitOf(scale, window.fromMs), to: unitOf(scale, window.toMs) })
        : fitView(scale),
    [scale, window],
  );
  const setView = useCallback(
    (next: View) => {
      const clamped = clampView(scale, next);
      setWindow(
        isFitted(scale, clamped) ? null : { fromMs: timeOf(scale, clamped.from), toMs: timeOf(scale, clamped.to) },
      );
    },
    [scale],
  );
  return {
    view,
    fitted: window === null,
    setView,
    zoomBy: (factor, anchor) => setView(zoomView(scale, view, factor, anchor)),
    panBy: (share) => setView(panView(scale, view, share)),
    fit: () => setWindow(null),
    reveal: (atMs) => {
      const next = revealUnit(scale, view, unitOf(scale, atMs));
      if (next !== view) setView(next);
    },
  };
}
