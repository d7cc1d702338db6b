/**
 * JSON as evidence: what is stored must be what was sent. JSON.parse alone would quietly round numbers, drop repeated keys and let a
 * `__proto__` key change an object, so those are refused with the field's name. Nothing here recurses over unchecked input: a
 * body of any depth is scanned flat, in one pass.
 */
import { isUtf8 } from "node:buffer";
import { type Fault, faultAt } from "./fault";
import { pathOf, pathOfRepeatedKey } from "./json-path";
import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, endOfString, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from "./json-text";
import { offsetOfInvalidUtf8 } from "./utf8";

export const JSON_DEPTH_MAX = 64;

/** A value built from a body of JSON_DEPTH_MAX levels may stand somewhat deeper in the event. */
const BUILT_DEPTH_MAX = JSON_DEPTH_MAX + 16;

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly syntax: boolean; readonly fault: Fault };

export interface JsonOptions {
  /**
   * What becomes of a number that a double would change: refused (the default; the payload is what was sent), or kept digit for digit as
   * a string, in formats where numbers of 64 bits are usual.
   */
  readonly longNumbers?: "refuse" | "text";
}

/**
 * Parses one JSON text. `syntax` tells text that is not JSON from JSON that breaks one of our limits.
 * Refused besides syntax errors: invalid UTF-8, depth above 64, a number that does not come back with the digits it had, U+0000 and lone
 * surrogates in any string, a key twice in one object, a key `__proto__` (`constructor` and `prototype` are plain keys).
 */
export function parseJson(bytes: Buffer, { longNumbers = "refuse" }: JsonOptions = {}): ParsedJson {
  if (!isUtf8(bytes)) {
    const what = `expected UTF-8, got a byte that is not at offset ${offsetOfInvalidUtf8(bytes)}; send the text as UTF-8`;
    return { ok: false, syntax: true, fault: { path: "", reason: what } };
  }
  const scan = scanJson(bytes);
  if (scan.tooDeepAt !== null) {
    const what = `expected at most ${JSON_DEPTH_MAX} levels of nesting, got more; send the inner part as a string`;
    return { ok: false, syntax: false, fault: faultAt(pathOf(bytes, scan.tooDeepAt), what) };
  }
  const [firstLong] = scan.longNumbers;
  if (firstLong && longNumbers === "refuse") {
    const what =
      "expected a number that a double can hold digit for digit, got a larger or finer one; send it as a string";
    return { ok: false, syntax: false, fault: faultAt(pathOf(bytes, firstLong.start), what) };
  }
  let value: unknown;
  try {
    value = JSON.parse(firstLong ? withQuotes(bytes, scan.longNumbers) : bytes.toString("utf8"));
  } catch (error) {
    return { ok: false, syntax: true, fault: syntaxFault(bytes, error) };
  }
  const inspected = inspectValue(value);
  if (inspected.fault) return { ok: false, syntax: false, fault: inspected.fault };
  if (inspected.keys !== scan.keys) {
    const what = "expected each key once in an object, got it twice; only one could be kept, so send it once";
    return { ok: false, syntax: false, fault: faultAt(pathOfRepeatedKey(bytes), what) };
  }
  return { ok: true, value };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Scan {
  readonly keys: number;
  readonly tooDeepAt: number | null;
  /** Numbers that a double would change. */
  readonly longNumbers: readonly Span[];
}

/** Counts keys; finds the first container that is too deep and the numbers that would change. */
function scanJson(bytes: Buffer): Scan {
  const longNumbers: Span[] = [];
  let depth = 0;
  let keys = 0;
  const end = bytes.length;
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
    } else if (byte === COLON) {
      keys += 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1;
      if (depth > JSON_DEPTH_MAX) return { keys, tooDeepAt: at, longNumbers };
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1;
    } else if (isNumberStart(byte)) {
      const start = at;
      while (at + 1 < end && isNumberByte(bytes[at + 1] as number)) at += 1;
      if (!comesBackAsSent(bytes, start, at + 1)) longNumbers.push({ start, end: at + 1 });
    }
  }
  return { keys, tooDeepAt: null, longNumbers };
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The text with these numbers as strings; what is no JSON number stays as it is, for JSON.parse to refuse. */
function withQuotes(bytes: Buffer, numbers: readonly Span[]): string {
  let text = "";
  let done = 0;
  for (const { start, end } of numbers) {
    const number = bytes.toString("latin1", start, end);
    text += bytes.toString("utf8", done, start) + (JSON_NUMBER.test(number) ? `"${number}"` : number);
    done = end;
  }
  return text + bytes.toString("utf8", done);
}

const isNumberStart = (byte: number): boolean => (byte >= 0x30 && byte <= 0x39) || byte === 0x2d;
const isNumberByte = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b || byte === 0x65 || byte === 0x45;

/** Up to 15 characters without an exponent always survive a double; anything else is compared digit for digit. */
function comesBackAsSent(bytes: Buffer, start: number, end: number): boolean {
  let plain = end - start <= 15;
  for (let at = start; plain && at < end; at += 1) plain = bytes[at] !== 0x65 && bytes[at] !== 0x45;
  if (plain) return true;
  const text = bytes.toString("latin1", start, end);
  const number = Number(text);
  // Not a number at all: JSON.parse will say so.
  if (Number.isNaN(number)) return true;
  return decimalForm(text) === decimalForm(String(number));
}

/** Sign, digits without outer zeros, and exponent: equal for two spellings of one decimal value. */
function decimalForm(text: string): string {
  const negative = text.startsWith("-");
  const [mantissa = "", exponent = "0"] = (negative ? text.slice(1) : text).toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = whole + fraction;
  let first = 0;
  while (first < digits.length && digits[first] === "0") first += 1;
  let last = digits.length;
  while (last > first && digits[last - 1] === "0") last -= 1;
  if (first === last) return "0";
  // Position of the point relative to the first digit that counts.
  return `${negative ? "-" : ""}${digits.slice(first, last)}e${Number(exponent) + whole.length - first}`;
}

/** Checks every string and key of a value of at most JSON_DEPTH_MAX levels (or one we built ourselves), and counts its keys. */
export function inspectValue(value: unknown): { readonly keys: number; readonly fault: Fault | null } {
  const counter = { keys: 0 };
  const found = inspect(value, counter);
  if (!found) return { keys: counter.keys, fault: null };
  return { keys: counter.keys, fault: faultAt(found.path.reverse(), found.what) };
}

interface Found {
  readonly what: string;
  /** Innermost part first. */
  readonly path: PropertyKey[];
}

function inspect(value: unknown, counter: { keys: number }, depth = 0): Found | null {
  if (typeof value === "string") return inspectString(value);
  if (typeof value !== "object" || value === null) return null;
  if (depth >= BUILT_DEPTH_MAX)
    return { what: `expected at most ${BUILT_DEPTH_MAX} levels of nesting, got more`, path: [] };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = inspect(value[index], counter, depth + 1);
      if (found) return within(found, index);
    }
    return null;
  }
  for (const key of Object.keys(value)) {
    counter.keys += 1;
    const found = inspectKey(key) ?? inspect((value as Record<string, unknown>)[key], counter, depth + 1);
    if (found) return within(found, key);
  }
  return null;
}

function within(found: Found, part: PropertyKey): Found {
  found.path.push(part);
  return found;
}

function inspectKey(key: string): Found | null {
  if (key !== "__proto__") return inspectString(key);
  return { what: "expected any key but __proto__, which has a meaning of its own in JavaScript; rename it", path: [] };
}

function inspectString(text: string): Found | null {
  if (!text.isWellFormed()) {
    return { what: "must not contain a lone surrogate, which has no UTF-8 form; send whole characters", path: [] };
  }
  if (text.includes("\u0000")) return { what: "must not contain U+0000; leave it out or encode the text", path: [] };
  return null;
}

function syntaxFault(bytes: Buffer, error: unknown): Fault {
  const message = error instanceof Error ? error.message : "";
  if (bytes.toString("latin1").trim() === "")
    return { path: "", reason: "expected JSON, got nothing; send a JSON body" };
  const position = /at position (\d+)/.exec(message)?.[1];
  const truncated = position === undefined ? message.includes("end of JSON") : Number(position) >= bytes.length;
  if (truncated || message.includes("Unterminated string")) {
    const what = `expected JSON, got text that ends too early after ${bytes.length} bytes; send it whole`;
    return faultAt(pathOf(bytes, bytes.length), what);
  }
  // The engine's own message quotes the text, which must not reach a log.
  const where = position === undefined ? "" : ` at character ${position}`;
  return { path: "", reason: `expected JSON, got text that is not JSON${where}; check quotes, commas and brackets` };
}
