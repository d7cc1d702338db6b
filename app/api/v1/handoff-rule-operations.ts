/** Operations by which people read, try and change handoff rules. */
import { BACK_TEST_KEYS_MAX } from "@/lib/queries/back-test";
import { operation } from "../operation";
import * as schemas from "./handoff-rule-schemas";

const view = { method: "GET", permission: "reconciliation:view" } as const;
const change = { method: "POST", permission: "reconciliation:rules" } as const;
const ofRule = { parameters: { rule: "The rule: `goods-issue`" } } as const;

export const listRulesOperation = operation({
  ...view,
  id: "listHandoffRules",
  path: "/api/v1/handoff-rules",
  summary: "The newest version of each handoff rule, withdrawn ones among them",
  answer: { status: 200, description: "All of them, and the fault of config/handoffs.yaml", schema: schemas.ruleList },
});

export const ruleVersionsOperation = operation({
  ...view,
  ...ofRule,
  id: "listHandoffRuleVersions",
  path: "/api/v1/handoff-rules/{rule}/versions",
  summary: "Every version of a rule, newest first",
  answer: { status: 200, description: "All of them", schema: schemas.ruleVersionList },
  problems: [404],
});

export const checkRuleOperation = operation({
  ...change,
  id: "checkHandoffRule",
  path: "/api/v1/handoff-rules/check",
  summary: "Whether a text is a rule, and if not, in which line and field",
  body: schemas.ruleCheckRequest,
  answer: { status: 200, description: "What is wrong with it", schema: schemas.ruleCheckAnswer },
  problems: [413, 415],
});

export const backTestOperation = operation({
  ...change,
  id: "backTestHandoffRule",
  path: "/api/v1/handoff-rules/back-test",
  summary: "Try a rule on history",
  description: `Judges every key that has events in the period by the given rule and compares it with what stands now; changes nothing. At most ${BACK_TEST_KEYS_MAX} keys. The answer is a JSON object per line: progress, then one result (or a problem). Closing the connection stops it.`,
  body: schemas.backTestRequest,
  answer: {
    status: 200,
    description: "Lines of progress, then the result",
    contentType: "application/x-ndjson",
    schema: schemas.backTestLine,
  },
  problems: [413, 415],
});

export const publishRuleOperation = operation({
  ...change,
  id: "publishHandoffRule",
  path: "/api/v1/handoff-rules",
  summary: "Publish a rule, or a new version of it",
  description:
    "It judges all of history within moments. 400 with line and field when it does not fit, 409 when another version was published since the one that was edited. Audited.",
  body: schemas.rulePublication,
  answer: { status: 202, description: "Published; handoffs follow", schema: schemas.rulePublished },
  problems: [409, 413, 415],
});

export const withdrawRuleOperation = operation({
  ...change,
  ...ofRule,
  id: "withdrawHandoffRule",
  path: "/api/v1/handoff-rules/{rule}/withdraw",
  summary: "End a rule; its handoffs go",
  description: "Publishing a later version brings it back. Audited.",
  body: schemas.ruleWithdrawal,
  answer: { status: 202, description: "Withdrawn; its handoffs go", schema: schemas.rulePublished },
  problems: [404, 409, 413, 415],
});

export const HANDOFF_RULE_OPERATIONS = [
  listRulesOperation,
  ruleVersionsOperation,
  checkRuleOperation,
  backTestOperation,
  publishRuleOperation,
  withdrawRuleOperation,
] as const;
