import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import { type DecodeContext, type Decoded, isUnreadable } from "@/ingest/decode/decoded";
import { createDecoders } from "@/ingest/decode/decoders";
import { traceResponse } from "@/ingest/decode/otlp";
import { encodeTraceRequest } from "@/ingest/decode/otlp-protobuf";
import { loadMappings } from "@/lib/config/mappings";

const decoders = createDecoders(loadMappings("config").mappings, () => null);

const TRACE = "5b8efff798038103d269b633813fc60c";
const SPAN = "eee19b7ec3c1b174";

type Attribute = { key: string; value: Record<string, unknown> };
const text = (key: string, stringValue: string): Attribute => ({ key, value: { stringValue } });
const whole = (key: string, intValue: string | number): Attribute => ({ key, value: { intValue } });

const span = (changes: Record<string, unknown> = {}) => ({
  traceId: TRACE,
  spanId: SPAN,
  parentSpanId: "",
  name: "POST /goods-issues",
  kind: 3,
  startTimeUnixNano: "1544712660000000000",
  endTimeUnixNano: "1544712660231000000",
  attributes: [
    text("order.id", "SO-1"),
    text("peer.service", "erp"),
    text("http.route", "/goods-issues"),
    whole("http.response.status_code", "503"),
  ],
  status: { code: 2, message: "unavailable" },
  ...changes,
});

const request = (...spans: unknown[]) => ({
  resourceSpans: [
    { resource: { attributes: [text("service.name", "gateway")] }, scopeSpans: [{ scope: { name: "http" }, spans }] },
  ],
});

function decode(body: unknown, context: Partial<DecodeContext> = {}): Decoded[] {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const result = decoders.decodeTraces(bytes, {
    source: null,
    contentType: "application/json",
    headers: {},
    ...context,
  });
  if (isUnreadable(result)) throw new Error(result.unreadable.reason);
  return result;
}

const eventOf = (decoded: Decoded | undefined) => (decoded?.ok ? decoded.event : decoded?.reason);

describe("a span", () => {
  it("is an API call under trace and span id, with its objects, interface, duration, outcome and error", () => {
    expect(eventOf(decode(request(span()))[0])).toMatchObject({
      id: `${TRACE}-${SPAN}`,
      source: "gateway",
      type: "api.called",
      time: "2018-12-13T14:51:00.000Z",
      recordedtime: "2018-12-13T14:51:00.231Z",
      data: {
        kind: "api_call",
        objects: [
          { type: "trace", id: TRACE },
          { type: "order", id: "SO-1" },
        ],
        interface: "erp/goods-issues",
        durationMs: 231,
        outcome: "failed",
        error: { class: "technical", code: "503", message: "unavailable" },
      },
    });
  });

  it.each([
    [
      { attributes: [whole("http.status_code", 404)], status: { code: 2 } },
      { outcome: "rejected", error: { class: "business", code: "404" } },
    ],
    [
      { attributes: [whole("http.status_code", 429)] },
      { outcome: "failed", error: { class: "technical", code: "429" } },
    ],
    [{ attributes: [whole("http.status_code", 200)], status: {} }, { outcome: "ok" }],
    [
      { attributes: [whole("rpc.grpc.status_code", 14)], status: {} },
      { outcome: "failed", error: { code: "14" } },
    ],
    [{ attributes: [whole("rpc.grpc.status_code", 0)], status: { code: 1 } }, { outcome: "ok" }],
    [
      {
        attributes: [],
        events: [
          { name: "exception", attributes: [text("exception.type", "Timeout"), text("exception.message", "30 s")] },
        ],
      },
      { outcome: "failed", error: { code: "Timeout", message: "unavailable" } },
    ],
  ])("tells its outcome from HTTP status, gRPC status or its own status: %j", (changes, expected) => {
    expect(eventOf(decode(request(span(changes)))[0])).toMatchObject({ data: expected });
  });

  it("keeps 64-bit numbers whole, as text or as JSON numbers", () => {
    const body = JSON.stringify(request(span({ attributes: [whole("n", "@")] })))
      .replace('"@"', "9007199254740993")
      .replace('"1544712660231000000"', "1544712660231456789");
    expect(eventOf(decode(body)[0])).toMatchObject({
      recordedtime: "2018-12-13T14:51:00.231Z",
      data: { attributes: { span: { n: "9007199254740993" } } },
    });
  });

  it("passes over fields it does not know", () => {
    expect(decode(request(span({ newField: { a: 1 } })))).toMatchObject([{ ok: true }]);
  });

  it.each([
    ["traceId", "", /spans\.1\.traceId$/],
    ["traceId", "00000000000000000000000000000000", /spans\.1\.traceId$/],
    ["spanId", "xyz", /spans\.1\.spanId$/],
    ["startTimeUnixNano", undefined, /spans\.1\.startTimeUnixNano$/],
    ["startTimeUnixNano", "-5", /spans\.1\.startTimeUnixNano$/],
    ["startTimeUnixNano", "18446744073709551615", /time$/],
    ["attributes", {}, /spans\.1\.attributes$/],
  ])("with a bad %s (%s) is a dead letter, and its neighbours stand", (field, value, path) => {
    const other = span({ spanId: "00000000000000aa" });
    const decoded = decode(request(other, span({ [field]: value }), span()));
    expect(decoded.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(decoded[1]).toMatchObject({ path: expect.stringMatching(path), index: 1 });
  });

  it("without a service name is a dead letter unless it is sent for a source", () => {
    const body = { resourceSpans: [{ scopeSpans: [{ spans: [span()] }] }] };
    expect(decode(body)[0]).toMatchObject({ ok: false, path: "source" });
    expect(eventOf(decode(body, { source: "gateway" })[0])).toMatchObject({ source: "gateway" });
  });
});

describe("a request", () => {
  it("means the same in protobuf as in JSON", () => {
    const spans = [
      span({
        attributes: [
          ...span().attributes,
          { key: "list", value: { arrayValue: { values: [{ boolValue: true }, { doubleValue: 1.5 }] } } },
        ],
      }),
      span({
        spanId: "00000000000000aa",
        events: [{ timeUnixNano: "1544712660000000001", name: "retry", attributes: [whole("n", "-3")] }],
      }),
    ];
    const base64 = (hex: unknown) => Buffer.from(String(hex), "hex").toString("base64");
    const binary = spans.map((one) => ({ ...one, traceId: base64(one.traceId), spanId: base64(one.spanId) }));
    const fromProtobuf = decode(encodeTraceRequest(request(...binary)), { contentType: "application/x-protobuf" });
    const fromJson = decode(request(...spans));
    const hashes = (decoded: Decoded[]) => decoded.map((item) => (item.ok ? item.contentHash : item.reason));
    expect(hashes(fromProtobuf)).toEqual(hashes(fromJson));
    expect(fromJson).toMatchObject([{ ok: true }, { ok: true }]);
  });

  it("may be empty", () => {
    expect(decode({})).toEqual([]);
    expect(decode(Buffer.alloc(0), { contentType: "application/x-protobuf" })).toEqual([]);
  });

  it.each([
    ["{", "application/json", "syntax"],
    ["[]", "application/json", "syntax"],
    ['{"resourceSpans":{}}', "application/json", "syntax"],
    ['{"resourceSpans":[{"scopeSpans":[1]}]}', "application/json", "syntax"],
    [Buffer.from([0x0a, 0xff, 0x01]), "application/x-protobuf", "syntax"],
    ["a", "text/csv", "unsupported"],
  ])("that cannot be read is refused as a whole: %s", (body, contentType, kind) => {
    const result = decoders.decodeTraces(Buffer.from(body as string), { source: null, contentType, headers: {} });
    expect(result).toMatchObject({ unreadable: { kind } });
  });

  it("is answered in its encoding, with the rejected spans", () => {
    expect(JSON.parse(traceResponse("application/json", 0, "").body.toString())).toEqual({});
    const json = traceResponse("application/json; charset=utf-8", 2, "why");
    expect(JSON.parse(json.body.toString())).toEqual({ partialSuccess: { rejectedSpans: "2", errorMessage: "why" } });
    // Read with definitions of the test's own, so that the two sides do not share a mistake.
    const { root } = protobuf.parse(
      'syntax = "proto3"; message R { P p = 1; } message P { int64 rejected = 1; string message = 2; }',
    );
    const binary = traceResponse("application/x-protobuf", 2, "why");
    const reader = root.lookupType("R");
    expect(binary.contentType).toBe("application/x-protobuf");
    expect(reader.toObject(reader.decode(binary.body), { longs: String })).toEqual({
      p: { rejected: "2", message: "why" },
    });
    expect(traceResponse("application/x-protobuf", 0, "").body).toHaveLength(0);
  });
});

const sample = join(process.env.THROUGHLINE_SAMPLES ?? "../shared/data", "otel", "trace.json");

describe.skipIf(!existsSync(sample))("the protocol's own example (skipped without the samples folder)", () => {
  it("is one event of its service, with upper-case ids made one spelling", () => {
    expect(decode(readFileSync(sample))).toMatchObject([
      {
        ok: true,
        event: {
          id: "5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174",
          source: "my.service",
          data: { durationMs: 1000 },
        },
      },
    ]);
  });
});
