/**
 * Tries a rule on history without touching what stands: the keys of its events in a period are judged by the candidate, from the same facts as the
 * projection judges by, and compared with the rows that stand. Reads only. In numbered steps:
 *
 *   1. keys of every event of the candidate's types in the period, in sets; each set is judged with all its facts, also those outside the period
 *   2. what stands in the period and was not met in 1: what the candidate no longer sees
 *
 * A handoff is in the period when it opened there, before or after. Keys beyond KEYS_MAX are left out, and the result says so.
 */
import { EverLinked } from "@/lib/domain/ever-linked";
import {
  type BackTestProgress,
  type BackTestResult,
  BackTestTally,
  type ComparedKey,
  type JudgedSide,
} from "@/lib/domain/handoffs/back-test";
import { type Handoff, stateAt } from "@/lib/domain/handoffs/handoff";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { type Review, reviewsOf } from "@/lib/domain/handoffs/reviews";
import type { VersionedRule } from "@/lib/domain/handoffs/rule";
import type { RulesInForce } from "@/lib/domain/handoffs/rules-in-force";
import { partOf, typesOf } from "@/lib/domain/handoffs/sides";
import { type ObjectKey, objectKey, objectOfKey } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { judgeOf, readHandoffFacts } from "./handoff-facts";
import { readHandoffs } from "./handoffs";
import type { JourneyRules } from "./journey";
import { KEYS_PER_QUERY } from "./links";
import { readAncestors } from "./neighbourhood";
import { countEventsOfTypes, type Period, readObjectsOfTypes } from "./typed-objects";

/** Some minutes of work, and a set of them in memory. */
export const BACK_TEST_KEYS_MAX = 200_000;
/** Keys whose facts are read together. */
const KEYS_PER_SET = 400;
const ROWS_PER_SET = 5_000;

export interface BackTestRequest {
  /** Judged as this; its version is of no account. */
  readonly candidate: VersionedRule;
  readonly period: Period;
  /** The clock, RFC 3339: what is pending, and what is late. */
  readonly now: string;
  readonly keysMax?: number;
}

export interface BackTestWatch {
  readonly onProgress?: (progress: BackTestProgress) => void;
  readonly signal?: AbortSignal;
}

/** @throws the signal's reason when it is aborted */
export async function backTest(
  reader: FactReader,
  rules: JourneyRules,
  inForce: RulesInForce,
  request: BackTestRequest,
  { onProgress = () => undefined, signal }: BackTestWatch = {},
): Promise<BackTestResult> {
  const { candidate, period, now } = request;
  const run = new Run(reader, rules, { ...inForce, rules: [candidate] }, request, signal);
  const types = typesOf(candidate.rule);
  const events = await countEventsOfTypes(reader, types, period);
  let read = 0;
  const tell = () => onProgress({ read: Math.min(read, events), events, keys: run.tally.keys });
  tell();
  for await (const set of readObjectsOfTypes(reader, types, period)) {
    const named = [...set.namedBy.values()].flatMap((keys) => [...keys]);
    await run.judgeKeys(await keysAbove(reader, rules, candidate.rule.on, named), tell);
    read += set.events;
    tell();
    if (run.isFull) break;
  }
  await run.compareRest(tell);
  tell();
  const { from, to } = period;
  return { rule: candidate.rule.id, from, to, at: now, isCut: run.isFull, ...run.tally.totals() };
}

/** The keys that these objects are, or ever hung below. */
async function keysAbove(
  reader: FactReader,
  { catalogue }: JourneyRules,
  on: string,
  named: readonly ObjectKey[],
): Promise<ObjectKey[]> {
  const everLinked = new EverLinked(await readAncestors(reader, catalogue, named, null), catalogue);
  return [...everLinked.ancestors(named)].filter((key) => objectOfKey(key).type === on);
}

class Run {
  readonly tally = new BackTestTally();
  readonly #seen = new Set<ObjectKey>();

  constructor(
    private readonly reader: FactReader,
    private readonly rules: JourneyRules,
    /** With the candidate as its only rule. */
    private readonly inForce: RulesInForce,
    private readonly request: BackTestRequest,
    private readonly signal: AbortSignal | undefined,
  ) {}

  get isFull(): boolean {
    return this.tally.keys >= (this.request.keysMax ?? BACK_TEST_KEYS_MAX);
  }

  async judgeKeys(keys: readonly ObjectKey[], tell: () => void): Promise<void> {
    for (const pending = [...keys]; pending.length > 0 && !this.isFull; ) {
      const set = pending.splice(0, KEYS_PER_SET).filter((key) => !this.#seen.has(key));
      if (set.length === 0) continue;
      this.signal?.throwIfAborted();
      await this.#judgeSet(set);
      tell();
    }
  }

  /** What stands in the period and no event of the candidate's led to. */
  async compareRest(tell: () => void): Promise<void> {
    const { candidate, period } = this.request;
    let after: { type: string; id: string } | null = { type: "", id: "" };
    while (after && !this.isFull) {
      this.signal?.throwIfAborted();
      const rows: { key_type: string; key_id: string }[] = await this.reader.query(
        `SELECT toString(key_type) AS key_type, key_id FROM handoffs FINAL
         WHERE rule = {rule:String} AND (key_type, key_id) > ({type:String}, {id:String})
           AND opened_at >= parseDateTime64BestEffort({from:String}, 3, 'UTC')
           AND opened_at < parseDateTime64BestEffort({to:String}, 3, 'UTC')
         ORDER BY key_type, key_id LIMIT ${ROWS_PER_SET}`,
        { rule: candidate.rule.id, ...after, ...period },
      );
      const left = rows.map(({ key_type: type, key_id: id }) => objectKey({ type, id }));
      const isJudged = (key: ObjectKey) => objectOfKey(key).type === candidate.rule.on;
      await this.judgeKeys(left.filter(isJudged), tell);
      const others = left.filter((key) => !isJudged(key) && !this.#seen.has(key));
      this.#compare(others, await this.#standing(others), { after: new Map(), alone: new Set(), reviews: new Map() });
      const last = rows.at(-1);
      after = last && rows.length === ROWS_PER_SET ? { type: last.key_type, id: last.key_id } : null;
    }
  }

  async #judgeSet(set: readonly ObjectKey[]): Promise<void> {
    const { reader, rules, inForce } = this;
    const { candidate } = this.request;
    const facts = await readHandoffFacts(reader, rules, inForce, set);
    const judge = judgeOf(facts, rules, inForce);
    const { events, handoffs } = judge(candidate);
    const acts = events.filter((event) => partOf(candidate.rule, event, rules.systems) === "act");
    const alone = acts.length === 0 ? handoffs : judge(candidate, (event) => !acts.includes(event)).handoffs;
    const judged = {
      after: new Map(handoffs.map((handoff) => [objectKey(handoff.key), handoff])),
      alone: new Set(alone.filter((handoff) => this.#stateOf(handoff) === "matched").map(({ key }) => objectKey(key))),
      reviews: reviewsOf(acts, candidate.rule.on),
    };
    // Keys that were asked for and have nothing are among them: they may have had something.
    const keys = [...facts.keys].filter((key) => !this.#seen.has(key));
    this.#compare(keys, await this.#standing(keys), judged);
  }

  async #standing(keys: readonly ObjectKey[]): Promise<ReadonlyMap<ObjectKey, ListedHandoff>> {
    const rule = this.request.candidate.rule.id;
    const found = new Map<ObjectKey, ListedHandoff>();
    for (let start = 0; start < keys.length; start += KEYS_PER_QUERY) {
      const asked = keys.slice(start, start + KEYS_PER_QUERY).map((key) => ({ rule, key: objectOfKey(key) }));
      for (const row of await readHandoffs(this.reader, asked, this.request.now)) found.set(objectKey(row.key), row);
    }
    return found;
  }

  #compare(keys: readonly ObjectKey[], standing: ReadonlyMap<ObjectKey, ListedHandoff>, judged: JudgedSet): void {
    for (const key of keys) {
      if (this.isFull) return;
      this.#seen.add(key);
      const before = standing.get(key) ?? null;
      const after = judged.after.get(key) ?? null;
      if (![before, after].some((handoff) => handoff !== null && this.#isInPeriod(handoff))) continue;
      const compared: ComparedKey = {
        key: objectOfKey(key),
        roots: (after ?? before)?.roots ?? [],
        before: before && sideOf(before, before.state),
        after: after && sideOf(after, this.#stateOf(after)),
        matchesByItself: judged.alone.has(key),
        review: judged.reviews.get(key) ?? null,
      };
      this.tally.add(compared);
    }
  }

  #isInPeriod = ({ openedAt }: Handoff): boolean =>
    openedAt >= this.request.period.from && openedAt < this.request.period.to;

  #stateOf = (handoff: Handoff) => stateAt(handoff, this.request.now);
}

interface JudgedSet {
  readonly after: ReadonlyMap<ObjectKey, Handoff>;
  /** Those that match by the facts alone. */
  readonly alone: ReadonlySet<ObjectKey>;
  readonly reviews: ReadonlyMap<ObjectKey, Review>;
}

const sideOf = (handoff: Handoff, state: JudgedSide["state"]): JudgedSide => ({
  state,
  resolution: handoff.resolution?.kind ?? null,
  stake: handoff.stake,
  currency: handoff.totals.currency,
  difference: handoff.difference,
});
