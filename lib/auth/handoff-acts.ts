/**
 * What a person decides about handoffs, and what a second person says to it: checked against the handoffs as they stand, written into the audit
 * log, and sent to where facts go in (act-intake.ts).
 */
import { randomUUID } from "node:crypto";
import type { HandoffActAttributes, HandoffActType } from "@/lib/domain/handoffs/act";
import type { Approval } from "@/lib/domain/handoffs/approval";
import {
  ACT_OF_ACTION,
  checkDecidable,
  type Decidable,
  type DecidingAction,
  OBSTACLE_TEXTS,
} from "@/lib/domain/handoffs/decidable";
import type { EventRef } from "@/lib/domain/journey";
import { type ObjectCatalogue, type ObjectRef, objectKey } from "@/lib/domain/object";
import { OWN_SOURCE } from "@/lib/domain/system";
import { findMissingAttachments } from "@/lib/queries/attachments";
import { type Actor, recordAudit } from "@/lib/queries/audit";
import { readDecidables } from "@/lib/queries/decidable-handoffs";
import type { Services } from "@/lib/services";
import { sendActs, statedObject } from "./act-intake";

/** What an act needs of the house. `send` is for tests. */
export type ActServices = Pick<Services, "store" | "environment" | "catalogue" | "finance"> & {
  readonly now: Date;
  readonly send?: typeof fetch;
};

export type ReasonCode = HandoffActAttributes["reasonCode"];

export interface DecisionRequest {
  readonly action: DecidingAction;
  readonly rule: string;
  readonly key: ObjectRef;
  /** Further keys of the same rule that this one is matched with. */
  readonly with: readonly ObjectRef[];
  readonly reason: string;
  readonly note: string;
  readonly reasonCode: ReasonCode;
  /** `evidenceHash` of the named handoffs as the person saw them; without it, as they stand now. */
  readonly evidence?: string | undefined;
  readonly attachments: readonly string[];
}

export interface Fault {
  readonly path: string;
  readonly message: string;
}

export type ActOutcome =
  | { readonly state: "stored"; readonly event: EventRef; readonly approval: Approval }
  /** No such handoff, or no such act. */
  | { readonly state: "unknown"; readonly detail: string }
  /** What was asked for does not fit; each fault names its field. */
  | { readonly state: "invalid"; readonly faults: readonly Fault[] }
  /** Not possible as things stand. */
  | { readonly state: "conflict"; readonly detail: string }
  /** `away`: try again. `refused`: the worker took it for wrong. */
  | { readonly state: "away" | "refused"; readonly detail: string };

export interface HandoffAct extends Pick<HandoffActAttributes, "rule" | "reason" | "note" | "evidence" | "approval"> {
  readonly id: string;
  readonly type: HandoffActType;
  readonly keys: readonly ObjectRef[];
  readonly reasonCode: ReasonCode;
  readonly attachments: readonly string[];
  /** Of an approval or refusal: the act it answers. */
  readonly act: string;
  readonly actor: Actor;
}

/** The canonical event of an act. */
export function handoffActEvent({ id, type, keys, actor, ...rest }: HandoffAct, catalogue: ObjectCatalogue, now: Date) {
  const attributes: HandoffActAttributes = {
    ...rest,
    attachments: [...rest.attachments],
    actor: actor.name,
    actorId: actor.id,
    actorKind: actor.kind,
  };
  return {
    specversion: "1.0",
    id,
    source: OWN_SOURCE,
    type,
    time: now.toISOString(),
    data: {
      kind: "step",
      objects: keys.map((key) => ({ ...statedObject(key, catalogue), qualifier: "subject" })),
      links: [],
      attributes,
    },
  };
}

export const handoffTarget = (rule: string, key: ObjectRef): string => `handoff ${rule} ${key.type} ${key.id}`;

/** Accepts, matches or reopens handoffs of one rule. */
export async function decideHandoff(
  request: DecisionRequest,
  actor: Actor,
  services: ActServices,
): Promise<ActOutcome> {
  const { action, rule, key, reason, note, reasonCode, attachments } = request;
  const { store, finance, now } = services;
  const keys = [key, ...request.with];
  const handoffs = await readDecidables(store, rule, keys, now.toISOString());
  const faults = [...faultsOfKeys(request, handoffs), ...(await faultsOfAttachments(request, services))];
  const known = new Set(handoffs.map((handoff) => objectKey(handoff.key)));
  if (!known.has(objectKey(key))) return { state: "unknown", detail: `There is no ${handoffTarget(rule, key)}.` };
  if (faults.length > 0) return { state: "invalid", faults };
  const asked = new Set(keys.map(objectKey));
  const named = handoffs.filter((handoff) => asked.has(objectKey(handoff.key)));
  const date = now.toISOString().slice(0, 10);
  const checked = checkDecidable(action, handoffs, { seen: request.evidence, named, finance, date });
  if (!checked.possible) return { state: "conflict", detail: OBSTACLE_TEXTS[checked.obstacle] };
  const act: HandoffAct = {
    id: randomUUID(),
    type: ACT_OF_ACTION[action],
    rule,
    keys: namedFirst(keys, handoffs),
    reason,
    note,
    reasonCode,
    attachments,
    evidence: checked.evidence,
    approval: checked.approval,
    act: "",
    actor,
  };
  return recordHandoffAct(act, key, { stakes: checked.stakes }, services);
}

/** An unknown key, one named twice, or further keys where only matching takes them. */
function faultsOfKeys({ action, key, with: further }: DecisionRequest, handoffs: readonly Decidable[]): Fault[] {
  if (action !== "match" && further.length > 0)
    return [{ path: "with", message: "only a match takes further keys; accept or reopen each by itself" }];
  const known = new Set(handoffs.map((handoff) => objectKey(handoff.key)));
  const all = [key, ...further].map(objectKey);
  return further.flatMap((other, index) => {
    const path = `with.${index}`;
    if (all.indexOf(objectKey(other)) <= index) return [{ path, message: "is named twice" }];
    return known.has(objectKey(other)) ? [] : [{ path, message: "there is no handoff of this rule with that key" }];
  });
}

async function faultsOfAttachments({ attachments }: DecisionRequest, { store }: ActServices): Promise<Fault[]> {
  const missing = await findMissingAttachments(store, attachments);
  return attachments.flatMap((id, index) =>
    missing.has(id) ? [{ path: `attachments.${index}`, message: "is not there; upload the file first" }] : [],
  );
}

/** The keys as the person named them, then the rest of their groups. */
function namedFirst(keys: readonly ObjectRef[], handoffs: readonly Decidable[]): ObjectRef[] {
  const all = new Map([...keys, ...handoffs.map((handoff) => handoff.key)].map((key) => [objectKey(key), key]));
  return [...all.values()];
}

/** Before the act: an act without its entry must not be possible; an entry whose act failed is followed by none that says it held. */
export async function recordHandoffAct(
  act: HandoffAct,
  key: ObjectRef,
  details: Readonly<Record<string, unknown>>,
  { store, catalogue, now, ...intake }: ActServices,
): Promise<ActOutcome> {
  const { type, rule, reason, note, keys, approval, id } = act;
  await recordAudit(
    store,
    {
      actor: act.actor,
      action: type,
      target: handoffTarget(rule, key),
      details: {
        act: act.act || id,
        reason,
        note,
        approval,
        keys: keys.slice(0, 50),
        keyCount: keys.length,
        ...details,
      },
    },
    now,
  );
  const sent = await sendActs([handoffActEvent(act, catalogue, now)], intake);
  if (sent.state !== "stored") return sent;
  const refusal = sent.refused.get(0);
  // Only an answer to an act has an id that can be there already: two people answered at once, and the first holds.
  if (act.act !== "" && (sent.duplicate > 0 || refusal !== undefined))
    return { state: "conflict", detail: "Somebody else answered this at the same time. Look again." };
  if (refusal !== undefined) return { state: "refused", detail: refusal };
  return { state: "stored", event: { source: OWN_SOURCE, id }, approval };
}
