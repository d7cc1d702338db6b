/** An event as handoffs see it: with its lines and its posting, which journeys do without. */
import type { EventLine, EventOutcome } from "@/lib/domain/event";
import type { NamedObject } from "@/lib/domain/object";

export interface HandoffEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** RFC 3339, UTC, milliseconds: compares as text. */
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly outcome: EventOutcome;
  readonly interface: string;
  readonly objects: readonly NamedObject[];
  /** Decimals as strings. */
  readonly amount: string | null;
  readonly currency: string;
  readonly lines: readonly EventLine[];
  readonly posting: { readonly companyCode: string; readonly period: string; readonly reverses: string };
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** By occurredAt, then source, then id: one order that every worker agrees on. */
export function compareEvents(a: HandoffEvent, b: HandoffEvent): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt < b.occurredAt ? -1 : 1;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
