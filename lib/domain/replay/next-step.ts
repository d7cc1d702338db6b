/**
 * What is to be done next with one message of a replay. Pure, and the only place that decides whether a message may be sent. The rule above all
 * others: nothing is sent while the target may hold an effect of it that nobody has seen, unless the target itself takes a message once (idempotent),
 * or we have looked, after the effect had time to show, and it is not there (verifiable), or a person answers for it.
 *
 *   worker killed before `intended` is stored      nothing went out; begun anew
 *   … after it, before the send                    in doubt like a time-out: a look, or a person, decides
 *   … after the send, before the answer is stored  the same
 *   … after the answer is stored                   goes on from the answer
 *   a look that cannot be made                     is no licence to send: waits, then holds
 */
import type { Interface } from "@/lib/domain/interface";
import type { ItemHistory, LookSeen } from "./item-history";

/** What of an interface has a say. */
export type ReplayRules = Pick<Interface, "safety" | "lookup" | "effect" | "retry" | "settle">;

export type Step =
  /** Ask the facts and the target whether the effect is there, and write the answer down. */
  | { readonly step: "look" }
  /** Write the intent down, then send; `attempt` counts within the item, from 1. */
  | { readonly step: "send"; readonly attempt: number }
  /** `until` is RFC 3339. */
  | { readonly step: "wait"; readonly until: string }
  | { readonly step: "hold"; readonly reason: string }
  | { readonly step: "verify"; readonly evidence: string }
  | { readonly step: "skip"; readonly reason: "already-applied" }
  | { readonly step: "fail"; readonly reason: string }
  /** Nothing more to do, now or ever. `sent` without a way to see the effect ends here too. */
  | { readonly step: "rest" };

export interface Situation {
  readonly rules: ReplayRules;
  readonly history: ItemHistory;
  /** Since when an attempt before this job (the original's, or another replay's) may have left an effect that nobody has seen; null: none has. */
  readonly doubtBefore: string | null;
  /** RFC 3339. */
  readonly now: string;
  /** In [0, 1): spreads the waits. */
  readonly random: number;
}

/** A look is good for one send, and only for so long: what was absent may have come since. */
export const LOOK_FRESH_MS = 5_000;
/** Looks that could not be made, in a row, before a person is asked. */
export const LOOKS_UNKNOWN_MAX = 6;
const LOOK_AGAIN_FIRST_MS = 1_000;
const LOOK_AGAIN_MAX_MS = 60_000;
/** An effect of an accepted message is looked for this long; then the item stays `sent`. */
export const WATCH_MS = 24 * 3_600_000;

export function nextStep(situation: Situation): Step {
  const { history } = situation;
  if (history.end) return { step: "rest" };
  const seen = history.looks.findLast(({ found }) => found === "present");
  if (seen) return present(history, seen);
  if (history.isHeld) return { step: "rest" };
  switch (history.lastAnswer?.answer) {
    case "accepted":
      return watchFor(situation, history.lastAnswer.at);
    case "rejected":
      return { step: "fail", reason: history.lastAnswer.message };
    case "not-taken":
      return tryAgain(situation, history.lastAnswer);
    default:
      return sendOrResolveDoubt(situation);
  }
}

/** Its effect before we ever sent it is somebody else's work. */
const present = ({ attempts }: ItemHistory, { evidence }: LookSeen): Step =>
  attempts === 0 ? { step: "skip", reason: "already-applied" } : { step: "verify", evidence };

export const canLook = ({ lookup, effect }: ReplayRules): boolean => lookup !== undefined || effect !== undefined;

/** Certainly not taken: after a while it may go again, as often as the policy says. */
function tryAgain(situation: Situation, answer: NonNullable<ItemHistory["lastAnswer"]>): Step {
  const { rules, history, now } = situation;
  if (history.attempts >= rules.retry.attempts && !history.isReleased)
    return { step: "fail", reason: `${answer.message} (after ${history.attempts} attempts)` };
  const until = later(plus(answer.at, backOffMs(situation)), answer.notBefore);
  return until > now ? { step: "wait", until } : sendOrResolveDoubt(situation);
}

function sendOrResolveDoubt(situation: Situation): Step {
  const { rules, history, doubtBefore, now } = situation;
  const doubtSince = history.doubtSince ?? (history.lastAnswer === null && history.attempts === 0 ? doubtBefore : null);
  if (doubtSince === null) return firstSend(situation);
  if (history.attempts >= rules.retry.attempts && !history.isReleased)
    return { step: "hold", reason: `Sent ${history.attempts} times, and whether the target took it is not known.` };
  switch (rules.safety) {
    case "idempotent": {
      const until = history.attempts === 0 ? now : plus(doubtSince, backOffMs(situation));
      return until > now ? { step: "wait", until } : firstSend(situation);
    }
    case "verifiable":
      return lookAfterDoubt(situation, doubtSince);
    case "unsafe":
      if (history.isReleased) return send(history);
      return {
        step: "hold",
        reason:
          "The target may have taken it already, and cannot be asked. Find out there, then release it or leave it.",
      };
  }
}

/** Nothing is in doubt. Where a look is possible, it comes before every send all the same: somebody may have typed it in by hand. */
function firstSend(situation: Situation): Step {
  const { rules, history, now } = situation;
  if (!canLook(rules)) return send(history);
  const last = history.looks.at(-1);
  if (!last || plus(last.at, LOOK_FRESH_MS) < now)
    return last?.found === "unknown" ? lookAgain(situation) : { step: "look" };
  if (last.found === "absent") return send(history);
  // The target takes a message once, whatever it holds; and of an unsafe one nothing is in doubt.
  return rules.safety === "verifiable" ? lookAgain(situation) : send(history);
}

/** Only an absence seen when the effect had had its time is one. */
function lookAfterDoubt(situation: Situation, doubtSince: string): Step {
  const { rules, history, now } = situation;
  const settledAt = plus(doubtSince, rules.settle);
  const last = history.looks.at(-1);
  if (!last) return { step: "look" };
  if (last.found === "unknown") return lookAgain(situation);
  if (last.at < settledAt) {
    const until = earlier(settledAt, plus(last.at, LOOK_AGAIN_MAX_MS));
    return until > now ? { step: "wait", until } : { step: "look" };
  }
  return plus(last.at, LOOK_FRESH_MS) < now ? { step: "look" } : send(history);
}

/** The target could not be asked. A person who released the item has not said that the effect is absent, so it is asked again from the start. */
function lookAgain({ history, now }: Situation): Step {
  const inARow = history.looks.length - 1 - history.looks.findLastIndex(({ found }) => found !== "unknown");
  const last = history.looks.at(-1);
  if (!last) return { step: "look" };
  if (inARow >= LOOKS_UNKNOWN_MAX && !history.isReleased)
    return { step: "hold", reason: "Whether its effect is there could not be found out; nothing was sent." };
  const until = plus(last.at, Math.min(LOOK_AGAIN_FIRST_MS * 2 ** (inARow - 1), LOOK_AGAIN_MAX_MS));
  return until > now ? { step: "wait", until } : { step: "look" };
}

/** Accepted is not done: the effect must be seen. */
function watchFor({ rules, history, now }: Situation, acceptedAt: string): Step {
  if (!canLook(rules) || plus(acceptedAt, WATCH_MS) < now) return { step: "rest" };
  const last = history.looks.at(-1);
  if (!last) return { step: "look" };
  const waitMs = Math.min(LOOK_AGAIN_FIRST_MS * 2 ** Math.min(history.looks.length - 1, 10), LOOK_AGAIN_MAX_MS);
  const until = plus(last.at, waitMs);
  return until > now ? { step: "wait", until } : { step: "look" };
}

const send = ({ attempts }: ItemHistory): Step => ({ step: "send", attempt: attempts + 1 });

/** Doubling (or as the policy says) from the first wait to the longest, less a random share. */
function backOffMs({ rules: { retry }, history, random }: Situation): number {
  const full = Math.min(retry.first * retry.factor ** Math.max(0, history.attempts - 1), retry.longest);
  return Math.round(full * (1 - retry.jitter * random));
}

const plus = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();
const later = (a: string, b: string | null): string => (b !== null && b > a ? b : a);
const earlier = (a: string, b: string): string => (a < b ? a : b);
