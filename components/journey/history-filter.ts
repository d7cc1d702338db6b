/** Which events the history shows. Pure, and readable from the URL. */
import type { JourneyEvent } from "@/lib/domain/journey";
import { eventLabel } from "./event-label";

/** "" is no restriction. */
export interface HistoryFilter {
  readonly source: string;
  readonly kind: string;
  readonly outcome: string;
  readonly text: string;
}

export const readHistoryFilter = (parameters: Pick<URLSearchParams, "get">): HistoryFilter => ({
  source: parameters.get("source") ?? "",
  kind: parameters.get("kind") ?? "",
  outcome: parameters.get("outcome") ?? "",
  text: parameters.get("text") ?? "",
});

/** Every word of the text must occur somewhere in the event, in any case. */
export function filterEvents(events: readonly JourneyEvent[], filter: HistoryFilter): JourneyEvent[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return events.filter(
    (event) =>
      (filter.source === "" || event.source === filter.source) &&
      (filter.kind === "" || event.kind === filter.kind) &&
      (filter.outcome === "" || event.outcome === filter.outcome) &&
      (words.length === 0 || holdsAll(searchable(event), words)),
  );
}

const holdsAll = (text: string, words: readonly string[]): boolean => words.every((word) => text.includes(word));

const searchable = (event: JourneyEvent): string =>
  [
    event.id,
    event.source,
    event.type,
    eventLabel(event.type),
    event.interface,
    event.error?.code,
    event.error?.message,
    ...event.objects.map((object) => `${object.type} ${object.id}`),
  ]
    .join("\n")
    .toLowerCase();
