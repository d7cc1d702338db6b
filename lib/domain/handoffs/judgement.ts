/** The state of one group of keys under a rule. Pure, and without a clock: it says what holds until the due time and what from then on. */
import { type Compared, compareSides, type Side } from "./comparison";
import { repeatedPostings } from "./excess";
import { type Figures, figuresOf, isStated, isZero, negate, sum } from "./figures";
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
  const hasPosting = actual.standing.length > 0 && !isTakenBackBySign(actual, finance);
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
  const excess = repeatedPostings(actual.standing, {
    units: finance.units,
    differing: differingSkus(rule, difference),
    skus: actual.figures.quantities?.size ?? 0,
    agreesWithout: (gone, figures) => agreesWithout(gone, figures, actual, compare),
  });
  if (excess) return { ...settled("duplicate"), difference, excess };
  return { ...settled("mismatched"), difference };
}

const settled = (state: HandoffState): Judgement => ({ state, stateWhenDue: state, difference: {}, excess: [] });

/** In total, quantities differ over SKUs: which of them says nothing. */
const differingSkus = ({ compare }: HandoffRule, { quantity = [] }: Compared["difference"]): ReadonlySet<string> =>
  new Set(compare.some(({ measure }) => measure === "quantity") ? [] : quantity.map(({ sku }) => sku));

/** Postings of the other sign take postings back as well, where the ERP has no type of its own for that: together they are nothing. */
const isTakenBackBySign = ({ standing, figures }: Net, { units }: Finance): boolean =>
  standing.length > 1 &&
  isStated(figures) &&
  isZero(figures) &&
  standing.some((posting) => !isZero(figuresOf(posting, units)));

/** The postings that are left, with whatever was taken back in part from the whole. Of each kind one is left, so no measure goes unstated. */
function agreesWithout(
  gone: ReadonlySet<HandoffEvent>,
  theirs: Figures,
  actual: Net,
  compare: (side: Side) => Compared,
): boolean {
  const figures = sum([actual.figures, negate(theirs)]);
  if (!isStated(figures) || isZero(figures)) return false;
  return compare({ standing: actual.standing.filter((posting) => !gone.has(posting)), figures }).agrees;
}
