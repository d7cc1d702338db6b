/** Which events the history shows. Pure, and readable from the URL. */
import { EVENT_KINDS, EVENT_OUTCOMES, type EventKind, type EventOutcome } from "@/lib/domain/event";
import type { JourneyEvent } from "@/lib/domain/journey";
import { eventLabel } from "./event-label";

export interface HistoryFilter {
  readonly source: string | null;
  readonly kind: EventKind | null;
  readonly outcome: EventOutcome | null;
  readonly text: string;
}

export function readHistoryFilter(parameters: Pick<URLSearchParams, "get">): HistoryFilter {
  const kind = parameters.get("kind");
  const outcome = parameters.get("outcome");
  return {
    source: parameters.get("source"),
    kind: EVENT_KINDS.find((known) => known === kind) ?? null,
    outcome: EVENT_OUTCOMES.find((known) => known === outcome) ?? null,
    text: parameters.get("text") ?? "",
  };
}

export const isFiltered = (filter: HistoryFilter): boolean =>
  filter.source !== null || filter.kind !== null || filter.outcome !== null || filter.text.trim() !== "";

/** Every word must occur somewhere in what the row shows. */
export function filterEvents(events: readonly JourneyEvent[], filter: HistoryFilter): JourneyEvent[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return events.filter(
    (event) =>
      (filter.source === null || event.source === filter.source) &&
      (filter.kind === null || event.kind === filter.kind) &&
      (filter.outcome === null || event.outcome === filter.outcome) &&
      (words.length === 0 || holdsAll(searchText(event), words)),
  );
}

const holdsAll = (text: string, words: readonly string[]): boolean => words.every((word) => text.includes(word));

function searchText(event: JourneyEvent): string {
  return [
    event.id,
    event.source,
    event.type,
    eventLabel(event.type),
    event.interface,
    event.error?.code,
    event.error?.message,
    ...event.objects.map((object) => `${object.type} ${object.id}`),
  ]
    .join(" ")
    .toLowerCase();
}
