import type { ReactNode } from "react";
import { groupedDecimal } from "@/components/ui/number-format";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { signedDifference } from "./handoff-words";

/** Expected, actual and what lies between: totals first, then each SKU that differs. */
export function DifferenceTable({ handoff }: { readonly handoff: ListedHandoff }) {
  const { difference, totals } = handoff;
  const { quantity = [], period, incomparable = [] } = difference;
  return (
    <>
      <table className="w-full text-sm">
        <caption className="sr-only">Both sides and their difference</caption>
        <thead>
          <tr className="text-xs text-ink-muted *:pb-1 *:font-medium [&>*+*]:pl-3">
            <th scope="col" className="text-left">
              Measure
            </th>
            <th scope="col" className="text-right">
              Expected
            </th>
            <th scope="col" className="text-right">
              Actual
            </th>
            <th scope="col" className="text-right">
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          <Line
            name={`Amount${totals.currency ? ` (${totals.currency})` : ""}`}
            expected={totals.expectedAmount}
            actual={totals.actualAmount}
            fraction={2}
          />
          <Line name="Quantity" expected={totals.expectedQuantity} actual={totals.actualQuantity} />
          {quantity.map(({ sku, expected, actual }) => (
            <Line key={sku} name={<span className="font-id">{sku}</span>} expected={expected} actual={actual} />
          ))}
          {period ? (
            <tr className="*:border-t *:border-line *:py-1 [&>*+*]:pl-3">
              <th scope="row" className="text-left font-normal">
                Period
              </th>
              <td className="text-right">{period.expected}</td>
              <td className="text-right">{period.actual}</td>
              <td className="text-right font-medium text-broken">other</td>
            </tr>
          ) : null}
        </tbody>
      </table>
      {incomparable.map((why) => (
        <p key={why} className="mt-2 text-sm text-broken">
          Could not be compared: {why}
        </p>
      ))}
    </>
  );
}

interface LineProps {
  readonly name: ReactNode;
  readonly expected: string | null;
  readonly actual: string | null;
  readonly fraction?: number;
}

function Line({ name, expected, actual, fraction = 0 }: LineProps) {
  const between = signedDifference(expected, actual, fraction);
  const isEven = between === null || /^0(\.0+)?$/.test(between);
  const shown = (value: string | null) =>
    value === null ? <span className="text-ink-faint">not stated</span> : groupedDecimal(value, fraction);
  return (
    <tr className="*:border-t *:border-line *:py-1 [&>*+*]:pl-3">
      <th scope="row" className="text-left font-normal">
        {name}
      </th>
      <td className="text-right">{shown(expected)}</td>
      <td className="text-right">{shown(actual)}</td>
      <td className={`text-right font-medium ${isEven ? "text-settled" : "text-broken"}`}>{between ?? ""}</td>
    </tr>
  );
}
