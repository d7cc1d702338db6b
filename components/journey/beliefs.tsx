"use client";
import { TriangleAlert } from "lucide-react";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { SourceStatus } from "@/lib/domain/journey";
import { eventLabel } from "./event-label";

/** What each system believes of this order. The one that lags behind what another proved says so in words. */
export function Beliefs({
  statusBySource,
  agreed,
}: {
  readonly statusBySource: Readonly<Record<string, SourceStatus>>;
  readonly agreed: boolean;
}) {
  const vocabulary = useVocabulary();
  const entries = Object.entries(statusBySource).filter(
    ([, status]) => status.stage !== null || status.disagreement !== null,
  );
  const silent = Object.entries(statusBySource).filter(
    ([, status]) => status.stage === null && status.disagreement === null,
  );
  if (entries.length === 0 && silent.length === 0) return null;
  return (
    <section aria-label="What each system believes">
      <h2 className="mb-1.5 text-xs font-semibold text-ink-muted">
        What each system believes
        <span className={`ml-2 font-normal ${agreed ? "text-settled" : "text-broken"}`}>
          {agreed ? "They agree" : "They disagree"}
        </span>
      </h2>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(11.5rem,1fr))] gap-2">
        {entries.map(([source, status]) => (
          <li
            key={source}
            className={`rounded-md border px-2.5 py-1.5 ${status.disagreement ? "border-broken bg-broken-tint" : "border-line bg-surface"}`}
          >
            <p className="flex items-baseline justify-between gap-2">
              <span className="truncate text-xs text-ink-muted">{vocabulary.system(source)}</span>
              {status.since ? <Time at={status.since} className="shrink-0 text-2xs text-ink-faint" /> : null}
            </p>
            <p className="font-medium">{status.stage ?? eventLabel(status.lastEventType)}</p>
            {status.disagreement ? (
              <p className="mt-0.5 flex gap-1 text-xs text-broken">
                <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
                <span>{status.disagreement}</span>
              </p>
            ) : null}
          </li>
        ))}
      </ul>
      {silent.length > 0 ? (
        <p className="mt-1.5 text-xs text-ink-faint">
          Carried messages, holds no status: {silent.map(([source]) => vocabulary.system(source)).join(", ")}
        </p>
      ) : null}
    </section>
  );
}
