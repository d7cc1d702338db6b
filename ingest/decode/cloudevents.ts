/** CloudEvents 1.0: JSON format (structured and batch), HTTP protocol binding (binary mode), and lines of JSON. */
import type { DecodeContext, Decoded, Unreadable } from "./decoded";
import { deadLetter, decodeEvent, type Item } from "./event";
import { type Fault, faultAt, shapeOf } from "./fault";
import { parseJson } from "./json";
import { reachedPath } from "./json-path";
import { isBlank, splitOutermost, startsWith } from "./json-text";

/** One event as the whole body (CloudEvents JSON format, section 3). */
export function decodeStructured(body: Buffer, context: DecodeContext): Decoded[] | Unreadable {
  const parsed = parseJson(body);
  if (!parsed.ok && parsed.syntax) return { unreadable: { kind: "syntax", ...parsed.fault } };
  return [decodeParsed(parsed, { index: 0, raw: body }, context)];
}

/** An array of events (CloudEvents JSON format, section 4). An array that is not JSON is refused as a whole. */
export function decodeBatch(body: Buffer, context: DecodeContext): Decoded[] | Unreadable {
  if (!startsWith(body, "[")) {
    const reason =
      "expected a JSON array of events, got something else; send an array, or one event as application/cloudevents+json";
    return { unreadable: { kind: "syntax", path: "", reason } };
  }
  const elements = splitOutermost(body, context.maxItems ?? Number.POSITIVE_INFINITY);
  if (elements === "too-many") return tooManyItems(context);
  if (elements === null) {
    const reason = `expected one JSON array, got one that does not close after ${body.length} bytes or is followed by more; send it whole`;
    return { unreadable: { kind: "syntax", path: reachedPath(body), reason } };
  }
  const decoded: Decoded[] = [];
  for (const [index, raw] of elements.entries()) {
    const parsed = parseJson(raw);
    if (!parsed.ok && parsed.syntax) {
      const path = parsed.fault.path === "" ? String(index) : `${index}.${parsed.fault.path}`;
      return { unreadable: { kind: "syntax", path, reason: `${index}: ${parsed.fault.reason}` } };
    }
    decoded.push(decodeParsed(parsed, { index, raw }, context));
  }
  return decoded;
}

/** One event a line. A bad line spoils only itself; blank lines are no items. */
export function decodeLines(body: Buffer, context: DecodeContext): Decoded[] | Unreadable {
  const decoded: Decoded[] = [];
  const maxItems = context.maxItems ?? Number.POSITIVE_INFINITY;
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(0x0a, start);
    const end = newline === -1 ? body.length : newline;
    const line = body.subarray(start, body[end - 1] === 0x0d && end > start ? end - 1 : end);
    start = end + 1;
    if (isBlank(line, 0, line.length)) continue;
    if (decoded.length >= maxItems) return tooManyItems(context);
    decoded.push(decodeParsed(parseJson(line), { index: decoded.length, raw: line }, context));
  }
  return decoded;
}

/** Attributes in headers, the body is `data` (CloudEvents HTTP binding, section 3.1; Kafka binding, section 3.2). */
export function decodeBinary(body: Buffer, context: DecodeContext): Decoded[] | Unreadable {
  const item: Item = { index: 0, raw: body };
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(context.headers)) {
    const attribute = /^ce[-_](.+)$/.exec(name)?.[1];
    if (attribute === undefined) continue;
    const text = name.startsWith("ce-") ? decodeHeaderValue(value) : value;
    if (text === null) {
      const what =
        "expected a printable ASCII header value with other characters percent-encoded as UTF-8, got other bytes; encode it";
      return [deadLetter("decode", faultAt([name], what), item, context)];
    }
    attributes[attribute] = text;
  }
  const parsed = parseJson(body);
  if (!parsed.ok) {
    const path = parsed.fault.path === "" ? "data" : `data.${parsed.fault.path}`;
    const fault = { path, reason: `data: ${parsed.fault.reason}` };
    return [deadLetter(parsed.syntax ? "parse" : "decode", fault, item, context, attributes)];
  }
  return [decodeCloudEvent({ ...attributes, data: parsed.value }, item, context)];
}

function decodeParsed(parsed: ReturnType<typeof parseJson>, item: Item, context: DecodeContext): Decoded {
  if (!parsed.ok) return deadLetter(parsed.syntax ? "parse" : "decode", parsed.fault, item, context);
  return decodeCloudEvent(parsed.value, item, context);
}

/** A parsed CloudEvent in JSON form. */
function decodeCloudEvent(value: unknown, item: Item, context: DecodeContext): Decoded {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const reason = `expected an event as a JSON object, got ${shapeOf(value)}; send one object per event`;
    return deadLetter("validate", { path: "", reason }, item, context);
  }
  const envelope = envelopeOf(value as Record<string, unknown>);
  if ("fault" in envelope) return deadLetter("validate", envelope.fault, item, context, value);
  return decodeEvent(envelope.candidate, item, context);
}

const ATTRIBUTE_NAME = /^[a-z0-9]+$/;
const JSON_MEDIA_TYPE = /^[a-z]+\/(?:[^;]+\+)?json\s*(?:;.*)?$/i;

/** The candidate that the canonical schema checks: attributes as the specification wants them, data decoded. */
function envelopeOf(value: Record<string, unknown>): { candidate: Record<string, unknown> } | { fault: Fault } {
  const candidate: Record<string, unknown> = {};
  for (const [name, attribute] of Object.entries(value)) {
    // The JSON format lets a null member stand for an absent attribute (section 2.2).
    if (name === "data" || name === "data_base64" || attribute === null) continue;
    if (!ATTRIBUTE_NAME.test(name)) {
      const what =
        "expected an attribute name of lower-case letters and digits, got another; put fields of your own into data.attributes";
      return { fault: faultAt([name], what) };
    }
    if (typeof attribute === "object") {
      const what = `expected an attribute to be a string, a number or true/false, got ${shapeOf(attribute)}; put structured fields into data.attributes`;
      return { fault: faultAt([name], what) };
    }
    candidate[name] = attribute;
  }
  const contentType = candidate.datacontenttype;
  if (contentType !== undefined && (typeof contentType !== "string" || !JSON_MEDIA_TYPE.test(contentType))) {
    const what = "expected JSON data (application/json), got another type; send other formats to /v1/sources/{source}";
    return { fault: faultAt(["datacontenttype"], what) };
  }
  // Absent means JSON, so saying it changes nothing: the same event in either spelling is one event.
  delete candidate.datacontenttype;
  const data = dataOf(value);
  if ("fault" in data) return data;
  // Own properties only, set last, in the order in which people read an event.
  return { candidate: data.value === undefined ? candidate : { ...candidate, data: data.value } };
}

function dataOf(value: Record<string, unknown>): { value: unknown } | { fault: Fault } {
  const encoded = value.data_base64;
  if (encoded === undefined || encoded === null) return { value: value.data };
  if (value.data !== undefined && value.data !== null) {
    return { fault: faultAt(["data_base64"], "expected either data or data_base64, got both; send one") };
  }
  if (typeof encoded !== "string" || !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(encoded)) {
    return {
      fault: faultAt(["data_base64"], `expected base64 text, got ${shapeOf(encoded)}; encode the JSON as base64`),
    };
  }
  const parsed = parseJson(Buffer.from(encoded, "base64"));
  if (parsed.ok) return { value: parsed.value };
  const path = parsed.fault.path === "" ? "data_base64" : `data_base64.${parsed.fault.path}`;
  return { fault: { path, reason: `data_base64: ${parsed.fault.reason}` } };
}

/**
 * A header value as HTTP carries it: quoted strings are unquoted, then percent-encoding is undone once (HTTP binding, section
 * 3.1.3.2). Null when it holds other than printable ASCII or does not spell UTF-8.
 */
function decodeHeaderValue(value: string): string | null {
  if (!/^[\x20-\x7e\t]*$/.test(value)) return null;
  const unquoted = /^"(.*)"$/.exec(value)?.[1]?.replace(/\\(.)/g, "$1") ?? value;
  try {
    // A lone % is text, not an encoding: senders that encode nothing still get through.
    return decodeURIComponent(unquoted.replace(/%(?![0-9a-fA-F]{2})/g, "%25"));
  } catch {
    return null;
  }
}

export function tooManyItems(context: DecodeContext): Unreadable {
  const reason = `expected at most ${context.maxItems} events in one request, got more; send several requests`;
  return { unreadable: { kind: "too-many", path: "", reason } };
}
