"use client";
import type { ReactNode } from "react";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { moneyLabel, plural } from "@/components/ui/number-format";
import { usePreferences } from "@/components/ui/preferences";
import { StageLabel } from "@/components/ui/stage-label";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { Journey } from "@/lib/domain/journey";
import { Beliefs } from "./beliefs";
import type { LiveConnection } from "./live";
import { StageBar } from "./stage-bar";

const CONNECTIONS: Readonly<Record<LiveConnection, { tone: BadgeTone; text: string }>> = {
  off: { tone: "waiting", text: "Not live" },
  connecting: { tone: "waiting", text: "Connecting" },
  live: { tone: "settled", text: "Live" },
  interrupted: { tone: "attention", text: "Reconnecting" },
};

export function JourneyHeader({
  journey,
  connection,
}: {
  readonly journey: Journey;
  readonly connection: LiveConnection;
}) {
  const vocabulary = useVocabulary();
  const label = vocabulary.object(journey.root.type);
  const { tone, text } = CONNECTIONS[connection];
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="flex min-w-0 items-center gap-2 text-xl font-semibold">
          <span className="text-ink-muted">{label}</span>
          <span className="font-id min-w-0 break-all">{journey.root.id}</span>
          <CopyButton text={journey.root.id} label={`${label} ${journey.root.id}`} />
        </h1>
        <StageLabel stage={journey.stage} />
        {journey.agreed ? null : <Badge tone="broken">Systems disagree</Badge>}
        {journey.failures > 0 ? <Badge tone="attention">{plural(journey.failures, "failure")}</Badge> : null}
        <span className="ml-auto">
          <Badge tone={tone}>{text}</Badge>
        </span>
      </div>
      <p className="text-base">{journey.sentence}</p>
      <dl className="flex flex-wrap gap-x-8 gap-y-2 text-sm">
        <Fact name="Next">{journey.nextStep ?? "Nothing more is expected"}</Fact>
        {journey.value ? <Fact name="Value">{moneyLabel(journey.value)}</Fact> : null}
        {journey.promisedAt ? (
          <Fact name="Promised">
            <PromisedTime at={journey.promisedAt} journey={journey} />
          </Fact>
        ) : null}
        {journey.firstEventAt ? (
          <Fact name="Since">
            <Time at={journey.firstEventAt} form="short" />
          </Fact>
        ) : null}
        {journey.lastEventAt ? (
          <Fact name="Last event">
            <Time at={journey.lastEventAt} />
          </Fact>
        ) : null}
      </dl>
      <StageBar stages={journey.stages} cancelled={journey.stage === "Cancelled"} />
      <Beliefs journey={journey} />
    </header>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex gap-2">
      <dt className="text-ink-muted">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

/** Late means: the promise has passed and not everything has arrived. */
function PromisedTime({ at, journey }: { readonly at: string; readonly journey: Journey }) {
  const { nowMs } = usePreferences();
  const delivered = journey.stages.find((progress) => progress.stage === "Delivered");
  const momentMs = journey.asOf ? Date.parse(journey.asOf) : nowMs;
  const late = delivered?.state !== "full" && journey.stage !== "Cancelled" && Date.parse(at) < momentMs;
  return (
    <span className={late ? "text-broken" : ""}>
      <Time at={at} form="short" />
      {late ? " · late" : ""}
    </span>
  );
}
