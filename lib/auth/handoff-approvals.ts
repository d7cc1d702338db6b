/** What a second person says to a decision that needs one: yes or no, once. */
import { type HandoffActAttributes, handoffActAttributes, isHandoffAct } from "@/lib/domain/handoffs/act";
import type { ObjectRef } from "@/lib/domain/object";
import { objectKey } from "@/lib/domain/object";
import { OWN_SOURCE } from "@/lib/domain/system";
import type { Actor } from "@/lib/queries/audit";
import { readDecidables } from "@/lib/queries/decidable-handoffs";
import { readEvent } from "@/lib/queries/event";
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

interface StoredAct {
  readonly type: string;
  readonly keys: readonly ObjectRef[];
  readonly attributes: HandoffActAttributes;
}

/** The caller has checked `reconciliation:approve`. */
export async function answerHandoffAct(
  request: AnswerRequest,
  actor: Actor,
  services: ActServices,
): Promise<ActOutcome> {
  const { rule, key, act: actId } = request;
  const asked = await readAct(services, actId);
  const isAbout = asked?.attributes.rule === rule && asked.keys.some((other) => objectKey(other) === objectKey(key));
  if (!asked || !isAbout || (asked.type !== "handoff.matched" && asked.type !== "handoff.accepted"))
    return { state: "unknown", detail: `There is no act ${actId} about ${handoffTarget(rule, key)}.` };
  if (asked.attributes.approval !== "required") return conflict("This decision needs no second person.");
  if (asked.attributes.actorId === actor.id)
    return conflict("A second person is needed: you made this decision yourself.");
  if (await readAct(services, answerIdOf(actId))) return conflict("Somebody answered this already.");
  const [handoff] = (await readDecidables(services.store, rule, [key], services.now.toISOString())).filter(
    (found) => objectKey(found.key) === objectKey(key),
  );
  if (handoff?.resolution !== "awaiting_approval" || handoff.actId !== actId)
    return conflict("This does not wait for approval: it was reopened, or has changed since. Look again.");
  const answer: HandoffAct = {
    id: answerIdOf(actId),
    type: request.answer === "approve" ? "handoff.approved" : "handoff.refused",
    rule,
    keys: asked.keys,
    reason: request.reason,
    note: request.note,
    reasonCode: asked.attributes.reasonCode,
    attachments: [],
    evidence: asked.attributes.evidence,
    approval: "not-required",
    act: actId,
    actor,
  };
  return recordHandoffAct(answer, key, { decidedBy: asked.attributes.actor }, services);
}

const conflict = (detail: string): ActOutcome => ({ state: "conflict", detail });

/** One answer per act: a second one, sent at the same time, meets the first under this id and is a duplicate. */
const answerIdOf = (act: string): string => `${act}-answer`;

async function readAct({ store }: ActServices, id: string): Promise<StoredAct | null> {
  const event = await readEvent(store, OWN_SOURCE, id);
  if (!event || !isHandoffAct(event.type)) return null;
  const { data } = JSON.parse(event.payload) as { data?: { attributes?: unknown } };
  const attributes = handoffActAttributes.safeParse(data?.attributes);
  return attributes.success ? { type: event.type, keys: event.objects, attributes: attributes.data } : null;
}
