/** What people send and get about handoff rules, as answers of the API. */
import { readRuleText } from "@/lib/config/handoffs";
import type { HandoffRule, HandoffRuleText } from "@/lib/domain/handoffs/rule";
import type { RuleActOutcome } from "@/lib/queries/rule-workbench";
import { ApiProblem } from "./problem";

/** @throws ApiProblem 400 naming line and field of each fault */
export function ruleOf(text: string): { readonly rule: HandoffRule; readonly definition: HandoffRuleText } {
  const reading = readRuleText(text);
  if (!("faults" in reading)) return reading;
  const listed = reading.faults.map(({ line, path, message }) => `line ${line}: ${path ? `${path}: ` : ""}${message}`);
  throw new ApiProblem(400, `This is not a rule: ${listed.join("; ")}.`, { errors: reading.faults });
}

/** @throws ApiProblem 404 or 409 for what was not published */
export function publishedRule(outcome: RuleActOutcome): { readonly rule: string; readonly version: number } {
  if (outcome.state === "published") return { rule: outcome.rule, version: outcome.version };
  throw new ApiProblem(outcome.state === "unknown" ? 404 : 409, outcome.detail);
}
