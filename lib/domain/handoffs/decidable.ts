/** Whether a person's decision on handoffs is possible as they stand, and whether it needs a second person. Pure. */
import type { EventRef } from "@/lib/domain/journey";
import type { ObjectRef } from "@/lib/domain/object";
import type { HandoffActType } from "./act";
import { type Approval, approvalOf, type Money, sumByCurrency } from "./approval";
import { evidenceHash } from "./evidence";
import type { Finance } from "./finance";
import { type HandoffState, isBreak, type Resolution } from "./handoff";

export const DECIDING_ACTIONS = ["accept", "match", "reopen"] as const;
export type DecidingAction = (typeof DECIDING_ACTIONS)[number];

export const ACT_OF_ACTION: Readonly<Record<DecidingAction, HandoffActType>> = {
  accept: "handoff.accepted",
  match: "handoff.matched",
  reopen: "handoff.reopened",
};

/** A handoff as far as a decision depends on it. */
export interface Decidable {
  readonly rule: string;
  readonly key: ObjectRef;
  /** By the clock. */
  readonly state: HandoffState;
  /** Handoffs of one group are decided together: they share events, and money counts once, on the one that leads. */
  readonly group: string;
  readonly from: readonly EventRef[];
  readonly to: readonly EventRef[];
  /** Zero on those that do not lead. */
  readonly stake: Money;
  readonly resolution: Resolution["kind"] | null;
  /** Of its resolution: the act, or the standing acceptance. */
  readonly actId: string;
}

export type Obstacle = "settled" | "void" | "not-due" | "decided" | "awaiting-approval" | "undecided" | "changed";

export const OBSTACLE_TEXTS: Readonly<Record<Obstacle, string>> = {
  settled: "It is matched already; there is nothing to decide.",
  void: "It was cancelled; there is nothing to decide.",
  "not-due": "It is not due yet; nothing is wrong so far.",
  decided: "Somebody decided this already. Reopen it to decide anew.",
  "awaiting-approval": "Somebody decided this, and it waits for a second person.",
  undecided: "Nobody decided this; there is nothing to take back.",
  changed: "It has changed since you looked: other events belong to it now. Look again.",
};

export type Decidability =
  | {
      readonly possible: true;
      readonly evidence: string;
      readonly approval: Approval;
      readonly stakes: readonly Money[];
    }
  | { readonly possible: false; readonly obstacle: Obstacle };

export interface Circumstances {
  /** The hash of what the person saw, when they say so. */
  readonly seen?: string | undefined;
  /** Of `handoffs`, those the person named; the others belong to their groups. */
  readonly named: readonly Decidable[];
  readonly finance: Finance;
  /** "2026-11-25" */
  readonly date: string;
}

/** `handoffs`: whole groups, at least one handoff. */
export function checkDecidable(
  action: DecidingAction,
  handoffs: readonly Decidable[],
  circumstances: Circumstances,
): Decidability {
  const { seen, named, finance, date } = circumstances;
  const evidence = evidenceHash(handoffs);
  if (seen !== undefined && seen !== evidence && seen !== evidenceHash(named))
    return { possible: false, obstacle: "changed" };
  const obstacle = action === "reopen" ? obstacleToReopening(handoffs) : obstacleToDeciding(action, handoffs);
  if (obstacle !== null) return { possible: false, obstacle };
  const stakes = sumByCurrency(handoffs.map(({ stake }) => stake));
  return {
    possible: true,
    evidence,
    approval: action === "reopen" ? "not-required" : approvalOf(stakes, finance, date),
    stakes,
  };
}

function obstacleToReopening(handoffs: readonly Decidable[]): Obstacle | null {
  return handoffs.some(({ resolution }) => resolution !== null) ? null : "undecided";
}

/**
 * Accepting takes a break. Matching joins keys, and what it joins to a break may still be waiting: the goods issue that was posted under a
 * mistyped number is an orphan at once, while its shipment is not late yet.
 */
function obstacleToDeciding(action: DecidingAction, handoffs: readonly Decidable[]): Obstacle | null {
  for (const { state, resolution } of handoffs) {
    if (resolution === "awaiting_approval") return "awaiting-approval";
    if (resolution !== null) return "decided";
    if (state === "matched") return "settled";
    if (state === "void") return "void";
    if (state === "pending" && action === "accept") return "not-due";
  }
  return handoffs.some(({ state }) => isBreak(state)) ? null : "not-due";
}
