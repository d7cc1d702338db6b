/** One correlated event as a row of `events`, serialised once. Column order is the contract between the two exports. */
import { Decimal } from "decimal.js";
import type { CorrelatedEvent } from "@/ingest/correlate/correlated-event";
import type { EventData } from "@/lib/domain/event";

export const EVENT_COLUMNS = [
  "source",
  "event_id",
  "kind",
  "type",
  "occurred_at",
  "recorded_at",
  "received_at",
  "sequence",
  "interface",
  "outcome",
  "error_class",
  "error_code",
  "error_message",
  "attempt",
  "duration_ms",
  "objects",
  "links",
  "link_act",
  "quantity",
  "amount",
  "currency",
  "promised_at",
  "content_hash",
  "payload",
] as const;

// Decimal(38, 9) needs 38 digits; decimal.js rounds sums to 20 unless told.
const Exact = Decimal.clone({ precision: 60, toExpNeg: -60, toExpPos: 60 });
const DECIMAL_38_9_LIMIT = new Exact(10).pow(29);

/** A JSONCompactEachRow line (without its newline). `receivedAt` is RFC 3339 UTC. */
export function eventLine(correlated: CorrelatedEvent, receivedAt: string): string {
  const { event, objects, links, linkAct, contentHash, payload } = correlated;
  const { data } = event;
  const money = amountOf(data);
  return JSON.stringify([
    event.source,
    event.id,
    data.kind,
    event.type,
    event.time,
    event.recordedtime ?? null,
    receivedAt,
    event.sequence ?? "",
    data.interface ?? "",
    data.outcome,
    data.error?.class ?? "",
    data.error?.code ?? "",
    data.error?.message ?? "",
    data.attempt ?? 1,
    data.durationMs === undefined ? null : Math.round(data.durationMs),
    objects.map(({ type, id, qualifier }) => ({ type, id, qualifier })),
    links.map(({ child, parent }) => ({
      child_type: child.type,
      child_id: child.id,
      parent_type: parent.type,
      parent_id: parent.id,
    })),
    linkAct,
    quantityOf(data),
    money.amount,
    money.currency,
    data.promisedAt ?? null,
    contentHash,
    payload,
  ]);
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
  const currencies = priced.map((line) => line.currency ?? data.currency ?? "");
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
