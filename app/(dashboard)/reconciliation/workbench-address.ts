/** The address of the workbench, read once: filter, order, place and business date, or what is wrong with it. */

import type { z } from "zod";
import type { HandoffRights } from "@/components/handoffs/decide-buttons";
import { listFilter, matrixFilter } from "@/components/handoffs/filter-address";
import type { Person } from "@/lib/auth/session";
import type { Finance } from "@/lib/domain/handoffs/finance";
import { type HandoffFilter, handoffFilter } from "@/lib/queries/handoff-filter";
import { HANDOFF_SORTS, type HandoffSort } from "@/lib/queries/handoff-order";

export type PageParameters = Readonly<Record<string, string | string[] | undefined>>;

export interface WorkbenchAddress {
  readonly text: string;
  readonly list: HandoffFilter;
  readonly matrix: HandoffFilter;
  /** For the watch of the page: everything its figures are made of. */
  readonly watched: string;
  readonly sort: HandoffSort;
  readonly reverse: boolean;
  readonly cursor: string | null;
  /** "2026-11-25", in the company's own zone. */
  readonly businessDate: string;
  readonly timeZone: string;
}

export type ParsedAddress =
  | { readonly ok: true; readonly address: WorkbenchAddress }
  | { readonly ok: false; readonly problem: string };

export function parseAddress(parameters: PageParameters, finance: Finance, now: Date): ParsedAddress {
  const given = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => [value ?? []].flat().map((each) => [name, each])),
  );
  const [list, matrix] = [listFilter(given), matrixFilter(given)];
  const parsed = [list, matrix].map((filter) => handoffFilter.safeParse(recordOf(filter)));
  const fault = parsed.find(({ error }) => error)?.error?.issues[0];
  const [ofList, ofMatrix] = parsed;
  if (fault || !ofList?.data || !ofMatrix?.data)
    return { ok: false, problem: fault ? faultText(fault) : "It cannot be read." };
  const timeZone = zoneOf(ofList.data, finance);
  const order = given.get("sort") ?? "stake";
  return {
    ok: true,
    address: {
      text: given.toString(),
      list: ofList.data,
      matrix: ofMatrix.data,
      watched: matrix.toString(),
      sort: HANDOFF_SORTS.find((sort) => sort === order.replace(/^-/, "")) ?? "stake",
      reverse: order.startsWith("-"),
      cursor: given.get("cursor"),
      businessDate: dateOf(given.get("date")) ?? todayIn(timeZone, now),
      timeZone,
    },
  };
}

/** `state: expected one of "late", …`: without the place in a list, which no address shows. */
function faultText({ path, message, ...issue }: z.core.$ZodIssue): string {
  const name = String(path[0] ?? "filter");
  if (issue.code !== "invalid_value") return `${name}: ${message}`;
  return `${name}: expected one of ${issue.values.map(String).join(", ")}.`;
}

const recordOf = (filter: URLSearchParams): Record<string, string | string[]> =>
  Object.fromEntries(
    [...new Set(filter.keys())].map((name) => {
      const values = filter.getAll(name);
      return [name, values.length > 1 ? values : (values[0] ?? "")];
    }),
  );

/** Of the company code that was chosen, else of the one that counts for what names none. */
function zoneOf({ companyCode }: HandoffFilter, finance: Finance): string {
  const [chosen] = [companyCode ?? []].flat();
  const company = finance.company_codes.find(({ id }) => id === (chosen ?? finance.default_company_code));
  return company?.time_zone ?? "UTC";
}

/** A date of the calendar; anything else means today. */
function dateOf(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? null : text;
}

const todayIn = (timeZone: string, now: Date): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(now);

export const rightsOf = ({ permissions }: Person): HandoffRights => ({
  mayAct: permissions.includes("reconciliation:act"),
  mayAcceptAlways: permissions.includes("reconciliation:accept-always"),
  mayApprove: permissions.includes("reconciliation:approve"),
});
