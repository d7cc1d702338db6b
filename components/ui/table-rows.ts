"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useState } from "react";

/** Up to here every row is drawn: the browser's own search finds them all. */
const PLAIN_ROWS_MAX = 200;
const ROW_ESTIMATE_PX = 44;

export interface VirtualRows {
  /** Positions of the rows to draw, ascending. */
  readonly indexes: readonly number[];
  /** Pixels of the rows before and after them. */
  readonly before: number;
  readonly after: number;
  readonly measure: ((element: Element | null) => void) | undefined;
  /** Brings a row into view and gives it the focus. */
  readonly reveal: (index: number) => void;
}

/** Only the rows in view once there are many; the page scrolls, not the table. */
export function useVirtualRows(body: RefObject<HTMLElement | null>, count: number): VirtualRows {
  const isVirtual = count > PLAIN_ROWS_MAX;
  const [margin, setMargin] = useState(0);
  const [wanted, setWanted] = useState<{ readonly index: number } | null>(null);
  useLayoutEffect(() => {
    setMargin((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  }, [body]);
  const rows = useWindowVirtualizer({
    count: isVirtual ? count : 0,
    estimateSize: () => ROW_ESTIMATE_PX,
    overscan: 15,
    scrollMargin: margin,
  });
  useEffect(() => {
    if (!wanted) return;
    const row = body.current?.querySelector<HTMLElement>(`tr[data-index="${wanted.index}"]`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }, [wanted, body]);
  const reveal = (index: number) => {
    if (isVirtual) rows.scrollToIndex(index);
    setWanted({ index });
  };
  if (!isVirtual) {
    return {
      indexes: Array.from({ length: count }, (_, index) => index),
      before: 0,
      after: 0,
      measure: undefined,
      reveal,
    };
  }
  const items = rows.getVirtualItems();
  return {
    indexes: items.map((item) => item.index),
    before: (items[0]?.start ?? margin) - margin,
    after: rows.getTotalSize() - ((items.at(-1)?.end ?? margin) - margin),
    measure: rows.measureElement,
    reveal,
  };
}
