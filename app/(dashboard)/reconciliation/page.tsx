import Link from "next/link";
import { Ageing } from "@/components/handoffs/ageing";
import { BreaksTable } from "@/components/handoffs/breaks-table";
import { WORKBENCH } from "@/components/handoffs/filter-address";
import { FilterForm } from "@/components/handoffs/filter-form";
import { Matrix } from "@/components/handoffs/matrix";
import { buttonClass } from "@/components/ui/button";
import { withParameters } from "@/components/ui/href";
import { plural } from "@/components/ui/number-format";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { requirePermission } from "@/lib/auth/require-permission";
import { type HandoffList, listHandoffs } from "@/lib/queries/handoffs";
import { InvalidCursor } from "@/lib/queries/orders";
import { readAgeing, readFilterChoices, readMatrix } from "@/lib/queries/reconciliation";
import { readRuleBook } from "@/lib/queries/rule-book";
import { services } from "@/lib/services";
import { type PageParameters, parseAddress, rightsOf, type WorkbenchAddress } from "./workbench-address";

export const metadata = { title: "Reconciliation" };

const PAGE_ROWS = 50;

export default async function ReconciliationPage({ searchParams }: { readonly searchParams: Promise<PageParameters> }) {
  const person = await requirePermission("reconciliation:view");
  const now = new Date();
  const parsed = parseAddress(await searchParams, services().finance, now);
  if (!parsed.ok) return <UnreadableFilter problem={parsed.problem} />;
  const { address } = parsed;
  const { store } = services();
  const clock = now.toISOString();
  const [rules, choices, matrix, ageing, list] = await Promise.all([
    readRuleBook(store),
    readFilterChoices(store),
    readMatrix(store, address.matrix, clock),
    readAgeing(store, { ...address.list, open: undefined }, address.businessDate, clock, address.timeZone),
    readPage(address, clock),
  ]);
  return (
    <>
      <h1 className="sr-only">Reconciliation</h1>
      <FilterForm choices={choices} rules={rules} address={address.text} businessDate={address.businessDate} />
      <section aria-labelledby="matrix" className="min-w-0 rounded-lg border border-line bg-surface">
        <h2 id="matrix" className="border-b border-line px-3 py-2 text-sm font-semibold">
          By rule and state
        </h2>
        <Matrix cells={matrix} rules={rules} address={address.text} />
      </section>
      <section aria-labelledby="ageing" className="min-w-0 rounded-lg border border-line bg-surface">
        <h2 id="ageing" className="border-b border-line px-3 py-2 text-sm font-semibold">
          Open breaks by age <span className="font-normal text-ink-muted">on {address.businessDate}</span>
        </h2>
        <div className="p-3">
          <Ageing cells={ageing} />
        </div>
      </section>
      <section aria-labelledby="breaks" className="rounded-lg border border-line bg-surface">
        <div className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line px-3 py-2">
          <h2 id="breaks" className="text-sm font-semibold">
            {address.list.open === true ? "Open breaks" : "Handoffs"}
          </h2>
          <p className="text-xs text-ink-muted">{plural(list.total, "handoff")}</p>
        </div>
        {list.items.length === 0 ? (
          <NoHandoffs hasRules={Object.keys(rules).length > 0} isAny={matrix.length > 0} />
        ) : (
          <BreaksTable
            handoffs={list.items}
            total={list.total}
            rules={rules}
            rights={rightsOf(person)}
            address={address.text}
            sort={`${address.reverse ? "-" : ""}${address.sort}`}
            watched={address.watched}
          />
        )}
        <Pages address={address} next={list.nextCursor} />
      </section>
    </>
  );
}

async function readPage(address: WorkbenchAddress, now: string): Promise<HandoffList> {
  const { store } = services();
  const { list, sort, reverse, cursor } = address;
  const options = { limit: PAGE_ROWS, sort, reverse, now };
  try {
    return await listHandoffs(store, list, { ...options, cursor });
  } catch (error) {
    // A cursor somebody edited, or one of another order: the first page is the useful answer.
    if (error instanceof InvalidCursor) return listHandoffs(store, list, options);
    throw error;
  }
}

function Pages({
  address: { text, cursor },
  next,
}: {
  readonly address: WorkbenchAddress;
  readonly next: string | null;
}) {
  if (cursor === null && next === null) return null;
  return (
    <nav aria-label="Pages" className="flex items-center gap-2 border-t border-line p-3">
      {cursor === null ? null : (
        <Link className={buttonClass("plain", "small")} href={`${WORKBENCH}${withParameters(text, { cursor: null })}`}>
          First page
        </Link>
      )}
      {next === null ? null : (
        <Link className={buttonClass("plain", "small")} href={`${WORKBENCH}${withParameters(text, { cursor: next })}`}>
          Next page
        </Link>
      )}
    </nav>
  );
}

/** Nothing yet, nothing wrong and nothing found look alike in a list; each asks for something else. */
function NoHandoffs({ hasRules, isAny }: { readonly hasRules: boolean; readonly isAny: boolean }) {
  if (!hasRules)
    return (
      <EmptyState title="No rule is in force yet">
        The worker publishes <code className="font-id">config/handoffs.yaml</code> when it starts. Is it running?
      </EmptyState>
    );
  if (!isAny)
    return (
      <EmptyState title="No handoff matches">
        Widen the filter, or wait for the first events: handoffs follow from what the systems report.
      </EmptyState>
    );
  return (
    <EmptyState title="Nothing here">
      Nothing matches this part of the filter. That is good news, or a source is behind: see the top of the page.
    </EmptyState>
  );
}

function UnreadableFilter({ problem }: { readonly problem: string }) {
  return (
    <>
      <h1 className="sr-only">Reconciliation</h1>
      <ErrorState
        title="This filter cannot be read"
        actions={
          <a href={WORKBENCH} className={buttonClass("primary")}>
            Start without a filter
          </a>
        }
      >
        {problem}
      </ErrorState>
    </>
  );
}
