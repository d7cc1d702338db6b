/** From events to what a lane draws: one mark per event, and one bar per call that was tried several times. Pure. */
import { eventKey, isMilestone } from "@/components/journey/event-label";
import type { JourneyEvent } from "@/lib/domain/journey";
import { objectKey } from "@/lib/domain/object";

export interface TimelineItem {
  readonly key: string;
  /** One event, or the attempts of one call in order. */
  readonly events: readonly JourneyEvent[];
  readonly fromMs: number;
  readonly toMs: number;
  /** How it ended: the last attempt decides. */
  readonly outcome: JourneyEvent["outcome"];
  readonly milestone: boolean;
  /** True when any attempt failed or was rejected: never collapsed into a count. */
  readonly failed: boolean;
}

const isFailure = (event: JourneyEvent): boolean => event.outcome === "failed" || event.outcome === "rejected";

/** The items of one source, by time. `events` in the journey's order. */
export function itemsOf(events: readonly JourneyEvent[]): TimelineItem[] {
  const open = new Map<string, JourneyEvent[]>();
  const groups: JourneyEvent[][] = [];
  for (const event of events) {
    const call = callKey(event);
    const last = open.get(call);
    const lastAttempt = last?.at(-1)?.attempt ?? 0;
    // Attempts of one call count up; when they start over, somebody called again.
    if (last && event.attempt > lastAttempt && event.attempt > 1) {
      last.push(event);
      continue;
    }
    const group = [event];
    groups.push(group);
    open.set(call, group);
  }
  return groups.map(itemOf);
}

function callKey(event: JourneyEvent): string {
  // A trace names one attempt, so it says nothing about which call this is.
  const objects = event.objects.filter((object) => object.type !== "trace").map(objectKey);
  return [event.kind, event.interface, event.type, ...objects.sort()].join("\u0001");
}

function itemOf(events: readonly JourneyEvent[]): TimelineItem {
  const first = events[0];
  const last = events.at(-1);
  if (!first || !last) throw new Error("an item has at least one event");
  const ends = events.map((event) => Date.parse(event.occurredAt) + (event.durationMs ?? 0));
  return {
    key: eventKey(first),
    events,
    fromMs: Date.parse(first.occurredAt),
    toMs: events.length > 1 ? Math.max(...ends) : Date.parse(first.occurredAt),
    outcome: last.outcome,
    milestone: events.some(isMilestone),
    failed: events.some(isFailure),
  };
}

export const itemHolds = (item: TimelineItem, key: string | null): boolean =>
  key !== null && item.events.some((event) => eventKey(event) === key);

/** The attempts of the call that `event` belongs to, oldest first; one alone when it was tried once. */
export function attemptsOf(events: readonly JourneyEvent[], event: JourneyEvent): readonly JourneyEvent[] {
  const own = itemsOf(events.filter((candidate) => candidate.source === event.source));
  return own.find((item) => itemHolds(item, eventKey(event)))?.events ?? [event];
}
