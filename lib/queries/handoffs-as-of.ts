/** The handoffs of a journey as they stood at an earlier time: judged from the facts that had reached us by then, by the rules and the clock of then. */
import { evidenceHash } from "@/lib/domain/handoffs/evidence";
import type { Finance } from "@/lib/domain/handoffs/finance";
import { type Handoff, isBreak, stateAt } from "@/lib/domain/handoffs/handoff";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { VersionedRule } from "@/lib/domain/handoffs/rule";
import { type ObjectRef, objectKey, objectOfKey } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { judgeOf, readHandoffFacts } from "./handoff-facts";
import { judgingAt, newestOf, readRuleVersions } from "./handoff-rules";
import type { JourneyRules } from "./journey";
import { readRulesInForce } from "./rules-in-force";

/** By rule, then key. @param asOf RFC 3339 */
export async function readHandoffsAsOf(
  reader: FactReader,
  rules: JourneyRules,
  finance: Finance,
  root: ObjectRef,
  asOf: string,
): Promise<readonly ListedHandoff[]> {
  const [inForce, versions] = await Promise.all([readRulesInForce(reader, finance), readRuleVersions(reader)]);
  const judging = newestOf(versions).flatMap(
    ({ rule }) =>
      judgingAt(
        versions.filter((version) => version.rule === rule),
        asOf,
      ) ?? [],
  );
  const then = { ...inForce, rules: judging };
  const keyTypes = new Set(judging.map(({ rule }) => rule.on));
  const isAsked = (key: string) => keyTypes.has(objectOfKey(key).type);
  const facts = await readHandoffFacts(reader, rules, then, [objectKey(root)], isAsked, asOf);
  const judge = judgeOf(facts, rules, then);
  return judging.flatMap((versioned) =>
    judge(versioned)
      .handoffs.filter(({ roots }) => roots.some((each) => objectKey(each) === objectKey(root)))
      .map((handoff) => listed(handoff, versioned, asOf)),
  );
}

function listed(handoff: Handoff, { rule }: VersionedRule, asOf: string): ListedHandoff {
  const state = stateAt(handoff, asOf);
  const isOpen = isBreak(state) && (handoff.resolution === null || handoff.resolution.kind === "awaiting_approval");
  return {
    ...handoff,
    state,
    brokenAt: isBreak(state) ? handoff.brokenAt : null,
    open: isOpen,
    evidence: evidenceHash([handoff]),
    owner: rule.owner,
    severity: rule.severity,
    interface: rule.interface ?? "",
  };
}
