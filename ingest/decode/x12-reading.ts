/** Reading one transaction set: elements by number, dates, products, and faults with their position. */
import type { Fault } from "./fault";
import { parseTime } from "./time";
import type { Segment, TransactionSet } from "./x12-interchange";

export interface Reading {
  readonly set: TransactionSet;
  /** For times whose element names no zone. */
  readonly zone: string;
  readonly faults: Fault[];
}

export interface Reference {
  readonly type: string;
  readonly id: string;
}

export const allOf = ({ set }: Reading, name: string): Segment[] =>
  set.segments.filter((segment) => segment.name === name);
export const firstOf = ({ set }: Reading, name: string): Segment | undefined =>
  set.segments.find((segment) => segment.name === name);

/** An element's text, or undefined when it is empty or missing. */
export const element = (segment: Segment | undefined, number: number): string | undefined =>
  segment?.elements[number] || undefined;

/** An element that must be there; without it the set is refused. */
export function required(reading: Reading, name: string, segment: Segment | undefined, number: number): string {
  const found = element(segment, number);
  if (found !== undefined) return found;
  fault(reading, segment, name, number, "expected a value, got nothing; the partner must send it");
  return "";
}

/** "850.0001.BEG.3": code and control number of the set, segment, element. */
function fault(
  { set, faults }: Reading,
  segment: Segment | undefined,
  name: string,
  number: number,
  what: string,
): void {
  const path = [set.code, set.control, name, number].join(".");
  const place = segment ? `segment ${segment.position}, ${name}` : `${name} (missing)`;
  faults.push({ path, reason: `${path}: ${what} (${place})` });
}

/** REF02, L1101, N902 and the like, by their qualifiers. */
export function referencesBy(
  reading: Reading,
  name: string,
  qualifierAt: number,
  valueAt: number,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const segment of allOf(reading, name)) {
    const [qualifier, value] = [element(segment, qualifierAt), element(segment, valueAt)];
    if (!qualifier || !value) continue;
    const known = found.get(qualifier);
    if (!known) found.set(qualifier, [value]);
    else if (!known.includes(value)) known.push(value);
  }
  return found;
}

/** X12 time codes that name a zone (data element 623). LT and anything else mean the sender's local time. */
const ZONES: Readonly<Record<string, string>> = {
  UT: "UTC",
  GM: "UTC",
  ET: "America/New_York",
  ES: "-05:00",
  ED: "-04:00",
  CT: "America/Chicago",
  CS: "-06:00",
  CD: "-05:00",
  MT: "America/Denver",
  MS: "-07:00",
  MD: "-06:00",
  PT: "America/Los_Angeles",
  PS: "-08:00",
  PD: "-07:00",
};

/**
 * CCYYMMDD or YYMMDD with HHMM, HHMMSS or nothing → RFC 3339. A date alone that is the group's own date takes the group's time, so that a
 * document is not told hours before it was sent.
 */
export function timeOf(
  reading: Reading,
  name: string,
  segment: Segment | undefined,
  [dateAt, timeAt, zoneAt]: readonly [date: number, time?: number, zone?: number],
): string | undefined {
  const date = element(segment, dateAt);
  if (date === undefined) return undefined;
  const { envelope } = reading.set;
  const clock =
    (timeAt === undefined ? undefined : element(segment, timeAt)) ??
    (longDate(date) === longDate(envelope.date) ? envelope.time : "");
  const zone = ZONES[(zoneAt === undefined ? undefined : element(segment, zoneAt)) ?? ""] ?? reading.zone;
  const time = parseTime(`${longDate(date)}${clock.slice(0, 6)}`, zone, ["yyyyMMdd", "yyyyMMddHHmm", "yyyyMMddHHmmss"]);
  if (time === null)
    fault(reading, segment, name, dateAt, "expected a date (CCYYMMDD) and time (HHMM) that exist, got others");
  return time ?? undefined;
}

const longDate = (date: string): string => (/^\d{6}$/.test(date) ? `20${date}` : date);

/** When the group was written (GS04, GS05). */
export function sentTime(reading: Reading): string | undefined {
  const { date, time } = reading.set.envelope;
  return (
    parseTime(`${longDate(date)}${time.slice(0, 6)}`, reading.zone, ["yyyyMMdd", "yyyyMMddHHmm", "yyyyMMddHHmmss"]) ??
    undefined
  );
}

/** Which of a product's numbers we call SKU: the seller's before the buyer's before the world's. */
const PRODUCT_QUALIFIERS = ["SK", "VP", "VN", "MG", "IN", "BP", "CB", "UP", "UK", "EN", "UA"];

/** Pairs of qualifier and number from an element on (PO106, LIN02, …). */
export function productOf(segment: Segment, from: number): string | undefined {
  const pairs = new Map<string, string>();
  for (let at = from; at + 1 < segment.elements.length; at += 2) {
    const [qualifier, number] = [element(segment, at), element(segment, at + 1)];
    if (qualifier && number && !pairs.has(qualifier)) pairs.set(qualifier, number);
  }
  const known = PRODUCT_QUALIFIERS.find((qualifier) => pairs.has(qualifier));
  return known === undefined ? undefined : pairs.get(known);
}

/** An N2 amount: cents without a point. */
export function implied(cents: string | undefined): string | undefined {
  if (cents === undefined || !/^-?\d{1,20}$/.test(cents)) return cents;
  const digits = cents.replace("-", "").padStart(3, "0");
  return `${cents.startsWith("-") ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
