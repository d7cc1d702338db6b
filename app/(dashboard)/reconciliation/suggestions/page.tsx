import { type SuggestionLine, SuggestionList } from "@/components/handoffs/suggestion-list";
import { EmptyState } from "@/components/ui/states";
import { requirePermission } from "@/lib/auth/require-permission";
import type { Suggestion } from "@/lib/domain/handoffs/near-miss";
import { objectKey } from "@/lib/domain/object";
import { readHandoffs } from "@/lib/queries/handoffs";
import { readSuggestions } from "@/lib/queries/near-misses";
import { readRuleBook } from "@/lib/queries/rule-book";
import { services } from "@/lib/services";
import { type PageParameters, rightsOf } from "../workbench-address";

export const metadata = { title: "Possible matches · Reconciliation" };

const SHOWN_MAX = 200;

export default async function SuggestionsPage({ searchParams }: { readonly searchParams: Promise<PageParameters> }) {
  const person = await requirePermission("reconciliation:view");
  const { rule } = await searchParams;
  const { store } = services();
  const now = new Date().toISOString();
  const filter = typeof rule === "string" && rule !== "" ? { rules: [rule] } : {};
  const [{ suggestions, truncated }, rules] = await Promise.all([
    readSuggestions(store, filter, now),
    readRuleBook(store),
  ]);
  const lines = await linesOf(suggestions.slice(0, SHOWN_MAX), now);
  return (
    <>
      <h1 className="text-xl font-semibold tracking-tight">Possible matches</h1>
      <p className="max-w-3xl text-sm text-ink-muted">
        A posting whose cause nobody knows, beside something that waits for a posting under almost the same number.
        These are guesses: none is applied by itself. Look at both, then match them, or leave them.
      </p>
      {truncated ? (
        <p className="rounded-md bg-attention-tint px-3 py-2 text-sm text-attention">
          There are more open handoffs than are compared here; those with most at stake were.
        </p>
      ) : null}
      <section aria-label="Possible matches" className="rounded-lg border border-line bg-surface">
        {lines.length === 0 ? (
          <EmptyState title="Nothing looks alike">
            No orphan has a number close to that of a handoff that waits for its posting.
          </EmptyState>
        ) : (
          <SuggestionList lines={lines} rules={rules} rights={rightsOf(person)} />
        )}
        {suggestions.length > SHOWN_MAX ? (
          <p className="border-t border-line px-3 py-2 text-xs text-ink-muted">
            The {SHOWN_MAX} likeliest are shown, of {suggestions.length}.
          </p>
        ) : null}
      </section>
    </>
  );
}

/** With both handoffs as lists show them; one that went meanwhile takes its suggestion along. */
async function linesOf(suggestions: readonly Suggestion[], now: string): Promise<SuggestionLine[]> {
  const asked = suggestions.flatMap(({ orphan, waiting }) => [orphan, waiting]);
  const handoffs = await readHandoffs(services().store, asked, now);
  const found = new Map(handoffs.map((handoff) => [`${handoff.rule} ${objectKey(handoff.key)}`, handoff]));
  return suggestions.flatMap(({ orphan, waiting, score, reasons }) => {
    const [left, right] = [waiting, orphan].map(({ rule, key }) => found.get(`${rule} ${objectKey(key)}`));
    return left && right ? [{ waiting: left, orphan: right, score, reasons }] : [];
  });
}
