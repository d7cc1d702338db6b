/** How the state of one handoff came to be, step by step: what we believed when. Pure. */
import type { EventRef } from "@/lib/domain/journey";
import type { Difference, Handoff, HandoffState, Resolution } from "./handoff";

/** What was known at one time, judged by the rule that was in force. */
export interface Belief {
  /** When the facts reached us, or the rule was published. RFC 3339 */
  readonly at: string;
  /** Null: no handoff yet, or none any more. */
  readonly handoff: Handoff | null;
  /** What came at that time; empty when only the rule changed. */
  readonly events: readonly EventRef[];
}

export interface Moment {
  readonly at: string;
  readonly state: HandoffState;
  /** `due`: nothing came, and its time was up. */
  readonly because: "events" | "due" | "rule";
  readonly events: readonly EventRef[];
  readonly ruleVersion: number;
  readonly difference: Difference;
  readonly resolution: Resolution | null;
}

/** @param beliefs by time. @param now RFC 3339: what falls due later has not happened */
export function historyOf(beliefs: readonly Belief[], now: string): readonly Moment[] {
  const moments: Moment[] = [];
  beliefs.forEach(({ at, handoff, events }, index) => {
    if (handoff === null) return;
    const known = { ruleVersion: handoff.ruleVersion, difference: handoff.difference, resolution: handoff.resolution };
    const { dueAt } = handoff;
    // What reaches us after it was due is due from the start.
    const isDue = handoff.state === "pending" && dueAt !== null && dueAt <= at;
    const because = events.length > 0 ? "events" : "rule";
    moments.push({ at, state: isDue ? handoff.stateWhenDue : handoff.state, because, events, ...known });
    const until = beliefs[index + 1]?.at ?? now;
    if (!isDue && handoff.state === "pending" && dueAt !== null && dueAt <= until) {
      moments.push({ at: dueAt, state: handoff.stateWhenDue, because: "due", events: [], ...known });
    }
  });
  return moments;
}
