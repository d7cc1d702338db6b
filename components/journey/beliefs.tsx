"use client";
import { TriangleAlert } from "lucide-react";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { Journey } from "@/lib/domain/journey";
import { eventLabel } from "./event-label";

/** What each system believes of this order, with disagreement marked and said. */
export function Beliefs({ journey }: { readonly journey: Journey }) {
  const vocabulary = useVocabulary();
  return (
    <ul aria-label="What each system believes" className="grid gap-2 sm:grid-cols-2 lg:grid-cols-4">
      {Object.entries(journey.statusBySource).map(([source, status]) => (
        <li
          key={source}
          className={`min-w-0 rounded-md border px-3 py-2 text-sm ${status.disagreement ? "border-broken bg-broken-tint" : "border-line bg-surface"}`}
        >
          <div className="flex items-baseline justify-between gap-2">
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
            {journey.completeThrough[source] ? (
              <>
                {" "}
                · complete through <Time at={journey.completeThrough[source]} form="short" />
              </>
            ) : null}
          </p>
        </li>
      ))}
    </ul>
  );
}
