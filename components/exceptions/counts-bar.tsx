import { countLabel } from "@/components/ui/number-format";
import type { ReplayCounts } from "@/lib/domain/replay/job";
import { type CountPart, countParts } from "./replay-words";

const FILLS: Readonly<Record<CountPart["name"], string>> = {
  verified: "bg-settled",
  sent: "bg-accent",
  failed: "bg-broken",
  skipped: "bg-line-strong",
  pending: "bg-waiting-tint",
};

/** A replay's counts as one bar, and in words below it: colour alone says nothing. */
export function CountsBar({ counts }: { readonly counts: ReplayCounts }) {
  const parts = countParts(counts);
  return (
    <div>
      <div aria-hidden className="flex h-3 overflow-hidden rounded border border-line">
        {parts.map(({ name, percent }) => (
          <div key={name} className={FILLS[name]} style={{ width: `${percent}%` }} />
        ))}
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {parts.map(({ name, label, count }) => (
          <li key={name} className="inline-flex items-center gap-1.5">
            <span aria-hidden className={`size-2.5 rounded-sm border border-line ${FILLS[name]}`} />
            <strong className="font-semibold">{countLabel(count)}</strong> {label}
          </li>
        ))}
        <li className="text-ink-muted">{countLabel(counts.total)} in all</li>
      </ul>
    </div>
  );
}
