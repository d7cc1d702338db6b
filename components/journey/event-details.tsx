"use client";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "@/components/ui/button";
import { Identifier } from "@/components/ui/identifier";
import { Time } from "@/components/ui/time";
import { durationLabel } from "@/components/ui/time-format";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { JourneyEvent } from "@/lib/domain/journey";
import { eventLabel, kindWord, outcomeWord } from "./event-label";
import { LinkChain } from "./link-chain";
import { Payload } from "./payload";

export interface EventDetailsProps {
  readonly event: JourneyEvent;
  readonly mayViewPayload: boolean;
  readonly mayRetractLinks: boolean;
  readonly onClose: () => void;
}

export function EventDetails({ event, mayViewPayload, mayRetractLinks, onClose }: EventDetailsProps) {
  const vocabulary = useVocabulary();
  return (
    <section aria-label={`Event ${event.id}`} className="grid gap-x-8 gap-y-4 bg-sunken p-4 text-sm lg:grid-cols-2">
      <div className="flex items-start justify-between gap-2 lg:col-span-2">
        <h2 className="text-base font-semibold">
          {eventLabel(event.type)}{" "}
          <span className="font-normal text-ink-muted">· {vocabulary.system(event.source)}</span>
        </h2>
        <IconButton label="Close details" size="small" icon={<X aria-hidden className="size-4" />} onClick={onClose} />
      </div>
      <Part title="Times">
        <Times event={event} />
      </Part>
      <Part title="What it says">
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          <Row name="Outcome">{outcomeWord(event.outcome)}</Row>
          <Row name="Kind">{kindWord(event.kind)}</Row>
          <Row name="Type">{event.type}</Row>
          {event.interface ? <Row name="Interface">{event.interface}</Row> : null}
          <Row name="Attempt">{event.attempt}</Row>
          {event.durationMs === null ? null : <Row name="Duration">{durationLabel(event.durationMs)}</Row>}
          {event.quantity ? <Row name="Quantity">{event.quantity}</Row> : null}
          {event.amount ? <Row name="Amount">{`${event.amount} ${event.currency}`.trim()}</Row> : null}
          {event.error ? (
            <Row name="Error">
              <span className="text-broken">
                {[event.error.class, event.error.code, event.error.message].filter(Boolean).join(" · ")}
              </span>
            </Row>
          ) : null}
          <Row name="Event id">
            <span className="font-id break-all">{event.id}</span>
          </Row>
        </dl>
      </Part>
      <Part title="Objects it names">
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {event.objects.slice(0, 50).map((object) => (
            <li key={`${object.type}/${object.id}`}>
              <Identifier object={object} typed copy={false} />
              {object.qualifier ? <span className="text-xs text-ink-muted"> ({object.qualifier})</span> : null}
            </li>
          ))}
          {event.objects.length > 50 ? <li className="text-ink-muted">and {event.objects.length - 50} more</li> : null}
        </ul>
      </Part>
      <Part title="Why it is here">
        <LinkChain event={event} mayRetract={mayRetractLinks} />
      </Part>
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

function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

/** Received this long after it happened, an event is worth a word. */
const LONG_AFTER_MS = 15 * 60_000;

/** Raw times, and what is odd about them; nothing is corrected. */
function Times({ event }: { readonly event: JourneyEvent }) {
  const occurredMs = Date.parse(event.occurredAt);
  const receivedMs = Date.parse(event.receivedAt);
  const notes = [
    event.recordedAt && Date.parse(event.recordedAt) < occurredMs
      ? `Recorded ${durationLabel(occurredMs - Date.parse(event.recordedAt))} before it occurred: two clocks of this source disagree.`
      : null,
    receivedMs < occurredMs
      ? `Received ${durationLabel(occurredMs - receivedMs)} before it occurred: the source's clock is ahead of ours.`
      : null,
    receivedMs - occurredMs > LONG_AFTER_MS
      ? `Reached us ${durationLabel(receivedMs - occurredMs)} after it occurred.`
      : null,
  ].filter((note): note is string => note !== null);
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <Row name="Occurred">
          <Time at={event.occurredAt} form="full" />
        </Row>
        <Row name="Recorded">{event.recordedAt ? <Time at={event.recordedAt} form="full" /> : "not stated"}</Row>
        <Row name="Received">
          <Time at={event.receivedAt} form="full" />
        </Row>
      </dl>
      {notes.map((note) => (
        <p key={note} className="mt-1 text-xs text-attention">
          {note}
        </p>
      ))}
    </>
  );
}
