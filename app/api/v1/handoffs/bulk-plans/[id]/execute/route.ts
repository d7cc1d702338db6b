import { carryOutBulkPlan } from "@/lib/auth/handoff-bulk";
import { guardedRoute, otherMethods } from "../../../../../guarded-route";
import { ApiProblem } from "../../../../../problem";
import { carryOutBulkOperation } from "../../../../handoff-operations";

export const POST = guardedRoute(carryOutBulkOperation, async ({ params, caller, services, now }) => {
  const outcome = await carryOutBulkPlan(params.id ?? "", caller.actor, { ...services, now });
  if (outcome.state !== "carried-out") throw new ApiProblem(outcome.state === "unknown" ? 404 : 409, outcome.detail);
  const { results } = outcome;
  const count = (result: string) => results.filter((each) => each.result === result).length;
  return { done: count("done"), skipped: count("skipped"), failed: count("failed"), results };
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
