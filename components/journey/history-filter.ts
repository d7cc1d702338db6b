/** Which events the history shows. Pure. */
import type { JourneyEvent } from "@/lib/domain/journey";
import { eventLabel } from "./event-label";

export interface HistoryFilter {
  readonly source: string;
  readonly kind: string;
  readonly outcome: string;
  readonly text: string;
}

export function filterEvents(events: readonly JourneyEvent[], filter: HistoryFilter): JourneyEvent[] {
  const text = filter.text.trim().toLowerCase();
  return events.filter(
    (event) =>
      (filter.source === "" || event.source === filter.source) &&
      (filter.kind === "" || event.kind === filter.kind) &&
      (filter.outcome === "" || event.outcome === filter.outcome) &&
      (text === "" || searchable(event).includes(text)),
  );
}

const searchable = (event: JourneyEvent): string =>
  [
    event.id,
    event.source,
    event.type,
    eventLabel(event.type),
    event.interface,
    event.error?.code,
    event.error?.message,
    ...event.objects.map((object) => object.id),
  ]
    .join("\n")
    .toLowerCase();
