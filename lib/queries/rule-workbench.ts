/** Handoff rules as people see and change them: what is in force, and publishing a version with its audit entry. */
import type { Store } from "@/lib/clickhouse/client";
import { type HandoffRuleText, handoffRule } from "@/lib/domain/handoffs/rule";
import { type Actor, recordAudit } from "./audit";
import type { FactReader } from "./fact-reader";
import { isSameDefinition, newestOf, publishRule, type RuleVersion, readRuleVersions } from "./handoff-rules";
import { readMatrix } from "./reconciliation";

export const RULE_STANDINGS = ["in-force", "switched-off", "withdrawn", "unreadable"] as const;
/** Only what is in force judges. `unreadable`: written in a form that this version of the product does not read. */
export type RuleStanding = (typeof RULE_STANDINGS)[number];

export interface ListedRule extends RuleVersion {
  readonly standing: RuleStanding;
  /** Breaks that nobody has settled. */
  readonly openBreaks: number;
}

/** The newest version of each rule, by id; withdrawn ones among them. */
export async function listRules(reader: FactReader, now: string): Promise<ListedRule[]> {
  const [versions, matrix] = await Promise.all([readRuleVersions(reader), readMatrix(reader, {}, now)]);
  const open = new Map<string, number>();
  for (const cell of matrix) open.set(cell.rule, (open.get(cell.rule) ?? 0) + cell.open);
  return newestOf(versions).map((version) => ({
    ...version,
    standing: standingOf(version),
    openBreaks: open.get(version.rule) ?? 0,
  }));
}

export function standingOf({ withdrawn, definition }: RuleVersion): RuleStanding {
  if (withdrawn) return "withdrawn";
  const read = handoffRule.safeParse(definition);
  if (!read.success) return "unreadable";
  return read.data.enabled ? "in-force" : "switched-off";
}

export type RuleActOutcome =
  | { readonly state: "published"; readonly rule: string; readonly version: number }
  | { readonly state: "unknown" | "conflict"; readonly detail: string };

export interface RuleAct {
  /** The version that was edited; 0 for a rule that is new. */
  readonly base: number;
  readonly note: string;
  readonly actor: Actor;
  readonly now: Date;
}

/** The caller has checked `reconciliation:rules`. The definition is known to fit. */
export async function publishFromWorkbench(
  store: Store,
  definition: HandoffRuleText,
  act: RuleAct,
): Promise<RuleActOutcome> {
  const [newest] = await readRuleVersions(store, definition.id);
  if (newest && !newest.withdrawn && newest.version === act.base && isSameDefinition(newest.definition, definition))
    return { state: "conflict", detail: `This is what version ${newest.version} says: there is nothing to publish.` };
  return record(store, definition, newest, { ...act, withdrawn: false });
}

/** Ends a rule: its handoffs go. A later version brings it back. */
export async function withdrawRule(store: Store, rule: string, act: RuleAct): Promise<RuleActOutcome> {
  const [newest] = await readRuleVersions(store, rule);
  if (!newest) return { state: "unknown", detail: `There is no rule ${rule}.` };
  if (newest.withdrawn && newest.version === act.base)
    return { state: "conflict", detail: `${rule} was withdrawn already, by ${newest.publishedBy}.` };
  return record(store, newest.definition, newest, { ...act, withdrawn: true });
}

/** The entry comes first: a rule must not change without one. One that was overtaken after all is followed by the version that did. */
async function record(
  store: Store,
  definition: HandoffRuleText,
  newest: RuleVersion | undefined,
  { base, note, actor, now, withdrawn }: RuleAct & { readonly withdrawn: boolean },
): Promise<RuleActOutcome> {
  const rule = definition.id;
  if ((newest?.version ?? 0) !== base) return overtaken(rule, newest ?? null);
  const entry = {
    actor,
    action: withdrawn ? "rule.withdrawn" : "rule.published",
    target: `handoff rule ${rule}`,
    details: { version: base + 1, note },
  };
  await recordAudit(store, entry, now);
  const publication = {
    definition,
    origin: "workbench",
    by: actor.name,
    note,
    withdrawn,
    at: now.toISOString(),
  } as const;
  const outcome = await publishRule(store, publication, base);
  if (outcome.state === "overtaken") return overtaken(rule, outcome.newest);
  return { state: "published", rule, version: outcome.version };
}

const overtaken = (rule: string, newest: RuleVersion | null): RuleActOutcome => ({
  state: "conflict",
  detail: newest
    ? `Version ${newest.version} of ${rule} stands, published by ${newest.publishedBy} at ${newest.publishedAt}: start from that.`
    : `There is no rule ${rule}: publish it as a new one.`,
});
