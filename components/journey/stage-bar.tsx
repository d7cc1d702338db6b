"use client";
import { Check } from "lucide-react";
import { usePreferences } from "@/components/ui/preferences";
import { fullTime, shortTime } from "@/components/ui/time-format";
import type { StageProgress } from "@/lib/domain/journey";

/** Nine stages, each none, partial (half filled, and said so) or full, with the time it was reached. */
export function StageBar({
  stages,
  cancelled,
}: {
  readonly stages: readonly StageProgress[];
  readonly cancelled: boolean;
}) {
  const lastReached = stages.findLastIndex((stage) => stage.state !== "none");
  return (
    <div className="-mx-1 overflow-x-auto px-1 pt-0.5 pb-1">
      <ol aria-label="Stages" className="flex min-w-max gap-1">
        {stages.map((progress, index) => (
          <Step
            key={progress.stage}
            progress={progress}
            passed={index <= lastReached}
            current={index === lastReached && !cancelled}
          />
        ))}
      </ol>
    </div>
  );
}

interface StepProps {
  readonly progress: StageProgress;
  /** A later stage was reached: a stage without an event of its own was passed over, not still to come. */
  readonly passed: boolean;
  readonly current: boolean;
}

function Step({ progress, passed, current }: StepProps) {
  const { stage, state } = progress;
  const partial = state === "partial";
  return (
    <li aria-current={current ? "step" : undefined} className="min-w-[5.75rem] flex-1">
      <div className="h-1.5 overflow-hidden rounded-full bg-line">
        <div
          className={`h-full rounded-full ${state === "none" ? "w-0" : partial ? "w-1/2 bg-attention" : "w-full bg-settled"}`}
        />
      </div>
      <p
        className={`mt-1.5 flex items-center gap-1 text-xs ${state === "none" ? "text-ink-faint" : "font-medium text-ink"}`}
      >
        {state === "full" ? <Check aria-hidden className="size-3 shrink-0 text-settled" strokeWidth={3} /> : null}
        {partial ? (
          <span
            aria-hidden
            className="size-2.5 shrink-0 rounded-full border-2 border-attention [background:linear-gradient(90deg,var(--attention)_50%,transparent_50%)]"
          />
        ) : null}
        <span className="truncate">{partial ? `Partially ${stage.toLowerCase()}` : stage}</span>
      </p>
      <p className="text-2xs text-ink-faint">
        <StepTime progress={progress} passed={passed} />
      </p>
    </li>
  );
}

function StepTime({ progress, passed }: { readonly progress: StageProgress; readonly passed: boolean }) {
  const { zone, nowMs } = usePreferences();
  const at = progress.completedAt ?? progress.firstAt;
  if (at === null) return passed ? "not reported" : <span className="sr-only">not yet</span>;
  const atMs = Date.parse(at);
  const since = progress.state === "partial" ? "since " : "";
  return (
    <time dateTime={at} title={fullTime(atMs, zone)}>
      {since}
      {shortTime(atMs, zone, nowMs)}
    </time>
  );
}
