/** The values that a mapping takes out of a record. */
import { Decimal as DecimalType } from "decimal.js";
import type { RecordMapping } from "@/lib/config/mapping-schema";
import type { Condition, MappedValue, MappedValueParts } from "@/lib/config/record-mapping";
import { type Fault, shapeOf } from "./fault";

// Products of long decimals keep all their digits.
const Decimal = DecimalType.clone({ precision: 80 });

/** Where values are looked up. Faults are gathered, so that a record is refused once, for its first. */
export interface Scope {
  readonly record: unknown;
  /** The element of the nearest `each`; the record itself outside of one. */
  readonly element: unknown;
  /** Around the list of the nearest `each`. */
  readonly outer: Scope | null;
  readonly lookups: RecordMapping["lookups"];
  readonly faults: Fault[];
}

/** "a.0.b" from the element, "$.a" from the record, "^.a" from around the list, "." the element itself. */
export function valueAtPath(path: string, scope: Scope): unknown {
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
  const found = rawTextOf(value, scope);
  if (found === undefined) return value.default;
  if (value.lookup === undefined) return found;
  const table = scope.lookups[value.lookup] ?? {};
  if (Object.hasOwn(table, found)) return table[found];
  if (value.default === undefined) {
    const path = value.path ?? "";
    const reason = `${path}: expected a value that the table "${value.lookup}" holds, got another; add it to the mapping, or a default`;
    scope.faults.push({ path, reason });
  }
  return value.default;
}

function rawTextOf(
  { path, const: constant, first, concat, separator, product }: MappedValueParts,
  scope: Scope,
): string | undefined {
  if (constant !== undefined) return constant;
  if (path !== undefined) return textAt(path, scope);
  for (const candidate of first ?? []) {
    const found = textOf(candidate, scope);
    if (found !== undefined) return found;
  }
  if (first !== undefined) return undefined;
  const parts = (concat ?? product ?? []).map((part) => textOf(part, scope));
  if (parts.some((part) => part === undefined)) return undefined;
  return concat ? parts.join(separator ?? "") : productOf(parts.map(String), scope);
}

function productOf(factors: readonly string[], scope: Scope): string | undefined {
  if (factors.every((factor) => /^-?\d{1,30}(\.\d{1,30})?$/.test(factor.trim()))) {
    return factors.reduce((product, factor) => product.times(factor.trim()), new Decimal(1)).toFixed();
  }
  scope.faults.push({
    path: "",
    reason: "expected decimals to multiply, got another text; check the product in the mapping",
  });
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
