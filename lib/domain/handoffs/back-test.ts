/** What a rule would change, counted key by key: what stands now beside what a candidate says of the same facts. Pure. */
import { amountText, type ExactDecimal, ZERO } from "@/lib/domain/decimal";
import type { ObjectRef } from "@/lib/domain/object";
import type { Money } from "./approval";
import { type Difference, HANDOFF_STATES, type HandoffState, isBreak, type Resolution } from "./handoff";
import type { Review } from "./reviews";

/** One key under one version of a rule, by the clock. */
export interface JudgedSide {
  readonly state: HandoffState;
  readonly resolution: Resolution["kind"] | null;
  /** A decimal as text; "0.00" where the key does not lead its group. */
  readonly stake: string;
  readonly currency: string;
  readonly difference: Difference;
}

export interface ComparedKey {
  readonly key: ObjectRef;
  readonly roots: readonly ObjectRef[];
  /** Null: nothing stands now. */
  readonly before: JudgedSide | null;
  /** Null: the candidate has nothing to say about it. */
  readonly after: JudgedSide | null;
  /** Whether the candidate matches it by the facts alone, without what people decided. */
  readonly matchesByItself: boolean;
  readonly review: Review | null;
}

/**
 * Each key is in one of them:
 *   newlyMatched   agrees under the candidate, and does not now
 *   newlyBroken    an open break under the candidate, and not now: also where a decision would no longer hold
 *   appearing      nothing stands now
 *   disappearing   the candidate has nothing to say about it
 *   changed        another state, or settled where it was open
 *   unchanged
 */
export const BACK_TEST_CHANGES = ["newlyMatched", "newlyBroken", "appearing", "disappearing", "changed"] as const;
export type BackTestChange = (typeof BACK_TEST_CHANGES)[number];

/** Examples in each list: enough to see what a rule does, few enough to look through. Counts are exact. */
export const EXAMPLES_MAX = 200;

export interface BackTestList {
  readonly count: number;
  /** At stake, a sum per currency: what is broken now of what would match or go, else what would be. */
  readonly stakes: readonly Money[];
  readonly examples: readonly ComparedKey[];
}

export interface StateCount {
  readonly state: HandoffState;
  readonly before: { readonly count: number; readonly stakes: readonly Money[] };
  readonly after: { readonly count: number; readonly stakes: readonly Money[] };
}

export interface BackTestTotals {
  readonly keys: number;
  readonly unchanged: number;
  /** Every state, in the order of HANDOFF_STATES. */
  readonly states: readonly StateCount[];
  readonly changes: Readonly<Record<BackTestChange, BackTestList>>;
  /**
   * Breaks that a person looked at and did not take for a plain match, and that the candidate would match by itself: these it may match wrongly.
   * They are in one of the lists above as well.
   */
  readonly reviewed: BackTestList;
}

export interface BackTestProgress {
  /** Events read so far, of `events` that there are. */
  readonly read: number;
  readonly events: number;
  /** Keys compared so far. */
  readonly keys: number;
}

export interface BackTestResult extends BackTestTotals {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  /** The clock it was judged by. */
  readonly at: string;
  /** True: there are more keys than were compared. */
  readonly isCut: boolean;
}

const isOpen = (side: JudgedSide): boolean =>
  isBreak(side.state) && (side.resolution === null || side.resolution === "awaiting_approval");

export function changeOf({ before, after }: Pick<ComparedKey, "before" | "after">): BackTestChange | "unchanged" {
  if (before === null) return "appearing";
  if (after === null) return "disappearing";
  if (after.state === "matched" && before.state !== "matched") return "newlyMatched";
  if (isOpen(after) && !isOpen(before)) return "newlyBroken";
  return after.state !== before.state || isOpen(after) !== isOpen(before) ? "changed" : "unchanged";
}

/** What matches now by the facts alone is no break that a person would have to look at again. */
const wouldMatchReviewed = ({ before, matchesByItself, review }: ComparedKey): boolean =>
  review !== null && matchesByItself && before !== null && (before.state !== "matched" || before.resolution !== null);

/** Takes keys one by one, so that memory does not grow with history. */
export class BackTestTally {
  #keys = 0;
  #unchanged = 0;
  readonly #before = new Map<HandoffState, Sum>();
  readonly #after = new Map<HandoffState, Sum>();
  readonly #changes = new Map<BackTestChange, List>();
  readonly #reviewed = new List();

  get keys(): number {
    return this.#keys;
  }

  /** @param compared with `before` or `after`, or both */
  add(compared: ComparedKey): void {
    const { before, after } = compared;
    if (before === null && after === null) throw new Error("a key that neither version knows is no key of a back-test");
    this.#keys += 1;
    if (before) entry(this.#before, before.state, () => new Sum()).add(before);
    if (after) entry(this.#after, after.state, () => new Sum()).add(after);
    const change = changeOf(compared);
    const wasBroken = change === "newlyMatched" || change === "disappearing";
    if (change === "unchanged") this.#unchanged += 1;
    else entry(this.#changes, change, () => new List()).add(compared, wasBroken ? before : after);
    if (wouldMatchReviewed(compared)) this.#reviewed.add(compared, before);
  }

  totals(): BackTestTotals {
    const listOf = (change: BackTestChange) => (this.#changes.get(change) ?? new List()).result();
    return {
      keys: this.#keys,
      unchanged: this.#unchanged,
      states: HANDOFF_STATES.map((state) => ({
        state,
        before: (this.#before.get(state) ?? new Sum()).result(),
        after: (this.#after.get(state) ?? new Sum()).result(),
      })),
      changes: {
        newlyMatched: listOf("newlyMatched"),
        newlyBroken: listOf("newlyBroken"),
        appearing: listOf("appearing"),
        disappearing: listOf("disappearing"),
        changed: listOf("changed"),
      },
      reviewed: this.#reviewed.result(),
    };
  }
}

class Sum {
  #count = 0;
  readonly #stakes = new Map<string, ExactDecimal>();

  add({ stake, currency }: Pick<JudgedSide, "stake" | "currency">): void {
    this.#count += 1;
    this.#stakes.set(currency, (this.#stakes.get(currency) ?? ZERO).plus(stake));
  }

  result(): { readonly count: number; readonly stakes: readonly Money[] } {
    const stakes = [...this.#stakes]
      .filter(([, amount]) => !amount.isZero())
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, amount]) => ({ amount: amountText(amount), currency }));
    return { count: this.#count, stakes };
  }
}

class List {
  readonly #sum = new Sum();
  readonly #examples: ComparedKey[] = [];

  add(compared: ComparedKey, at: JudgedSide | null): void {
    this.#sum.add(at ?? { stake: "0", currency: "" });
    if (this.#examples.length < EXAMPLES_MAX) this.#examples.push(compared);
  }

  result = (): BackTestList => ({ ...this.#sum.result(), examples: this.#examples });
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
