"use client";
import { ArrowRight, CircleAlert, CircleCheck, Clock } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { moneyLabel, plural } from "@/components/ui/number-format";
import { usePreferences } from "@/components/ui/preferences";
import { Time } from "@/components/ui/time";
import { durationLabel } from "@/components/ui/time-format";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { Journey } from "@/lib/domain/journey";
import { Beliefs } from "./beliefs";
import { promiseStatus } from "./promise";
import { StageBar } from "./stage-bar";

export interface JourneyHeaderProps {
  readonly journey: Journey;
  /** Connection state and "as of", at the right of the title. */
  readonly controls: ReactNode;
}

export function JourneyHeader({ journey, controls }: JourneyHeaderProps) {
  const vocabulary = useVocabulary();
  const cancelled = journey.stage === "Cancelled";
  return (
    <header className="space-y-4">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
        <div className="min-w-0">
          <p className="text-xs font-medium text-ink-muted">{vocabulary.object(journey.root.type)}</p>
          <h1 className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xl font-semibold tracking-tight">
            <span className="break-all">{journey.root.id}</span>
            <CopyButton text={journey.root.id} label={journey.root.id} />
            <Badge tone={stageTone(journey)}>{journey.stage}</Badge>
            {journey.failures > 0 ? (
              <Badge tone="broken" icon={<CircleAlert aria-hidden className="size-3" />}>
                {plural(journey.failures, "failure")}
              </Badge>
            ) : null}
          </h1>
        </div>
        {controls}
      </div>
      <div className="grid gap-x-10 gap-y-3 lg:grid-cols-[minmax(0,1fr)_auto]">
        <div className="max-w-3xl">
          <p className="text-lg text-pretty">{journey.sentence}</p>
          {journey.nextStep ? (
            <p className="mt-1 flex items-start gap-1.5 text-sm text-ink-muted">
              <ArrowRight aria-hidden className="mt-0.5 size-4 shrink-0" />
              <span>
                <span className="sr-only">Next: </span>
                {journey.nextStep}
              </span>
            </p>
          ) : null}
        </div>
        <dl className="flex flex-wrap items-start gap-x-8 gap-y-2 lg:justify-end">
          <Fact name="Value">
            {journey.value ? <span className="font-medium">{moneyLabel(journey.value)}</span> : "not given"}
          </Fact>
          <PromiseFact journey={journey} />
          <Fact name="Last event">{journey.lastEventAt ? <Time at={journey.lastEventAt} /> : "none"}</Fact>
        </dl>
      </div>
      <StageBar stages={journey.stages} cancelled={cancelled} />
      <Beliefs statusBySource={journey.statusBySource} agreed={journey.agreed} />
    </header>
  );
}

function stageTone(journey: Journey) {
  if (journey.stage === "Cancelled") return "waiting";
  const done = journey.stages.every((progress) => progress.state === "full");
  return done ? "settled" : "accent";
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-ink-muted">{name}</dt>
      <dd className="text-sm">{children}</dd>
    </div>
  );
}

function PromiseFact({ journey }: { readonly journey: Journey }) {
  const { nowMs } = usePreferences();
  if (journey.promisedAt === null) return <Fact name="Promised">not given</Fact>;
  const asOfMs = journey.asOf === null ? nowMs : Date.parse(journey.asOf);
  const { state, byMs } = promiseStatus(journey, asOfMs);
  const by = byMs === null ? "" : durationLabel(byMs);
  return (
    <Fact name="Promised">
      <span className="flex flex-wrap items-center gap-2">
        <Time at={journey.promisedAt} form="short" className="font-medium" />
        {state === "late" ? (
          <Badge tone="broken" icon={<CircleAlert aria-hidden className="size-3" />}>
            {by} late
          </Badge>
        ) : null}
        {state === "missed" ? (
          <Badge tone="attention" icon={<CircleAlert aria-hidden className="size-3" />}>
            delivered {by} late
          </Badge>
        ) : null}
        {state === "kept" ? (
          <Badge tone="settled" icon={<CircleCheck aria-hidden className="size-3" />}>
            kept
          </Badge>
        ) : null}
        {state === "due" ? (
          <Badge tone="waiting" icon={<Clock aria-hidden className="size-3" />}>
            in {by}
          </Badge>
        ) : null}
      </span>
    </Fact>
  );
}
