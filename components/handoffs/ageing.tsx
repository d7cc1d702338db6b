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
    <ul className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4 xl:grid-cols-7">
      {BUCKETS.map(([bucket, label], index) => {
        const count = counts[index] ?? 0;
        const own = cells.filter((cell) => cell.bucket === bucket);
        return (
          <li key={bucket} className="min-w-0">
            <p className="text-xs text-ink-muted">{label}</p>
            <p className={count > 0 ? "font-semibold" : "text-ink-faint"}>{countLabel(count)}</p>
            <span aria-hidden className="block h-1 rounded-sm bg-line">
              <span
                className="block h-1 rounded-sm bg-broken"
                style={{ width: `${count === 0 ? 0 : Math.max(2, Math.round((count / most) * 100))}%` }}
              />
            </span>
            <p className="mt-1 text-2xs text-ink-muted">
              {sumByCurrency(own.map(({ stake, currency }) => ({ amount: stake, currency }))).map((stake) => (
                <span key={stake.currency} className="block">
                  {moneyLabel(stake)}
                </span>
              ))}
            </p>
          </li>
        );
      })}
    </ul>
  );
}

const sumOf = (cells: readonly AgeingCount[]): number => cells.reduce((sum, { count }) => sum + count, 0);
