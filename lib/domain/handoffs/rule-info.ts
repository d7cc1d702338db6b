/** A rule as people are told of it beside what it judged. Pure. */
import { type HandoffRuleText, handoffRule, type RULE_SEVERITIES } from "./rule";

export type RuleSeverity = (typeof RULE_SEVERITIES)[number];

/** Plain data: crosses from the server to the page. */
export interface RuleInfo {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: number;
  readonly severity: RuleSeverity;
  readonly owner: string;
  /** The type of object that both sides belong to. */
  readonly on: string;
  /** What has to follow: event types, and from which sources, families or kinds of system (empty: any). */
  readonly expects: { readonly types: readonly string[]; readonly sources: readonly string[] };
  readonly interface: string;
  /** Withdrawn or switched off: its handoffs are on their way out. */
  readonly isOver: boolean;
}

/** A definition that this version of the product cannot read is still shown, by its id. */
export function ruleInfoOf(published: {
  readonly rule: string;
  readonly version: number;
  readonly withdrawn: boolean;
  readonly definition: HandoffRuleText;
}): RuleInfo {
  const { rule: id, version, withdrawn, definition } = published;
  const read = handoffRule.safeParse(definition);
  if (!read.success) return { ...NOTHING_KNOWN, id, name: id, version, isOver: withdrawn };
  const { name, description, severity, owner, on, expect, enabled } = read.data;
  return {
    id,
    name,
    description,
    version,
    severity,
    owner,
    on,
    expects: { types: expect.type, sources: expect.source ?? [] },
    interface: read.data.interface ?? "",
    isOver: withdrawn || !enabled,
  };
}

const NOTHING_KNOWN = {
  description: "",
  severity: "operations",
  owner: "",
  on: "",
  expects: { types: [], sources: [] },
  interface: "",
} as const satisfies Partial<RuleInfo>;
