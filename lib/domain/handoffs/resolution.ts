/** What people decided about the handoffs of one group, put on top of what the facts say. Pure. */
import { ExactDecimal } from "@/lib/domain/decimal";
import { type ObjectKey, objectKey } from "@/lib/domain/object";
import type { Decision } from "./decisions";
import type { RuleContext } from "./evaluate";
import { evidenceHash } from "./evidence";
import { type Handoff, isBreak, type Resolution } from "./handoff";
import { acceptanceOf } from "./standing-acceptance";

/**
 * A decision holds only on the evidence it was made on: when another event has come since, the handoff is open again. Without a person's decision, a
 * standing acceptance may cover the break. `handoffs`: those of one group.
 */
export function decide(handoffs: readonly Handoff[], decisions: readonly Decision[], context: RuleContext): Handoff[] {
  const byKey = handoffsByKey(handoffs);
  const resolved = new Map<Handoff, Handoff>();
  for (const decision of decisions.filter(({ awaitsApproval }) => !awaitsApproval)) {
    const about = decision.keys.flatMap((key) => byKey.get(key) ?? []);
    const holds = isHeldBy(decision, about);
    for (const handoff of about) {
      const joined = decision.kind === "matched" && about.length > 1;
      // Joined keys that settle each other are settled whatever came since: the facts say so now.
      if (holds || (joined && handoff.state === "matched")) resolved.set(handoff, resolve(handoff, decision));
    }
  }
  // The stake stands on the leading key; what is at stake for the others is the same.
  const stake = handoffs.find(({ key, group }) => objectKey(key) === objectKey(group.lead))?.stake ?? "0";
  return handoffs.map((handoff) => resolved.get(handoff) ?? acceptStanding(handoff, stake, context));
}

/**
 * What waits for a second person shows it. Over the handoffs of all groups: a match that waits has joined nothing yet, so its keys are judged
 * apart until somebody approves it.
 */
export function showAwaiting(handoffs: readonly Handoff[], decisions: readonly Decision[]): readonly Handoff[] {
  const awaiting = decisions.filter(({ awaitsApproval }) => awaitsApproval);
  if (awaiting.length === 0) return handoffs;
  const byKey = handoffsByKey(handoffs);
  const resolved = new Map<Handoff, Handoff>();
  for (const decision of awaiting) {
    const about = decision.keys.flatMap((key) => byKey.get(key) ?? []);
    if (isHeldBy(decision, about)) for (const handoff of about) resolved.set(handoff, resolve(handoff, decision));
  }
  return handoffs.map((handoff) => resolved.get(handoff) ?? handoff);
}

const handoffsByKey = (handoffs: readonly Handoff[]): ReadonlyMap<ObjectKey, Handoff> =>
  new Map(handoffs.map((handoff) => [objectKey(handoff.key), handoff]));

const isHeldBy = ({ keys, attributes }: Decision, about: readonly Handoff[]): boolean =>
  about.length === keys.length && evidenceHash(about) === attributes.evidence;

function resolve(handoff: Handoff, decision: Decision): Handoff {
  const { kind, awaitsApproval, at, id, attributes } = decision;
  const resolution: Resolution = {
    kind: awaitsApproval ? "awaiting_approval" : kind,
    by: attributes.actor,
    at,
    reason: attributes.reason,
    note: attributes.note,
    actId: id,
  };
  if (awaitsApproval || kind === "accepted") return { ...handoff, resolution };
  const settledAt = handoff.state === "matched" ? handoff.settledAt : at;
  return { ...handoff, state: "matched", stateWhenDue: "matched", brokenAt: null, settledAt, resolution };
}

function acceptStanding(handoff: Handoff, atStake: string, { acceptances, finance }: RuleContext): Handoff {
  const state = handoff.stateWhenDue;
  if (acceptances.length === 0 || !isBreak(state) || handoff.brokenAt === null) return handoff;
  const stake = { amount: new ExactDecimal(atStake), currency: handoff.totals.currency };
  const acceptance = acceptanceOf({ ...handoff, state, stake, brokenAt: handoff.brokenAt }, acceptances, finance);
  if (!acceptance) return handoff;
  const { id, createdBy, createdAt, reason, note } = acceptance;
  return {
    ...handoff,
    resolution: { kind: "standing", by: createdBy, at: createdAt, reason, note, actId: id },
  };
}
