/** What people have said about single handoffs over time, whether or not it still holds. Pure. */
import type { ObjectKey } from "@/lib/domain/object";
import { actsOf } from "./decisions";
import type { HandoffEvent } from "./handoff-event";

/**
 * `accepted`: known, and taken as it is. `explained`: matched by hand with a note that says why. `refused`: a second person said no.
 * `reopened`: a match by hand was taken back.
 */
export const REVIEW_KINDS = ["accepted", "explained", "refused", "reopened"] as const;
export type ReviewKind = (typeof REVIEW_KINDS)[number];

export interface Review {
  readonly kind: ReviewKind;
  readonly by: string;
  readonly at: string;
  readonly reason: string;
  readonly note: string;
}

/**
 * @param events acts of one rule, in any order
 * @returns per key what was last said about it. A plain match by hand says that both sides agree, so it leaves none.
 */
export function reviewsOf(events: readonly HandoffEvent[], keyType: string): ReadonlyMap<ObjectKey, Review> {
  const acts = actsOf(events, keyType);
  const reviews = new Map<ObjectKey, Review>();
  const matched = new Set<ObjectKey>();
  for (const { event, keys, attributes } of acts) {
    const { actor: by, reason, note } = attributes;
    for (const key of keys) {
      const kind = kindOf(event, note, matched.has(key));
      if (kind === "unchanged") continue;
      if (kind === null) reviews.delete(key);
      else reviews.set(key, { kind, by, at: event.occurredAt, reason, note });
      if (event.type === "handoff.matched") matched.add(key);
      else matched.delete(key);
    }
  }
  return reviews;
}

function kindOf({ type }: HandoffEvent, note: string, wasMatched: boolean): ReviewKind | null | "unchanged" {
  switch (type) {
    case "handoff.accepted":
      return "accepted";
    case "handoff.matched":
      return note.trim() === "" ? null : "explained";
    case "handoff.refused":
      return "refused";
    case "handoff.reopened":
      return wasMatched ? "reopened" : null;
    default:
      return "unchanged";
  }
}
