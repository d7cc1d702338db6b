"use client";
import { usePreferences } from "./preferences";
import { clockTime, dayLabel, fullTime, relativeTime, shortTime } from "./time-format";

export interface TimeProps {
  /** RFC 3339. */
  readonly at: string;
  /** `relative` "3 h ago"; `short` "23 Nov 10:15", of today "10:15"; `stamp` always with its day; `full` with milliseconds and zone. */
  readonly form?: "relative" | "short" | "stamp" | "full";
  readonly className?: string;
}

/** One instant: relative or short on screen, absolute on hover, in the zone the person chose. */
export function Time({ at, form = "relative", className }: TimeProps) {
  const { zone, nowMs } = usePreferences();
  const atMs = Date.parse(at);
  if (Number.isNaN(atMs)) return <span className={className}>{at}</span>;
  const absolute = fullTime(atMs, zone);
  const texts = {
    relative: relativeTime(atMs, nowMs, zone),
    short: shortTime(atMs, zone, nowMs),
    stamp: `${dayLabel(atMs, zone, nowMs)} ${clockTime(atMs, zone)}`,
    full: absolute,
  };
  return (
    <time dateTime={at} title={absolute} className={className}>
      {texts[form]}
    </time>
  );
}
