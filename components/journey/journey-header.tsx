"use client";
import { ArrowRight, CircleAlert, CircleCheck, Clock } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { handoffHref } from "@/components/ui/href";
import { groupedDecimal, moneyLabel, plural } from "@/components/ui/number-format";
import { usePreferences } from "@/components/ui/preferences";
import { Sentence } from "@/components/ui/sentence";
import { StageLabel } from "@/components/ui/stage-label";
import { Time } from "@/components/ui/time";
import { durationLabel } from "@/components/ui/time-format";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { RuleInfo } from "@/lib/domain/handoffs/rule-info";
import { breakSentence, withBreak, worstBreak } from "@/lib/domain/handoffs/worst-break";
import type { Journey } from "@/lib/domain/journey";
import { Beliefs } from "./beliefs";
import { ConnectionState } from "./connection-state";
import type { LiveConnection } from "./live";
import { promiseStatus } from "./promise";
import { StageBar } from "./stage-bar";

export interface JourneyHeaderProps {
  readonly journey: Journey;
  readonly connection: LiveConnection;
  readonly rules: Readonly<Record<string, RuleInfo>>;
  readonly mayReconcile: boolean;
}

export function JourneyHeader({ journey, connection, rules, mayReconcile }: JourneyHeaderProps) {
  const { sentence, worst } = useStory(journey, rules);
  return (
    <header className="flex flex-col gap-4">
      <Title journey={journey} connection={connection} />
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <div className="max-w-3xl min-w-0 flex-1 basis-80">
          <p className="text-lg text-pretty">
            <Sentence text={sentence} />
          </p>
          <p className="mt-0.5 flex items-start gap-1.5 text-sm text-ink-muted">
            <ArrowRight aria-hidden className="mt-0.5 size-4 shrink-0" />
            {journey.nextStep ? `Next: ${journey.nextStep}` : "Nothing more is expected"}
          </p>
          {worst && mayReconcile ? <WorstBreak worst={worst} handoffs={journey.handoffs} rules={rules} /> : null}
        </div>
        <dl className="flex flex-wrap gap-x-6 gap-y-2">
          <Fact name="Value">{journey.value ? moneyLabel(journey.value) : <Nothing />}</Fact>
          <Fact name="Promised">
            <PromiseKept journey={journey} />
          </Fact>
          <Fact name="First event">
            {journey.firstEventAt ? <Time at={journey.firstEventAt} form="short" /> : <Nothing />}
          </Fact>
          <Fact name="Last event">{journey.lastEventAt ? <Time at={journey.lastEventAt} /> : <Nothing />}</Fact>
        </dl>
      </div>
      <StageBar stages={journey.stages} cancelled={journey.stage === "Cancelled"} />
      <Beliefs journey={journey} />
    </header>
  );
}

/** The sentence of the journey, with its worst break and how long that has stood. */
function useStory(journey: Journey, rules: JourneyHeaderProps["rules"]) {
  const vocabulary = useVocabulary();
  const { nowMs } = usePreferences();
  const worst = worstBreak(journey.handoffs);
  if (!worst) return { sentence: journey.sentence, worst };
  const atMs = journey.asOf === null ? nowMs : Date.parse(journey.asOf);
  const forMs = worst.brokenAt === null ? 0 : atMs - Date.parse(worst.brokenAt);
  const since =
    forMs <= 0 ? "" : worst.state === "late" ? `${durationLabel(forMs)} late` : `for ${durationLabel(forMs)}`;
  const broken = breakSentence(worst, rules[worst.rule] ?? null, { ...vocabulary, figure: groupedDecimal });
  return { sentence: withBreak(journey.sentence, broken, since), worst };
}

interface WorstBreakProps extends Pick<JourneyHeaderProps, "rules"> {
  readonly worst: ListedHandoff;
  readonly handoffs: readonly ListedHandoff[];
}

/** From the sentence to the break it names. */
function WorstBreak({ worst, handoffs, rules }: WorstBreakProps) {
  const others = handoffs.filter(({ open }) => open).length - 1;
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-2 text-sm">
      <CircleAlert aria-hidden className="size-4 shrink-0 text-broken" />
      <Link href={handoffHref(worst)} className="text-accent underline-offset-2 hover:underline">
        {rules[worst.rule]?.name ?? worst.rule}, {worst.key.id}
      </Link>
      {others > 0 ? <span className="text-ink-muted">and {plural(others, "other open break")}</span> : null}
    </p>
  );
}

function Title({ journey, connection }: Pick<JourneyHeaderProps, "journey" | "connection">) {
  const vocabulary = useVocabulary();
  const label = vocabulary.object(journey.root.type);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <h1 className="flex min-w-0 flex-wrap items-center gap-x-2 text-xl font-semibold tracking-tight">
        <span className="font-normal text-ink-muted">{label}</span>
        <span className="min-w-0 break-all">{journey.root.id}</span>
        <CopyButton text={journey.root.id} label={`${label} ${journey.root.id}`} />
      </h1>
      <StageLabel stage={journey.stage} />
      {journey.agreed ? null : (
        <Badge tone="broken" icon={<CircleAlert aria-hidden className="size-3" />}>
          Systems disagree
        </Badge>
      )}
      {journey.failures > 0 ? <Badge tone="attention">{plural(journey.failures, "failure")}</Badge> : null}
      <span className="ml-auto">
        <ConnectionState connection={connection} />
      </span>
    </div>
  );
}

const Nothing = () => <span className="font-normal text-ink-faint">not given</span>;

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-ink-muted">{name}</dt>
      <dd className="text-sm font-medium">{children}</dd>
    </div>
  );
}

const ICON = "size-3";

/** The promise and how it stands: kept, missed, late now, or still ahead. */
function PromiseKept({ journey }: { readonly journey: Journey }) {
  const { nowMs } = usePreferences();
  if (journey.promisedAt === null) return <Nothing />;
  const { state, byMs } = promiseStatus(journey, journey.asOf === null ? nowMs : Date.parse(journey.asOf));
  const by = durationLabel(byMs ?? 0);
  const verdicts = {
    late: (
      <Badge tone="broken" icon={<CircleAlert aria-hidden className={ICON} />}>
        {by} late
      </Badge>
    ),
    missed: (
      <Badge tone="attention" icon={<CircleAlert aria-hidden className={ICON} />}>
        delivered {by} late
      </Badge>
    ),
    kept: (
      <Badge tone="settled" icon={<CircleCheck aria-hidden className={ICON} />}>
        kept
      </Badge>
    ),
    due: (
      <Badge tone="waiting" icon={<Clock aria-hidden className={ICON} />}>
        in {by}
      </Badge>
    ),
    none: null,
  };
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Time at={journey.promisedAt} form="short" />
      {verdicts[state]}
    </span>
  );
}
