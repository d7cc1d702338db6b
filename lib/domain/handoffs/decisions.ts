/** Which of people's acts on handoffs are in force. Pure. */
import type { ObjectKey } from "@/lib/domain/object";
import { objectKey } from "@/lib/domain/object";
import { type HandoffActAttributes, handoffActAttributes, isHandoffAct } from "./act";
import { compareEvents, type HandoffEvent } from "./handoff-event";

export interface Decision {
  readonly kind: "matched" | "accepted";
  /** Event id of the act. */
  readonly id: string;
  readonly at: string;
  readonly keys: readonly ObjectKey[];
  readonly attributes: HandoffActAttributes;
  /** Made, and waiting for a second person. */
  readonly awaitsApproval: boolean;
}

export interface Act {
  readonly event: HandoffEvent;
  readonly keys: readonly ObjectKey[];
  readonly attributes: HandoffActAttributes;
}

/**
 * @param events acts of one rule, in any order
 * @returns the newest decision about each set of keys that no later act about any of them replaced, and no second person refused
 */
export function decisionsInForce(events: readonly HandoffEvent[], keyType: string): readonly Decision[] {
  const acts = actsOf(events, keyType);
  const answers = acts.filter(({ event }) => event.type === "handoff.approved" || event.type === "handoff.refused");
  const latest = new Map<ObjectKey, Act>();
  for (const act of acts) {
    if (answers.includes(act) || isRefused(act, answers)) continue;
    for (const key of act.keys) latest.set(key, act);
  }
  return [...new Set(latest.values())].flatMap((act) => {
    const isReplaced = act.keys.some((key) => latest.get(key) !== act);
    if (isReplaced || act.event.type === "handoff.reopened") return [];
    return [
      {
        kind: act.event.type === "handoff.matched" ? ("matched" as const) : ("accepted" as const),
        id: act.event.id,
        at: act.event.occurredAt,
        keys: act.keys,
        attributes: act.attributes,
        awaitsApproval: act.attributes.approval === "required" && !isApproved(act, answers),
      },
    ];
  });
}

/** As they were made. @param events acts of one rule, in any order */
export const actsOf = (events: readonly HandoffEvent[], keyType: string): readonly Act[] =>
  events.flatMap((event) => readAct(event, keyType)).sort((a, b) => compareEvents(a.event, b.event));

/** Nobody approves their own act. */
const isApproved = (act: Act, answers: readonly Act[]): boolean =>
  answers.some(
    ({ event, attributes }) =>
      event.type === "handoff.approved" &&
      attributes.act === act.event.id &&
      attributes.actorId !== act.attributes.actorId,
  );

const isRefused = (act: Act, answers: readonly Act[]): boolean =>
  answers.some(({ event, attributes }) => event.type === "handoff.refused" && attributes.act === act.event.id);

/** An act that does not read as one changes nothing: only this installation writes them, so it is from a later version. */
function readAct(event: HandoffEvent, keyType: string): Act[] {
  const read = handoffActAttributes.safeParse(event.attributes);
  if (!isHandoffAct(event.type) || !read.success) return [];
  const keys = event.objects.filter(({ type }) => type === keyType).map(objectKey);
  return keys.length > 0 ? [{ event, keys, attributes: read.data }] : [];
}
