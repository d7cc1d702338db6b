/** What handoffs, their states and what people decide about them are called on screen. Pure. */
import type { BadgeTone } from "@/components/ui/badge";
import { groupedDecimal, moneyLabel } from "@/components/ui/number-format";
import { ExactDecimal } from "@/lib/domain/decimal";
import type { HandoffActAttributes, HandoffActType } from "@/lib/domain/handoffs/act";
import type { HandoffState, Resolution } from "@/lib/domain/handoffs/handoff";
import type { RuleInfo } from "@/lib/domain/handoffs/rule-info";
import type { ObjectRef } from "@/lib/domain/object";

/** In the order of the matrix: what needs somebody first. */
export const STATE_ORDER = ["late", "mismatched", "duplicate", "orphan", "pending", "matched", "void"] as const;

const STATE_LABELS: Readonly<Record<HandoffState, string>> = {
  late: "Late",
  mismatched: "Mismatched",
  duplicate: "Duplicate",
  orphan: "Orphan",
  pending: "Waiting",
  matched: "Matched",
  void: "Void",
};
export const stateLabel = (state: HandoffState): string => STATE_LABELS[state];

/** For a column's head: what the state means. */
export const STATE_MEANINGS: Readonly<Record<HandoffState, string>> = {
  late: "Nothing followed, or not all of it, and its time is over",
  mismatched: "What followed does not agree",
  duplicate: "What followed, followed more than once",
  orphan: "Something followed that nothing caused",
  pending: "Still in time",
  matched: "Both sides agree",
  void: "Cancelled before it had to follow",
};

const STATE_TONES: Readonly<Record<HandoffState, BadgeTone>> = {
  late: "broken",
  mismatched: "broken",
  duplicate: "broken",
  orphan: "broken",
  pending: "waiting",
  matched: "settled",
  void: "waiting",
};
export const stateTone = (state: HandoffState): BadgeTone => STATE_TONES[state];

const RESOLUTION_LABELS: Readonly<Record<Resolution["kind"], string>> = {
  matched: "Matched by hand",
  accepted: "Accepted once",
  standing: "Accepted always",
  awaiting_approval: "Awaiting approval",
};
export const resolutionLabel = (kind: Resolution["kind"]): string => RESOLUTION_LABELS[kind];

export type ReasonCode = HandoffActAttributes["reasonCode"];
export const REASON_LABELS: Readonly<Record<ReasonCode, string>> = {
  timing: "Timing: it follows later",
  "typing-error": "Typing error in a number",
  "price-difference": "Price difference",
  "quantity-difference": "Quantity difference",
  "duplicate-posting": "Duplicate posting",
  "posted-elsewhere": "Posted elsewhere",
  "cancelled-later": "Cancelled later",
  rounding: "Rounding",
  other: "Other",
};

export const ACT_LABELS: Readonly<Record<HandoffActType, string>> = {
  "handoff.matched": "Matched",
  "handoff.accepted": "Accepted once",
  "handoff.reopened": "Reopened",
  "handoff.approved": "Approved",
  "handoff.refused": "Refused",
};

/** Rule id → what is known of it. */
export type RuleBook = Readonly<Record<string, RuleInfo>>;
export const ruleName = (rules: RuleBook, id: string): string => rules[id]?.name ?? id;

export const handoffKey = ({ rule, key }: { readonly rule: string; readonly key: ObjectRef }): string =>
  `${rule}/${key.type}/${key.id}`;

/** "12 units"; nothing where no side said how many. */
export const quantityLabel = (quantity: string | null): string | null => {
  if (quantity === null) return null;
  const shown = groupedDecimal(quantity);
  return `${shown} ${shown === "1" ? "unit" : "units"}`;
};

export const amountLabel = (amount: string | null, currency: string): string | null =>
  amount === null ? null : moneyLabel({ amount, currency });

/** "+12.00", "−3"; "0" without a sign. Decimals as text. */
export function signedDifference(expected: string | null, actual: string | null, fraction = 0): string | null {
  if (expected === null && actual === null) return null;
  const difference = new ExactDecimal(actual ?? "0").minus(expected ?? "0");
  const text = groupedDecimal(difference.toFixed(), fraction);
  return difference.isPositive() && !difference.isZero() ? `+${text}` : text;
}
