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

/** A body that was read; its records stand at the first of these paths that leads anywhere. Without paths in formats that are all records. */
export type OpenBody = (paths: readonly string[]) => SourceRecord[] | Fault;

/** The records in order, or why the body is none of this format. */
export function readRecords(body: Buffer, mapping: RecordMapping): SourceRecord[] | Fault {
  const open = openBody(body, mapping);
  return typeof open === "function" ? open("records" in mapping ? mapping.records : ["."]) : open;
}

export function openBody(body: Buffer, mapping: RecordMapping): OpenBody | Fault {
  if (mapping.encoding === "utf-8" && !isUtf8(body)) {
    const what = `expected UTF-8, got a byte that is not at offset ${offsetOfInvalidUtf8(body)}; send UTF-8, or set encoding: latin1 in the mapping`;
    return { path: "", reason: what };
  }
  const utf8 = mapping.encoding === "utf-8" ? body : Buffer.from(body.toString("latin1"), "utf8");
  switch (mapping.format) {
    case "json":
      return openJson(utf8);
    case "jsonl":
      return () => linesOf(utf8).map(({ raw, line }) => ({ ...readJsonRecord(raw), line }));
    case "csv":
      return () => readCsv(utf8, mapping.csv);
    case "xml":
      return openXml(utf8.toString("utf8"));
  }
}

/** The text must be JSON as a whole, also where no record is. */
function openJson(body: Buffer): OpenBody | Fault {
  const whole = parseJson(body, { longNumbers: "text" });
  if (!whole.ok && whole.syntax) return whole.fault;
  const member = (at: Buffer, key: string) => (startsWith(at, "{") ? membersOf(at)?.get(key) : undefined);
  return (paths) => {
    const found = firstFound(body, paths, member);
    const parts = found !== undefined && startsWith(found, "[") ? splitOutermost(found) : found && [found];
    if (!parts || parts === "too-many") return missingRecords(paths);
    return parts.map(readJsonRecord);
  };
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
  return parsed.ok ? { ok: true, value: parsed.value, raw } : { ok: false, fault: parsed.fault, step: "parse", raw };
}

function linesOf(body: Buffer): { raw: Buffer; line: number }[] {
  const lines: { raw: Buffer; line: number }[] = [];
  for (let start = 0, line = 1; start < body.length; line += 1) {
    const newline = body.indexOf(0x0a, start);
    const end = newline === -1 ? body.length : newline;
    if (!isBlank(body, start, end)) lines.push({ raw: body.subarray(start, end), line });
    start = end + 1;
  }
  return lines;
}

export function missingRecords(paths: readonly string[]): Fault {
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

function openXml(text: string): OpenBody | Fault {
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
  return (paths) => {
    const found = firstFound(root, paths, memberOf);
    if (found === undefined) return missingRecords(paths);
    const values: unknown[] = Array.isArray(found) ? found : [found];
    return values.map((value) => ({ ok: true, value, raw: Buffer.from(JSON.stringify(value)) }));
  };
}

const memberOf = (at: unknown, key: string): unknown =>
  typeof at === "object" && at !== null && Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined;
