"use client";
import { Time } from "@/components/ui/time";
import { durationLabel } from "@/components/ui/time-format";
import type { JourneyEvent } from "@/lib/domain/journey";
import { eventKey } from "./event-label";
import { OutcomeBadge } from "./outcome-badge";

export interface AttemptListProps {
  /** Oldest first. */
  readonly attempts: readonly JourneyEvent[];
  readonly current: JourneyEvent;
  readonly onSelect: (key: string) => void;
}

/** How often a call was tried, and how each attempt ended. */
export function AttemptList({ attempts, current, onSelect }: AttemptListProps) {
  return (
    <ol className="divide-y divide-line overflow-hidden rounded-md border border-line bg-surface">
      {attempts.map((attempt) => (
        <li key={eventKey(attempt)}>
          <button
            type="button"
            aria-current={eventKey(attempt) === eventKey(current) ? "true" : undefined}
            onClick={() => onSelect(eventKey(attempt))}
            className="flex w-full items-center gap-x-3 px-2.5 py-1 text-left hover:bg-hover focus-visible:outline-offset-[-2px] aria-[current]:bg-accent-tint"
          >
            <span className="w-4 shrink-0 text-right font-medium">{attempt.attempt}</span>
            <OutcomeBadge outcome={attempt.outcome} />
            <Time at={attempt.occurredAt} form="short" className="shrink-0 text-ink-muted" />
            <span className="min-w-0 truncate text-xs text-ink-muted">{aside(attempt)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

const aside = ({ error, durationMs }: JourneyEvent): string =>
  [error?.code, error?.message, durationMs === null ? "" : `took ${durationLabel(durationMs)}`]
    .filter(Boolean)
    .join(" · ");
