/**
 * The log of one item of a replay (table replay_attempts). What is about to be done is stored before it is done, so that whoever finds the log after a
 * crash knows what may have happened.
 */

export const ITEM_STATES = [
  /** Not begun, or waiting to be tried again (`notBefore` of its last entry). */
  "pending",
  /** About to be sent, or being sent. Found so after a crash, it is unclear. */
  "sending",
  /** Sent, and nobody knows whether the target took it. */
  "unclear",
  /** The target said yes. The effect has not been seen. */
  "sent",
  /** Waits for a person. */
  "held",
  "verified",
  "failed",
  "skipped",
] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** What a target answered, or did not. */
export const ANSWERS = [
  "accepted",
  /** Refused for good: sending it again as it is changes nothing. */
  "rejected",
  /** Certainly not taken, and may be taken later: 503, 429, connection refused. */
  "not-taken",
  /** Time-out, reset, 502, 504: it may or may not have been taken. */
  "unclear",
] as const;
export type Answer = (typeof ANSWERS)[number];

export type ReplayEntry =
  /** A look at the target or at the facts, before a send or after an unclear one. */
  | { readonly entry: "looked"; readonly found: "present" | "absent" | "unknown"; readonly evidence: string }
  /** Written and acknowledged before the first byte goes out. */
  | { readonly entry: "intended"; readonly attempt: number; readonly messageKey: string }
  | {
      readonly entry: "answered";
      readonly attempt: number;
      readonly answer: Answer;
      readonly status: number | null;
      readonly message: string;
      /** As the target asked (Retry-After), RFC 3339; null when it did not. */
      readonly notBefore: string | null;
    }
  /** The effect is a fact: an event (`source id`), or a look-up's answer. */
  | { readonly entry: "verified"; readonly evidence: string }
  | { readonly entry: "held"; readonly reason: string }
  /** A person says that a held item may go on, or is to be left. */
  | { readonly entry: "released" | "dropped"; readonly by: string; readonly reason: string }
  | { readonly entry: "skipped" | "failed"; readonly reason: string };

export interface StoredEntry {
  readonly jobId: string;
  readonly exceptionId: string;
  readonly entryNo: number;
  readonly at: string;
  readonly workerId: string;
  readonly state: ItemState;
  readonly entry: ReplayEntry;
}
