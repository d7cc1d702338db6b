/** A rule and its versions as plain data that crosses from the server to the page. */
export interface VersionView {
  readonly version: number;
  readonly publishedAt: string;
  readonly publishedBy: string;
  readonly note: string;
  readonly withdrawn: boolean;
  /** The definition as YAML. */
  readonly text: string;
}

export interface RuleView {
  readonly rule: string;
  /** Newest first; none: a new rule. */
  readonly versions: readonly VersionView[];
}

export const rulesHref = "/reconciliation/rules";
export const ruleHref = (rule: string): string => `${rulesHref}/${encodeURIComponent(rule)}`;
/** Ids of rules are in lower case, so no rule has this address. */
export const newRuleHref = `${rulesHref}/NEW`;
export const rulesApi = "/api/v1/handoff-rules";
