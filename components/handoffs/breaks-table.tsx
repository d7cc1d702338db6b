"use client";
import { LoaderCircle } from "lucide-react";
import Link from "next/link";
import { FileLinks } from "@/components/ui/file-links";
import { handoffHref, withParameters } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { groupedDecimal, moneyLabel, plural } from "@/components/ui/number-format";
import { type Column, Table } from "@/components/ui/table";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { acceptanceStartOf } from "./acceptance-dialog";
import { DecideButtons, type HandoffRights } from "./decide-buttons";
import { type Decisions, useDecisions } from "./decisions";
import { filterBody, listFilter, workbenchHref } from "./filter-address";
import { handoffKey, type RuleBook, ruleName, signedDifference, stateLabel } from "./handoff-words";
import { useLiveHandoffs } from "./live";
import { SelectionSum } from "./selection-sum-view";
import { ActualSide, ExpectedSide, Variance } from "./side-cells";
import { ResolutionBadge, StateBadge } from "./state-badge";

export interface BreaksTableProps {
  readonly handoffs: readonly ListedHandoff[];
  readonly total: number;
  readonly rules: RuleBook;
  readonly rights: HandoffRights;
  readonly address: string;
  /** Named as `?sort=`: "stake", "-stake", … */
  readonly sort: string;
  /** The filter whose totals are watched for changes. */
  readonly watched: string;
}

/** The breaks in two panes, expected beside actual; what is selected is summed below and decided about there. */
export function BreaksTable(props: BreaksTableProps) {
  const { handoffs, total, rules, rights, address } = props;
  const decisions = useDecisions(rules);
  useLiveHandoffs(props.watched);
  const matching = { total, filter: filterBody(listFilter(address)) };
  return (
    <>
      <Table
        caption="Handoffs"
        columns={columnsOf(props, decisions.settling)}
        rows={handoffs}
        keyOf={handoffKey}
        hrefOf={handoffHref}
        actions={(selected) => (
          <div className="flex w-full flex-wrap items-center gap-x-5 gap-y-2">
            <span role="status" className="text-xs font-medium">
              {plural(selected.length, "handoff")} selected
            </span>
            <SelectionSum handoffs={selected} />
            <DecideButtons
              handoffs={selected}
              rights={rights}
              onDecide={(kind) => decisions.decide({ kind, handoffs: selected, matching })}
              onAcceptAlways={() => decisions.acceptAlways(acceptanceStartOf(selected))}
            />
          </div>
        )}
        download={
          <FileLinks what={`all ${plural(total, "handoff")}`} hrefOf={(format) => exportHref(address, format)} />
        }
      />
      {decisions.dialogs}
    </>
  );
}

function exportHref(address: string, format: string): string {
  const kept = new URLSearchParams(address);
  const parameters = listFilter(address);
  for (const name of ["sort", "date"]) {
    const value = kept.get(name);
    if (value) parameters.set(name, value);
  }
  return `/api/v1/handoffs/export${withParameters(parameters, { format })}`;
}

const PANE = "border-l border-line bg-canvas/60";

function columnsOf(
  { rules, address, sort }: Pick<BreaksTableProps, "rules" | "address" | "sort">,
  settling: Decisions["settling"],
): Column<ListedHandoff>[] {
  const sortBy = (id: string, first: "ascending" | "descending") => ({
    sortHref: workbenchHref(address, { sort: sort === id ? `-${id}` : id }),
    ...(sort === id ? { sorted: first } : {}),
    ...(sort === `-${id}` ? { sorted: first === "ascending" ? ("descending" as const) : ("ascending" as const) } : {}),
  });
  return [
    {
      id: "handoff",
      header: "Handoff",
      cell: (handoff) => <HandoffName handoff={handoff} rules={rules} />,
      text: (handoff) => `${handoff.rule} ${handoff.key.id}`,
      ...sortBy("key", "ascending"),
    },
    {
      id: "expected",
      header: "Expected",
      cell: (handoff) => <ExpectedSide handoff={handoff} rule={rules[handoff.rule]} />,
      text: (handoff) => handoff.totals.expectedAmount ?? "",
      className: PANE,
      wideOnly: true,
    },
    {
      id: "actual",
      header: "Actual",
      cell: (handoff) => <ActualSide handoff={handoff} rule={rules[handoff.rule]} />,
      text: (handoff) => handoff.totals.actualAmount ?? "",
      className: PANE,
      wideOnly: true,
    },
    {
      id: "variance",
      header: "Variance",
      cell: (handoff) => (
        <>
          <Variance handoff={handoff} />
          <Stake handoff={handoff} />
        </>
      ),
      text: (handoff) => handoff.stake,
      className: "border-l border-line",
      wideOnly: true,
      ...sortBy("stake", "descending"),
    },
    {
      id: "state",
      header: "State",
      cell: (handoff) => <State handoff={handoff} isSettling={settling.has(handoffKey(handoff))} />,
      text: (handoff) => stateLabel(handoff.state),
      wideOnly: true,
      ...sortBy("age", "descending"),
    },
  ];
}

function HandoffName({ handoff, rules }: { readonly handoff: ListedHandoff; readonly rules: RuleBook }) {
  const vocabulary = useVocabulary();
  // A carrier is known by its name; a customer, by the number that the order gave.
  const partner = handoff.partner === "" ? "" : vocabulary.system(handoff.partner);
  return (
    <div className="min-w-0">
      <Link
        href={handoffHref(handoff)}
        prefetch={false}
        className="font-medium underline-offset-2 hover:underline"
        title={rules[handoff.rule]?.description}
      >
        {ruleName(rules, handoff.rule)}
      </Link>
      <p className="text-xs">
        <Identifier object={handoff.key} typed />
        {handoff.group.size > 1 ? (
          <span className="text-ink-muted"> and {handoff.group.size - 1} more compared with it</span>
        ) : null}
      </p>
      <p className="text-xs text-ink-muted">
        {[handoff.period, handoff.location, partner].filter((text) => text !== "").join(" · ")}
      </p>
      <div className="mt-1 sm:hidden">
        <span className="flex flex-wrap gap-1">
          <StateBadge handoff={handoff} />
          <ResolutionBadge handoff={handoff} />
        </span>
        <div className="mt-1 grid grid-cols-2 gap-2 rounded-md bg-canvas p-2">
          <ExpectedSide handoff={handoff} rule={rules[handoff.rule]} />
          <ActualSide handoff={handoff} rule={rules[handoff.rule]} />
        </div>
        <Variance handoff={handoff} />
      </div>
    </div>
  );
}

/** What is at stake, where the variance beside it does not say so. */
function Stake({ handoff }: { readonly handoff: ListedHandoff }) {
  const { stake, totals, group, key } = handoff;
  const leads = group.lead.type === key.type && group.lead.id === key.id;
  if (!leads) return <p className="text-xs text-ink-muted">counted with {group.lead.id}</p>;
  const between = signedDifference(totals.expectedAmount, totals.actualAmount, 2)?.replace(/^[+−]/, "");
  if (groupedDecimal(stake, 2) === between && !isSettledState(handoff)) return null;
  return (
    <p className="text-xs whitespace-nowrap text-ink-muted">
      {moneyLabel({ amount: stake, currency: totals.currency })} at stake
    </p>
  );
}

const isSettledState = ({ state }: ListedHandoff): boolean => state === "matched" || state === "void";

function State({ handoff, isSettling }: { readonly handoff: ListedHandoff; readonly isSettling: boolean }) {
  if (isSettling)
    return (
      <span role="status" className="inline-flex items-center gap-1 text-xs text-ink-muted">
        <LoaderCircle aria-hidden className="size-3 animate-spin" />
        Being taken in…
      </span>
    );
  return (
    <span className="flex flex-col items-start gap-1">
      <StateBadge handoff={handoff} />
      <ResolutionBadge handoff={handoff} />
    </span>
  );
}
