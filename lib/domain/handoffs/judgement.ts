/** The state of one group of keys under a rule. Pure, and without a clock: it says what holds until the due time and what from then on. */
import { type Compared, compareSides, type Side } from "./comparison";
import { repeatedPostings } from "./excess";
import { figuresOf, isStated, isZero, sum } from "./figures";
import type { CompanyCode, Finance } from "./finance";
import type { HandoffState } from "./handoff";
import type { HandoffEvent } from "./handoff-event";
import type { Net } from "./netting";
import type { HandoffRule } from "./rule";

export interface Judgement {
  readonly state: HandoffState;
  readonly stateWhenDue: HandoffState;
  readonly difference: Compared["difference"];
  readonly excess: readonly HandoffEvent[];
}

/** @returns null when there is nothing to judge: neither a cause nor a posting ever was. */
export function judge(
  rule: HandoffRule,
  expected: Net,
  actual: Net,
  { company, finance }: { readonly company: CompanyCode; readonly finance: Finance },
): Judgement {
  const hasPosting = actual.standing.length > 0;
  if (expected.standing.length === 0) {
    // A rule that compares nothing asks only whether it followed, and it did: an order that reached the ERP before it was cancelled.
    const followedBeforehand = expected.takenBackAt !== null && rule.compare.length === 0;
    return settled(!hasPosting ? "void" : followedBeforehand ? "matched" : "orphan");
  }
  if (!hasPosting) return { ...settled("pending"), stateWhenDue: "late" };
  const compare = (side: Side) => compareSides(rule, expected, side, { company, finance });
  const compared = compare(actual);
  const { difference } = compared;
  if (compared.agrees) return settled("matched");
  if (compared.isPartial) return { state: "pending", stateWhenDue: "mismatched", difference, excess: [] };
  const excess = repeatedPostings(actual.standing, finance.units, (left) => agreesWith(left, actual, compare, finance));
  if (excess) return { ...settled("duplicate"), difference, excess };
  return { ...settled("mismatched"), difference };
}

const settled = (state: HandoffState): Judgement => ({ state, stateWhenDue: state, difference: {}, excess: [] });

/** The postings that are left, with whatever was taken back in part from the whole. */
function agreesWith(
  left: readonly HandoffEvent[],
  actual: Net,
  compare: (side: Side) => Compared,
  { units }: Finance,
): boolean {
  const figures = sum(left.map((event) => figuresOf(event, units)));
  const side = { standing: left, figures: sum([figures, actual.partlyTakenBack]) };
  return isStated(side.figures) && !isZero(side.figures) && compare(side).agrees;
}
