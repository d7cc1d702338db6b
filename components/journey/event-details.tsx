"use client";
import { Clock3, Link2, Share2, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { Identifier } from "@/components/ui/identifier";
import { groupedDecimal, moneyLabel, plural } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { durationLabel } from "@/components/ui/time-format";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { JourneyEvent } from "@/lib/domain/journey";
import { clockNotes } from "./clock-note";
import { eventKey, eventLabel, kindWord } from "./event-label";
import { OutcomeBadge } from "./outcome-badge";
import { Payload } from "./payload";

export interface EventDetailsProps {
  readonly event: JourneyEvent;
  /** All attempts of the same call, oldest first, when there were several. */
  readonly attempts: readonly JourneyEvent[];
  readonly onSelect: (key: string) => void;
}

/** Everything one event says, and why it is in this journey. */
export function EventDetails({ event, attempts, onSelect }: EventDetailsProps) {
  return (
    <div className="grid gap-x-8 gap-y-5 text-sm md:grid-cols-2">
      <div className="space-y-5">
        {event.error ? <ErrorBox error={event.error} outcome={event.outcome} /> : null}
        <TimesOf event={event} />
        <FactsOf event={event} />
        {attempts.length > 1 ? <AttemptsOf attempts={attempts} current={event} onSelect={onSelect} /> : null}
      </div>
      <div className="space-y-5">
        <ObjectsOf event={event} />
        <WhyHere event={event} />
      </div>
      <div className="md:col-span-2">
        <Payload key={eventKey(event)} source={event.source} id={event.id} />
      </div>
    </div>
  );
}

export function Section({
  title,
  icon,
  children,
}: {
  readonly title: string;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section>
      <h4 className="mb-1.5 flex items-center gap-1.5 text-xs font-semibold text-ink-muted">
        {icon}
        {title}
      </h4>
      {children}
    </section>
  );
}

function ErrorBox({
  error,
  outcome,
}: {
  readonly error: NonNullable<JourneyEvent["error"]>;
  readonly outcome: JourneyEvent["outcome"];
}) {
  return (
    <div className="rounded-md border-l-2 border-broken bg-broken-tint px-3 py-2">
      <p className="flex flex-wrap items-center gap-2 font-medium text-broken">
        <TriangleAlert aria-hidden className="size-4" />
        {outcome === "rejected" ? "Rejected" : "Failed"}
        {error.code ? <span className="font-id">{error.code}</span> : null}
        {error.class ? <span className="font-normal">{error.class}</span> : null}
      </p>
      {error.message ? <p className="mt-1 break-words whitespace-pre-wrap text-ink">{error.message}</p> : null}
    </div>
  );
}

function TimesOf({ event }: { readonly event: JourneyEvent }) {
  const rows = [
    { name: "Occurred", at: event.occurredAt, in: "in the source" },
    { name: "Recorded", at: event.recordedAt, in: "when the source wrote it" },
    { name: "Received", at: event.receivedAt, in: "when it reached us" },
  ];
  return (
    <Section title="Times" icon={<Clock3 aria-hidden className="size-3.5" />}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {rows.map((row) => (
          <div key={row.name} className="contents">
            <dt className="text-ink-muted" title={row.in}>
              {row.name}
            </dt>
            <dd>{row.at ? <Time at={row.at} form="full" /> : <span className="text-ink-faint">not given</span>}</dd>
          </div>
        ))}
      </dl>
      {clockNotes(event).map((note) => (
        <p
          key={note.text}
          className={`mt-2 rounded px-2 py-1 text-xs ${note.kind === "skew" ? "bg-attention-tint text-attention" : "bg-waiting-tint text-waiting"}`}
        >
          {note.text}
        </p>
      ))}
    </Section>
  );
}

function FactsOf({ event }: { readonly event: JourneyEvent }) {
  const vocabulary = useVocabulary();
  const rows: { readonly name: string; readonly value: ReactNode }[] = [
    { name: "System", value: vocabulary.system(event.source) },
    { name: "Kind", value: kindWord(event.kind) },
    { name: "Outcome", value: <OutcomeBadge outcome={event.outcome} /> },
  ];
  if (event.interface)
    rows.push({ name: "Interface", value: <span className="font-id break-all">{event.interface}</span> });
  if (event.durationMs !== null) rows.push({ name: "Took", value: durationLabel(event.durationMs) });
  if (event.quantity !== null) rows.push({ name: "Quantity", value: groupedDecimal(event.quantity) });
  if (event.amount !== null)
    rows.push({ name: "Amount", value: moneyLabel({ amount: event.amount, currency: event.currency }) });
  if (event.promisedAt !== null) rows.push({ name: "Promised", value: <Time at={event.promisedAt} form="short" /> });
  rows.push({
    name: "Event",
    value: (
      <span className="inline-flex items-center gap-1">
        <span className="font-id break-all">{event.id}</span>
        <CopyButton text={event.id} label="event id" />
      </span>
    ),
  });
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      {rows.map((row) => (
        <div key={row.name} className="contents">
          <dt className="text-ink-muted">{row.name}</dt>
          <dd className="min-w-0">{row.value}</dd>
        </div>
      ))}
    </dl>
  );
}

function AttemptsOf({
  attempts,
  current,
  onSelect,
}: {
  readonly attempts: readonly JourneyEvent[];
  readonly current: JourneyEvent;
  readonly onSelect: (key: string) => void;
}) {
  return (
    <Section title={`${attempts.length} attempts`}>
      <ol className="divide-y divide-line rounded-md border border-line">
        {attempts.map((attempt) => {
          const shown = eventKey(attempt) === eventKey(current);
          return (
            <li key={eventKey(attempt)}>
              <button
                type="button"
                aria-current={shown ? "true" : undefined}
                onClick={() => onSelect(eventKey(attempt))}
                className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 px-2.5 py-1.5 text-left hover:bg-hover aria-[current]:bg-accent-tint"
              >
                <span className="w-5 text-right font-medium">{attempt.attempt}</span>
                <OutcomeBadge outcome={attempt.outcome} />
                <Time at={attempt.occurredAt} form="short" className="text-ink-muted" />
                <span className="min-w-0 truncate text-ink-muted">
                  {[attempt.error?.code, attempt.durationMs === null ? null : durationLabel(attempt.durationMs)]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

function ObjectsOf({ event }: { readonly event: JourneyEvent }) {
  return (
    <Section title={event.objects.length === 0 ? "Names no object" : "Names"}>
      <ul className="flex flex-wrap gap-x-5 gap-y-1">
        {event.objects.map((object) => (
          <li key={`${object.type} ${object.id} ${object.qualifier}`}>
            <Identifier object={object} typed />
          </li>
        ))}
      </ul>
      {event.sharedWith > 0 ? (
        <p className="mt-2">
          <Badge tone="accent" icon={<Share2 aria-hidden className="size-3" />}>
            also in {plural(event.sharedWith, "other order")}
          </Badge>
        </p>
      ) : null}
    </Section>
  );
}

/** The chain of links that put the event into this journey, and the event that proved each. */
function WhyHere({ event }: { readonly event: JourneyEvent }) {
  const vocabulary = useVocabulary();
  return (
    <Section title="Why it is here" icon={<Link2 aria-hidden className="size-3.5" />}>
      {event.linkedBy.length === 0 ? (
        <p className="text-ink-muted">{eventLabel(event.type)} names this journey’s own number.</p>
      ) : (
        <ol className="space-y-1.5">
          {event.linkedBy.map((proof) => (
            <li
              key={`${proof.from.type} ${proof.from.id} ${proof.to.type} ${proof.to.id}`}
              className="rounded-md border border-line px-2.5 py-1.5"
            >
              <span className="flex flex-wrap items-center gap-x-2">
                <Identifier object={proof.from} typed copy={false} />
                <span className="text-ink-faint">belongs to</span>
                <Identifier object={proof.to} typed copy={false} />
              </span>
              <span className="mt-0.5 block text-xs break-all text-ink-muted">
                shown by {vocabulary.system(proof.source)}, event <span className="font-id">{proof.eventId}</span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
