/** One correlated event as a row of `events`, serialised once. */
import { Decimal } from "decimal.js";
import type { CorrelatedEvent } from "@/ingest/correlate/correlated-event";
import type { EventData } from "@/lib/domain/event";
import { exceptionIdOfEvent, messageKeyOf } from "@/lib/domain/exceptions/identity";
import type { ObjectCatalogue } from "@/lib/domain/object";

// Decimal(38, 9) needs 38 digits; decimal.js rounds sums to 20 unless told.
const Exact = Decimal.clone({ precision: 60, toExpNeg: -60, toExpPos: 60 });
const DECIMAL_38_9_LIMIT = new Exact(10).pow(29);

/** A JSONEachRow line, newline included. `receivedAt` is RFC 3339 UTC. */
export function eventLine(correlated: CorrelatedEvent, receivedAt: string, catalogue: ObjectCatalogue): string {
  const { event, objects, links, linkAct, contentHash, payload } = correlated;
  const { data } = event;
  const money = amountOf(data);
  const row = {
    source: event.source,
    event_id: event.id,
    kind: data.kind,
    type: event.type,
    occurred_at: event.time,
    recorded_at: event.recordedtime ?? null,
    received_at: receivedAt,
    sequence: event.sequence ?? "",
    interface: data.interface ?? "",
    outcome: data.outcome,
    error_class: data.error?.class ?? "",
    error_code: data.error?.code ?? "",
    error_message: data.error?.message ?? "",
    attempt: data.attempt ?? 1,
    duration_ms: data.durationMs === undefined ? null : Math.round(data.durationMs),
    objects: objects.map(({ type, id, qualifier }) => ({ type, id, qualifier })),
    links: links.map(({ child, parent }) => ({
      child_type: child.type,
      child_id: child.id,
      parent_type: parent.type,
      parent_id: parent.id,
    })),
    link_act: linkAct,
    quantity: quantityOf(data),
    amount: money.amount,
    currency: money.currency,
    promised_at: data.promisedAt ?? null,
    exception_id: exceptionIdOfEvent(event, objects, catalogue),
    message_key: messageKeyOf(event),
    has_message: typeof data.message?.body === "string" ? 1 : 0,
    content_hash: contentHash,
    payload,
  };
  return `${JSON.stringify(row)}\n`;
}

/** The sum of the lines' quantities; null without any, or when units or directions differ (a sum would mean nothing). */
function quantityOf({ lines = [] }: EventData): string | null {
  const counted = lines.filter((line) => line.quantity !== undefined);
  if (!agree(counted.map((line) => line.uom ?? "")) || !agree(counted.map((line) => line.direction ?? ""))) return null;
  return sum(counted.map((line) => line.quantity));
}

/** The event's own amount, else the sum of its lines' when all are in one currency. */
function amountOf(data: EventData): { amount: string | null; currency: string } {
  if (data.amount !== undefined) return { amount: data.amount, currency: data.currency ?? "" };
  const priced = (data.lines ?? []).filter((line) => line.amount !== undefined);
  const currencies = priced.map((line) => line.currency || data.currency || "");
  if (!agree(currencies)) return { amount: null, currency: data.currency ?? "" };
  return { amount: sum(priced.map((line) => line.amount)), currency: currencies[0] ?? data.currency ?? "" };
}

const agree = (values: readonly string[]): boolean => values.every((value) => value === values[0]);

function sum(decimals: readonly (string | undefined)[]): string | null {
  if (decimals.length === 0) return null;
  const total = decimals.reduce((running, decimal) => running.plus(decimal ?? 0), new Exact(0));
  // Each line fits the column, their sum may not; the lines themselves are in the payload.
  return total.abs().lt(DECIMAL_38_9_LIMIT) ? total.toFixed() : null;
}
