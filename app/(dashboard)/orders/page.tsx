import Link from "next/link";
import { redirect } from "next/navigation";
import { OrderFilters } from "@/components/orders/order-filters";
import { OrdersTable } from "@/components/orders/orders-table";
import { SearchResults } from "@/components/orders/search-results";
import { buttonClass } from "@/components/ui/button";
import { journeyHref, withParameters } from "@/components/ui/href";
import { plural } from "@/components/ui/number-format";
import { EmptyState } from "@/components/ui/states";
import { requirePermission } from "@/lib/auth/require-permission";
import { readCompleteThrough } from "@/lib/queries/journey";
import { InvalidCursor, listOrders, ORDER_SORTS, type OrderList, type OrderListOptions } from "@/lib/queries/orders";
import { onlyRootOf, searchObjects } from "@/lib/queries/search";
import { services } from "@/lib/services";

export const metadata = { title: "Orders" };

type Parameters = Readonly<Record<string, string | string[] | undefined>>;

const STATES = ["open", "late", "disagreed", "failed", "all"] as const;

export default async function OrdersPage({ searchParams }: { readonly searchParams: Promise<Parameters> }) {
  await requirePermission("journey:view");
  const parameters = new URLSearchParams(
    Object.entries(await searchParams).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );
  const q = (parameters.get("q") ?? "").slice(0, 512).trim();
  if (q !== "") return <FoundPage q={q} />;
  const { state, sort } = filterOf(parameters);
  const list = await listPage(parameters, { state, sort });
  const before = parameters.get("cursor") !== null;
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      <h1 className="text-xl font-semibold tracking-tight">Orders</h1>
      <SearchForm q="" />
      <section aria-label="Orders" className="rounded-lg border border-line bg-surface">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-3 py-1.5">
          <OrderFilters state={state} parameters={parameters.toString()} />
          <p className="text-xs text-ink-muted">
            {plural(list.total, nounOf(parameters.get("type") ?? "order"))}
            {sort === "risk" ? ", ranked by value × nearness of the promise" : ""}
          </p>
        </div>
        {list.items.length === 0 ? (
          <NoOrders isFiltered={state !== "all"} hasReports={await hasReports()} />
        ) : (
          <OrdersTable orders={list.items} sort={sort} total={list.total} />
        )}
        {before || list.nextCursor ? (
          <nav aria-label="Pages" className="flex items-center gap-2 border-t border-line p-3">
            {before ? (
              <Link
                className={buttonClass("plain", "small")}
                href={`/orders${withParameters(parameters, { cursor: null })}`}
              >
                First page
              </Link>
            ) : null}
            {list.nextCursor ? (
              <Link
                className={buttonClass("plain", "small")}
                href={`/orders${withParameters(parameters, { cursor: list.nextCursor })}`}
              >
                Next page
              </Link>
            ) : null}
          </nav>
        ) : null}
      </section>
    </div>
  );
}

/** Nothing yet and nothing wrong look alike in a list; the first needs to be told what to do. */
function NoOrders({ isFiltered, hasReports }: { readonly isFiltered: boolean; readonly hasReports: boolean }) {
  if (!hasReports) {
    return (
      <EmptyState title="Nothing has been reported yet">
        Import a file with <code className="font-id">npm run import -- FILE --source NAME</code>, or let a system send
        its events with a token (Admin → Tokens). <code className="font-id">npm run demo</code> shows a simulated
        enterprise.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No orders here">
      {isFiltered
        ? "No order is in this state. That is good news, or its source is behind: see the top of the page."
        : "No order matches."}
    </EmptyState>
  );
}

const hasReports = async (): Promise<boolean> =>
  Object.keys(await readCompleteThrough(services().store, null)).length > 0;

/** Other roots than orders are listed by address only (`?type=purchase_order`). */
const nounOf = (type: string): string =>
  (services().catalogue.types.get(type)?.label ?? "object").replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());

async function FoundPage({ q }: { readonly q: string }) {
  const { store, catalogue } = services();
  const { results } = await searchObjects(store, catalogue, q);
  const only = onlyRootOf(results);
  if (only) redirect(journeyHref(only));
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      <h1 className="text-xl font-semibold tracking-tight">Orders</h1>
      <SearchForm q={q} />
      <SearchResults query={q} results={results} />
    </div>
  );
}

function SearchForm({ q }: { readonly q: string }) {
  return (
    <search>
      <form action="/orders" className="flex max-w-2xl gap-2">
        <input
          type="search"
          name="q"
          defaultValue={q}
          maxLength={512}
          autoComplete="off"
          aria-label="Any number of an order"
          placeholder="Order, shipment, tracking, task, document or invoice number"
          className="h-10 min-w-0 flex-1 rounded-md border border-control bg-surface px-3 text-base shadow-xs placeholder:text-ink-faint"
        />
        <button type="submit" className={`${buttonClass("primary")} h-10!`}>
          Search
        </button>
      </form>
    </search>
  );
}

function filterOf(parameters: URLSearchParams): Required<Pick<OrderListOptions, "state" | "sort">> {
  return {
    state: STATES.find((state) => state === parameters.get("state")) ?? "open",
    sort: ORDER_SORTS.find((sort) => sort === parameters.get("sort")) ?? "risk",
  };
}

async function listPage(parameters: URLSearchParams, filter: ReturnType<typeof filterOf>): Promise<OrderList> {
  const options = {
    ...filter,
    stage: parameters.get("stage"),
    source: parameters.get("source"),
    type: parameters.get("type") ?? "order",
    now: new Date().toISOString(),
  };
  const { store } = services();
  try {
    return await listOrders(store, { ...options, cursor: parameters.get("cursor") });
  } catch (error) {
    // A cursor somebody edited, or one of another sort: the first page is the useful answer.
    if (error instanceof InvalidCursor) return listOrders(store, options);
    throw error;
  }
}
