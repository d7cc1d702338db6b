/** Times as other formats write them → RFC 3339 in UTC with milliseconds. Pure: the process's own time zone has no say. */

import { instantInZone, minutesOfOffset } from "@/lib/domain/zoned-time";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Parts of a pattern; each names the field it fills. Longest first, so that MMM is not read as MM. */
const TOKENS: readonly (readonly [token: string, pattern: string, field: string])[] = [
  ["yyyy", "(\\d{4})", "year"],
  ["MMM", "([A-Za-z]{3})", "monthName"],
  ["SSS", "(\\d{1,9})", "fraction"],
  ["XXX", "(Z|[+-]\\d{2}:?\\d{2}|[+-]\\d{2})", "offset"],
  ["yy", "(\\d{2})", "shortYear"],
  ["MM", "(\\d{2})", "month"],
  ["dd", "(\\d{2})", "day"],
  ["HH", "(\\d{2})", "hour"],
  ["hh", "(\\d{2})", "hour"],
  ["mm", "(\\d{2})", "minute"],
  ["ss", "(\\d{2})", "second"],
  ["M", "(\\d{1,2})", "month"],
  ["d", "(\\d{1,2})", "day"],
  ["H", "(\\d{1,2})", "hour"],
  ["h", "(\\d{1,2})", "hour"],
  ["a", "([AaPp][Mm])", "half"],
];

/** ISO 8601 as found in the wild: with a space for the T, without seconds, with or without an offset, or a date alone. */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$/i;
const ISO_FIELDS = ["year", "month", "day", "hour", "minute", "second", "fraction", "offset"];

interface Pattern {
  readonly expression: RegExp;
  readonly fields: readonly string[];
}

/**
 * A time without an offset is in `zone`, an IANA name ("Europe/Berlin") or an offset ("+02:00"). `formats` are patterns of yyyy yy MMM MM M
 * dd d HH H hh h a mm ss SSS XXX, or `iso`, `epoch_seconds`, `epoch_millis`; without formats, `iso`. Null when none fits or no such time exists.
 */
export function parseTime(text: string, zone: string, formats: readonly string[] = ["iso"]): string | null {
  const trimmed = text.trim();
  for (const format of formats) {
    const instant = format.startsWith("epoch_")
      ? instantOfEpoch(trimmed, format)
      : instantOf(trimmed, patternOf(format), zone);
    if (instant !== null && Math.abs(instant) <= 8.64e15) return new Date(instant).toISOString();
  }
  return null;
}

/**
 * The calendar day of a time as it is written, "2025-04-03": neither its time of day nor its offset has a say. Formats as for parseTime. Null when
 * none fits or no such day exists.
 */
export function dayOf(text: string, formats: readonly string[] = ["iso"]): string | null {
  const trimmed = text.trim();
  for (const format of formats) {
    const local = format.startsWith("epoch_")
      ? instantOfEpoch(trimmed, format)
      : localOf(trimmed, patternOf(format))?.local;
    if (local !== undefined && local !== null && Math.abs(local) <= 8.64e15)
      return new Date(local).toISOString().slice(0, -14);
  }
  return null;
}

function instantOfEpoch(text: string, format: string): number | null {
  if (!/^-?\d{1,15}(\.\d{1,9})?$/.test(text)) return null;
  return Math.trunc(Number(text) * (format === "epoch_seconds" ? 1000 : 1));
}

const patterns = new Map<string, Pattern>([["iso", { expression: ISO, fields: ISO_FIELDS }]]);

function patternOf(format: string): Pattern {
  const known = patterns.get(format);
  if (known) return known;
  const fields: string[] = [];
  let expression = "";
  for (let rest = format; rest !== ""; ) {
    const token = TOKENS.find(([name]) => rest.startsWith(name));
    expression += token ? token[1] : rest.charAt(0).replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");
    if (token) fields.push(token[2]);
    rest = rest.slice(token ? token[0].length : 1);
  }
  const pattern = { expression: new RegExp(`^${expression}$`), fields };
  patterns.set(format, pattern);
  return pattern;
}

function instantOf(text: string, pattern: Pattern, zone: string): number | null {
  const found = localOf(text, pattern);
  if (found === null) return null;
  return found.offset === undefined
    ? instantInZone(found.local, zone)
    : found.local - minutesOfOffset(found.offset) * 60_000;
}

/** What a clock on the wall showed, as if it had hung in UTC, and the offset that is written beside it. */
function localOf(text: string, { expression, fields }: Pattern): { local: number; offset: string | undefined } | null {
  const match = expression.exec(text);
  if (!match) return null;
  const found = new Map(fields.map((field, index) => [field, match[index + 1]]));
  const number = (field: string, fallback: number): number => Number(found.get(field) ?? fallback);
  const monthName = found.get("monthName");
  const month = monthName === undefined ? number("month", 1) : MONTHS.indexOf(monthName.toLowerCase()) + 1;
  // Two-digit years of documents in use today are of this century.
  const year = found.has("shortYear") ? 2000 + number("shortYear", 0) : number("year", 1970);
  const millis = Math.trunc(Number(`0.${found.get("fraction") ?? "0"}`) * 1000);
  const local = Date.UTC(
    year,
    month - 1,
    number("day", 1),
    hourOf(number("hour", 0), found.get("half")),
    number("minute", 0),
    number("second", 0),
    millis,
  );
  const date = new Date(local);
  // Date.UTC turns 31 February into March; a time that does not exist is no time.
  const exists =
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === number("day", 1) &&
    number("hour", 0) < 24 &&
    number("minute", 0) < 60 &&
    number("second", 0) < 60;
  if (!exists) return null;
  return { local, offset: found.get("offset") };
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
}
