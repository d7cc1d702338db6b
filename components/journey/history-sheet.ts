/** The history as a file: raw times, so that clocks can be compared. Pure. */
import type { Sheet } from "@/components/ui/sheet";
import type { Vocabulary } from "@/components/ui/vocabulary";
import type { JourneyEvent } from "@/lib/domain/journey";
import { eventLabel, kindWord, outcomeWord } from "./event-label";

const COLUMNS = [
  "Occurred",
  "Recorded",
  "Received",
  "System",
  "Event",
  "Kind",
  "Outcome",
  "Attempt",
  "Objects",
  "Quantity",
  "Amount",
  "Currency",
  "Interface",
  "Error code",
  "Error",
  "Event id",
] as const;

export const historySheet = (
  name: string,
  events: readonly JourneyEvent[],
  vocabulary: Pick<Vocabulary, "system" | "object">,
): Sheet => ({
  name: `History of ${name}`,
  columns: COLUMNS,
  rows: events.map((event) => [
    event.occurredAt,
    event.recordedAt ?? "",
    event.receivedAt,
    vocabulary.system(event.source),
    eventLabel(event.type),
    kindWord(event.kind),
    outcomeWord(event.outcome),
    String(event.attempt),
    event.objects.map((object) => `${vocabulary.object(object.type)} ${object.id}`).join("; "),
    event.quantity ?? "",
    event.amount ?? "",
    event.currency,
    event.interface,
    event.error?.code ?? "",
    event.error?.message ?? "",
    event.id,
  ]),
});
