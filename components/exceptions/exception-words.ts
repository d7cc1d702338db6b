/** What exceptions, their classes and states are called on screen. Pure. */
import type { BadgeTone } from "@/components/ui/badge";
import { moneyLabel } from "@/components/ui/number-format";
import type { ExceptionActType } from "@/lib/domain/exceptions/act";
import {
  type ExceptionClass,
  type ExceptionResolution,
  type ExceptionState,
  type ListedException,
  OPEN_STATES,
} from "@/lib/domain/exceptions/exception";

export const CLASS_LABELS: Readonly<Record<ExceptionClass, string>> = {
  value: "Value refused",
  missing: "Something missing",
  connection: "No connection",
  intermittent: "May pass",
  rate_limit: "Rate limit",
  too_large: "Too large",
  parse: "Not readable",
  duplicate: "Duplicate",
  contract: "Contract broken",
  permission: "No permission",
  business: "Business",
};

export const STATE_LABELS: Readonly<Record<ExceptionState, string>> = {
  open: "Open",
  acknowledged: "Acknowledged",
  replaying: "Replaying",
  resolved: "Resolved",
  ignored: "Ignored",
  regressed: "Regressed",
};

const STATE_TONES: Readonly<Record<ExceptionState, BadgeTone>> = {
  open: "broken",
  acknowledged: "attention",
  replaying: "accent",
  resolved: "settled",
  ignored: "waiting",
  regressed: "broken",
};
export const stateTone = (state: ExceptionState): BadgeTone => STATE_TONES[state];

/** Said after "Resolved": only a verified one rests on its effect. */
export const RESOLUTION_LABELS: Readonly<Record<ExceptionResolution, string>> = {
  person: "by hand",
  automatic: "by itself",
  verified: "effect verified",
};

export const EXCEPTION_TABS = ["open", "replaying", "resolved", "ignored"] as const;
export type ExceptionTab = (typeof EXCEPTION_TABS)[number];

export const tabOf = (state: ExceptionState): ExceptionTab =>
  (OPEN_STATES as readonly ExceptionState[]).includes(state) ? "open" : (state as ExceptionTab);

/**
 * The state by the clock. The row was written without one: an ignored exception whose time is over needs somebody again, whoever reads it.
 * @param nowMs of the reader.
 */
export function stateAt({ state, ignoredUntil }: Pick<ListedException, "state" | "ignoredUntil">, nowMs: number) {
  const isOver = state === "ignored" && ignoredUntil !== null && Date.parse(ignoredUntil) <= nowMs;
  return isOver ? ("open" as const) : state;
}

/** "Shipment confirmation · message.sent"; a handoff without interface is its rule. */
export const placeLabel = ({ interface: name, step }: Pick<ListedException, "interface" | "step">): string =>
  [name, step].filter((text) => text !== "").join(" · ");

/** "1,200.00 EUR + 80.00 USD"; currencies are never added up. */
export const valueAtRiskLabel = (values: readonly { readonly amount: string; readonly currency: string }[]): string =>
  values.map(moneyLabel).join(" + ");

export const ACT_LABELS: Readonly<Record<ExceptionActType, string>> = {
  "exception.acknowledged": "Acknowledged",
  "exception.assigned": "Assigned",
  "exception.due_set": "Due date set",
  "exception.commented": "Commented",
  "exception.tagged": "Tags changed",
  "exception.resolved": "Resolved",
  "exception.ignored": "Ignored",
  "exception.reopened": "Reopened",
  "exception.replay_started": "Replay started",
  "exception.verified": "Effect verified",
  "exception.replay_ended": "Replay ended without its effect",
};
