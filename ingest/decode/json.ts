/**
 * JSON as evidence: what is stored must be what was sent. JSON.parse alone would quietly round numbers, drop repeated keys and let a
 * `__proto__` key change an object, so those are refused with the field's name. Nothing here recurses over unchecked input: a
 * body of any depth is scanned flat, in one pass.
 */
import { isUtf8 } from "node:buffer";
import { dottedPath, type Fault, faultAt } from "./fault";
import { offsetOfInvalidUtf8 } from "./utf8";

export const JSON_DEPTH_MAX = 64;

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly syntax: boolean; readonly fault: Fault };

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Parses one JSON text. `syntax` tells text that is not JSON from JSON that breaks one of our limits.
 * Refused besides syntax errors: invalid UTF-8, depth above 64, a number that does not come back with the digits it had, U+0000 and lone
 * surrogates in any string, a key twice in one object, a key `__proto__` (`constructor` and `prototype` are plain keys).
 */
export function parseJson(bytes: Buffer): ParsedJson {
  if (!isUtf8(bytes)) {
    const what = `expected UTF-8, got a byte that is not at offset ${offsetOfInvalidUtf8(bytes)}; send the text as UTF-8`;
    return { ok: false, syntax: true, fault: { path: "", reason: what } };
  }
  const scan = scanJson(bytes);
  if (scan.problem) {
    const path = pathOf(bytes, scan.problem.offset);
    return { ok: false, syntax: false, fault: faultAt(path, scan.problem.what) };
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
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

interface Scan {
  readonly keys: number;
  readonly problem: { readonly offset: number; readonly what: string } | null;
}

/** Counts keys; finds the first container that is too deep and the first number that would change. */
function scanJson(bytes: Buffer): Scan {
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
      if (depth > JSON_DEPTH_MAX) {
        const what = `expected at most ${JSON_DEPTH_MAX} levels of nesting, got more; send the inner part as a string`;
        return { keys, problem: { offset: at, what } };
      }
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1;
    } else if (isNumberStart(byte)) {
      const start = at;
      while (at + 1 < end && isNumberByte(bytes[at + 1] as number)) at += 1;
      if (!comesBackAsSent(bytes, start, at + 1)) {
        const what =
          "expected a number that a double can hold digit for digit, got a larger or finer one; send it as a string";
        return { keys, problem: { offset: start, what } };
      }
    }
  }
  return { keys, problem: null };
}

/** The offset of the closing quote of the string that opens at `start`; the last byte when it is never closed. */
function endOfString(bytes: Buffer, start: number): number {
  const end = bytes.length;
  for (let at = start + 1; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at += 1;
  }
  return end - 1;
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

function inspect(value: unknown, counter: { keys: number }): Found | null {
  if (typeof value === "string") return inspectString(value);
  if (typeof value !== "object" || value === null) return null;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = inspect(value[index], counter);
      if (found) return within(found, index);
    }
    return null;
  }
  for (const key of Object.keys(value)) {
    counter.keys += 1;
    const found = inspectKey(key) ?? inspect((value as Record<string, unknown>)[key], counter);
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

interface Level {
  readonly array: boolean;
  index: number;
  key: string | null;
  /** The keys met so far, once there are any. */
  seen: Set<string> | null;
}

/** Walks the tokens before `stop`, keeping where in the value it is. Used only once something is known to be wrong. */
function walk(bytes: Buffer, stop: number, onKey: (levels: readonly Level[]) => boolean): Level[] {
  const levels: Level[] = [];
  // Deeper levels are counted, not kept: 16 MiB of brackets must not become 16 million objects.
  let beyond = 0;
  for (let at = 0; at < stop; at += 1) {
    const byte = bytes[at];
    const level = beyond === 0 ? levels.at(-1) : undefined;
    if (byte === QUOTE) {
      const close = endOfString(bytes, at);
      if (level && !level.array && level.key === null && close < stop) {
        level.key = textOfKey(bytes.subarray(at, close + 1));
        if (onKey(levels)) return levels;
      }
      at = close;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (levels.length > JSON_DEPTH_MAX) beyond += 1;
      else levels.push({ array: byte === OPEN_ARRAY, index: 0, key: null, seen: null });
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (beyond > 0) beyond -= 1;
      else levels.pop();
    } else if (byte === COMMA && level) {
      level.index += 1;
      level.key = null;
    }
  }
  return levels;
}

function textOfKey(quoted: Buffer): string {
  try {
    return String(JSON.parse(quoted.toString("utf8")));
  } catch {
    return quoted.toString("utf8");
  }
}

const partsOf = (levels: readonly Level[]): PropertyKey[] =>
  levels.flatMap((level): PropertyKey[] => (level.array ? [level.index] : level.key === null ? [] : [level.key]));

const pathOf = (bytes: Buffer, offset: number): PropertyKey[] => partsOf(walk(bytes, offset, () => false));

function pathOfRepeatedKey(bytes: Buffer): PropertyKey[] {
  const levels = walk(bytes, bytes.length, (open) => {
    const level = open.at(-1);
    if (!level || level.key === null) return false;
    level.seen ??= new Set();
    if (level.seen.has(level.key)) return true;
    level.seen.add(level.key);
    return false;
  });
  return partsOf(levels);
}

/** Where each element of a top-level array lies, or null when the brackets do not close. Flat: any depth, any size. */
export function elementsOfArray(
  bytes: Buffer,
  maxElements: number,
): { start: number; end: number }[] | null | "too-many" {
  const elements: { start: number; end: number }[] = [];
  let depth = 0;
  let start = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1;
      if (depth === 1) start = at + 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1;
      if (depth !== 0) continue;
      const nothingFollows = isBlank(bytes, at + 1, bytes.length);
      if (byte !== CLOSE_ARRAY || !nothingFollows) return null;
      const last = { start, end: at };
      if (elements.length > 0 || !isBlank(bytes, start, at)) elements.push(last);
      return elements.length > maxElements ? "too-many" : elements;
    } else if (byte === COMMA && depth === 1) {
      elements.push({ start, end: at });
      start = at + 1;
      if (elements.length > maxElements) return "too-many";
    }
  }
  return null;
}

export function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false;
  }
  return true;
}

/** The field a too-deep or cut-off text had reached, for messages about a whole body. */
export const reachedPath = (bytes: Buffer): string => dottedPath(pathOf(bytes, bytes.length));
