"use client";
import { Download } from "lucide-react";
import { eventKey } from "@/components/journey/event-label";
import { Badge } from "@/components/ui/badge";
import { plural } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { Moment } from "@/lib/domain/handoffs/history";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { DecisionEntry, HandoffViewProps } from "./handoff-view";
import { ACT_LABELS, REASON_LABELS, resolutionLabel, stateLabel, stateTone } from "./handoff-words";
import { Panel } from "./panel";

/** How it came to be, and what people decided: two columns of one story. */
export function HandoffHistory({
  handoff,
  history,
  decisions,
}: Pick<HandoffViewProps, "handoff" | "history" | "decisions">) {
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
      <Panel title="Decisions">
        {decisions.length === 0 && handoff.resolution?.kind !== "standing" ? (
          <p className="text-sm text-ink-muted">Nobody has decided anything about it.</p>
        ) : null}
        <ol className="flex flex-col gap-3 text-sm">
          {handoff.resolution?.kind === "standing" ? <Standing handoff={handoff} /> : null}
          {[...decisions].reverse().map((entry) => (
            <Entry key={entry.id} entry={entry} handoff={handoff} isAnswered={isAnswered(entry, decisions)} />
          ))}
        </ol>
      </Panel>
      <Panel title="How it came to be">
        <ol className="flex flex-col gap-2 text-sm">
          {[...history.moments].reverse().map((moment, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two moments may share their time; the list only grows at its end
            <Step key={`${moment.at}-${index}`} moment={moment} />
          ))}
        </ol>
        {history.truncated ? <p className="mt-2 text-xs text-ink-muted">Earlier steps are not shown.</p> : null}
      </Panel>
    </div>
  );
}

const isAnswered = ({ id }: DecisionEntry, all: readonly DecisionEntry[]): boolean =>
  all.some(({ answers }) => answers === id);

function Standing({ handoff: { resolution } }: { readonly handoff: ListedHandoff }) {
  if (!resolution) return null;
  return (
    <li>
      <p>
        <span className="font-medium">Accepted always</span>, by a standing acceptance of {resolution.by}
      </p>
      <p className="text-ink-muted">{resolution.reason}</p>
    </li>
  );
}

interface EntryProps {
  readonly entry: DecisionEntry;
  readonly handoff: ListedHandoff;
  readonly isAnswered: boolean;
}

const KILOBYTE = 1024;

function Entry({ entry, handoff, isAnswered: answered }: EntryProps) {
  const isDecision = entry.type === "handoff.matched" || entry.type === "handoff.accepted";
  const holds = handoff.resolution?.actId === entry.id;
  const waits = holds && handoff.resolution?.kind === "awaiting_approval";
  return (
    <li>
      <p className="flex flex-wrap items-center gap-x-2">
        <span className="font-medium">{ACT_LABELS[entry.type]}</span>
        <span>by {entry.by}</span>
        {entry.isApprovalNeeded && isDecision ? (
          <Badge tone={waits ? "attention" : "neutral"}>
            {waits ? "waits for a second person" : answered ? "answered" : "needed a second person"}
          </Badge>
        ) : null}
        {isDecision && !holds ? <Badge tone="waiting">no longer holds</Badge> : null}
        <Time at={entry.at} form="stamp" className="ml-auto text-xs text-ink-muted" />
      </p>
      {entry.reason ? (
        <p className="break-words">
          {isDecision ? <span className="text-ink-muted">{REASON_LABELS[entry.reasonCode]}: </span> : null}
          {entry.reason}
        </p>
      ) : null}
      {entry.note ? <p className="break-words whitespace-pre-wrap text-ink-muted">{entry.note}</p> : null}
      {entry.keys.length > 1 ? (
        <p className="text-xs text-ink-muted">
          together with{" "}
          {entry.keys
            .map(({ id }) => id)
            .filter((id) => id !== handoff.key.id)
            .join(", ")}
        </p>
      ) : null}
      {entry.files.map((file) => (
        <a
          key={file.id}
          href={`/api/v1/attachments/${encodeURIComponent(file.id)}`}
          className="mr-3 inline-flex items-center gap-1 text-accent underline-offset-2 hover:underline"
        >
          <Download aria-hidden className="size-3.5" />
          {file.name}
          <span className="text-xs text-ink-muted">{Math.ceil(file.bytes / KILOBYTE)} KB</span>
        </a>
      ))}
    </li>
  );
}

function Step({ moment }: { readonly moment: Moment }) {
  const vocabulary = useVocabulary();
  const { at, state, because, events, ruleVersion, resolution } = moment;
  const sources = [...new Set(events.map(({ source }) => vocabulary.system(source)))].join(", ");
  const causes = {
    events: `${plural(events.length, "event")} of ${sources} came`,
    due: "its time was up",
    rule: `version ${ruleVersion} of the rule took effect`,
  };
  return (
    <li className="flex flex-wrap items-center gap-x-2">
      <Badge tone={stateTone(state)}>{stateLabel(state)}</Badge>
      {resolution ? <span className="text-xs">{resolutionLabel(resolution.kind)}</span> : null}
      <span className="text-ink-muted" title={events.map(eventKey).join("\n")}>
        {causes[because]}
      </span>
      <Time at={at} form="stamp" className="ml-auto text-xs text-ink-muted" />
    </li>
  );
}
