/** What handoffs are judged by at this moment, read from the store. */
import type { Finance } from "@/lib/domain/handoffs/finance";
import type { RulesInForce } from "@/lib/domain/handoffs/rules-in-force";
import type { FactReader } from "./fact-reader";
import { judgingOf, readRuleVersions } from "./handoff-rules";
import { readStandingAcceptances } from "./standing-acceptances";

export async function readRulesInForce(reader: FactReader, finance: Finance): Promise<RulesInForce> {
  const [versions, { acceptances, changes }] = await Promise.all([
    readRuleVersions(reader),
    readStandingAcceptances(reader),
  ]);
  return { rules: judgingOf(versions), finance, acceptances, acceptanceChanges: changes };
}
