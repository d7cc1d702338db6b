import { COMPANY_TIME_ZONE, OFFICE_UTC_OFFSET_HOURS } from "./enterprise";

/** Times of work: local hours, waves, truck departures, business days, batch runs. All times are epoch milliseconds, UTC. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const WAVE_HOURS = [6, 8, 10, 12, 14, 16, 18] as const;
const SATURDAY_WAVE_HOURS = [7, 9, 11] as const;
const TRUCK_HOURS = [11.5, 15, 17.5, 20.5] as const;
const SATURDAY_TRUCK_HOURS = [11, 14] as const;

/** Local midnight at or before `at`. */
export function localDayStart(at: number, utcOffsetHours: number): number {
  const shifted = at + utcOffsetHours * HOUR;
  return shifted - (((shifted % DAY) + DAY) % DAY) - utcOffsetHours * HOUR;
}

/** 0 is Sunday. */
export function localWeekday(at: number, utcOffsetHours: number): number {
  const days = Math.floor((at + utcOffsetHours * HOUR) / DAY);
  return (((days + 4) % 7) + 7) % 7; // 1970-01-01 was a Thursday
}

/** Hour of the local day with its fraction, 0 ≤ hour < 24. */
export function localHour(at: number, utcOffsetHours: number): number {
  return (at - localDayStart(at, utcOffsetHours)) / HOUR;
}

export function isWeekend(at: number, utcOffsetHours: number): boolean {
  const weekday = localWeekday(at, utcOffsetHours);
  return weekday === 0 || weekday === 6;
}

/** The next picking wave of a warehouse: every two hours on working days, Saturday mornings, never on Sunday. */
export function nextWave(at: number, utcOffsetHours: number): number {
  return nextSlot(at, utcOffsetHours, WAVE_HOURS, SATURDAY_WAVE_HOURS);
}

/** The next departure of a carrier's truck from the dock. */
export function nextTruck(at: number, utcOffsetHours: number): number {
  return nextSlot(at, utcOffsetHours, TRUCK_HOURS, SATURDAY_TRUCK_HOURS);
}

function nextSlot(
  at: number,
  utcOffsetHours: number,
  weekdays: readonly number[],
  saturdays: readonly number[],
): number {
  let day = localDayStart(at, utcOffsetHours);
  for (;;) {
    const weekday = localWeekday(day, utcOffsetHours);
    const hours = weekday === 0 ? [] : weekday === 6 ? saturdays : weekdays;
    for (const hour of hours) {
      const slot = day + hour * HOUR;
      if (slot >= at) return slot;
    }
    day += DAY;
  }
}

/** Adds business days (Monday to Friday) to a local midnight. */
export function addBusinessDays(dayStart: number, days: number, utcOffsetHours: number): number {
  let day = dayStart;
  let left = days;
  while (left > 0) {
    day += DAY;
    if (!isWeekend(day, utcOffsetHours)) left -= 1;
  }
  return day;
}

/** First run at or after `at` of a batch that runs every `everyMs` on the clock. */
export function nextBatch(at: number, everyMs: number): number {
  return Math.ceil(at / everyMs) * everyMs;
}

/** First run at or after `at` of a job that runs daily at this office hour. */
export function nextNightly(at: number, officeHour: number): number {
  const today = localDayStart(at, OFFICE_UTC_OFFSET_HOURS) + officeHour * HOUR;
  return today >= at ? today : today + DAY;
}

const MONTHS = new Intl.DateTimeFormat("en-CA", { timeZone: COMPANY_TIME_ZONE, year: "numeric", month: "2-digit" });

/** The fiscal period of a time: the company's calendar month, daylight saving included, e.g. "2026-11". */
export function fiscalPeriod(at: number): string {
  const parts = new Map(MONTHS.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.get("year")}-${parts.get("month")}`;
}

/** The first full hour of the period after that of `at`. */
export function nextPeriodStart(at: number): number {
  const period = fiscalPeriod(at);
  let hour = Math.ceil(at / HOUR) * HOUR;
  while (fiscalPeriod(hour) === period) hour += HOUR;
  return hour;
}

/** The period before or after the given one. */
export function neighbourPeriod(period: string, step: 1 | -1): string {
  const [year, month] = period.split("-").map(Number);
  if (year === undefined || month === undefined) throw new Error(`neighbourPeriod: expected YYYY-MM, got ${period}`);
  return new Date(Date.UTC(year, month - 1 + step, 1)).toISOString().slice(0, 7);
}
