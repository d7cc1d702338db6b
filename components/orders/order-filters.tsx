import Link from "next/link";
import { withParameters } from "@/components/ui/href";
import { LinkPending } from "@/components/ui/link-pending";

const STATES = [
  // Every order that is not delivered, the riskiest first: not all of them are at risk.
  ["open", "Open by risk"],
  ["late", "Late"],
  ["disagreed", "Systems disagree"],
  ["failed", "With failures"],
  ["all", "All"],
] as const;

/** The list's filter as links: each view has an address. */
export function OrderFilters({ state, parameters }: { readonly state: string; readonly parameters: string }) {
  return (
    <nav aria-label="Which orders" className="flex flex-wrap gap-1">
      {STATES.map(([id, label]) => (
        <Link
          key={id}
          href={`/orders${withParameters(parameters, { state: id === "open" ? null : id, cursor: null, sort: null })}`}
          aria-current={state === id ? "true" : undefined}
          className="rounded-md px-2.5 py-1 text-sm text-ink-muted hover:bg-hover hover:text-ink aria-[current=true]:bg-accent-tint aria-[current=true]:font-medium aria-[current=true]:text-accent"
        >
          {label}
          <LinkPending />
        </Link>
      ))}
    </nav>
  );
}
