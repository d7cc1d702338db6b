/** The filter of the queue as an address: one place that builds it, so that every link reproduces its view. Pure. */
import { withParameters } from "@/components/ui/href";

export const QUEUE = "/exceptions";

/** Parameters of the filter (lib/queries/exception-filter.ts). */
export const FILTER_NAMES = [
  "tab",
  "q",
  "state",
  "class",
  "category",
  "kind",
  "owner",
  "assignee",
  "interface",
  "group",
  "tag",
  "severity",
  "root",
  "from",
  "to",
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** The filter, out of an address with other parameters beside it. Without a tab the queue shows what needs somebody. */
export function queueFilter(address: URLSearchParams | string): URLSearchParams {
  const given = new URLSearchParams(address);
  const filter = new URLSearchParams();
  for (const name of FILTER_NAMES)
    for (const value of given.getAll(name)) if (value.trim() !== "") filter.append(name, value);
  if (!filter.has("tab")) filter.set("tab", "open");
  return filter;
}

/** The same view with some of its filter changed, from the first page. */
export const queueHref = (
  address: URLSearchParams | string,
  changes: Readonly<Partial<Record<FilterName | "sort", string | null>>> = {},
): string => `${QUEUE}${withParameters(address, { ...changes, cursor: null })}`.replace(/\?$/, "");

/** What is saved as a view: filter and order, not the page of it. Two addresses of one view give one text. */
export function viewQuery(address: URLSearchParams | string): string {
  const view = queueFilter(address);
  const sort = new URLSearchParams(address).get("sort");
  if (sort && sort !== "rank") view.set("sort", sort);
  view.sort();
  return view.toString();
}
