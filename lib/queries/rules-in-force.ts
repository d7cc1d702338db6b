/** What handoffs are judged by at this moment, read from the store. */
import type { Finance } from "@/lib/domain/handoffs/finance";
import type { RulesInForce } from "@/lib/domain/handoffs/rules-in-force";
import type { FactReader } from "./fact-reader";
import { judgingOf, type RuleVersion, readRuleVersions } from "./handoff-rules";
import { readStandingAcceptances } from "./standing-acceptances";

/** @param versions those that the caller has read and goes on to use */
export async function readRulesInForce(
  reader: FactReader,
  finance: Finance,
  versions?: readonly RuleVersion[],
): Promise<RulesInForce> {
  const [published, { acceptances, changes }] = await Promise.all([
    versions ?? readRuleVersions(reader),
    readStandingAcceptances(reader),
  ]);
  return { rules: judgingOf(published), finance, acceptances, acceptanceChanges: changes };
}
