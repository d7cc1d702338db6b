/** A body of a source's own format → its records, each with its bytes, so that a bad record spoils only itself. */
import { isUtf8 } from "node:buffer";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { RecordMapping } from "@/lib/config/mapping-schema";
import { readCsv } from "./csv-records";
import type { Fault } from "./fault";
import { JSON_DEPTH_MAX, parseJson } from "./json";
import { isBlank, membersOf, splitOutermost, startsWith } from "./json-text";
import type { SourceRecord } from "./source-record";
import { offsetOfInvalidUtf8 } from "./utf8";

/** The records in order, or why the body is none of this format. */
export function readRecords(body: Buffer, mapping: RecordMapping): SourceRecord[] | Fault {
  if (mapping.encoding === "utf-8" && !isUtf8(body)) {
    const what = `expected UTF-8, got a byte that is not at offset ${offsetOfInvalidUtf8(body)}; send UTF-8, or set encoding: latin1 in the mapping`;
    return { path: "", reason: what };
  }
  const utf8 = mapping.encoding === "utf-8" ? body : Buffer.from(body.toString("latin1"), "utf8");
  switch (mapping.format) {
    case "json":
      return readJson(utf8, mapping.records);
    case "jsonl":
      return linesOf(utf8).map(readJsonRecord);
    case "csv":
      return readCsv(utf8, mapping.csv);
    case "xml":
      return readXml(utf8.toString("utf8"), mapping.records);
  }
}

/** The text must be JSON as a whole, also where no record is. */
function readJson(body: Buffer, paths: readonly string[]): SourceRecord[] | Fault {
  const whole = parseJson(body, { longNumbers: "text" });
  if (!whole.ok && whole.syntax) return whole.fault;
  const member = (at: Buffer, key: string) => (startsWith(at, "{") ? membersOf(at)?.get(key) : undefined);
  const found = firstFound(body, paths, member);
  const parts = found !== undefined && startsWith(found, "[") ? splitOutermost(found) : found && [found];
  if (!parts || parts === "too-many") return missingRecords(paths);
  return parts.map(readJsonRecord);
}

/** What stands at the first of these paths that leads anywhere. */
function firstFound<T>(
  root: T,
  paths: readonly string[],
  member: (at: T, key: string) => T | undefined,
): T | undefined {
  for (const path of paths) {
    let at: T | undefined = root;
    for (const key of path === "." ? [] : path.split(".")) {
      at = member(at, key);
      if (at === undefined) break;
    }
    if (at !== undefined) return at;
  }
  return undefined;
}

function readJsonRecord(raw: Buffer): SourceRecord {
  const parsed = parseJson(raw, { longNumbers: "text" });
  return parsed.ok ? { ok: true, value: parsed.value, raw } : { ok: false, fault: parsed.fault, raw };
}

function linesOf(body: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(0x0a, start);
    const end = newline === -1 ? body.length : newline;
    if (!isBlank(body, start, end)) lines.push(body.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function missingRecords(paths: readonly string[]): Fault {
  const path = paths.length === 1 ? (paths[0] ?? "") : "";
  return { path, reason: `expected records at ${paths.join(" or ")}, got none; check "records" in the mapping` };
}

const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  textNodeName: "#text",
  // Every value stays the text that was sent: 0012 is no number.
  parseTagValue: false,
  parseAttributeValue: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: JSON_DEPTH_MAX,
});

function readXml(text: string, paths: readonly string[]): SourceRecord[] | Fault {
  // A document type can define entities that refer to files or grow without end; no business document needs one.
  if (/<!DOCTYPE/i.test(text)) {
    return { path: "", reason: "expected XML without a document type (DOCTYPE), got one; leave it out" };
  }
  const valid = XMLValidator.validate(text);
  if (valid !== true) {
    const { line, col } = valid.err;
    return {
      path: "",
      reason: `expected XML, got text that is not at line ${line}, column ${col}; send a well-formed document`,
    };
  }
  let root: unknown;
  try {
    root = xml.parse(text);
  } catch {
    return {
      path: "",
      reason: `expected XML of at most ${JSON_DEPTH_MAX} levels, got another; send a flatter document`,
    };
  }
  const member = (at: unknown, key: string): unknown =>
    typeof at === "object" && at !== null && Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined;
  const found = firstFound(root, paths, member);
  if (found === undefined) return missingRecords(paths);
  const values: unknown[] = Array.isArray(found) ? found : [found];
  return values.map((value) => ({ ok: true, value, raw: Buffer.from(JSON.stringify(value)) }));
}
