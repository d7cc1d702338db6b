"use client";
import { TriangleAlert } from "lucide-react";
import { BEHIND_MS } from "@/components/ui/source-reach";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { Journey } from "@/lib/domain/journey";
import { eventLabel } from "./event-label";

/** What each system believes of this order, with disagreement marked and said. */
export function Beliefs({ journey }: { readonly journey: Journey }) {
  const vocabulary = useVocabulary();
  return (
    <ul
      aria-label="What each system believes"
      className="grid grid-cols-2 gap-2 sm:grid-cols-[repeat(auto-fill,minmax(12.5rem,1fr))]"
    >
      {Object.entries(journey.statusBySource).map(([source, status]) => (
        <li
          key={source}
          className={`min-w-0 rounded-md border px-3 py-2 text-sm ${status.disagreement ? "border-broken bg-broken-tint" : "border-line bg-surface"}`}
        >
          <div className="flex flex-wrap items-baseline justify-between gap-x-2">
            <span className="truncate font-medium" title={source}>
              {vocabulary.system(source)}
            </span>
            <span className={status.disagreement ? "text-broken" : ""}>{status.stage ?? "No stage"}</span>
          </div>
          {status.disagreement ? (
            <p className="flex items-start gap-1 text-xs text-broken">
              <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" /> {status.disagreement}
            </p>
          ) : null}
          <p className="truncate text-xs text-ink-muted">
            {eventLabel(status.lastEventType)} · <Time at={status.lastEventAt} />
          </p>
          <Reach source={source} journey={journey} />
        </li>
      ))}
    </ul>
  );
}

/** How far the source reaches, where that is less far than the others: the foot of the page says the rest. */
function Reach({ source, journey }: { readonly source: string; readonly journey: Journey }) {
  const through = journey.completeThrough[source];
  const newestMs = Math.max(...Object.values(journey.completeThrough).map((at) => Date.parse(at)));
  if (through === undefined || newestMs - Date.parse(through) <= BEHIND_MS) return null;
  return (
    <p className="text-xs text-attention">
      Complete only through <Time at={through} form="short" />
    </p>
  );
}
