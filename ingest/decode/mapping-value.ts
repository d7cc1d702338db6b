/** The values that a mapping takes out of a record. */
import type { RecordMapping } from "@/lib/config/mapping-schema";
import type { Condition, MappedValue, MappedValueParts } from "@/lib/config/record-mapping";
import { type Fault, shapeOf } from "./fault";
import { clockOf } from "./mapping-clock";
import { productOf } from "./mapping-decimal";
import { dayOf } from "./time";

/** How a mapping reads what its source writes. */
export type Reading = Pick<RecordMapping, "lookups" | "times" | "decimal_comma">;

/** What paths start from. */
export interface Standpoint {
  readonly record: unknown;
  /** The element of the nearest `each`; the record itself outside of one. */
  readonly element: unknown;
  /** Around the list of the nearest `each`. */
  readonly outer: Standpoint | null;
}

/** Where values are looked up. Faults are gathered, so that a record is refused once, for its first. */
export interface Scope extends Standpoint {
  readonly reading: Reading;
  readonly faults: Fault[];
}

/** "a.0.b" from the element, "$.a" from the record, "^.a" from around the list, "." the element itself. */
export function valueAtPath(path: string, scope: Standpoint): unknown {
  if (path.startsWith("^.")) return scope.outer === null ? undefined : valueAtPath(path.slice(2), scope.outer);
  if (path === ".") return scope.element;
  const fromRecord = path.startsWith("$.");
  let at = fromRecord ? scope.record : scope.element;
  for (const key of (fromRecord ? path.slice(2) : path).split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** The text of a value, or undefined when it is not there (missing, null or blank). */
export function textOf(value: MappedValue | undefined, scope: Scope): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string") return textOfParts(value, scope);
  return value.startsWith("=") ? value.slice(1) : textAt(value, scope);
}

function textOfParts(value: MappedValueParts, scope: Scope): string | undefined {
  const raw = rawTextOf(value, scope);
  if (raw === undefined) return value.default;
  const found = writtenAs(value, raw);
  if (value.lookup === undefined) return found;
  const table = scope.reading.lookups[value.lookup] ?? {};
  if (Object.hasOwn(table, found)) return table[found];
  if (value.default === undefined) {
    const path = value.path ?? "";
    const reason = `${path}: expected a value that the table "${value.lookup}" holds, got another; add it to the mapping, or a default`;
    scope.faults.push({ path, reason });
  }
  return value.default;
}

/** 000010 and 10 are one number, and 10 may have to be written 000010. */
function writtenAs({ strip_leading_zeros: strip, pad }: MappedValueParts, text: string): string {
  const stripped = strip === true ? text.trim().replace(/^0+(?=\d+$)/, "") : text;
  return pad === undefined ? stripped : stripped.trim().padStart(pad, "0");
}

function rawTextOf(value: MappedValueParts, scope: Scope): string | undefined {
  const { path, const: constant, first, concat, separator, product } = value;
  if (constant !== undefined) return constant;
  if (path !== undefined) return textAt(path, scope);
  if (value.date !== undefined) return dayAndClock(value, scope);
  for (const candidate of first ?? []) {
    const found = textOf(candidate, scope);
    if (found !== undefined) return found;
  }
  if (first !== undefined) return undefined;
  const parts = (concat ?? product ?? []).map((part) => textOf(part, scope));
  if (parts.some((part) => part === undefined)) return undefined;
  if (concat) return parts.join(separator ?? "");
  const multiplied = productOf(parts.map(String), scope.reading.decimal_comma);
  if ("product" in multiplied) return multiplied.product;
  const at = fieldOf(product?.[multiplied.wrong] ?? "");
  const reason = `${at}: expected a decimal to multiply, got a text of ${String(parts[multiplied.wrong]).length} characters; correct it, or the product in the mapping`;
  scope.faults.push({ path: at, reason });
  return undefined;
}

/** The field that a value is taken from, for messages. */
export function fieldOf(value: MappedValue): string {
  if (typeof value === "string") return value;
  const inner = value.path ?? value.date ?? value.first?.[0] ?? value.concat?.[0] ?? value.product?.[0];
  return inner === undefined ? "" : fieldOf(inner);
}

/** "2025-04-03T11:31:13", the day alone where no time of day is there, or the day as the mapping wants it written. */
function dayAndClock({ date, clock, as }: MappedValueParts, scope: Scope): string | undefined {
  const written = textOf(date, scope);
  if (written === undefined) return undefined;
  const at = fieldOf(date ?? "");
  const day = dayOf(written, scope.reading.times);
  if (day === null) {
    const formats = scope.reading.times.map((format) => `"${format}"`).join(" or ");
    const reason = `${at}: expected a date written as ${formats}, got a text of ${written.length} characters; correct it, or "times" in the mapping`;
    scope.faults.push({ path: at, reason });
    return undefined;
  }
  if (as !== undefined) {
    const [year = "", month = "", dayOfMonth = ""] = day.split("-");
    return as.replaceAll("yyyy", year).replaceAll("MM", month).replaceAll("dd", dayOfMonth);
  }
  const time = clock === undefined ? undefined : clockOf(valueAtPath(clock, scope), clock);
  if (time === undefined || typeof time === "string") return time === undefined ? day : `${day}T${time}`;
  scope.faults.push(time);
  return undefined;
}

function textAt(path: string, scope: Scope): string | undefined {
  const found = valueAtPath(path, scope);
  if (found === undefined || found === null) return undefined;
  if (typeof found === "object") {
    // An XML element with attributes holds its text beside them.
    const inner = (found as Record<string, unknown>)["#text"];
    if (typeof inner === "string") return inner.trim() === "" ? undefined : inner;
    scope.faults.push({
      path,
      reason: `${path}: expected a single value, got ${shapeOf(found)}; name one of its fields in the mapping`,
    });
    return undefined;
  }
  const text = String(found);
  return text.trim() === "" ? undefined : text;
}

/** Where the paths of a rule start: at the record. */
export const scopeOf = (record: unknown, reading: Reading): Scope => ({
  record,
  element: record,
  outer: null,
  reading,
  faults: [],
});

/** The elements that `each` names: a list's, or the one value that stands where XML leaves out a list of one. None when it is missing. */
export function elementsAt(path: string | undefined, scope: Scope): Scope[] {
  if (path === undefined) return [scope];
  const found = valueAtPath(path, scope);
  if (found === undefined || found === null || found === "") return [];
  return (Array.isArray(found) ? found : [found]).map((element: unknown) => ({ ...scope, element, outer: scope }));
}

export function holds({ path, is, not, exists }: Condition, scope: Scope): boolean {
  const found = valueAtPath(path, scope);
  const isThere =
    found !== undefined && found !== null && found !== "" && !(Array.isArray(found) && found.length === 0);
  if (exists !== undefined && exists !== isThere) return false;
  const text = typeof found === "object" ? "" : String(found ?? "");
  if (is !== undefined && !is.includes(text)) return false;
  return not === undefined || !not.includes(text);
}
