"use client";
import { Rows2, Rows3, Rows4 } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import { SheetDownload } from "@/components/ui/sheet-download";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { JourneyEvent } from "@/lib/domain/journey";
import { kindWord, outcomeWord } from "./event-label";
import type { HistoryFilter } from "./history-filter";
import { historySheet } from "./history-sheet";

export const DENSITIES = ["compact", "regular", "roomy"] as const;
export type Density = (typeof DENSITIES)[number];
const DENSITY_ICONS = { compact: Rows4, regular: Rows3, roomy: Rows2 } as const;

export interface HistoryFiltersProps {
  readonly name: string;
  readonly events: readonly JourneyEvent[];
  readonly shown: readonly JourneyEvent[];
  readonly filter: HistoryFilter;
  readonly density: Density;
  readonly change: (changes: Readonly<Record<string, string | null>>) => void;
}

export function HistoryFilters({ name, events, shown, filter, density, change }: HistoryFiltersProps) {
  const vocabulary = useVocabulary();
  const valuesOf = <Value extends string>(pick: (event: JourneyEvent) => Value) =>
    [...new Set(events.map(pick))].sort();
  return (
    <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-2">
      <input
        type="search"
        aria-label="Filter by text"
        placeholder="Number, type, error"
        defaultValue={filter.text}
        onChange={(event) => change({ text: event.currentTarget.value })}
        className="h-7 w-44 rounded-md border border-control bg-surface px-2 text-xs placeholder:text-ink-faint"
      />
      <Choice
        label="System"
        value={filter.source}
        onChange={(source) => change({ source })}
        options={valuesOf((event) => event.source).map((source) => [source, vocabulary.system(source)])}
      />
      <Choice
        label="Kind"
        value={filter.kind}
        onChange={(kind) => change({ kind })}
        options={valuesOf((event) => event.kind).map((kind) => [kind, kindWord(kind)])}
      />
      <Choice
        label="Outcome"
        value={filter.outcome}
        onChange={(outcome) => change({ outcome })}
        options={valuesOf((event) => event.outcome).map((outcome) => [outcome, outcomeWord(outcome)])}
      />
      <span className="ml-auto flex flex-wrap items-center gap-2">
        <span role="status" className="text-xs text-ink-muted">
          {shown.length} of {events.length} events
        </span>
        <fieldset className="flex">
          <legend className="sr-only">Density</legend>
          {DENSITIES.map((choice) => {
            const Icon = DENSITY_ICONS[choice];
            return (
              <IconButton
                key={choice}
                size="small"
                label={`${choice.charAt(0).toUpperCase()}${choice.slice(1)} rows`}
                aria-pressed={density === choice}
                icon={<Icon aria-hidden className="size-3.5" />}
                className="aria-pressed:bg-accent-tint aria-pressed:text-accent"
                onClick={() => change({ density: choice === "regular" ? null : choice })}
              />
            );
          })}
        </fieldset>
        <SheetDownload what={`${shown.length} events`} sheet={() => historySheet(name, shown, vocabulary)} />
      </span>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label className="flex items-center gap-1.5 text-xs text-ink-muted">
      {label}
      <select
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        className="h-7 rounded-md border border-control bg-surface px-1.5 text-xs text-ink"
      >
        <option value="">All</option>
        {options.map(([id, text]) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
