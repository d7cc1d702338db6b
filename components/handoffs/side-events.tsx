"use client";
import type { ReactNode } from "react";
import { eventKey, eventLabel, subjectOf } from "@/components/journey/event-label";
import { Badge } from "@/components/ui/badge";
import { groupedDecimal, moneyLabel, plural } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import type { EventRef } from "@/lib/domain/journey";

export interface SideEventsProps {
  readonly title: string;
  readonly events: readonly HandoffEvent[];
  /** Of all; `events` may hold the first only. */
  readonly count: number;
  /** Without which the duplicate would be settled. */
  readonly excess: readonly EventRef[];
  /** Said when there are none. */
  readonly children: ReactNode;
}

/** One pane: the events of one side with their lines. */
export function SideEvents({ title, events, count, excess, children }: SideEventsProps) {
  const tooMany = new Set(excess.map(eventKey));
  return (
    <section aria-label={title} className="min-w-0 rounded-lg border border-line bg-surface">
      <h2 className="border-b border-line px-3 py-2 text-sm font-semibold">
        {title} <span className="font-normal text-ink-muted">· {plural(count, "event")}</span>
      </h2>
      {events.length === 0 ? <p className="p-3 text-sm text-ink-muted">{children}</p> : null}
      <ul>
        {events.map((event) => (
          <li key={eventKey(event)} className="border-b border-line px-3 py-2 last:border-b-0">
            <Event event={event} isExcess={tooMany.has(eventKey(event))} />
          </li>
        ))}
      </ul>
      {count > events.length && events.length > 0 ? (
        <p className="border-t border-line px-3 py-2 text-xs text-ink-muted">
          The first {events.length} are shown; the totals are of all.
        </p>
      ) : null}
    </section>
  );
}

const LINES_SHOWN = 50;

function Event({ event, isExcess }: { readonly event: HandoffEvent; readonly isExcess: boolean }) {
  const vocabulary = useVocabulary();
  const subject = subjectOf(event.objects);
  return (
    <div className="text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">{eventLabel(event.type)}</span>
        <span className="text-ink-muted">{vocabulary.system(event.source)}</span>
        {isExcess ? <Badge tone="broken">Too many</Badge> : null}
        <Time at={event.occurredAt} form="short" className="ml-auto text-xs text-ink-muted" />
      </p>
      <p className="text-xs text-ink-muted">
        {subject ? `${vocabulary.object(subject.type)} ` : ""}
        {subject ? <span className="font-id">{subject.id}</span> : null}
        {event.amount === null ? "" : ` · ${moneyLabel({ amount: event.amount, currency: event.currency })}`}
        {event.posting.period ? ` · period ${event.posting.period}` : ""}
        {event.posting.reverses ? ` · reverses ${event.posting.reverses}` : ""}
      </p>
      {event.lines.length > 0 ? <Lines event={event} /> : null}
    </div>
  );
}

function Lines({ event }: { readonly event: HandoffEvent }) {
  const hasMoney = event.lines.some(({ amount }) => amount !== undefined);
  return (
    <table className="mt-1 w-full text-xs">
      <caption className="sr-only">Lines of {event.id}</caption>
      <thead>
        <tr className="text-ink-muted *:font-medium">
          <th scope="col" className="text-left">
            SKU
          </th>
          <th scope="col" className="text-right">
            Quantity
          </th>
          {hasMoney ? (
            <th scope="col" className="text-right">
              Amount
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {event.lines.slice(0, LINES_SHOWN).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of one event have no identity but their place
          <tr key={index}>
            <td className="font-id">{line.sku}</td>
            <td className="text-right">
              {line.direction === "in" ? "+" : ""}
              {groupedDecimal(line.quantity ?? "0")} {line.uom ?? ""}
            </td>
            {hasMoney ? (
              <td className="text-right">
                {line.amount === undefined
                  ? ""
                  : moneyLabel({ amount: line.amount, currency: line.currency ?? event.currency })}
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
      {event.lines.length > LINES_SHOWN ? (
        <tfoot>
          <tr>
            <td colSpan={3} className="text-ink-muted">
              and {plural(event.lines.length - LINES_SHOWN, "more line")}
            </td>
          </tr>
        </tfoot>
      ) : null}
    </table>
  );
}
