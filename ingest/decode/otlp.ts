/** OTLP/HTTP traces → events of API calls (OpenTelemetry protocol 1.x, "OTLP/HTTP"). Each span is an item: an event or a dead letter. */
import type { OtlpMapping } from "@/lib/config/mapping-schema";
import { EVENT_LIMITS } from "@/lib/domain/event";
import { tooManyItems } from "./cloudevents";
import type { DecodeContext, Decoded, Unreadable } from "./decoded";
import { deadLetter, decodeBuiltEvent } from "./event";
import { type Fault, faultAt, faultOfIssues } from "./fault";
import { parseJson } from "./json";
import { decodeTraceRequest, encodeTraceResponse } from "./otlp-protobuf";
import { type AttributeValue, attributesOf, type IdEncoding, readSpan, type Span } from "./otlp-span";

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";

/** Decodes an ExportTraceServiceRequest in the encoding that the content type names. */
export function decodeTraces(body: Buffer, context: DecodeContext, mapping: OtlpMapping): Decoded[] | Unreadable {
  const request = readRequest(body, context);
  if ("unreadable" in request) return request;
  const located = spansOf(request.message);
  if ("reason" in located) return { unreadable: { kind: "syntax", ...located } };
  if (context.maxItems !== undefined && located.length > context.maxItems) return tooManyItems(context);
  return located.map(({ value, resource, scope, path }, index) => {
    const item = { index, raw: Buffer.from(JSON.stringify(value) ?? "null") };
    const span = readSpan(value, request.encoding);
    if (!span.success) {
      const fault = faultOfIssues(span.error.issues, value);
      const reason = `${path}.${fault.reason}`;
      return deadLetter(
        "validate",
        { path: fault.path === "" ? path : `${path}.${fault.path}`, reason },
        item,
        context,
      );
    }
    return decodeBuiltEvent(candidateOf(span.data, resource, scope, mapping, context), item, context);
  });
}

/**
 * The answer's body in the request's encoding. Spans that became dead letters are told as rejected, so that the sender knows; it must not
 * send them again (partial success is final).
 */
export function traceResponse(
  contentType: string,
  rejectedSpans: number,
  errorMessage: string,
): { contentType: string; body: Buffer } {
  const message =
    rejectedSpans === 0 && errorMessage === ""
      ? {}
      : { partialSuccess: { rejectedSpans: String(rejectedSpans), errorMessage } };
  if (mediaTypeOf(contentType) === PROTOBUF) return { contentType: PROTOBUF, body: encodeTraceResponse(message) };
  return { contentType: JSON_TYPE, body: Buffer.from(JSON.stringify(message)) };
}

const mediaTypeOf = (contentType: string): string => (contentType.split(";")[0] ?? "").trim().toLowerCase();

function readRequest(
  body: Buffer,
  { contentType }: DecodeContext,
): { message: unknown; encoding: IdEncoding } | Unreadable {
  const mediaType = mediaTypeOf(contentType);
  if (mediaType === PROTOBUF) {
    const message = decodeTraceRequest(body);
    if (message !== null) return { message, encoding: "base64" };
    const reason =
      "expected an OTLP ExportTraceServiceRequest in protobuf, got bytes that are not; check the exporter's protocol";
    return { unreadable: { kind: "syntax", path: "", reason } };
  }
  if (mediaType !== JSON_TYPE) {
    const reason = `expected ${JSON_TYPE} or ${PROTOBUF}, got another content type; set the exporter to http/json or http/protobuf`;
    return { unreadable: { kind: "unsupported", path: "", reason } };
  }
  const parsed = parseJson(body, { longNumbers: "text" });
  if (!parsed.ok) return { unreadable: { kind: "syntax", ...parsed.fault } };
  return { message: parsed.value, encoding: "hex" };
}

interface LocatedSpan {
  readonly value: unknown;
  readonly resource: ReadonlyMap<string, AttributeValue>;
  readonly scope: { readonly name?: unknown; readonly version?: unknown };
  /** "resourceSpans.0.scopeSpans.0.spans.0" */
  readonly path: string;
}

/** Every span with its resource, in order, or what is wrong with the request's own structure. */
function spansOf(message: unknown): LocatedSpan[] | Fault {
  const spans: LocatedSpan[] = [];
  const resources = listIn(message, "resourceSpans", []);
  if ("reason" in resources) return resources;
  for (const [r, resourceSpans] of resources.list.entries()) {
    const resource = attributesOf(memberOf(memberOf(resourceSpans, "resource"), "attributes"));
    const scopes = listIn(resourceSpans, "scopeSpans", ["resourceSpans", r]);
    if ("reason" in scopes) return scopes;
    for (const [s, scopeSpans] of scopes.list.entries()) {
      const inner = listIn(scopeSpans, "spans", ["resourceSpans", r, "scopeSpans", s]);
      if ("reason" in inner) return inner;
      const scope = (memberOf(scopeSpans, "scope") ?? {}) as LocatedSpan["scope"];
      for (const [n, value] of inner.list.entries()) {
        spans.push({ value, resource, scope, path: `resourceSpans.${r}.scopeSpans.${s}.spans.${n}` });
      }
    }
  }
  return spans;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function listIn(value: unknown, key: string, path: readonly PropertyKey[]): { list: unknown[] } | Fault {
  const list = memberOf(value, key);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (isObject && (list === undefined || list === null)) return { list: [] };
  if (isObject && Array.isArray(list)) return { list };
  return faultAt(
    [...path, ...(isObject ? [key] : [])],
    `expected ${isObject ? "an array" : "an object"}, as OTLP has it, got another; check the exporter`,
  );
}

function candidateOf(
  span: Span,
  resource: LocatedSpan["resource"],
  scope: LocatedSpan["scope"],
  mapping: OtlpMapping,
  context: DecodeContext,
): unknown {
  const attributes = attributesOf(span.attributes);
  const service = textOf(resource.get("service.name"));
  const { startTimeUnixNano: start, endTimeUnixNano: end } = span;
  const resent = Number(attributes.get("http.request.resend_count") ?? 0);
  return {
    specversion: "1.0",
    id: `${span.traceId}-${span.spanId}`,
    source: context.source ?? (Object.hasOwn(mapping.services, service) ? mapping.services[service] : service),
    type: "api.called",
    time: timeOf(start),
    recordedtime: end === undefined || end < start ? undefined : timeOf(end),
    data: {
      kind: "api_call",
      objects: objectsOf(span.traceId, attributes, resource, mapping),
      ...outcomeOf(span, attributes),
      interface: interfaceOf(attributes, mapping),
      attempt: Number.isInteger(resent) && resent >= 0 && resent < 65_535 ? resent + 1 : undefined,
      durationMs: end === undefined || end < start ? undefined : Number(end - start) / 1e6,
      attributes: {
        name: span.name,
        spanKind: span.kind,
        ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
        span: Object.fromEntries(attributes),
        resource: Object.fromEntries(resource),
        scope: { name: textOf(scope.name), version: textOf(scope.version) },
        events: span.events.map(({ name, timeUnixNano, attributes: told }) => ({
          name,
          ...(timeUnixNano === undefined ? {} : { timeUnixNano: String(timeUnixNano) }),
          attributes: Object.fromEntries(attributesOf(told)),
        })),
      },
    },
  };
}

/** Nanoseconds since 1970 → RFC 3339 with milliseconds; what no calendar holds is left for the schema to refuse. */
function timeOf(nanoseconds: bigint): string {
  const millis = Number(nanoseconds / 1_000_000n);
  return millis <= 8.64e15 ? new Date(millis).toISOString() : String(nanoseconds);
}

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

function objectsOf(
  traceId: string,
  attributes: ReadonlyMap<string, AttributeValue>,
  resource: ReadonlyMap<string, AttributeValue>,
  mapping: OtlpMapping,
): { type: string; id: string }[] {
  const objects = [{ type: "trace", id: traceId }];
  for (const [attribute, type] of Object.entries(mapping.objects)) {
    const value = attributes.get(attribute) ?? resource.get(attribute);
    for (const id of (Array.isArray(value) ? value : [value]).map(textOf)) {
      // A span that leaves an identifier empty does not name the object.
      if (id.trim() !== "" && !objects.some((known) => known.type === type && known.id === id))
        objects.push({ type, id });
    }
  }
  return objects;
}

const STATUS_ERROR = 2;

/**
 * 5xx, 408 and 429 are failures that a retry may mend; another 4xx is the target's refusal; else the span's own status counts. Client
 * spans carry status "error" for any 4xx, so the HTTP status is asked first.
 */
function outcomeOf(span: Span, attributes: ReadonlyMap<string, AttributeValue>): Record<string, unknown> {
  const http = Number(attributes.get("http.response.status_code") ?? attributes.get("http.status_code") ?? 0);
  const exception = span.events.find(({ name }) => name === "exception");
  const thrown = attributesOf(exception?.attributes ?? []);
  const message = span.status.message || textOf(thrown.get("exception.message")) || undefined;
  const shortMessage = message?.slice(0, EVENT_LIMITS.textChars).toWellFormed();
  if (http >= 400 && http < 500 && http !== 408 && http !== 429) {
    return { outcome: "rejected", error: { class: "business", code: String(http), message: shortMessage } };
  }
  if (http >= 400)
    return { outcome: "failed", error: { class: "technical", code: String(http), message: shortMessage } };
  const grpc = textOf(attributes.get("rpc.grpc.status_code"));
  const code =
    textOf(attributes.get("error.type")) || textOf(thrown.get("exception.type")) || (grpc === "0" ? "" : grpc);
  const failed = span.status.code === STATUS_ERROR || (grpc !== "" && grpc !== "0");
  if (!failed) return { outcome: "ok" };
  const shortCode = code.slice(0, EVENT_LIMITS.typeChars).toWellFormed() || undefined;
  return { outcome: "failed", error: { class: "technical", code: shortCode, message: shortMessage } };
}

function interfaceOf(attributes: ReadonlyMap<string, AttributeValue>, mapping: OtlpMapping): string | undefined {
  const configured = mapping.interfaces
    .map((attribute) => textOf(attributes.get(attribute)))
    .find((name) => name !== "");
  const route = textOf(attributes.get("http.route")) || textOf(attributes.get("url.path"));
  const name = configured ?? `${textOf(attributes.get("peer.service"))}${route}`;
  // A path with identifiers in it may be long; it is no name for an interface then.
  return name === "" || name.length > EVENT_LIMITS.sourceChars ? undefined : name;
}
