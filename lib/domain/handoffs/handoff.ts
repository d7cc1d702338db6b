/**
 * The handoff: "when this happened in system A, that must follow in system B, within T, and agree" (docs/concepts.md). What evaluation
 * answers, and what pages, the API and exports show.
 */
import type { EventRef } from "@/lib/domain/journey";
import type { ObjectRef } from "@/lib/domain/object";

export const HANDOFF_STATES = ["pending", "matched", "late", "mismatched", "duplicate", "orphan", "void"] as const;
export type HandoffState = (typeof HANDOFF_STATES)[number];

/** The states that need somebody. */
export const BREAK_STATES = ["late", "mismatched", "duplicate", "orphan"] as const satisfies readonly HandoffState[];
export type BreakState = (typeof BREAK_STATES)[number];

export const isBreak = (state: HandoffState): state is BreakState =>
  (BREAK_STATES as readonly string[]).includes(state);

/** Decimals as strings. Quantities are in the SKU's base unit (config/finance.yaml). */
export interface QuantityDifference {
  readonly sku: string;
  readonly expected: string;
  readonly actual: string;
}

export interface AmountDifference {
  readonly expected: string;
  readonly actual: string;
  readonly currency: string;
}

export interface PeriodDifference {
  readonly expected: string;
  readonly actual: string;
}

/** Only what differs beyond its tolerance. Empty when both sides agree, or nothing has followed yet. */
export interface Difference {
  readonly quantity?: readonly QuantityDifference[];
  readonly amount?: AmountDifference;
  readonly period?: PeriodDifference;
  /** What kept the two sides from being compared at all: "no rate from EUR to USD". */
  readonly incomparable?: readonly string[];
}

/** What a person, or a standing acceptance of theirs, decided about this handoff as it stands. */
export interface Resolution {
  /**
   * `matched`: by hand, with a reason. `accepted`: once. `standing`: by a standing acceptance. `awaiting_approval`: somebody matched or
   * accepted it, and it is large enough to need a second person.
   */
  readonly kind: "matched" | "accepted" | "standing" | "awaiting_approval";
  readonly by: string;
  readonly at: string;
  readonly reason: string;
  readonly note: string;
  /** The act (event id of source `throughline`), or the standing acceptance. */
  readonly actId: string;
}

/** One rule applied to one key. */
export interface Handoff {
  readonly rule: string;
  readonly ruleVersion: number;
  readonly key: ObjectRef;
  /**
   * Keys that share an event on either side (a collective invoice, one payment for several invoices) are compared together: each has a handoff of
   * its own with the state and the difference of all. The first of them leads: money is counted once, on it.
   */
  readonly group: { readonly lead: ObjectRef; readonly size: number };
  readonly roots: readonly ObjectRef[];
  /** As long as `dueAt` has not passed; from then on `stateWhenDue`. */
  readonly state: HandoffState;
  readonly stateWhenDue: HandoffState;
  readonly dueAt: string | null;
  readonly from: readonly EventRef[];
  readonly to: readonly EventRef[];
  /** Of `to`, those whose removal would settle a `duplicate`. */
  readonly excess: readonly EventRef[];
  readonly difference: Difference;
  /** What the two sides add up to, whether or not the rule compares it. Null: no event of that side said. */
  readonly totals: Totals;
  /**
   * Money at stake, a decimal as a string in `totals.currency`: what was expected of a late or matched handoff, what was posted of an orphan or in the wrong
   * period, else what differs. "0.00" on keys that do not lead their group, so that a sum counts it once.
   */
  readonly stake: string;
  readonly companyCode: string;
  /** The period of the cause; of the posting where there is no cause. "2026-11". */
  readonly period: string;
  readonly location: string;
  readonly partner: string;
  /** When its first event happened. */
  readonly openedAt: string;
  /** When it became the break it is: due time for what is late, else the last event. Null when it is no break. */
  readonly brokenAt: string | null;
  /** When the last event it needed happened. Null while it is open. */
  readonly settledAt: string | null;
  readonly resolution: Resolution | null;
}

export interface Totals {
  readonly expectedQuantity: string | null;
  readonly actualQuantity: string | null;
  readonly expectedAmount: string | null;
  readonly actualAmount: string | null;
  readonly currency: string;
}

/** The state by the clock. */
export const stateAt = (handoff: Pick<Handoff, "state" | "stateWhenDue" | "dueAt">, now: string): HandoffState =>
  handoff.dueAt !== null && handoff.state === "pending" && handoff.dueAt <= now ? handoff.stateWhenDue : handoff.state;
