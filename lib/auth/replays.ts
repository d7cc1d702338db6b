/**
 * What a person asks of replays: a plan, and what is to become of it. Rows that the executor reads (ingest/replay): nothing here sends anything.
 * Each is audited before it is stored.
 */
import { randomUUID } from "node:crypto";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import { DEFAULT_RAMP, REPLAY_ITEMS_MAX, type ReplayItem, type ReplayPlan } from "@/lib/domain/replay/job";
import { planItems, type Skipped } from "@/lib/domain/replay/plan";
import { type Actor, recordAudit } from "@/lib/queries/audit";
import { type ExceptionFilter, filterParameters } from "@/lib/queries/exception-filter";
import { readExceptions, selectExceptionIds } from "@/lib/queries/exceptions";
import { storeReplayPlan } from "@/lib/queries/replays";
import type { Services } from "@/lib/services";
import type { Fault } from "./handoff-acts";
import { checkEdit, type EditRequest } from "./replay-edit";

export type ReplayServices = Pick<Services, "store" | "interfaces" | "catalogue" | "maskPersonalData"> & {
  readonly now: Date;
  /** Of the actor. */
  readonly seesPersonalData: boolean;
};

export interface ReplayRequest {
  readonly name: string;
  /** These ones, or all that match now. */
  readonly selection: { readonly exceptionIds: readonly string[] } | { readonly filter: ExceptionFilter };
  readonly edit?: EditRequest | undefined;
  readonly rate?: number | null | undefined;
  readonly ramp?: readonly number[] | undefined;
  readonly stopAfterFailures?: number | undefined;
  readonly dryRun?: boolean | undefined;
  readonly includeBusiness?: boolean | undefined;
}

export type PlanOutcome =
  | {
      readonly state: "planned";
      readonly plan: ReplayPlan;
      readonly items: readonly ReplayItem[];
      readonly skipped: readonly Skipped[];
    }
  | { readonly state: "invalid"; readonly faults: readonly Fault[] }
  | { readonly state: "conflict"; readonly detail: string };

export const STOP_AFTER_FAILURES = 3;

/** Makes and keeps the plan; nothing is sent until it is started. Of more than REPLAY_ITEMS_MAX, the first by rank. */
export async function planReplay(request: ReplayRequest, actor: Actor, services: ReplayServices): Promise<PlanOutcome> {
  const { store, interfaces, catalogue, now } = services;
  const { selection, edit = null } = request;
  if (edit && !("exceptionIds" in selection && selection.exceptionIds.length === 1))
    return invalid("edit", "an edited payload is of one exception; name that one in exceptionIds");
  const { ids, matching, exceptions } = await select(selection, services);
  if (ids.length === 0) return invalid("filter", "no exception matches");
  const checked = edit ? await checkEdit(edit, exceptions[0], services) : ({ state: "fits", edit: null } as const);
  if (checked.state !== "fits") return checked;
  const { items, skipped, approvalReasons } = planItems(ids, exceptions, {
    interfaces,
    catalogue,
    edit: checked.edit,
    includeBusiness: request.includeBusiness ?? false,
  });
  const plan: ReplayPlan = {
    id: randomUUID(),
    name: request.name,
    plannedAt: now.toISOString(),
    plannedBy: actor.name,
    plannedById: actor.id,
    asked: "filter" in selection ? { filter: filterParameters(selection.filter) } : { exceptionIds: ids },
    matching,
    rate: request.rate ?? null,
    ramp: request.ramp ?? DEFAULT_RAMP,
    stopAfterFailures: request.stopAfterFailures ?? STOP_AFTER_FAILURES,
    dryRun: request.dryRun ?? false,
    // A dry run sends nothing that a second person would have to answer for.
    approvalReasons: request.dryRun ? [] : approvalReasons,
    willReplay: items.length,
    willSkip: skipped.length,
  };
  await recordAudit(
    store,
    {
      actor,
      action: "replay.planned",
      target: `replay ${plan.id}`,
      details: {
        name: plan.name,
        willReplay: plan.willReplay,
        willSkip: plan.willSkip,
        dryRun: plan.dryRun,
        edited: checked.edit !== null,
        exceptions: ids.slice(0, 50),
      },
    },
    now,
  );
  await storeReplayPlan(store, plan, items, skipped);
  return { state: "planned", plan, items, skipped };
}

const invalid = (path: string, message: string): PlanOutcome => ({ state: "invalid", faults: [{ path, message }] });

async function select(
  selection: ReplayRequest["selection"],
  { store, now }: ReplayServices,
): Promise<{ ids: readonly string[]; matching: number; exceptions: readonly ListedException[] }> {
  const clock = now.toISOString();
  if ("filter" in selection) {
    const { ids, matching } = await selectExceptionIds(store, selection.filter, {
      limit: REPLAY_ITEMS_MAX,
      now: clock,
    });
    return { ids, matching, exceptions: await readExceptions(store, ids, clock) };
  }
  const asked = [...new Set(selection.exceptionIds)];
  const ids = asked.slice(0, REPLAY_ITEMS_MAX);
  return { ids, matching: asked.length, exceptions: await readExceptions(store, ids, clock) };
}
