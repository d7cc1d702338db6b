import { withdrawRule } from "@/lib/queries/rule-workbench";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { publishedRule } from "../../../../rule-answer";
import { withdrawRuleOperation } from "../../../handoff-rule-operations";

export const POST = guardedRoute(withdrawRuleOperation, async ({ params, body, caller, services, now }) => {
  const act = { base: body.baseVersion, note: body.note, actor: caller.actor, now };
  return publishedRule(await withdrawRule(services.store, params.rule ?? "", act));
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
