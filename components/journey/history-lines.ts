/** The history as lines: a heading where the day changes, then its events. Pure. */
import { wallClock } from "@/components/ui/time-format";
import type { JourneyEvent } from "@/lib/domain/journey";
import { eventKey } from "./event-label";

export type HistoryLine =
  | { readonly kind: "day"; readonly key: string; readonly day: string }
  | { readonly kind: "event"; readonly key: string; readonly event: JourneyEvent };

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** @param events by time. A day is one of the zone shown. */
export function linesOf(events: readonly JourneyEvent[], zone: string, thisYear: number): HistoryLine[] {
  const lines: HistoryLine[] = [];
  let last = "";
  for (const event of events) {
    const wall = wallClock(Date.parse(event.occurredAt), zone);
    const year = wall.year === thisYear ? "" : ` ${wall.year}`;
    const day = `${wall.weekday} ${wall.day} ${MONTHS[wall.month - 1] ?? ""}${year}`;
    if (day !== last) lines.push({ kind: "day", key: `day ${day}`, day });
    last = day;
    lines.push({ kind: "event", key: eventKey(event), event });
  }
  return lines;
}
