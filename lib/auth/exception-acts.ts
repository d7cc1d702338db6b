/**
 * What people do about exceptions: one, these, or all that match. Each is an appended fact; nothing is refused because somebody else acted meanwhile,
 * and whoever acted second is told what the first did.
 */
import { randomUUID } from "node:crypto";
import { addYears } from "date-fns";
import {
  actEventOf,
  EXCEPTIONS_PER_ACT,
  type ExceptionAct,
  type ExceptionActType,
  type StoredExceptionAct,
} from "@/lib/domain/exceptions/act";
import type { EventRef } from "@/lib/domain/journey";
import { OWN_SOURCE } from "@/lib/domain/system";
import { type Actor, recordAudit } from "@/lib/queries/audit";
import { readExceptionActs } from "@/lib/queries/exception-detail";
import type { ExceptionFilter } from "@/lib/queries/exception-filter";
import { readExceptions, selectExceptionIds } from "@/lib/queries/exceptions";
import type { Services } from "@/lib/services";
import { sendActs } from "./act-intake";
import type { Fault } from "./handoff-acts";

export type ExceptionActServices = Pick<Services, "store" | "environment"> & {
  readonly now: Date;
  readonly send?: typeof fetch;
};

/** Of those that people may do. */
export type PersonsActType = Exclude<
  ExceptionActType,
  "exception.replay_started" | "exception.verified" | "exception.replay_ended"
>;

export interface ExceptionActRequest {
  /** These ones, or all that match now: the filter is frozen to them. */
  readonly selection: { readonly exceptionIds: readonly string[] } | { readonly filter: ExceptionFilter };
  readonly type: PersonsActType;
  readonly act: Partial<Pick<ExceptionAct, "reason" | "assignee" | "dueAt" | "until" | "tags" | "untag">>;
  /** How many acts stood in the trail as the person saw it; of a single exception. */
  readonly seen?: number | undefined;
}

export type ExceptionActOutcome =
  | {
      readonly state: "stored";
      readonly events: readonly EventRef[];
      /** How many exceptions it is about. */
      readonly exceptions: number;
      /** How many matched; above ACT_EXCEPTIONS_MAX it is about the first of them by rank only. */
      readonly matching: number;
      /** What others did since `seen`; empty for several exceptions. */
      readonly meanwhile: readonly StoredExceptionAct[];
    }
  | { readonly state: "unknown"; readonly detail: string }
  | { readonly state: "invalid"; readonly faults: readonly Fault[] }
  | { readonly state: "away" | "refused"; readonly detail: string };

export const ACT_EXCEPTIONS_MAX = 20_000;
export const TAGS_MAX = 20;
export const TAG_CHARS_MAX = 64;
export const COMMENT_CHARS_MAX = 4_000;
const AUDITED_IDS_MAX = 50;

export async function actOnExceptions(
  request: ExceptionActRequest,
  actor: Actor,
  services: ExceptionActServices,
): Promise<ExceptionActOutcome> {
  const { store, now, ...intake } = services;
  const faults = faultsOf(request, now);
  if (faults.length > 0) return { state: "invalid", faults };
  const { ids, matching } = await select(request.selection, services);
  if (ids.length === 0) return { state: "unknown", detail: "There is no such exception." };
  const batches = batchesOf(ids);
  const events = batches.map((exceptions) => exceptionActEvent(request, exceptions, actor, now));
  await recordAudit(
    store,
    {
      actor,
      action: request.type,
      target: ids.length === 1 ? `exception ${ids[0]}` : `${ids.length} exceptions`,
      details: { ...request.act, acts: events.map(({ id }) => id), exceptions: ids.slice(0, AUDITED_IDS_MAX) },
    },
    now,
  );
  const sent = await sendActs(events, intake);
  if (sent.state !== "stored") return sent;
  const [refusal] = sent.refused.values();
  if (refusal !== undefined) return { state: "refused", detail: refusal };
  return {
    state: "stored",
    events: events.map(({ id }) => ({ source: OWN_SOURCE, id })),
    exceptions: ids.length,
    matching,
    meanwhile: await readMeanwhile(request, ids, new Set(events.map(({ id }) => id)), store),
  };
}

/** Each field by its own bound; what an act needs beyond that its form (the API's schema) says. */
function faultsOf({ type, act }: ExceptionActRequest, now: Date): Fault[] {
  const faults: Fault[] = [];
  const { until, dueAt, tags = [], untag = [] } = act;
  if (until && Date.parse(until) <= now.getTime()) faults.push({ path: "until", message: "must lie in the future" });
  if (until && Date.parse(until) > addYears(now, 1).getTime())
    faults.push({ path: "until", message: "must be within a year; leave it out to ignore for good" });
  if (type === "exception.due_set" && dueAt && Date.parse(dueAt) > addYears(now, 1).getTime())
    faults.push({ path: "dueAt", message: "must be within a year" });
  if (type === "exception.tagged" && tags.length + untag.length === 0)
    faults.push({ path: "tags", message: "name at least one tag to add or to take off" });
  return faults;
}

async function select(
  selection: ExceptionActRequest["selection"],
  { store, now }: ExceptionActServices,
): Promise<{ readonly ids: readonly string[]; readonly matching: number }> {
  const clock = now.toISOString();
  if ("filter" in selection)
    return selectExceptionIds(store, selection.filter, { limit: ACT_EXCEPTIONS_MAX, now: clock });
  const asked = [...new Set(selection.exceptionIds)].slice(0, ACT_EXCEPTIONS_MAX);
  const found = await readExceptions(store, asked, clock);
  return { ids: found.map(({ id }) => id), matching: found.length };
}

function batchesOf(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / EXCEPTIONS_PER_ACT);
  return Array.from({ length: count }, (_, index) =>
    ids.slice(index * EXCEPTIONS_PER_ACT, (index + 1) * EXCEPTIONS_PER_ACT),
  );
}

export const exceptionActEvent = (
  { type, act }: Pick<ExceptionActRequest, "type" | "act">,
  exceptions: readonly string[],
  actor: Actor,
  now: Date,
) =>
  actEventOf(
    randomUUID(),
    type,
    exceptions,
    { ...act, actor: actor.name, actorId: actor.id, actorKind: actor.kind },
    now.toISOString(),
  );

/** Read after our own act is stored: of two who act at once, at least the one stored later sees the other. */
async function readMeanwhile(
  { seen }: ExceptionActRequest,
  ids: readonly string[],
  own: ReadonlySet<string>,
  store: Services["store"],
): Promise<StoredExceptionAct[]> {
  const [id] = ids;
  if (seen === undefined || id === undefined || ids.length > 1) return [];
  const acts = (await readExceptionActs(store, id)).filter((act) => !own.has(act.id));
  return acts.slice(seen);
}
