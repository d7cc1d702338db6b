"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { Fragment, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from "react";
import { usePreferences } from "@/components/ui/preferences";
import { EmptyState } from "@/components/ui/states";
import { wallClock } from "@/components/ui/time-format";
import { useUrlState } from "@/components/ui/url-state";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import type { JourneyEvent } from "@/lib/domain/journey";
import { eventKey } from "./event-label";
import { filterEvents, readHistoryFilter } from "./history-filter";
import { DENSITIES, type Density, HistoryFilters } from "./history-filters";
import { type HistoryLine, linesOf } from "./history-lines";
import { HistoryRow } from "./history-row";

export interface HistoryProps {
  /** Names the exported file. */
  readonly name: string;
  readonly events: readonly JourneyEvent[];
  readonly selected: string | null;
  readonly onSelect: (key: string | null) => void;
  readonly freshKeys: ReadonlySet<string>;
  /** Shown under the selected row. */
  readonly details: ReactNode;
}

const ROW_ESTIMATE_PX: Readonly<Record<Density, number>> = { compact: 26, regular: 33, roomy: 64 };

/** Every event, newest last, by day. */
export function History({ name, events, selected, onSelect, freshKeys, details }: HistoryProps) {
  const { zone, nowMs } = usePreferences();
  const { parameters, change } = useUrlState();
  const filter = useMemo(() => readHistoryFilter(parameters), [parameters]);
  const density = DENSITIES.find((known) => known === parameters.get("density")) ?? "regular";
  const shown = useMemo(() => filterEvents(events, filter), [events, filter]);
  const thisYear = wallClock(nowMs, zone).year;
  const lines = useMemo(() => linesOf(shown, zone, thisYear), [shown, zone, thisYear]);
  const move = (step: number) => {
    const index = shown.findIndex((event) => eventKey(event) === selected);
    const next = shown[Math.min(Math.max(index + step, 0), shown.length - 1)];
    if (next) onSelect(eventKey(next));
  };
  useHotkeys({ j: () => move(1), k: () => move(-1), Escape: () => onSelect(null) });
  const render = (line: HistoryLine): ReactNode => {
    if (line.kind === "day") return <DayLine day={line.day} />;
    const key = eventKey(line.event);
    const open = key === selected;
    return (
      <div className={`border-b border-line ${freshKeys.has(key) ? "animate-arrive" : ""}`}>
        <HistoryRow event={line.event} open={open} density={density} onToggle={() => onSelect(open ? null : key)} />
        {open ? details : null}
      </div>
    );
  };
  return (
    <div>
      <HistoryFilters name={name} events={events} shown={shown} filter={filter} density={density} change={change} />
      {shown.length === 0 ? <EmptyState title="No event matches">Loosen the filter to see more.</EmptyState> : null}
      {lines.length > PLAIN_LINES_MAX ? (
        <VirtualLines lines={lines} render={render} estimatePx={ROW_ESTIMATE_PX[density]} />
      ) : (
        lines.map((line) => <Fragment key={line.key}>{render(line)}</Fragment>)
      )}
    </div>
  );
}

const DayLine = ({ day }: { readonly day: string }) => (
  <h3 className="border-b border-line bg-sunken px-3 py-1 text-xs font-semibold text-ink-muted">{day}</h3>
);

/** Up to here every line is drawn: the browser's own search finds them all. */
const PLAIN_LINES_MAX = 300;

interface VirtualLinesProps {
  readonly lines: readonly HistoryLine[];
  readonly render: (line: HistoryLine) => ReactNode;
  readonly estimatePx: number;
}

/** Only the lines in view are drawn. */
function VirtualLines({ lines, render, estimatePx }: VirtualLinesProps) {
  const list = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const top = list.current?.getBoundingClientRect().top ?? 0;
    setOffset(top + window.scrollY);
  }, []);
  const rows = useWindowVirtualizer({
    count: lines.length,
    estimateSize: () => estimatePx,
    overscan: 20,
    scrollMargin: offset,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  return (
    <div ref={list} className="relative" style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map((item) => {
        const line = lines[item.index];
        return line ? (
          <div
            key={item.key}
            ref={rows.measureElement}
            data-index={item.index}
            className="absolute top-0 left-0 w-full"
            style={{ transform: `translateY(${item.start - rows.options.scrollMargin}px)` }}
          >
            {render(line)}
          </div>
        ) : null;
      })}
    </div>
  );
}
