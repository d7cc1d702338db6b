/** When something is due, and which period it belongs to, by a company code's own calendar. Pure. */

import type { Duration } from "@/lib/domain/duration";
import { instantInZone, localInZone } from "@/lib/domain/zoned-time";
import { type CompanyCode, type Finance, WEEKDAYS } from "./finance";

const DAY_MS = 86_400_000;
/** A calendar without a business day in a year is a mistake in it, not a reason to look for ever. */
const SEARCH_LIMIT_DAYS = 366;

export interface Within {
  readonly within: Duration;
  readonly calendar: "elapsed" | "business";
}

/** @returns RFC 3339, UTC, milliseconds. */
export function dueAt(occurredAt: string, { within, calendar }: Within, company: CompanyCode): string {
  const instant = Date.parse(occurredAt);
  if (calendar === "elapsed") return new Date(instant + within.days * DAY_MS + within.ms).toISOString();
  const started = nextBusinessTime(afterCutOff(localInZone(instant, company.time_zone), company), company);
  let local = started;
  for (let day = 0; day < within.days; day += 1) local = nextBusinessTime(local + DAY_MS, company, true);
  const due = nextBusinessTime(local + within.ms, company, true);
  return new Date(instantInZone(due, company.time_zone)).toISOString();
}

/** "2026-11": the month by the company's clock; what happens after the cut-off belongs to the next day. */
export function periodOf(occurredAt: string, company: CompanyCode): string {
  const local = localInZone(Date.parse(occurredAt), company.time_zone);
  return new Date(afterCutOff(local, company)).toISOString().slice(0, 7);
}

/** "2026-11", however a system writes it: 202611, 2026/11, 11.2026, SAP's 011.2026, a day of it. What is no month stays as it is. */
export function statedPeriod(text: string): string {
  const written = text.trim();
  const [, year, month] = YEAR_FIRST.exec(written) ?? [];
  const [, monthFirst, yearLast] = MONTH_FIRST.exec(written) ?? [];
  if (year && month) return `${year}-${month}`;
  return yearLast && monthFirst ? `${yearLast}-${monthFirst}` : written;
}

const MONTH = "0?(0[1-9]|1[0-2])";
const YEAR_FIRST = new RegExp(`^(\\d{4})[-/.]?${MONTH}(?:-\\d{2}(?:T.*)?)?$`);
const MONTH_FIRST = new RegExp(`^${MONTH}[-/.](\\d{4})$`);

/** The first instant after a period, by the company's clock and cut-off. RFC 3339. */
export function endOfPeriod(period: string, company: CompanyCode): string {
  const [year = 0, month = 1] = period.split("-").map(Number);
  const firstOfNext = Date.UTC(year, month, 1);
  const cutOff = cutOffMs(company);
  const local = cutOff === DAY_MS ? firstOfNext : firstOfNext - DAY_MS + cutOff;
  return new Date(instantInZone(local, company.time_zone)).toISOString();
}

/** Midnight of the next day when the day's cut-off has passed. */
function afterCutOff(local: number, company: CompanyCode): number {
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  return local - midnight >= cutOffMs(company) ? midnight + DAY_MS : local;
}

const cutOffMs = ({ cut_off }: CompanyCode): number => {
  const [hours = 24, minutes = 0] = cut_off.split(":").map(Number);
  return (hours * 60 + minutes) * 60_000;
};

/** The time itself on a business day; else the next business day, at the same time of day or at its start. */
function nextBusinessTime(local: number, company: CompanyCode, keepTime = false): number {
  for (let days = 0; days < SEARCH_LIMIT_DAYS; days += 1) {
    const candidate = local + days * DAY_MS;
    if (!isBusinessDay(candidate, company)) continue;
    return days === 0 || keepTime ? candidate : Math.floor(candidate / DAY_MS) * DAY_MS;
  }
  return local;
}

function isBusinessDay(local: number, { business_days, holidays }: CompanyCode): boolean {
  const date = new Date(local);
  const weekday = WEEKDAYS[date.getUTCDay()];
  return (
    weekday !== undefined && business_days.includes(weekday) && !holidays.includes(date.toISOString().slice(0, 10))
  );
}

/** The company code that a stated one, or a location, stands for; the default for what is not declared. */
export function companyOf(finance: Finance, stated: string, location: string): CompanyCode {
  const { company_codes, default_company_code } = finance;
  const found =
    company_codes.find(({ id }) => id === stated) ??
    (stated === "" ? company_codes.find(({ locations }) => locations.includes(location)) : undefined) ??
    company_codes.find(({ id }) => id === default_company_code);
  if (!found) throw new Error(`finance: ${default_company_code} is not declared, which the schema excludes`);
  return found;
}
