import { planReplay } from "@/lib/auth/replays";
import { listReplays } from "@/lib/queries/replays";
import { notFitting } from "../../act-answer";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { paged } from "../../paged";
import { ApiProblem } from "../../problem";
import { summaryAnswer } from "../../replay-answer";
import { planReplayOperation, replaysOperation } from "../replay-operations";

export const GET = guardedRoute(replaysOperation, async ({ query, services }) => {
  const list = await paged(listReplays(services.store, query));
  return { ...list, items: list.items.map(summaryAnswer) };
});

export const POST = guardedRoute(planReplayOperation, async ({ body, caller, services, now }) => {
  const { exceptionIds, filter = {}, ...asked } = body;
  const selection = exceptionIds === undefined ? { filter } : { exceptionIds };
  const seesPersonalData = caller.permissions.includes("personal-data:view");
  const outcome = await planReplay({ ...asked, selection }, caller.actor, { ...services, now, seesPersonalData });
  if (outcome.state === "invalid") throw notFitting(outcome.faults);
  if (outcome.state === "conflict") throw new ApiProblem(409, outcome.detail);
  const { asked: _, plannedById: __, ...plan } = outcome.plan;
  return { ...plan, state: "planned", skipped: outcome.skipped };
});

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
