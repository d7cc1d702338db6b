import { faultOfHandoffRules } from "@/lib/config/handoffs";
import { listRules, publishFromWorkbench } from "@/lib/queries/rule-workbench";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { publishedRule, ruleOf } from "../../rule-answer";
import { listRulesOperation, publishRuleOperation } from "../handoff-rule-operations";

export const GET = guardedRoute(listRulesOperation, async ({ services, now }) => ({
  items: await listRules(services.store, now.toISOString()),
  fileFault: faultOfHandoffRules(services.environment.configDir),
}));

export const POST = guardedRoute(publishRuleOperation, async ({ body, caller, services, now }) => {
  const { definition } = ruleOf(body.definition);
  const act = { base: body.baseVersion, note: body.note, actor: caller.actor, now };
  return publishedRule(await publishFromWorkbench(services.store, definition, act));
});

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
