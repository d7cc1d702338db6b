"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { Fragment, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { useUrlState } from "@/components/ui/url-state";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { JourneyEvent } from "@/lib/domain/journey";
import { eventKey, eventLabel, kindWord, outcomeWord } from "./event-label";
import { filterEvents } from "./history-filter";

const DENSITIES = { compact: "py-0.5", regular: "py-1.5", roomy: "py-3" } as const;
type Density = keyof typeof DENSITIES;
const ROW_ESTIMATE_PX = { compact: 28, regular: 36, roomy: 48 } as const;

export interface HistoryProps {
  readonly events: readonly JourneyEvent[];
  readonly selected: string | null;
  readonly onSelect: (key: string | null) => void;
  readonly freshKeys: ReadonlySet<string>;
  /** Shown under the selected row. */
  readonly details: ReactNode;
}

/** Every event, newest last, only the rows in view being drawn. */
export function History({ events, selected, onSelect, freshKeys, details }: HistoryProps) {
  const { parameters, change } = useUrlState();
  const filter = {
    source: parameters.get("source") ?? "",
    kind: parameters.get("kind") ?? "",
    outcome: parameters.get("outcome") ?? "",
    text: parameters.get("text") ?? "",
  };
  const density = densityOf(parameters.get("density"));
  const { source, kind, outcome, text } = filter;
  const shown = useMemo(
    () => filterEvents(events, { source, kind, outcome, text }),
    [events, source, kind, outcome, text],
  );
  const move = (step: number) => {
    const index = shown.findIndex((event) => eventKey(event) === selected);
    const next = shown[Math.min(Math.max(index + step, 0), shown.length - 1)];
    if (next) onSelect(eventKey(next));
  };
  useHotkeys({ j: () => move(1), k: () => move(-1), Escape: () => onSelect(null) });
  const row = (event: JourneyEvent): ReactNode => {
    const key = eventKey(event);
    const open = key === selected;
    return (
      <div className={`border-t border-line ${freshKeys.has(key) ? "animate-arrive" : ""}`}>
        <HistoryRow event={event} open={open} density={density} onToggle={() => onSelect(open ? null : key)} />
        {open ? details : null}
      </div>
    );
  };
  return (
    <div>
      <HistoryFilters events={events} filter={filter} density={density} change={change} shown={shown.length} />
      {shown.length === 0 ? <EmptyState title="No event matches">Loosen the filter to see more.</EmptyState> : null}
      {shown.length > PLAIN_ROWS_MAX ? (
        <VirtualRows events={shown} row={row} estimatePx={ROW_ESTIMATE_PX[density]} />
      ) : (
        shown.map((event) => <Fragment key={eventKey(event)}>{row(event)}</Fragment>)
      )}
    </div>
  );
}

/** Up to here every row is drawn: the browser's own search finds them all. */
const PLAIN_ROWS_MAX = 300;

interface VirtualRowsProps {
  readonly events: readonly JourneyEvent[];
  readonly row: (event: JourneyEvent) => ReactNode;
  readonly estimatePx: number;
}

/** Only the rows in view are drawn. */
function VirtualRows({ events, row, estimatePx }: VirtualRowsProps) {
  const list = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useEffect(() => setOffset(list.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: events.length,
    estimateSize: () => estimatePx,
    overscan: 20,
    scrollMargin: offset,
    getItemKey: (index) => (events[index] ? eventKey(events[index]) : index),
  });
  return (
    <div ref={list} className="relative" style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map((item) => {
        const event = events[item.index];
        return event ? (
          <div
            key={item.key}
            ref={rows.measureElement}
            data-index={item.index}
            className="absolute top-0 left-0 w-full"
            style={{ transform: `translateY(${item.start - rows.options.scrollMargin}px)` }}
          >
            {row(event)}
          </div>
        ) : null;
      })}
    </div>
  );
}

const densityOf = (value: string | null): Density => (value === "compact" || value === "roomy" ? value : "regular");

interface HistoryRowProps {
  readonly event: JourneyEvent;
  readonly open: boolean;
  readonly density: Density;
  readonly onToggle: () => void;
}

function HistoryRow({ event, open, density, onToggle }: HistoryRowProps) {
  const vocabulary = useVocabulary();
  const failed = event.outcome === "failed" || event.outcome === "rejected";
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onToggle}
      className={`grid w-full grid-cols-[7.5rem_1fr] gap-x-3 px-3 text-left text-sm hover:bg-hover sm:grid-cols-[8.5rem_10rem_1fr_auto] ${DENSITIES[density]} ${open ? "bg-accent-tint" : ""}`}
    >
      <Time at={event.occurredAt} form="short" className="whitespace-nowrap text-ink-muted" />
      <span className="truncate">{vocabulary.system(event.source)}</span>
      <span className="col-span-2 min-w-0 sm:col-span-1">
        <span className={failed ? "font-medium text-broken" : "font-medium"}>{eventLabel(event.type)}</span>
        {density === "compact" ? null : (
          <span className="ml-2 text-ink-muted">
            {event.objects
              .slice(0, 3)
              .map((object) => `${vocabulary.object(object.type)} ${object.id}`)
              .join(" · ")}
            {event.objects.length > 3 ? ` · ${event.objects.length - 3} more` : ""}
          </span>
        )}
        {event.error?.message ? (
          <span className="block truncate text-xs text-broken">{event.error.message}</span>
        ) : null}
      </span>
      <span className="flex flex-wrap items-start gap-1">
        {event.sharedWith > 0 ? (
          <Badge tone="accent">
            also in {event.sharedWith} other {event.sharedWith === 1 ? "order" : "orders"}
          </Badge>
        ) : null}
        {event.outcome === "ok" ? null : (
          <Badge tone={failed ? "broken" : "waiting"}>{outcomeWord(event.outcome)}</Badge>
        )}
        {event.attempt > 1 ? <Badge>attempt {event.attempt}</Badge> : null}
        {density === "roomy" ? <Badge>{kindWord(event.kind)}</Badge> : null}
      </span>
    </button>
  );
}

interface HistoryFiltersProps {
  readonly events: readonly JourneyEvent[];
  readonly filter: { readonly source: string; readonly kind: string; readonly outcome: string; readonly text: string };
  readonly density: Density;
  readonly change: (changes: Readonly<Record<string, string | null>>) => void;
  readonly shown: number;
}

function HistoryFilters({ events, filter, density, change, shown }: HistoryFiltersProps) {
  const vocabulary = useVocabulary();
  const valuesOf = (pick: (event: JourneyEvent) => string) => [...new Set(events.map(pick))].sort();
  return (
    <div className="flex flex-wrap items-center gap-2 px-3 py-2">
      <Choice
        label="System"
        value={filter.source}
        onChange={(source) => change({ source })}
        options={valuesOf((e) => e.source).map((v) => [v, vocabulary.system(v)])}
      />
      <Choice
        label="Kind"
        value={filter.kind}
        onChange={(kind) => change({ kind })}
        options={valuesOf((e) => e.kind).map((v) => [v, kindWord(v as JourneyEvent["kind"])])}
      />
      <Choice
        label="Outcome"
        value={filter.outcome}
        onChange={(outcome) => change({ outcome })}
        options={valuesOf((e) => e.outcome).map((v) => [v, outcomeWord(v as JourneyEvent["outcome"])])}
      />
      <input
        type="search"
        aria-label="Filter by text"
        placeholder="Number, type, error"
        defaultValue={filter.text}
        onChange={(event) => change({ text: event.currentTarget.value })}
        className="h-7 w-44 rounded-md border border-control bg-surface px-2 text-xs placeholder:text-ink-faint"
      />
      <Choice
        label="Density"
        value={density}
        onChange={(value) => change({ density: value === "regular" ? null : value })}
        options={[
          ["compact", "Compact"],
          ["regular", "Regular"],
          ["roomy", "Roomy"],
        ]}
        required
      />
      <span role="status" className="ml-auto text-xs text-ink-muted">
        {shown} of {events.length} events
      </span>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
  readonly required?: boolean;
}

function Choice({ label, value, options, onChange, required = false }: ChoiceProps) {
  return (
    <label className="flex items-center gap-1 text-xs text-ink-muted">
      {label}
      <select
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        className="h-7 rounded-md border border-control bg-surface px-1.5 text-xs text-ink"
      >
        {required ? null : <option value="">All</option>}
        {options.map(([id, text]) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
