/** What pages say about the rules beside the handoffs that they judged. */
import { type RuleInfo, ruleInfoOf } from "@/lib/domain/handoffs/rule-info";
import type { FactReader } from "./fact-reader";
import { newestOf, readRuleVersions } from "./handoff-rules";

/** By rule: its newest version, withdrawn ones among them, for their handoffs that are still there. */
export async function readRuleBook(reader: FactReader): Promise<Record<string, RuleInfo>> {
  const newest = newestOf(await readRuleVersions(reader));
  return Object.fromEntries(newest.map((version) => [version.rule, ruleInfoOf(version)]));
}
