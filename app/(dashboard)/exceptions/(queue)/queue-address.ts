/** The queue's address: which tab, which filter, which page. Pure. */
import { z } from "zod";
import { EXCEPTION_TABS, type ExceptionTab } from "@/components/exceptions/exception-words";
import { type ExceptionFilter, exceptionFilter } from "@/lib/queries/exception-filter";
import { EXCEPTION_SORTS, type ExceptionSort } from "@/lib/queries/exception-order";

export type PageParameters = Readonly<Record<string, string | string[] | undefined>>;

export interface QueueAddress {
  readonly tab: ExceptionTab | "all";
  readonly filter: ExceptionFilter;
  readonly sort: ExceptionSort;
  readonly reverse: boolean;
  readonly cursor: string | null;
  /** As parameters, without the cursor: what links of the page build on. */
  readonly text: string;
}

const SORTS = [...EXCEPTION_SORTS, ...EXCEPTION_SORTS.map((sort) => `-${sort}` as const)] as const;
const OWN = z.object({
  cursor: z.string().max(1_000).optional(),
  tab: z.enum([...EXCEPTION_TABS, "all"]).optional(),
  sort: z.enum(SORTS).default("rank"),
});

/** Without a tab the queue shows what needs somebody. A filter that cannot be read is said, not guessed at. */
export function parseQueueAddress(given: PageParameters): QueueAddress | { readonly problem: string } {
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ""));
  const own = OWN.safeParse(present);
  if (!own.success) return { problem: z.prettifyError(own.error) };
  const tab = own.data.tab ?? "open";
  const filter = exceptionFilter.safeParse({ ...present, tab });
  if (!filter.success) return { problem: z.prettifyError(filter.error) };
  const { cursor: _, ...kept } = present;
  const pairs = Object.entries(kept).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  const { sort, cursor = null } = own.data;
  return {
    tab,
    filter: filter.data,
    sort: sort.replace(/^-/, "") as ExceptionSort,
    reverse: sort.startsWith("-"),
    cursor,
    text: new URLSearchParams(pairs).toString(),
  };
}
