"use client";
import { Check } from "lucide-react";
import { Time } from "@/components/ui/time";
import type { StageProgress } from "@/lib/domain/journey";

/** Ordered → … → Paid. What is partial is half filled and says so in words; colour is never the only sign. */
export function StageBar({
  stages,
  cancelled,
}: {
  readonly stages: readonly StageProgress[];
  readonly cancelled: boolean;
}) {
  const furthest = stages.findLastIndex((progress) => progress.state !== "none");
  return (
    <ol
      aria-label="Stages"
      className={`grid grid-cols-3 gap-x-1.5 gap-y-2.5 sm:grid-cols-9 ${cancelled ? "opacity-75" : ""}`}
    >
      {stages.map((progress, index) => (
        <Step
          key={progress.stage}
          progress={progress}
          current={index === furthest && !cancelled}
          passed={index < furthest}
        />
      ))}
    </ol>
  );
}

interface StepProps {
  readonly progress: StageProgress;
  readonly current: boolean;
  /** A later stage was reached: this one was passed without a word, and is not still to come. */
  readonly passed: boolean;
}

const FILLS = { none: "w-0", partial: "w-1/2 bg-attention", full: "w-full bg-settled" } as const;

function Step({ progress, current, passed }: StepProps) {
  const { stage, state } = progress;
  return (
    <li aria-current={current ? "step" : undefined} className="min-w-0">
      <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line">
        <div className={`h-full rounded-full ${FILLS[state]}`} />
      </div>
      <p
        className={`mt-1.5 flex items-start gap-1 text-xs leading-4 ${state === "none" ? "text-ink-faint" : current ? "font-semibold" : "font-medium"}`}
      >
        {state === "full" ? (
          <Check aria-hidden className="mt-0.5 size-3 shrink-0 text-settled" strokeWidth={3} />
        ) : null}
        <span className={`min-w-0 break-words ${state === "partial" ? "text-attention" : ""}`}>
          {state === "partial" ? `Partially ${stage.toLowerCase()}` : stage}
        </span>
        {state === "none" ? <span className="sr-only">: {passed ? "not reported" : "not reached"}</span> : null}
      </p>
      <p className="truncate text-2xs text-ink-faint">
        <StepTime progress={progress} passed={passed} />
      </p>
    </li>
  );
}

function StepTime({ progress, passed }: { readonly progress: StageProgress; readonly passed: boolean }) {
  const { state, firstAt, completedAt } = progress;
  if (firstAt === null) return passed ? "not reported" : <>&nbsp;</>;
  if (state === "partial" || completedAt === null) {
    return (
      <>
        since <Time at={firstAt} form="short" />
      </>
    );
  }
  return <Time at={completedAt} form="short" />;
}
