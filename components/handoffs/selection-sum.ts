/** What a selection of handoffs comes to on both sides. Exact decimals; one line per currency, currencies are never added. Pure. */
import { amountText, type ExactDecimal, ZERO } from "@/lib/domain/decimal";
import type { Handoff } from "@/lib/domain/handoffs/handoff";
import { objectKey } from "@/lib/domain/object";

export interface SideSum {
  readonly currency: string;
  readonly expected: string;
  readonly actual: string;
  /** actual − expected */
  readonly variance: string;
}

export type Summed = Pick<Handoff, "rule" | "group" | "totals">;

/** Keys that are compared together carry the totals of all: each group counts once. A side that says nothing counts as nothing. */
export function sumSelection(selected: readonly Summed[]): SideSum[] {
  const groups = new Map(selected.map((handoff) => [`${handoff.rule} ${objectKey(handoff.group.lead)}`, handoff]));
  const sums = new Map<string, { expected: ExactDecimal; actual: ExactDecimal }>();
  for (const { totals } of groups.values()) {
    if (totals.expectedAmount === null && totals.actualAmount === null) continue;
    const sum = sums.get(totals.currency) ?? { expected: ZERO, actual: ZERO };
    sums.set(totals.currency, {
      expected: sum.expected.plus(totals.expectedAmount ?? 0),
      actual: sum.actual.plus(totals.actualAmount ?? 0),
    });
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, { expected, actual }]) => ({
      currency,
      expected: amountText(expected),
      actual: amountText(actual),
      variance: amountText(actual.minus(expected)),
    }));
}
