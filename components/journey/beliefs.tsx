"use client";
import { CircleCheck, TriangleAlert } from "lucide-react";
import { BEHIND_MS } from "@/components/ui/source-reach";
import { inFlow } from "@/components/ui/system-flow";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { Journey, SourceStatus } from "@/lib/domain/journey";
import { eventLabel } from "./event-label";

/** What each system believes of this order. One that lags behind what another proved says so in words. */
export function Beliefs({ journey }: { readonly journey: Journey }) {
  const vocabulary = useVocabulary();
  const { statusBySource } = journey;
  const statuses = inFlow(Object.keys(statusBySource), vocabulary).flatMap((source) => {
    const status = statusBySource[source];
    return status ? [[source, status] as const] : [];
  });
  const holders = statuses.filter(([, status]) => status.stage !== null || status.disagreement !== null);
  const carriers = statuses.filter(([, status]) => status.stage === null && status.disagreement === null);
  if (statuses.length === 0) return null;
  return (
    <div>
      <div className="mb-1.5 flex flex-wrap items-center gap-x-3 text-xs">
        <h2 id="beliefs" className="font-semibold text-ink-muted">
          What each system believes
        </h2>
        <Agreement agreed={journey.agreed} />
      </div>
      <ul aria-labelledby="beliefs" className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-2">
        {holders.map(([source, status]) => (
          <Belief
            key={source}
            name={vocabulary.system(source)}
            source={source}
            status={status}
            onlyThrough={lagOf(source, journey.completeThrough)}
          />
        ))}
      </ul>
      {carriers.length > 0 ? (
        <p className="mt-1.5 text-xs text-ink-faint">
          Without a status of their own: {carriers.map(([source]) => vocabulary.system(source)).join(", ")}
        </p>
      ) : null}
    </div>
  );
}

function Agreement({ agreed }: { readonly agreed: boolean }) {
  const Icon = agreed ? CircleCheck : TriangleAlert;
  return (
    <span className={`inline-flex items-center gap-1 ${agreed ? "text-settled" : "font-medium text-broken"}`}>
      <Icon aria-hidden className="size-3.5" />
      {agreed ? "They agree" : "They disagree"}
    </span>
  );
}

interface BeliefProps {
  readonly name: string;
  readonly source: string;
  readonly status: SourceStatus;
  /** How far the source reaches, where that is less far than the others. */
  readonly onlyThrough: string | null;
}

function lagOf(source: string, completeThrough: Journey["completeThrough"]): string | null {
  const through = completeThrough[source];
  const newestMs = Math.max(...Object.values(completeThrough).map((at) => Date.parse(at)));
  return through !== undefined && newestMs - Date.parse(through) > BEHIND_MS ? through : null;
}

function Belief({ name, source, status, onlyThrough }: BeliefProps) {
  const { disagreement } = status;
  return (
    <li
      className={`min-w-0 rounded-md border px-2.5 py-1.5 ${disagreement ? "border-broken bg-broken-tint" : "border-line bg-surface"}`}
      title={`${eventLabel(status.lastEventType)} was its last word`}
    >
      <p className="flex items-baseline justify-between gap-2 text-xs text-ink-muted">
        <span className="truncate" title={source}>
          {name}
        </span>
        <Time at={status.since ?? status.lastEventAt} className="shrink-0 text-2xs" />
      </p>
      <p className="truncate text-sm font-medium">{status.stage ?? eventLabel(status.lastEventType)}</p>
      {disagreement ? (
        <p className="mt-0.5 flex items-start gap-1 text-xs text-broken">
          <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
          {disagreement}
        </p>
      ) : null}
      {onlyThrough ? (
        <p className="mt-0.5 text-2xs text-attention">
          Complete only through <Time at={onlyThrough} form="short" />
        </p>
      ) : null}
    </li>
  );
}
