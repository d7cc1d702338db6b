import { readRuleVersions } from "@/lib/queries/handoff-rules";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { ApiProblem } from "../../../../problem";
import { ruleVersionsOperation } from "../../../handoff-rule-operations";

export const GET = guardedRoute(ruleVersionsOperation, async ({ params, services }) => {
  const items = await readRuleVersions(services.store, params.rule ?? "");
  if (items.length === 0) throw new ApiProblem(404, `There is no rule ${params.rule}.`);
  return { items };
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
