import { readRuleText } from "@/lib/config/handoffs";
import { warningsOf } from "@/lib/domain/handoffs/rule-warnings";
import { readRuleVersions } from "@/lib/queries/handoff-rules";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { checkRuleOperation } from "../../handoff-rule-operations";

export const POST = guardedRoute(checkRuleOperation, async ({ body, services }) => {
  const reading = readRuleText(body.definition);
  if ("faults" in reading) return { fits: false, problems: reading.faults, warnings: [], rule: null, version: 0 };
  const { rule } = reading;
  const [newest] = await readRuleVersions(services.store, rule.id);
  const warnings = warningsOf(rule, services);
  return { fits: true, problems: [], warnings, rule: rule.id, version: newest?.version ?? 0 };
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
