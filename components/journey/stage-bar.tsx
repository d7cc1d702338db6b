"use client";
import { Check } from "lucide-react";
import { Time } from "@/components/ui/time";
import type { StageProgress } from "@/lib/domain/journey";

const STATE_WORDS = { none: "not reached", partial: "partly", full: "done" } as const;
const BARS = {
  none: "bg-waiting-tint",
  partial: "bg-attention-tint border-attention",
  full: "bg-settled-tint border-settled",
} as const;

/** Ordered → … → Paid. What is partial says so in words; colour is never the only sign. */
export function StageBar({
  stages,
  cancelled,
}: {
  readonly stages: readonly StageProgress[];
  readonly cancelled: boolean;
}) {
  return (
    <ol aria-label="Stages" className={`grid grid-cols-3 gap-1 sm:grid-cols-9 ${cancelled ? "opacity-70" : ""}`}>
      {stages.map(({ stage, state, firstAt, completedAt }) => (
        <li key={stage} className={`min-w-0 rounded border-t-2 border-transparent px-2 py-1 text-xs ${BARS[state]}`}>
          <span className="flex items-center gap-1 font-medium">
            {state === "full" ? <Check aria-hidden className="size-3 shrink-0 text-settled" /> : null}
            <span className="truncate">{state === "partial" ? `Partially ${stage.toLowerCase()}` : stage}</span>
            <span className="sr-only">: {STATE_WORDS[state]}</span>
          </span>
          <span className="block truncate text-2xs text-ink-muted">
            {firstAt ? <Time at={completedAt ?? firstAt} form="short" /> : "—"}
          </span>
        </li>
      ))}
    </ol>
  );
}
