"use client";
import { Button } from "@/components/ui/button";
import { countLabel, moneyLabel, plural } from "@/components/ui/number-format";
import type { BulkResult, Plan } from "./act-requests";
import { Problem } from "./form-fields";

const VERBS = { accept: "accepted", match: "matched", reopen: "reopened" } as const;
const LISTED_MAX = 200;

interface PlanStepProps {
  readonly plan: Plan;
  readonly isBusy: boolean;
  readonly problem: string | null;
  readonly onBack: () => void;
  readonly onCarryOut: () => void;
}

/** What will be done, and what is left out and why, before anything is. */
export function PlanStep({ plan, isBusy, problem, onBack, onCarryOut }: PlanStepProps) {
  const verb = VERBS[plan.action];
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p className="text-base">
        <strong>{plural(plan.willDecide, "handoff")}</strong> will be {verb}
        {plan.stakes.length > 0 ? <>, {plan.stakes.map(moneyLabel).join(" and ")} at stake</> : null}.
      </p>
      {plan.matching > plan.total ? (
        <p className="rounded-md bg-attention-tint px-3 py-2 text-attention">
          {countLabel(plan.matching)} match; one plan is about the first {countLabel(plan.total)}. Make another for the
          rest.
        </p>
      ) : null}
      <Reasons title="Left out" lines={plan.skipped} />
      <Problem text={problem} />
      <div className="flex justify-end gap-2">
        <Button onClick={onBack} disabled={isBusy}>
          Back
        </Button>
        <Button tone="primary" onClick={onCarryOut} disabled={isBusy || plan.willDecide === 0}>
          {isBusy ? "Working…" : `Carry out ${countLabel(plan.willDecide)}`}
        </Button>
      </div>
    </div>
  );
}

interface ResultStepProps {
  readonly result: BulkResult;
  readonly isBusy: boolean;
  readonly problem: string | null;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

export function ResultStep({ result, isBusy, problem, onAgain, onClose }: ResultStepProps) {
  return (
    <div className="flex flex-col gap-3 text-sm" role="status">
      <p className="text-base">
        <strong>{countLabel(result.done)} done</strong>, {countLabel(result.skipped)} left out,{" "}
        {countLabel(result.failed)} failed.
      </p>
      <Reasons title="Failed" lines={result.results.filter((each) => each.result === "failed")} />
      <Reasons title="Left out" lines={result.results.filter((each) => each.result === "skipped")} />
      <Problem text={problem} />
      <div className="flex justify-end gap-2">
        {result.failed > 0 ? (
          <Button onClick={onAgain} disabled={isBusy}>
            Try the failed again
          </Button>
        ) : null}
        <Button tone="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  );
}

interface Reasoned {
  readonly rule: string;
  readonly key: { readonly type: string; readonly id: string };
  readonly detail: string;
}

/** By reason, with the keys on demand. */
function Reasons({ title, lines }: { readonly title: string; readonly lines: readonly Reasoned[] }) {
  if (lines.length === 0) return null;
  const byReason = new Map<string, Reasoned[]>();
  for (const line of lines) byReason.set(line.detail, [...(byReason.get(line.detail) ?? []), line]);
  return (
    <section aria-label={title}>
      <h3 className="text-xs font-semibold text-ink-muted">
        {title}: {countLabel(lines.length)}
      </h3>
      <ul className="mt-1 flex flex-col gap-1">
        {[...byReason].map(([reason, own]) => (
          <li key={reason}>
            <details>
              <summary>
                {countLabel(own.length)} × {reason}
              </summary>
              <p className="font-id mt-1 max-h-40 overflow-y-auto pl-4 text-xs break-words text-ink-muted">
                {own
                  .slice(0, LISTED_MAX)
                  .map(({ key }) => key.id)
                  .join(", ")}
                {own.length > LISTED_MAX ? ` and ${countLabel(own.length - LISTED_MAX)} more` : ""}
              </p>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
