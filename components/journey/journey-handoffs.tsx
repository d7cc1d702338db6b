"use client";
import Link from "next/link";
import { stateLabel } from "@/components/handoffs/handoff-words";
import { ActualSide, ExpectedSide, Variance } from "@/components/handoffs/side-cells";
import { ResolutionBadge, StateBadge } from "@/components/handoffs/state-badge";
import { handoffHref } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { LinkPending } from "@/components/ui/link-pending";
import { EmptyState } from "@/components/ui/states";
import { type Column, Table } from "@/components/ui/table";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { RuleInfo } from "@/lib/domain/handoffs/rule-info";
import { byGravity } from "@/lib/domain/handoffs/worst-break";

export interface JourneyHandoffsProps {
  readonly handoffs: readonly ListedHandoff[];
  readonly rules: Readonly<Record<string, RuleInfo>>;
  /** Whether the workbench may be opened from here. */
  readonly mayReconcile: boolean;
  readonly name: string;
}

/** Every handoff of an order: what is broken first, then what waits, then what is settled. */
export function JourneyHandoffs({ handoffs, rules, mayReconcile, name }: JourneyHandoffsProps) {
  if (handoffs.length === 0)
    return (
      <EmptyState title="No handoff of this order">
        No rule has anything to say about it yet: nothing happened that asks for something to follow.
      </EmptyState>
    );
  return (
    <Table
      caption={`Handoffs of ${name}`}
      columns={columnsOf(rules, mayReconcile)}
      rows={[...handoffs].sort((a, b) => rankOf(a) - rankOf(b) || byGravity(a, b))}
      keyOf={(handoff) => `${handoff.rule}/${handoff.key.type}/${handoff.key.id}`}
      {...(mayReconcile ? { hrefOf: handoffHref } : {})}
    />
  );
}

const rankOf = ({ open, state }: ListedHandoff): number => (open ? 0 : state === "pending" ? 1 : 2);

const columnsOf = (rules: JourneyHandoffsProps["rules"], mayReconcile: boolean): Column<ListedHandoff>[] => [
  {
    id: "handoff",
    header: "Handoff",
    cell: (handoff) => {
      const title = rules[handoff.rule]?.name ?? handoff.rule;
      return (
        <>
          {mayReconcile ? (
            <Link
              href={handoffHref(handoff)}
              prefetch={false}
              className="font-medium underline-offset-2 hover:underline"
            >
              {title}
              <LinkPending />
            </Link>
          ) : (
            <span className="font-medium">{title}</span>
          )}
          <p className="text-xs">
            <Identifier object={handoff.key} typed copy={false} />
          </p>
        </>
      );
    },
    text: (handoff) => `${handoff.rule} ${handoff.key.id}`,
  },
  {
    id: "state",
    header: "State",
    cell: (handoff) => (
      <span className="flex flex-col items-start gap-1">
        <StateBadge handoff={handoff} />
        <ResolutionBadge handoff={handoff} />
      </span>
    ),
    text: (handoff) => stateLabel(handoff.state),
  },
  {
    id: "expected",
    header: "Expected",
    cell: (handoff) => <ExpectedSide handoff={handoff} rule={rules[handoff.rule]} />,
    text: (handoff) => handoff.totals.expectedAmount ?? "",
    wideOnly: true,
  },
  {
    id: "actual",
    header: "Actual",
    cell: (handoff) => <ActualSide handoff={handoff} rule={rules[handoff.rule]} />,
    text: (handoff) => handoff.totals.actualAmount ?? "",
    wideOnly: true,
  },
  {
    id: "variance",
    header: "Variance",
    cell: (handoff) => (handoff.open ? <Variance handoff={handoff} /> : null),
    text: (handoff) => handoff.stake,
    wideOnly: true,
  },
];
