/** What a second person says to a decision that needs one: yes or no, once. */
import { handoffActAttributes } from "@/lib/domain/handoffs/act";
import { OBSTACLE_TEXTS } from "@/lib/domain/handoffs/decidable";
import { decisionsInForce } from "@/lib/domain/handoffs/decisions";
import { evidenceHash } from "@/lib/domain/handoffs/evidence";
import { type ObjectRef, objectKey } from "@/lib/domain/object";
import type { Actor } from "@/lib/queries/audit";
import { readDecidables } from "@/lib/queries/decidable-handoffs";
import { readActsAbout } from "@/lib/queries/handoff-acts";
import { type ActOutcome, type ActServices, type HandoffAct, handoffTarget, recordHandoffAct } from "./handoff-acts";

export interface AnswerRequest {
  readonly answer: "approve" | "refuse";
  readonly rule: string;
  readonly key: ObjectRef;
  /** Event id of the act that is answered. */
  readonly act: string;
  readonly reason: string;
  readonly note: string;
}

/** The caller has checked `reconciliation:approve`. Judged by facts, not by the projected row, which follows them by moments. */
export async function answerHandoffAct(
  request: AnswerRequest,
  actor: Actor,
  services: ActServices,
): Promise<ActOutcome> {
  const { rule, key, act: actId } = request;
  const found = (await readActsAbout(services.store, rule, [key])).find(({ id }) => id === actId);
  const asked = found && handoffActAttributes.safeParse(found.attributes).data;
  if (!found || !asked || (found.type !== "handoff.matched" && found.type !== "handoff.accepted"))
    return { state: "unknown", detail: `There is no such decision about ${handoffTarget(rule, key)}.` };
  const keys = found.objects.map(({ type, id }) => ({ type, id }));
  if (asked.approval !== "required") return conflict("This decision needs no second person.");
  if (asked.actorId === actor.id) return conflict("A second person is needed: you made this decision yourself.");
  const obstacle = await obstacleToAnswer(services, rule, keys, { id: actId, evidence: asked.evidence });
  if (obstacle) return conflict(obstacle);
  const answer: HandoffAct = {
    id: answerIdOf(actId),
    type: request.answer === "approve" ? "handoff.approved" : "handoff.refused",
    rule,
    keys,
    reason: request.reason,
    note: request.note,
    reasonCode: asked.reasonCode,
    attachments: [],
    evidence: asked.evidence,
    approval: "not-required",
    act: actId,
    actor,
  };
  return recordHandoffAct(answer, key, { decidedBy: asked.actor, decidedAt: found.occurredAt }, services);
}

async function obstacleToAnswer(
  { store, now }: ActServices,
  rule: string,
  keys: readonly ObjectRef[],
  asked: { readonly id: string; readonly evidence: string },
): Promise<string | null> {
  const acts = await readActsAbout(store, rule, keys);
  if (acts.some(({ id }) => id === answerIdOf(asked.id))) return "Somebody answered this already.";
  const inForce = decisionsInForce(acts, keys[0]?.type ?? "").some(({ id }) => id === asked.id);
  if (!inForce) return "This decision was taken back or replaced since; there is nothing to answer.";
  const names = new Set(keys.map(objectKey));
  const handoffs = await readDecidables(store, rule, keys, now.toISOString());
  const named = handoffs.filter((handoff) => names.has(objectKey(handoff.key)));
  return named.length === names.size && evidenceHash(named) === asked.evidence ? null : OBSTACLE_TEXTS.changed;
}

const conflict = (detail: string): ActOutcome => ({ state: "conflict", detail });

/** One answer per act: a second one, sent at the same time, meets the first under this id and is a duplicate. */
const answerIdOf = (act: string): string => `${act}-answer`;
