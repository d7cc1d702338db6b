import { countLabel, moneyLabel } from "@/components/ui/number-format";
import { sumByCurrency } from "@/lib/domain/handoffs/approval";

/** As lib/queries/reconciliation.ts counts. */
export interface AgeingCount {
  readonly bucket: string;
  readonly currency: string;
  readonly count: number;
  readonly stake: string;
}

const BUCKETS = [
  ["0-1", "up to 1 day"],
  ["2-7", "2 to 7 days"],
  ["8-30", "8 to 30 days"],
  ["31-60", "31 to 60 days"],
  ["61-90", "61 to 90 days"],
  ["over-90", "over 90 days"],
  ["after", "after that day"],
] as const;

/** Open breaks by age on the business date: how many, as a bar and a figure, and the money. */
export function Ageing({ cells }: { readonly cells: readonly AgeingCount[] }) {
  const counts = BUCKETS.map(([bucket]) => sumOf(cells.filter((cell) => cell.bucket === bucket)));
  const most = Math.max(1, ...counts);
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">Open breaks by age</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Age</th>
          <th scope="col">Open breaks</th>
          <th scope="col">At stake</th>
        </tr>
      </thead>
      <tbody>
        {BUCKETS.map(([bucket, label], index) => {
          const count = counts[index] ?? 0;
          const own = cells.filter((cell) => cell.bucket === bucket);
          return (
            <tr key={bucket} className="*:py-1 *:align-top">
              <th scope="row" className="pr-3 text-left text-xs font-normal whitespace-nowrap text-ink-muted">
                {label}
              </th>
              <td className="w-full">
                <span className="flex items-center gap-2">
                  <span
                    aria-hidden
                    className="h-2 rounded-sm bg-broken"
                    style={{ width: `${count === 0 ? 0 : Math.max(1, Math.round((count / most) * 70))}%` }}
                  />
                  <span className={count > 0 ? "font-medium" : "text-ink-faint"}>{countLabel(count)}</span>
                </span>
              </td>
              <td className="pl-3 text-right text-xs whitespace-nowrap text-ink-muted">
                {sumByCurrency(own.map(({ stake, currency }) => ({ amount: stake, currency }))).map((stake) => (
                  <span key={stake.currency} className="block">
                    {moneyLabel(stake)}
                  </span>
                ))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const sumOf = (cells: readonly AgeingCount[]): number => cells.reduce((sum, { count }) => sum + count, 0);
