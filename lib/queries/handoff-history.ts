/** The history of one handoff, told from the facts: what stood at each time at which something about it reached us. */
import type { Finance } from "@/lib/domain/handoffs/finance";
import { type Belief, historyOf, type Moment } from "@/lib/domain/handoffs/history";
import type { RulesInForce } from "@/lib/domain/handoffs/rules-in-force";
import { type ObjectRef, objectKey } from "@/lib/domain/object";
import { OWN_SOURCE } from "@/lib/domain/system";
import type { FactReader } from "./fact-reader";
import { judgeOf, readHandoffFacts } from "./handoff-facts";
import { judgingAt, readRuleVersions } from "./handoff-rules";
import type { JourneyRules } from "./journey";
import { readRulesInForce } from "./rules-in-force";

/** Times that are looked at, the latest: a handoff is a handful of events, and each time is read anew. */
const TIMES_MAX = 40;

export interface HandoffHistory {
  /** Earliest first. */
  readonly moments: readonly Moment[];
  /** True when more happened than is told: the latest is. */
  readonly truncated: boolean;
}

export async function readHandoffHistory(
  reader: FactReader,
  rules: JourneyRules,
  finance: Finance,
  { rule, key }: { readonly rule: string; readonly key: ObjectRef },
  now: string,
): Promise<HandoffHistory> {
  const [versions, inForce] = await Promise.all([readRuleVersions(reader, rule), readRulesInForce(reader, finance)]);
  const asked = objectKey(key);
  const latest = await judgedAt(null);
  const times = new Map<string, Belief["events"]>();
  for (const event of latest.events) {
    const { receivedAt, source, id } = event;
    times.set(receivedAt, [...(times.get(receivedAt) ?? []), { source, id }]);
  }
  const [first] = [...times.keys()].sort();
  for (const { publishedAt } of versions) {
    if (first !== undefined && publishedAt > first && !times.has(publishedAt)) times.set(publishedAt, []);
  }
  const sorted = [...times.keys()].sort().slice(-TIMES_MAX);
  const beliefs: Belief[] = [];
  for (const at of sorted) {
    beliefs.push({ at, handoff: (await judgedAt(at)).handoff, events: times.get(at) ?? [] });
  }
  return { moments: historyOf(beliefs, now), truncated: times.size > TIMES_MAX };

  /** Judged as of a time, by the rule of that time; events are those the handoff rests on, and people's acts on it. */
  async function judgedAt(at: string | null) {
    const judging = judgingAt(versions, at);
    if (!judging) return { handoff: null, events: [] };
    const then: RulesInForce = { ...inForce, rules: [judging] };
    const facts = await readHandoffFacts(reader, rules, then, [asked], undefined, at);
    const { events, handoffs } = judgeOf(facts, rules, then)(judging);
    const handoff = handoffs.find((each) => objectKey(each.key) === asked) ?? null;
    const resting = new Set(
      [...(handoff?.from ?? []), ...(handoff?.to ?? [])].map(({ source, id }) => `${source} ${id}`),
    );
    const own = events.filter(
      (event) =>
        resting.has(`${event.source} ${event.id}`) ||
        event.objects.some((object) => event.source === OWN_SOURCE && objectKey(object) === asked),
    );
    return { handoff, events: own };
  }
}
