import type { StageProgress } from "@/lib/domain/journey";

const FILLS = { none: "bg-line", partial: "bg-attention", full: "bg-settled" } as const;

/** Nine dashes, one per stage: how far an order is, at a glance down a list. The stage in words stands beside it. */
export function StageMeter({ stages }: { readonly stages: readonly StageProgress[] }) {
  return (
    <span aria-hidden className="flex gap-px">
      {stages.map(({ stage, state }) => (
        <span
          key={stage}
          title={state === "partial" ? `Partially ${stage.toLowerCase()}` : stage}
          className={`h-1 w-2.5 first:rounded-l-full last:rounded-r-full ${FILLS[state]}`}
        />
      ))}
    </span>
  );
}
