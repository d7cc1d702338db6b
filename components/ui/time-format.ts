/**
 * Times as people read them. Pure: the zone and "now" are arguments, so server and browser render the same text, and the
 * words never depend on a machine's locale (a German server and an English browser must agree, or the page flickers).
 */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** For lengths only: a file of ten years ago is "10 y" behind, whatever leap days lay between. */
const YEAR_MS = 365 * DAY_MS;

/** The wall clock of one instant in one zone. `offsetMs` is the zone's distance from UTC at that instant. */
export interface WallClock {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly weekday: string;
  readonly offsetMs: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formatters.set(zone, made);
  return made;
}

/** True for an IANA name this runtime knows. A zone arrives by cookie, so it may be anything. */
export function isTimeZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

export function wallClock(atMs: number, zone: string): WallClock {
  const millisecond = ((atMs % 1000) + 1000) % 1000;
  const shiftedMs = zone === "UTC" ? atMs : atMs + offsetOf(atMs, zone);
  const shifted = new Date(shiftedMs);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    millisecond,
    weekday: WEEKDAYS[shifted.getUTCDay()] ?? "",
    offsetMs: shiftedMs - atMs,
  };
}

/** The zone's distance from UTC at an instant, in milliseconds. */
export function offsetOf(atMs: number, zone: string): number {
  if (zone === "UTC") return 0;
  const wholeSecond = Math.floor(atMs / 1000) * 1000;
  const parts: Record<string, number> = {};
  for (const part of formatterOf(zone).formatToParts(wholeSecond)) parts[part.type] = Number(part.value);
  const wall = Date.UTC(
    parts.year ?? 0,
    (parts.month ?? 1) - 1,
    parts.day ?? 1,
    parts.hour ?? 0,
    parts.minute ?? 0,
    parts.second ?? 0,
  );
  return wall - wholeSecond;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** "10:15" */
export function clockTime(atMs: number, zone: string): string {
  const wall = wallClock(atMs, zone);
  return `${two(wall.hour)}:${two(wall.minute)}`;
}

/** "10:15:30.123": for comparing clocks, where milliseconds matter. */
export function preciseTime(atMs: number, zone: string): string {
  const wall = wallClock(atMs, zone);
  return `${two(wall.hour)}:${two(wall.minute)}:${two(wall.second)}.${String(wall.millisecond).padStart(3, "0")}`;
}

/** "23 Nov" in the year of `nowMs`, else "23 Nov 2025". */
export function dayLabel(atMs: number, zone: string, nowMs: number): string {
  const wall = wallClock(atMs, zone);
  const day = `${wall.day} ${MONTHS[wall.month - 1] ?? ""}`;
  return wall.year === wallClock(nowMs, zone).year ? day : `${day} ${wall.year}`;
}

/** "10:15" today, else "23 Nov 10:15". */
export function shortTime(atMs: number, zone: string, nowMs: number): string {
  const today = dayLabel(nowMs, zone, nowMs);
  const day = dayLabel(atMs, zone, nowMs);
  return day === today ? clockTime(atMs, zone) : `${day} ${clockTime(atMs, zone)}`;
}

/** "Mon 23 Nov 2026, 10:15:30.123 UTC" or "… UTC+01:00". */
export function fullTime(atMs: number, zone: string): string {
  const wall = wallClock(atMs, zone);
  const day = `${wall.weekday} ${wall.day} ${MONTHS[wall.month - 1] ?? ""} ${wall.year}`;
  return `${day}, ${preciseTime(atMs, zone)} ${offsetLabel(wall.offsetMs)}`;
}

/** "UTC" or "UTC+01:00". */
export function offsetLabel(offsetMs: number): string {
  if (offsetMs === 0) return "UTC";
  const minutes = Math.round(Math.abs(offsetMs) / MINUTE_MS);
  return `UTC${offsetMs < 0 ? "−" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** "3 h 20 min", "2 d 4 h", "12 y 309 d", "45 s", "230 ms". Two units at most; never negative. */
export function durationLabel(durationMs: number): string {
  const total = Math.abs(durationMs);
  if (total < SECOND_MS) return `${Math.round(total)} ms`;
  if (total < MINUTE_MS) return `${trimmed(total / SECOND_MS)} s`;
  if (total < HOUR_MS) return `${Math.round(total / MINUTE_MS)} min`;
  if (total < DAY_MS) return twoUnits(total, HOUR_MS, "h", MINUTE_MS, "min");
  if (total < YEAR_MS) return twoUnits(total, DAY_MS, "d", HOUR_MS, "h");
  return twoUnits(total, YEAR_MS, "y", DAY_MS, "d");
}

const trimmed = (value: number): string =>
  value < 10 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value));

function twoUnits(total: number, large: number, largeName: string, small: number, smallName: string): string {
  const smalls = Math.round(total / small);
  const perLarge = large / small;
  const rest = smalls % perLarge;
  const whole = Math.floor(smalls / perLarge);
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`;
}

/** A page's "now" moves every 15 s (preferences.tsx): what came since then has happened, not yet to come. */
const CLOCK_LAG_MS = 20 * SECOND_MS;

/** "just now", "4 min ago", "in 2 h", "3 d ago", and past a month the day itself. */
export function relativeTime(atMs: number, nowMs: number, zone: string): string {
  const distance = atMs - nowMs;
  const size = Math.abs(distance);
  if (size < 45 * SECOND_MS) return distance > CLOCK_LAG_MS ? "in a moment" : "just now";
  if (size > 31 * DAY_MS) return dayLabel(atMs, zone, nowMs);
  const amount = coarse(size);
  return distance > 0 ? `in ${amount}` : `${amount} ago`;
}

function coarse(sizeMs: number): string {
  if (sizeMs < 59.5 * MINUTE_MS) return `${Math.max(1, Math.round(sizeMs / MINUTE_MS))} min`;
  if (sizeMs < 36 * HOUR_MS) return `${Math.round(sizeMs / HOUR_MS)} h`;
  return `${Math.round(sizeMs / DAY_MS)} d`;
}

/** The value of an `<input type="datetime-local">` for an instant in a zone. */
export function inputTime(atMs: number, zone: string): string {
  const wall = wallClock(atMs, zone);
  return `${wall.year}-${two(wall.month)}-${two(wall.day)}T${two(wall.hour)}:${two(wall.minute)}`;
}

/** The instant that a `datetime-local` value names in a zone, or null when it is not a time. */
export function instantOfInput(value: string, zone: string): number | null {
  const asUtc = Date.parse(`${value}Z`);
  if (Number.isNaN(asUtc)) return null;
  // The offset at the guessed instant may differ from the one at the true instant (a change of clocks): ask twice.
  const guess = asUtc - offsetOf(asUtc, zone);
  return asUtc - offsetOf(guess, zone);
}
