"use client";
import { ArrowLeft, Waypoints } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { buttonClass } from "@/components/ui/button";
import { journeyHref } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { groupedDecimal, moneyLabel, plural } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { HandoffActType } from "@/lib/domain/handoffs/act";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import type { Moment } from "@/lib/domain/handoffs/history";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { breakSentence } from "@/lib/domain/handoffs/worst-break";
import type { NamedObject } from "@/lib/domain/object";
import { acceptanceStartOf } from "./acceptance-dialog";
import { DecideButtons, type HandoffRights } from "./decide-buttons";
import { useDecisions } from "./decisions";
import { DifferenceTable } from "./difference-table";
import { WORKBENCH, workbenchHref } from "./filter-address";
import { HandoffHistory } from "./handoff-history";
import { type ReasonCode, type RuleBook, ruleName } from "./handoff-words";
import { useLiveHandoffs } from "./live";
import { Panel } from "./panel";
import { SideEvents } from "./side-events";
import { ResolutionBadge, StateBadge } from "./state-badge";

/** One act on a handoff, as the page reads it. */
export interface DecisionEntry {
  readonly id: string;
  readonly type: HandoffActType;
  readonly at: string;
  readonly by: string;
  readonly keys: readonly NamedObject[];
  readonly reason: string;
  readonly reasonCode: ReasonCode;
  readonly note: string;
  /** Of an approval or refusal: the act it answers. */
  readonly answers: string;
  readonly isApprovalNeeded: boolean;
  readonly files: readonly { readonly id: string; readonly name: string; readonly bytes: number }[];
}

export interface HandoffViewProps {
  readonly handoff: ListedHandoff;
  readonly rules: RuleBook;
  readonly expected: readonly HandoffEvent[];
  readonly actual: readonly HandoffEvent[];
  readonly history: { readonly moments: readonly Moment[]; readonly truncated: boolean };
  readonly decisions: readonly DecisionEntry[];
  readonly rights: HandoffRights;
}

/** One handoff, whole: both sides, what lies between them, how it came to be, and what was decided. */
export function HandoffView(props: HandoffViewProps) {
  const { handoff, rules, expected, actual } = props;
  const decisions = useDecisions(rules);
  useLiveHandoffs(new URLSearchParams({ rule: handoff.rule, key: `${handoff.key.type}/${handoff.key.id}` }).toString());
  return (
    <article className="flex flex-col gap-4">
      <Header {...props}>
        <DecideButtons
          handoffs={[handoff]}
          rights={props.rights}
          onDecide={(kind) => decisions.decide({ kind, handoffs: [handoff] })}
          onAcceptAlways={() => decisions.acceptAlways(acceptanceStartOf([handoff]))}
        />
      </Header>
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <SideEvents title="Expected" events={expected} count={handoff.from.length} excess={[]}>
          Nothing caused it: no event that would ask for this posting is known.
        </SideEvents>
        <SideEvents title="Actual" events={actual} count={handoff.to.length} excess={handoff.excess}>
          {handoff.dueAt ? (
            <>
              Nothing has followed. It was due <Time at={handoff.dueAt} form="short" />.
            </>
          ) : (
            "Nothing has followed."
          )}
        </SideEvents>
      </div>
      <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        <Panel title="Difference">
          <DifferenceTable handoff={handoff} />
        </Panel>
        <Panel title="Facts">
          <Facts handoff={handoff} rules={rules} />
        </Panel>
      </div>
      <HandoffHistory {...props} />
      <Panel title="Exceptions">
        <p className="text-sm text-ink-muted">
          Failed messages behind a break are not listed here yet. Failures of this order show on its journey.
        </p>
      </Panel>
      {decisions.dialogs}
    </article>
  );
}

function Header({ handoff, rules, children }: HandoffViewProps & { readonly children: ReactNode }) {
  const vocabulary = useVocabulary();
  const rule = rules[handoff.rule];
  const isBroken = handoff.brokenAt !== null;
  return (
    <header className="flex flex-col gap-2">
      <Link
        href={WORKBENCH}
        className="inline-flex w-fit items-center gap-1 rounded-sm text-xs text-ink-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-3.5" />
        Open breaks
      </Link>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight">
          <span className="font-normal text-ink-muted">{ruleName(rules, handoff.rule)}</span>{" "}
          <span className="break-all">{handoff.key.id}</span>
        </h1>
        <StateBadge handoff={handoff} />
        <ResolutionBadge handoff={handoff} />
      </div>
      {isBroken ? (
        <p className="text-lg text-pretty">
          {breakSentence(handoff, rule ?? null, { ...vocabulary, figure: groupedDecimal })}.
        </p>
      ) : null}
      {rule?.description ? <p className="max-w-3xl text-sm text-ink-muted">{rule.description}</p> : null}
      <div className="flex flex-wrap items-center gap-2">
        {children}
        {handoff.roots.map((root) => (
          <Link key={`${root.type}/${root.id}`} href={journeyHref(root)} className={buttonClass("plain", "small")}>
            <Waypoints aria-hidden className="size-3.5" />
            Journey of {root.id}
          </Link>
        ))}
      </div>
    </header>
  );
}

function Facts({ handoff, rules }: Pick<HandoffViewProps, "handoff" | "rules">) {
  const vocabulary = useVocabulary();
  const rule = rules[handoff.rule];
  const { stake, totals, group } = handoff;
  const isNewest = rule === undefined || rule.version === handoff.ruleVersion;
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-sm sm:grid-cols-3">
      <Fact name={vocabulary.object(handoff.key.type)}>
        <Identifier object={handoff.key} />
      </Fact>
      <Fact name="At stake">{moneyLabel({ amount: stake, currency: totals.currency })}</Fact>
      <Fact name="Due">{handoff.dueAt ? <Time at={handoff.dueAt} form="short" /> : "at once"}</Fact>
      <Fact name="Opened">
        <Time at={handoff.openedAt} form="short" />
      </Fact>
      {handoff.brokenAt ? (
        <Fact name="Broken since">
          <Time at={handoff.brokenAt} form="short" />
        </Fact>
      ) : null}
      {handoff.settledAt ? (
        <Fact name="Settled">
          <Time at={handoff.settledAt} form="short" />
        </Fact>
      ) : null}
      <Fact name="Period">{handoff.period || "none"}</Fact>
      <Fact name="Company code">{handoff.companyCode || "none"}</Fact>
      <Fact name="Warehouse">{handoff.location || "none"}</Fact>
      <Fact name="Partner">{handoff.partner ? vocabulary.system(handoff.partner) : "none"}</Fact>
      <Fact name="Owner">{handoff.owner}</Fact>
      <Fact name="Interface">{handoff.interface || "none"}</Fact>
      <Fact name="Judged by">
        <Link
          href={`/reconciliation/rules/${encodeURIComponent(handoff.rule)}`}
          prefetch={false}
          className="text-accent underline-offset-2 hover:underline"
        >
          version {handoff.ruleVersion} of the rule
        </Link>
        {isNewest ? null : <span className="block text-xs text-ink-muted">version {rule.version} is in force</span>}
      </Fact>
      {group.size > 1 ? (
        <Fact name="Compared with">
          <Link
            href={workbenchHref("", { rule: handoff.rule, q: group.lead.id, state: handoff.state })}
            className="text-accent underline-offset-2 hover:underline"
          >
            {plural(group.size - 1, "other key")}, led by {group.lead.id}
          </Link>
        </Fact>
      ) : null}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-muted">{name}</dt>
      <dd className="font-medium break-words">{children}</dd>
    </div>
  );
}
