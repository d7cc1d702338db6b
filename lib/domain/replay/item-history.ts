/**
 * What an item's log says has happened, and may have happened, to its message. Pure: entries in, knowledge out. The one thing that matters is doubt:
 * whether the target may hold an effect of this message that nobody has seen.
 */
import type { Answer, ItemState, ReplayEntry, StoredEntry } from "./entry";

export interface LookSeen {
  readonly at: string;
  readonly found: "present" | "absent" | "unknown";
  readonly evidence: string;
}

export interface ItemHistory {
  /** Sends that were intended, whatever became of them. */
  readonly attempts: number;
  /** Since when the target may hold an effect that nobody has seen; null when there is no doubt. */
  readonly doubtSince: string | null;
  readonly lastAnswer: {
    readonly answer: Answer;
    readonly at: string;
    readonly notBefore: string | null;
    readonly message: string;
  } | null;
  /** Looks since the last send, oldest first. */
  readonly looks: readonly LookSeen[];
  /** A person said so after the item was last held: one more send is theirs to answer for. */
  readonly isReleased: boolean;
  readonly isHeld: boolean;
  /** Set once nothing more happens to the item. */
  readonly end: "verified" | "failed" | "skipped" | null;
}

export const NO_HISTORY: ItemHistory = {
  attempts: 0,
  doubtSince: null,
  lastAnswer: null,
  looks: [],
  isReleased: false,
  isHeld: false,
  end: null,
};

/** An entry with the time at which it was made, RFC 3339 UTC. */
export interface TimedEntry {
  readonly at: string;
  readonly entry: ReplayEntry;
}

/** @param entries of one item of one job, by entryNo. */
export const historyOf = (entries: readonly TimedEntry[]): ItemHistory => entries.reduce(withEntry, NO_HISTORY);

export function withEntry(before: ItemHistory, { at, entry }: TimedEntry): ItemHistory {
  switch (entry.entry) {
    case "looked":
      return { ...before, looks: [...before.looks, { at, found: entry.found, evidence: entry.evidence }] };
    case "intended":
      // Until an answer is written down, the message may have gone out: a worker may die right here.
      return {
        ...before,
        attempts: before.attempts + 1,
        doubtSince: at,
        lastAnswer: null,
        looks: [],
        isReleased: false,
      };
    case "answered":
      return {
        ...before,
        doubtSince: entry.answer === "unclear" ? at : null,
        lastAnswer: { answer: entry.answer, at, notBefore: entry.notBefore, message: entry.message },
      };
    case "held":
      return { ...before, isHeld: true, isReleased: false };
    case "released":
      return { ...before, isHeld: false, isReleased: true };
    case "dropped":
      return { ...before, isHeld: false, end: "skipped" };
    case "verified":
    case "failed":
    case "skipped":
      return { ...before, isHeld: false, end: entry.entry };
  }
}

/** The state that the table and the counts show. */
export function itemStateOf(history: ItemHistory): ItemState {
  if (history.end) return history.end;
  if (history.isHeld) return "held";
  if (history.lastAnswer?.answer === "accepted") return "sent";
  if (history.lastAnswer?.answer === "unclear") return "unclear";
  if (history.doubtSince !== null) return "sending";
  return "pending";
}

/** Entries in the order in which they were made: by number, and of two with one number (two workers, one of them too late) by time. */
export const inOrder = (entries: readonly StoredEntry[]): readonly StoredEntry[] =>
  [...entries].sort((a, b) => a.entryNo - b.entryNo || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
