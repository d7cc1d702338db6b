"use client";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { handoffHref } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { Time } from "@/components/ui/time";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { HandoffRights } from "./decide-buttons";
import { useDecisions } from "./decisions";
import { amountLabel, handoffKey, quantityLabel, type RuleBook, ruleName } from "./handoff-words";
import { useLiveHandoffs } from "./live";
import { StateBadge } from "./state-badge";

/** Two handoffs that may be the two sides of one. */
export interface SuggestionLine {
  readonly waiting: ListedHandoff;
  readonly orphan: ListedHandoff;
  /** Up to 1. */
  readonly score: number;
  readonly reasons: readonly string[];
}

interface SuggestionListProps {
  readonly lines: readonly SuggestionLine[];
  readonly rules: RuleBook;
  readonly rights: HandoffRights;
}

export function SuggestionList({ lines, rules, rights }: SuggestionListProps) {
  const decisions = useDecisions(rules);
  useLiveHandoffs("state=orphan&open=true");
  return (
    <>
      <ul>
        {lines.map(({ waiting, orphan, score, reasons }) => (
          <li
            key={`${handoffKey(waiting)} ${handoffKey(orphan)}`}
            className="grid grid-cols-1 gap-x-4 gap-y-2 border-b border-line px-3 py-3 text-sm last:border-b-0 lg:grid-cols-[1fr_1fr_minmax(14rem,1fr)_auto]"
          >
            <Side title={`${ruleName(rules, waiting.rule)}: waits`} handoff={waiting} side="expected" />
            <Side title="Posted without a cause" handoff={orphan} side="actual" />
            <div className="min-w-0">
              <p className="font-medium">{percentOf(score)} % alike</p>
              <ul className="list-disc pl-4 text-xs text-ink-muted">
                {reasons.map((reason) => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
            </div>
            <div className="self-center">
              {rights.mayAct ? (
                <Button
                  size="small"
                  disabled={decisions.settling.has(handoffKey(orphan))}
                  aria-label={`Match ${waiting.key.id} with ${orphan.key.id}`}
                  onClick={() => decisions.decide({ kind: "match", handoffs: [waiting, orphan] })}
                >
                  {decisions.settling.has(handoffKey(orphan)) ? "Being taken in…" : "Match…"}
                </Button>
              ) : null}
            </div>
          </li>
        ))}
      </ul>
      {decisions.dialogs}
    </>
  );
}

/** Two numbers are two numbers, however many reasons there are: never 100 %. */
const percentOf = (score: number): number => Math.min(99, Math.round(score * 100));

interface SideProps {
  readonly title: string;
  readonly handoff: ListedHandoff;
  readonly side: "expected" | "actual";
}

function Side({ title, handoff, side }: SideProps) {
  const { totals } = handoff;
  const [amount, quantity] =
    side === "expected"
      ? [totals.expectedAmount, totals.expectedQuantity]
      : [totals.actualAmount, totals.actualQuantity];
  const figures = [amountLabel(amount, totals.currency), quantityLabel(quantity)].filter((text) => text !== null);
  return (
    <div className="min-w-0">
      <p className="text-xs text-ink-muted">{title}</p>
      <p className="flex flex-wrap items-center gap-2">
        <Identifier object={handoff.key} />
        <Link href={handoffHref(handoff)} className="rounded-sm" aria-label={`The break of ${handoff.key.id}`}>
          <StateBadge handoff={handoff} />
        </Link>
      </p>
      <p className="text-xs text-ink-muted">
        {figures.join(" · ")}
        {figures.length > 0 ? " · " : ""}
        <Time at={handoff.openedAt} form="short" />
      </p>
    </div>
  );
}
