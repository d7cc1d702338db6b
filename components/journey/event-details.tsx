"use client";
import { TriangleAlert, X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Identifier } from "@/components/ui/identifier";
import { groupedDecimal, moneyLabel } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { durationLabel } from "@/components/ui/time-format";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { JourneyEvent } from "@/lib/domain/journey";
import { AttemptList } from "./attempt-list";
import { clockNotes } from "./clock-note";
import { eventLabel, kindWord } from "./event-label";
import { LinkChain } from "./link-chain";
import { OutcomeBadge } from "./outcome-badge";
import { Payload } from "./payload";

export interface EventDetailsProps {
  readonly event: JourneyEvent;
  /** All attempts of the same call, oldest first. */
  readonly attempts: readonly JourneyEvent[];
  readonly mayViewPayload: boolean;
  readonly mayRetractLinks: boolean;
  /** Another event of the journey, by `eventKey`; null closes. */
  readonly onSelect: (key: string | null) => void;
}

/** Everything one event says, and why it is in this journey. */
export function EventDetails({ event, attempts, mayViewPayload, mayRetractLinks, onSelect }: EventDetailsProps) {
  const vocabulary = useVocabulary();
  const name = eventLabel(event.type);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    // What was opened must be seen, wherever on the page it was chosen.
    section.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <section
      ref={section}
      aria-label={`Event ${event.id}`}
      className="grid gap-x-10 gap-y-5 bg-sunken p-4 text-sm lg:grid-cols-2"
    >
      <div className="flex flex-wrap items-center gap-2 lg:col-span-2">
        <h2 className="text-base font-semibold">
          {name} <span className="font-normal text-ink-muted">· {vocabulary.system(event.source)}</span>
        </h2>
        <OutcomeBadge outcome={event.outcome} />
        <IconButton
          label="Close details"
          size="small"
          className="ml-auto"
          icon={<X aria-hidden className="size-4" />}
          onClick={() => onSelect(null)}
        />
      </div>
      {event.error ? <ErrorBox error={event.error} /> : null}
      <div className="flex min-w-0 flex-col gap-5">
        <Part title="Times">
          <Times event={event} />
        </Part>
        <Part title="What it says">
          <Facts event={event} />
        </Part>
      </div>
      <div className="flex min-w-0 flex-col gap-5">
        <Part title="Objects it names">
          <Objects event={event} />
        </Part>
        <Part title="Why it is here">
          <LinkChain event={event} mayRetract={mayRetractLinks} />
        </Part>
        {attempts.length > 1 ? (
          <Part title={`${attempts.length} attempts of this call`}>
            <AttemptList attempts={attempts} current={event} onSelect={onSelect} />
          </Part>
        ) : null}
      </div>
      <div className="min-w-0 lg:col-span-2">
        <Part title="Payload">
          <Payload source={event.source} id={event.id} mayView={mayViewPayload} />
        </Part>
      </div>
    </section>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-xs font-semibold text-ink-muted">{title}</h3>
      {children}
    </div>
  );
}

function ErrorBox({ error }: { readonly error: NonNullable<JourneyEvent["error"]> }) {
  return (
    <div className="rounded-md border border-broken bg-broken-tint px-3 py-2 lg:col-span-2">
      <p className="flex flex-wrap items-center gap-2 font-medium text-broken">
        <TriangleAlert aria-hidden className="size-4 shrink-0" />
        {[error.class, "error"]
          .filter(Boolean)
          .join(" ")
          .replace(/^./, (first) => first.toUpperCase())}
        {error.code ? <span className="font-id">{error.code}</span> : null}
      </p>
      {error.message ? <p className="mt-1 break-words whitespace-pre-wrap">{error.message}</p> : null}
    </div>
  );
}

interface Fact {
  readonly name: string;
  readonly value: ReactNode;
}

function FactList({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      {facts.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-ink-muted">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Raw times, and what is odd about them; nothing is corrected. */
function Times({ event }: { readonly event: JourneyEvent }) {
  return (
    <>
      <FactList
        facts={[
          { name: "Occurred", value: <Time at={event.occurredAt} form="full" /> },
          {
            name: "Recorded",
            value: event.recordedAt ? (
              <Time at={event.recordedAt} form="full" />
            ) : (
              <span className="text-ink-muted">not stated</span>
            ),
          },
          { name: "Received", value: <Time at={event.receivedAt} form="full" /> },
        ]}
      />
      {clockNotes(event).map((note) => (
        <p key={note.text} className={`mt-1 text-xs ${note.kind === "skew" ? "text-attention" : "text-ink-muted"}`}>
          {note.text}
        </p>
      ))}
    </>
  );
}

function Facts({ event }: { readonly event: JourneyEvent }) {
  const facts: Fact[] = [
    { name: "Kind", value: kindWord(event.kind) },
    { name: "Type", value: <span className="font-id">{event.type}</span> },
  ];
  if (event.interface) facts.push({ name: "Interface", value: <span className="font-id">{event.interface}</span> });
  if (event.attempt > 1) facts.push({ name: "Attempt", value: event.attempt });
  if (event.durationMs !== null) facts.push({ name: "Took", value: durationLabel(event.durationMs) });
  if (event.quantity !== null) facts.push({ name: "Quantity", value: groupedDecimal(event.quantity) });
  if (event.amount !== null) {
    facts.push({ name: "Amount", value: moneyLabel({ amount: event.amount, currency: event.currency }) });
  }
  if (event.promisedAt !== null) facts.push({ name: "Promised", value: <Time at={event.promisedAt} form="short" /> });
  facts.push({
    name: "Event id",
    value: (
      <span className="inline-flex items-center gap-1">
        <span className="font-id break-all">{event.id}</span>
        <CopyButton text={event.id} label="event id" />
      </span>
    ),
  });
  return <FactList facts={facts} />;
}

const OBJECTS_SHOWN = 50;

function Objects({ event }: { readonly event: JourneyEvent }) {
  const rest = event.objects.length - OBJECTS_SHOWN;
  if (event.objects.length === 0) return <p className="text-ink-muted">None</p>;
  return (
    <ul className="flex flex-col gap-0.5">
      {event.objects.slice(0, OBJECTS_SHOWN).map((object) => (
        <li key={`${object.type}/${object.id}/${object.qualifier}`} className="flex flex-wrap items-center gap-x-2">
          <Identifier object={object} typed />
          {object.qualifier ? <Badge>{object.qualifier}</Badge> : null}
        </li>
      ))}
      {rest > 0 ? <li className="text-ink-muted">and {rest} more</li> : null}
    </ul>
  );
}
