/** The filter of the workbench as an address: one place that builds it, so that every link reproduces its view. Pure. */
import { withParameters } from "@/components/ui/href";

export const WORKBENCH = "/reconciliation";

/** Parameters of the filter (lib/queries/handoff-filter.ts). */
const FILTER_NAMES = [
  "q",
  "rule",
  "state",
  "open",
  "resolution",
  "owner",
  "severity",
  "companyCode",
  "period",
  "location",
  "partner",
  "currency",
  "stakeMin",
  "stakeMax",
  "from",
  "to",
  "root",
  "key",
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** What the list shows when nobody says otherwise: breaks that nobody has settled. */
const DECIDES_LIST: readonly string[] = ["state", "open", "resolution"];

/** The filter of the list, out of an address with other parameters beside it. */
export function listFilter(address: URLSearchParams | string): URLSearchParams {
  const given = new URLSearchParams(address);
  const filter = new URLSearchParams();
  for (const name of FILTER_NAMES)
    for (const value of given.getAll(name)) if (value.trim() !== "") filter.append(name, value);
  if (!DECIDES_LIST.some((name) => filter.has(name))) filter.set("open", "true");
  return filter;
}

/** Of the matrix: without rule and state, which are its rows and columns. */
export function matrixFilter(address: URLSearchParams | string): URLSearchParams {
  const filter = listFilter(address);
  for (const name of ["rule", ...DECIDES_LIST]) filter.delete(name);
  return filter;
}

/** As the API takes a filter in a body: several values as a list. */
export function filterBody(filter: URLSearchParams): Record<string, string | string[]> {
  const body: Record<string, string | string[]> = {};
  for (const name of new Set(filter.keys())) {
    const values = filter.getAll(name);
    const [only = ""] = values;
    body[name] = values.length > 1 ? values : only;
  }
  return body;
}

/** The same view with some of its filter changed, from the first page. */
export const workbenchHref = (
  address: URLSearchParams | string,
  changes: Readonly<Partial<Record<FilterName | "sort" | "date", string | null>>>,
): string => `${WORKBENCH}${withParameters(address, { ...changes, cursor: null })}`;
