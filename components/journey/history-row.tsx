"use client";
import { Share2 } from "lucide-react";
import { MarkShape } from "@/components/timeline/mark";
import { Badge } from "@/components/ui/badge";
import { moneyLabel, plural } from "@/components/ui/number-format";
import { usePreferences } from "@/components/ui/preferences";
import { fullTime, preciseTime } from "@/components/ui/time-format";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { JourneyEvent } from "@/lib/domain/journey";
import { clockNotes } from "./clock-note";
import { eventLabel, isMilestone, kindWord, outcomeWord } from "./event-label";
import type { Density } from "./history-filters";
import { OutcomeBadge } from "./outcome-badge";

const PADDING: Readonly<Record<Density, string>> = { compact: "py-0.5", regular: "py-1.5", roomy: "py-2.5" };
const OBJECTS_SHOWN = 3;

export interface HistoryRowProps {
  readonly event: JourneyEvent;
  readonly open: boolean;
  readonly density: Density;
  readonly onToggle: () => void;
}

/** One event in one line (two when roomy), with the same mark as in the swimlanes. */
export function HistoryRow({ event, open, density, onToggle }: HistoryRowProps) {
  const vocabulary = useVocabulary();
  const failed = event.outcome === "failed" || event.outcome === "rejected";
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onToggle}
      className={`grid w-full grid-cols-[5rem_1.25rem_minmax(0,1fr)] items-baseline gap-x-2 px-3 text-left text-sm hover:bg-hover focus-visible:outline-offset-[-2px] sm:grid-cols-[5rem_1.25rem_8.5rem_minmax(0,1fr)_auto] ${PADDING[density]} ${open ? "bg-accent-tint" : ""}`}
    >
      <Clock event={event} />
      <svg
        role="img"
        aria-label={`${kindWord(event.kind)}, ${outcomeWord(event.outcome)}`}
        width={16}
        height={16}
        viewBox="-8 -8 16 16"
        className="self-center"
      >
        <MarkShape kind={event.kind} outcome={event.outcome} milestone={isMilestone(event)} />
      </svg>
      <span className="hidden truncate text-ink-muted sm:inline">{vocabulary.system(event.source)}</span>
      <span className="min-w-0">
        <span className={`font-medium ${failed ? "text-broken" : ""}`}>{eventLabel(event.type)}</span>
        <span className="text-ink-muted sm:hidden"> · {vocabulary.system(event.source)}</span>
        {density === "compact" ? null : <Objects event={event} />}
        {event.error?.message && density !== "compact" ? (
          <span className="block truncate text-xs text-broken">
            {[event.error.code, event.error.message].filter(Boolean).join(" · ")}
          </span>
        ) : null}
        {density === "roomy" ? <Aside event={event} /> : null}
      </span>
      <Badges event={event} />
    </button>
  );
}

/** To the second: events of one minute are the rule, and their order is the story. */
function Clock({ event }: { readonly event: JourneyEvent }) {
  const { zone } = usePreferences();
  const atMs = Date.parse(event.occurredAt);
  return (
    <time dateTime={event.occurredAt} title={fullTime(atMs, zone)} className="text-ink-muted">
      {preciseTime(atMs, zone).slice(0, 8)}
    </time>
  );
}

function Objects({ event }: { readonly event: JourneyEvent }) {
  const vocabulary = useVocabulary();
  const rest = event.objects.length - OBJECTS_SHOWN;
  const named = event.objects
    .filter((object) => object.type !== "trace")
    .slice(0, OBJECTS_SHOWN)
    .map((object) => `${vocabulary.object(object.type)} ${object.id}`);
  // "API call" alone does not say which of the day's calls it was.
  if (event.kind === "api_call" && event.interface !== "") named.unshift(event.interface);
  return (
    <span className="ml-2 break-words text-ink-muted">
      {named.join(" · ")}
      {rest > 0 ? ` · ${rest} more` : ""}
    </span>
  );
}

/** What only the roomiest density has place for. */
function Aside({ event }: { readonly event: JourneyEvent }) {
  const facts = [
    kindWord(event.kind),
    event.interface,
    event.amount === null ? "" : moneyLabel({ amount: event.amount, currency: event.currency }),
    ...clockNotes(event).map((note) => note.text),
  ];
  return <span className="block text-xs text-ink-faint">{facts.filter(Boolean).join(" · ")}</span>;
}

function Badges({ event }: { readonly event: JourneyEvent }) {
  return (
    <span className="col-start-3 flex flex-wrap items-center gap-1 sm:col-start-auto">
      {event.sharedWith > 0 ? (
        <Badge tone="accent" icon={<Share2 aria-hidden className="size-3" />}>
          also in {plural(event.sharedWith, "other order")}
        </Badge>
      ) : null}
      {event.attempt > 1 ? <Badge>attempt {event.attempt}</Badge> : null}
      {event.outcome === "ok" ? null : <OutcomeBadge outcome={event.outcome} />}
    </span>
  );
}
