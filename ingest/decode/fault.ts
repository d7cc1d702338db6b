/**
 * How a fault is put into words: the field, the shape of what came and the remedy, never the content. A reason is stored, logged and
 * shown to people who may not see payloads.
 */
import type { z } from "zod";

/** What is wrong with one item. */
export interface Fault {
  readonly path: string;
  readonly reason: string;
}

const PATH_PART_CHARS = 64;
const PATH_CHARS = 512;

/** ["data", "objects", 0, "id"] → "data.objects.0.id". Keys come from outside, so they are shortened and made printable. */
export function dottedPath(parts: readonly PropertyKey[]): string {
  return parts.map(printablePart).join(".").slice(0, PATH_CHARS).toWellFormed();
}

function printablePart(part: PropertyKey): string {
  const text = String(part);
  const shown = text.length > PATH_PART_CHARS ? `${text.slice(0, PATH_PART_CHARS)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a log line
  return shown.replace(/[\u0000-\u001f\u007f]/g, "�");
}

/** "a string of 12 characters", "nothing", "an array of 3": what a value is, without what it holds. */
export function shapeOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") {
    if (value === "") return "an empty string";
    return value.trim() === "" ? "a blank string" : `a string of ${value.length} characters`;
  }
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object") return "an object";
  return `a ${typeof value}`;
}

export const faultAt = (parts: readonly PropertyKey[], what: string): Fault => {
  const path = dottedPath(parts);
  return { path, reason: path === "" ? what : `${path}: ${what}` };
};

/** One reason for all issues of a value: the first by path, "and N more". */
export function faultOfIssues(issues: readonly z.core.$ZodIssue[], input: unknown): Fault {
  const [first] = issues.toSorted((a, b) => comparePaths(a.path, b.path));
  if (!first) return { path: "", reason: "not valid" };
  const others = new Set(issues.map((issue) => dottedPath(issue.path)));
  others.delete(dottedPath(first.path));
  const more = others.size === 0 ? "" : ` (and ${others.size} more ${others.size === 1 ? "field" : "fields"})`;
  return faultAt(first.path, `${describeIssue(first, valueAt(input, first.path))}${more}`);
}

/** Envelope before data, and array positions as numbers, so that the fault named is the one a reader meets first. */
function comparePaths(a: readonly PropertyKey[], b: readonly PropertyKey[]): number {
  for (let depth = 0; depth < Math.min(a.length, b.length); depth += 1) {
    const [left, right] = [a[depth], b[depth]];
    if (left === right) continue;
    if (typeof left === "number" && typeof right === "number") return left - right;
    if (depth === 0) return ENVELOPE_ORDER.indexOf(String(left)) - ENVELOPE_ORDER.indexOf(String(right));
    return String(left) < String(right) ? -1 : 1;
  }
  return a.length - b.length;
}

const ENVELOPE_ORDER = [
  "data",
  "dataschema",
  "sequence",
  "recordedtime",
  "time",
  "type",
  "source",
  "id",
  "specversion",
].reverse();

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

const EXPECTED: Readonly<Record<string, readonly [expected: string, remedy: string]>> = {
  string: ["a string", "send it as a JSON string"],
  int: ["a whole number", "send it as a JSON number without a fraction"],
  number: ["a number", "send it as a JSON number"],
  array: ["an array", "send a JSON array, empty if there is none"],
  object: ["an object", "send a JSON object"],
  record: ["an object", "send a JSON object"],
};

function describeIssue(issue: z.core.$ZodIssue, value: unknown): string {
  const got = shapeOf(value);
  switch (issue.code) {
    case "invalid_type": {
      const [expected, remedy] = EXPECTED[issue.expected] ?? [issue.expected, "send that type"];
      // A schema with a message of its own says more than the type alone.
      if (!issue.message.startsWith("Invalid input")) return `${issue.message}, got ${got}`;
      return `expected ${expected}, got ${got}; ${value === undefined ? "add the field" : remedy}`;
    }
    case "invalid_value":
      return `expected ${issue.values.map((allowed) => `"${String(allowed)}"`).join(" or ")}, got ${got}; send one of these`;
    case "too_big":
      return `expected at most ${issue.maximum}${unitOf(issue.origin)}, got ${got}; shorten it or split the event`;
    case "too_small":
      return `expected at least ${issue.minimum}${unitOf(issue.origin)}, got ${got}`;
    default:
      return `${issue.message}, got ${got}`;
  }
}

const unitOf = (origin: string): string => (origin === "string" ? " characters" : origin === "array" ? " entries" : "");
