/** What a mark is called: its accessible name and its tooltip. Pure. */
import { eventLabel, statusWord } from "@/components/journey/event-label";
import { plural } from "@/components/ui/number-format";
import { clockTime, dayLabel } from "@/components/ui/time-format";
import type { TimelineItem } from "./items";
import type { PlacedMark } from "./layout";

export interface NameContext {
  /** The lane's system, by its name. */
  readonly system: string;
  readonly zone: string;
  readonly nowMs: number;
}

export const momentName = (atMs: number, context: Pick<NameContext, "zone" | "nowMs">): string =>
  `${dayLabel(atMs, context.zone, context.nowMs)} ${clockTime(atMs, context.zone)}`;

const itemLabel = (item: TimelineItem): string => eventLabel(item.events[0]?.type ?? "");

/** What is written beside a mark: "Goods issue posted: failed". A bar of attempts shows its outcome itself. */
export function markLabel(item: TimelineItem): string {
  const [event] = item.events;
  if (!event || event.outcome === "ok" || item.events.length > 1) return itemLabel(item);
  return `${itemLabel(item)}: ${statusWord(event).toLowerCase()}`;
}

/** "Goods issue posted, failed, ERP, 23 Nov 10:15"; attempts: "API call, 3 attempts, 2 failed, ended OK, Gateway, …". */
export function itemName(item: TimelineItem, context: NameContext): string {
  const word = item.outcome === "ok" ? "OK" : item.outcome;
  const failures = item.events.filter((event) => event.outcome === "failed" || event.outcome === "rejected").length;
  const result =
    item.events.length > 1 ? [plural(item.events.length, "attempt"), `${failures} failed`, `ended ${word}`] : [word];
  return [itemLabel(item), ...result, context.system, momentName(item.fromMs, context)].join(", ");
}

export function markName(mark: PlacedMark, context: NameContext): string {
  const [first, second] = mark.items;
  if (first && !second) return itemName(first, context);
  const fromMs = Math.min(...mark.items.map((item) => item.fromMs));
  const toMs = Math.max(...mark.items.map((item) => item.toMs));
  const until = momentName(toMs, context);
  const from = momentName(fromMs, context);
  const range = from === until ? from : `${from} to ${until}`;
  return `${plural(mark.items.length, "event")} close together, ${context.system}, ${range}. Zooms in`;
}
