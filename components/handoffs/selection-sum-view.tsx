import { groupedDecimal } from "@/components/ui/number-format";
import { type SideSum, type Summed, sumSelection } from "./selection-sum";

/** Both sides of a selection and their variance, a line per currency. */
export function SelectionSum({ handoffs }: { readonly handoffs: readonly Summed[] }) {
  const sums = sumSelection(handoffs);
  if (sums.length === 0) return <span className="text-xs text-ink-muted">no money on either side</span>;
  return (
    <span className="flex flex-col">
      {sums.map((sum) => (
        <Line key={sum.currency} {...sum} />
      ))}
    </span>
  );
}

function Line({ currency, expected, actual, variance }: SideSum) {
  const isEven = /^-?0(\.0+)?$/.test(variance);
  const sign = isEven || variance.startsWith("-") ? "" : "+";
  return (
    <span className="flex flex-wrap gap-x-3 text-xs">
      <span>
        <span className="text-ink-muted">Expected</span> {groupedDecimal(expected, 2)}
      </span>
      <span>
        <span className="text-ink-muted">Actual</span> {groupedDecimal(actual, 2)}
      </span>
      <span className={isEven ? "font-medium text-settled" : "font-medium text-broken"}>
        <span className="font-normal text-ink-muted">Variance</span> {sign}
        {groupedDecimal(isEven ? "0" : variance, 2)}
      </span>
      <span className="text-ink-muted">{currency}</span>
    </span>
  );
}
