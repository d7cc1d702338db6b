/**
 * One decision about many handoffs: planned first, then the plan as it was shown is carried out, in batches. Its acts have ids that follow from
 * the plan's, so a plan carried out twice, or again after a failure, does each act once.
 */
import { randomUUID } from "node:crypto";
import {
  type AskedHandoff,
  BULK_KEYS_MAX,
  obstacleToPlanned,
  type PlannedAct,
  planBulk,
  SKIP_TEXTS,
  type SkipReason,
} from "@/lib/domain/handoffs/bulk";
import { ACT_OF_ACTION, type Decidable, type DecidingAction } from "@/lib/domain/handoffs/decidable";
import type { ObjectRef } from "@/lib/domain/object";
import { type Actor, recordAudit } from "@/lib/queries/audit";
import { readBulkPlan, type StoredPlan, storeBulkPlan } from "@/lib/queries/bulk-plans";
import { readDecidables, selectDecidables } from "@/lib/queries/decidable-handoffs";
import { readStoredActIds } from "@/lib/queries/handoff-acts";
import type { HandoffFilter } from "@/lib/queries/handoff-filter";
import { sendActs } from "./act-intake";
import { type ActServices, handoffActEvent, type ReasonCode } from "./handoff-acts";

const ACTS_PER_REQUEST = 500;

export interface BulkRequest {
  readonly action: DecidingAction;
  /** These ones, or all that match now. */
  readonly selection: { readonly keys: readonly AskedHandoff[] } | { readonly filter: HandoffFilter };
  readonly reason: string;
  readonly note: string;
  readonly reasonCode: ReasonCode;
}

/** Makes and keeps the plan; nothing is decided yet. Of more than BULK_KEYS_MAX, the first, by rule and key: `matching` says how many there are. */
export async function planBulkAct(
  { action, selection, ...said }: BulkRequest,
  actor: Actor,
  services: ActServices & { readonly mayAct: boolean },
): Promise<StoredPlan> {
  const { store, finance, now, mayAct } = services;
  const { asked, handoffs, matching } = await select(selection, services);
  const date = now.toISOString().slice(0, 10);
  const plan: StoredPlan = {
    ...planBulk(action, asked, handoffs, { finance, date, mayAct }),
    ...said,
    id: randomUUID(),
    plannedAt: now.toISOString(),
    plannedById: actor.id,
    matching,
  };
  await storeBulkPlan(store, plan);
  return plan;
}

async function select(
  selection: BulkRequest["selection"],
  { store, now }: ActServices,
): Promise<{ asked: readonly AskedHandoff[]; handoffs: readonly Decidable[]; matching: number }> {
  if ("filter" in selection) {
    const found = await selectDecidables(store, selection.filter, BULK_KEYS_MAX, now.toISOString());
    return { asked: found.selected, handoffs: found.handoffs, matching: found.matching };
  }
  const asked = selection.keys.slice(0, BULK_KEYS_MAX);
  return { asked, handoffs: await readByRule(asked, store, now), matching: selection.keys.length };
}

async function readByRule(
  asked: readonly { readonly rule: string; readonly key: ObjectRef }[],
  store: ActServices["store"],
  now: Date,
): Promise<Decidable[]> {
  const handoffs: Decidable[] = [];
  for (const rule of new Set(asked.map((each) => each.rule))) {
    const keys = asked.filter((each) => each.rule === rule).map(({ key }) => key);
    handoffs.push(...(await readDecidables(store, rule, keys, now.toISOString())));
  }
  return handoffs;
}

export interface BulkResult {
  readonly rule: string;
  readonly key: ObjectRef;
  readonly result: "done" | "skipped" | "failed";
  /** Why it was skipped, or failed. */
  readonly detail: string;
}

export type BulkOutcome =
  /** One result per handoff of the plan, and of the groups they belong to. `failed`: carry the plan out again; what is done stays done once. */
  | { readonly state: "carried-out"; readonly results: readonly BulkResult[] }
  | { readonly state: "unknown" | "conflict"; readonly detail: string };

export async function carryOutBulkPlan(id: string, actor: Actor, services: ActServices): Promise<BulkOutcome> {
  const plan = await readBulkPlan(services.store, id);
  if (!plan) return { state: "unknown", detail: `There is no plan ${id}.` };
  if (plan.plannedById !== actor.id)
    return { state: "conflict", detail: "Somebody else made this plan. Make your own: it is you who decides then." };
  const results: BulkResult[] = plan.skipped.map(({ rule, key, reason }) => skippedAs(rule, key, reason));
  let away = "";
  for (let first = 0; first < plan.acts.length; first += ACTS_PER_REQUEST) {
    const batch = plan.acts.slice(first, first + ACTS_PER_REQUEST);
    // Each attempt at a worker that does not answer takes its whole time-out; the rest is for the next time the plan is carried out.
    const done: readonly BulkResult[] = away
      ? resultsOf(batch, () => ({ result: "failed", detail: away }))
      : await carryOutBatch(plan, batch, first, actor, services);
    if (done.length > 0 && done.every(({ result }) => result === "failed")) away = done[0]?.detail ?? "";
    results.push(...done);
  }
  return { state: "carried-out", results };
}

const skippedAs = (rule: string, key: ObjectRef, reason: SkipReason): BulkResult => ({
  rule,
  key,
  result: "skipped",
  detail: SKIP_TEXTS[reason],
});

const actIdOf = (plan: StoredPlan, index: number): string => `${plan.id}-${index}`;

async function carryOutBatch(
  plan: StoredPlan,
  batch: readonly PlannedAct[],
  first: number,
  actor: Actor,
  services: ActServices,
): Promise<BulkResult[]> {
  const { store, catalogue, finance, now, ...intake } = services;
  const ids = batch.map((_, index) => actIdOf(plan, first + index));
  const stored = await readStoredActIds(store, ids);
  const open = batch.flatMap((act, index) => (stored.has(ids[index] ?? "") ? [] : [{ act, id: ids[index] ?? "" }]));
  const asked = open.flatMap(({ act }) => act.keys.map((key) => ({ rule: act.rule, key })));
  const handoffs = await readByRule(asked, store, now);
  const circumstances = { finance, date: now.toISOString().slice(0, 10), mayAct: true };
  const checked = open.map(({ act, id }) => ({
    act,
    id,
    obstacle: obstacleToPlanned(plan, act, handoffs, circumstances),
  }));
  const going = checked.filter(({ obstacle }) => obstacle === null);
  const failures = await sendBatch(going, plan, actor, { catalogue, now, store, ...intake });
  const resultOf = new Map<PlannedAct, Pick<BulkResult, "result" | "detail">>();
  for (const { act, obstacle } of checked)
    if (obstacle) resultOf.set(act, { result: "skipped", detail: SKIP_TEXTS[obstacle] });
  for (const { act, id } of going) {
    const failure = failures.get(id);
    if (failure !== undefined) resultOf.set(act, { result: "failed", detail: failure });
  }
  return resultsOf(batch, (act) => resultOf.get(act) ?? { result: "done", detail: "" });
}

const resultsOf = (
  acts: readonly PlannedAct[],
  resultOf: (act: PlannedAct) => Pick<BulkResult, "result" | "detail">,
): BulkResult[] => acts.flatMap((act) => act.keys.map((key) => ({ rule: act.rule, key, ...resultOf(act) })));

/** @returns by act id, why it was not stored. */
async function sendBatch(
  going: readonly { readonly act: PlannedAct; readonly id: string }[],
  plan: StoredPlan,
  actor: Actor,
  { store, catalogue, now, ...intake }: Omit<ActServices, "finance">,
): Promise<ReadonlyMap<string, string>> {
  if (going.length === 0) return new Map();
  const type = ACT_OF_ACTION[plan.action];
  const { reason, note, reasonCode } = plan;
  const keys = going.flatMap(({ act }) => act.keys.map(({ type: keyType, id }) => `${act.rule} ${keyType} ${id}`));
  await recordAudit(
    store,
    { actor, action: type, target: `handoffs of plan ${plan.id}`, details: { reason, note, acts: going.length, keys } },
    now,
  );
  const events = going.map(({ act: { rule, keys: subjects, evidence }, id }) =>
    handoffActEvent(
      {
        id,
        type,
        rule,
        keys: subjects,
        reason,
        note,
        reasonCode,
        evidence,
        attachments: [],
        approval: "not-required",
        act: "",
        actor,
      },
      catalogue,
      now,
    ),
  );
  const sent = await sendActs(events, intake);
  if (sent.state !== "stored") return new Map(going.map(({ id }) => [id, sent.detail]));
  return new Map([...sent.refused].map(([index, why]) => [going[index]?.id ?? "", why]));
}
