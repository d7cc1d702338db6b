/** Bytes → events and dead letters: which decoder reads a body. Pure: no I/O, no clock. */
import { decodeBatch, decodeBinary, decodeLines, decodeStructured } from "./cloudevents";
import type { DecodeContext, Decoded, Unreadable } from "./decoded";
import { startsWith } from "./json-text";
import type { NamedBody } from "./table-records";

/** Reads the bodies of one format. */
export type FormatDecoder = (body: Buffer, context: DecodeContext) => Decoded[] | Unreadable;

/** Reads files that belong together: the tables of one system, headers apart from items. */
export interface FileSetDecoder {
  /** Whether a file of this path can hold anything of it; one that cannot need not be opened. */
  takes(path: string): boolean;
  /** @param files their paths and contents, in an order that does not change from one import to the next. */
  decode(files: readonly NamedBody[], context: DecodeContext): DecodedFiles | Unreadable;
}

export interface DecodedFiles {
  /** How many records there are to decode. */
  readonly records: number;
  /** Decoded as they are asked for: of many events only a few at a time are in memory. */
  readonly results: Iterable<RecordResult>;
  placeOf(record: number): RecordPlace;
}

/** One of the results of a record, from 0. */
export interface RecordResult {
  readonly record: number;
  readonly decoded: Decoded;
}

/** Which of the files, from 0, and where in it: "line 7", or "item 3" (from 1, like lines). */
export interface RecordPlace {
  readonly file: number;
  readonly place: string;
}

/** The decoders beyond CloudEvents, by format name: "ocel2" and the mappings of `config/mappings`. */
export interface Decoders {
  readonly formats: ReadonlyMap<string, FormatDecoder>;
  /** Those of `formats` whose files are read together. */
  readonly fileSets: ReadonlyMap<string, FileSetDecoder>;
  /** Those of `formats` that can read one item alone, as a dead letter keeps it, without the body that it was cut from. */
  readonly items: ReadonlyMap<string, FormatDecoder>;
  /** POST /v1/traces: an OTLP request in JSON or protobuf, by content type. */
  readonly decodeTraces: FormatDecoder;
  /** The format in which a source sends to /v1/sources/{source}; null when none is configured. */
  formatOfSource(source: string): string | null;
}

/** CloudEvents only. */
export const NO_DECODERS: Decoders = {
  formats: new Map(),
  fileSets: new Map(),
  items: new Map(),
  decodeTraces: () => unsupported("expected a configuration for traces, got none"),
  formatOfSource: () => null,
};

const MEDIA_TYPES: Readonly<Record<string, FormatDecoder>> = {
  "application/cloudevents+json": decodeStructured,
  "application/cloudevents-batch+json": decodeBatch,
  "application/x-ndjson": decodeLines,
  "application/ndjson": decodeLines,
  "application/jsonl": decodeLines,
  "application/x-jsonlines": decodeLines,
  "application/json": decodeByShape,
  "text/json": decodeByShape,
  // Names for files.
  ndjson: decodeLines,
  cloudevents: decodeByShape,
};

/** Content types that /v1/events takes, for the message of a 415. */
export const EVENT_MEDIA_TYPES = [
  "application/cloudevents+json",
  "application/cloudevents-batch+json",
  "application/x-ndjson",
];

/**
 * Decodes a body by its content type or format name. Never throws for bad input. Every item of the body is in the result once,
 * as an event or a dead letter, in order; a body that is no list of items at all is Unreadable.
 */
export function decodeBody(
  body: Buffer,
  context: DecodeContext,
  decoders: Decoders = NO_DECODERS,
): Decoded[] | Unreadable {
  const text = withoutByteOrderMark(body);
  const configured = decoders.formats.get(context.contentType.trim());
  if (configured) return configured(text, context);
  const { name, charset } = mediaTypeOf(context.contentType);
  if (charset !== null && charset !== "utf-8" && charset !== "us-ascii" && charset !== "utf8") {
    return unsupported("expected text in UTF-8, got another charset; convert it to UTF-8");
  }
  if (isBinaryMode(name, context.headers)) return decodeBinary(text, context);
  const decoder = MEDIA_TYPES[name];
  if (decoder) return decoder(text, context);
  return unsupported(`expected ${EVENT_MEDIA_TYPES.join(", ")}, got another content type; set Content-Type`);
}

/** Decodes what a source sent in its own format (POST /v1/sources/{source}); CloudEvents and lines of them are read too. */
export function decodeSourceBody(body: Buffer, context: DecodeContext, decoders: Decoders): Decoded[] | Unreadable {
  const format = context.source === null ? null : decoders.formatOfSource(context.source);
  if (format !== null && decoders.formats.has(format)) {
    return decodeBody(body, { ...context, contentType: format }, decoders);
  }
  const decoded = decodeBody(body, context, decoders);
  if (!("unreadable" in decoded) || decoded.unreadable.kind !== "unsupported") return decoded;
  return unsupported(
    "expected a source with a configured format, got one without; add a mapping for it in config/mappings, or send CloudEvents",
  );
}

/** One event, an array of events, or (in a file) one a line. */
function decodeByShape(body: Buffer, context: DecodeContext): Decoded[] | Unreadable {
  if (startsWith(body, "[")) return decodeBatch(body, context);
  const single = decodeStructured(body, context);
  // Two objects one after another are no JSON text, but they are lines.
  if (!("unreadable" in single) || context.contentType !== "cloudevents") return single;
  return decodeLines(body, context);
}

function mediaTypeOf(contentType: string): { name: string; charset: string | null } {
  const [name = "", ...parameters] = contentType.split(";");
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(parameter)?.[1])
    .find(Boolean);
  return { name: name.trim().toLowerCase(), charset: charset?.toLowerCase() ?? null };
}

/** Binary mode is told by its headers, unless the content type says that the attributes are in the body. */
function isBinaryMode(name: string, headers: DecodeContext["headers"]): boolean {
  if (name.startsWith("application/cloudevents")) return false;
  const marked = ["ce-specversion", "ce-id", "ce-type", "ce_specversion", "ce_id", "ce_type"].some(
    (header) => header in headers,
  );
  return marked && (name === "application/json" || name === "text/json" || name === "" || name.endsWith("+json"));
}

/** Some systems on Windows start each file with U+FEFF; RFC 8259 lets a reader pass over it. */
const withoutByteOrderMark = (body: Buffer): Buffer =>
  body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;

const unsupported = (reason: string): Unreadable => ({ unreadable: { kind: "unsupported", path: "", reason } });
