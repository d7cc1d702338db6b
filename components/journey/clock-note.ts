/** What the three times of an event say together. Raw times are shown as they came; this only annotates them. Pure. */
import { durationLabel, MINUTE_MS } from "@/components/ui/time-format";
import type { JourneyEvent } from "@/lib/domain/journey";

/** Clocks of two machines a second apart are in step as far as people are concerned. */
const SKEW_FROM_MS = 1_000;
/** Past this a reader would wonder why the page did not know yet. */
const LATE_FROM_MS = 15 * MINUTE_MS;

export interface ClockNote {
  readonly kind: "skew" | "late";
  readonly text: string;
}

export function clockNotes(event: Pick<JourneyEvent, "occurredAt" | "recordedAt" | "receivedAt">): ClockNote[] {
  const occurred = Date.parse(event.occurredAt);
  const received = Date.parse(event.receivedAt);
  const notes: ClockNote[] = [];
  if (event.recordedAt !== null) {
    const ahead = occurred - Date.parse(event.recordedAt);
    if (ahead >= SKEW_FROM_MS) {
      notes.push({
        kind: "skew",
        text: `Recorded ${durationLabel(ahead)} before it occurred: the clocks of this source disagree.`,
      });
    }
  }
  if (occurred - received >= SKEW_FROM_MS) {
    notes.push({
      kind: "skew",
      text: `Occurred ${durationLabel(occurred - received)} after we received it: the clock of this source is ahead.`,
    });
  }
  if (received - occurred >= LATE_FROM_MS) {
    notes.push({ kind: "late", text: `Reached us ${durationLabel(received - occurred)} after it occurred.` });
  }
  return notes;
}
