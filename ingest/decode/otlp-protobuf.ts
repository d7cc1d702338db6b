/**
 * The wire form of OTLP traces: field numbers and types as the OpenTelemetry protocol fixes them, as far as we read them. Fields that
 * are not listed are passed over, as protobuf wants it.
 */
import protobuf from "protobufjs";

const DEFINITIONS = `
syntax = "proto3";
package otlp;

message ExportTraceServiceRequest { repeated ResourceSpans resourceSpans = 1; }
message ExportTraceServiceResponse { ExportTracePartialSuccess partialSuccess = 1; }
message ExportTracePartialSuccess { int64 rejectedSpans = 1; string errorMessage = 2; }

message ResourceSpans { Resource resource = 1; repeated ScopeSpans scopeSpans = 2; string schemaUrl = 3; }
message Resource { repeated KeyValue attributes = 1; uint32 droppedAttributesCount = 2; }
message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schemaUrl = 3; }
message InstrumentationScope {
  string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 droppedAttributesCount = 4;
}

message Span {
  bytes traceId = 1;
  bytes spanId = 2;
  string traceState = 3;
  bytes parentSpanId = 4;
  string name = 5;
  int32 kind = 6;
  fixed64 startTimeUnixNano = 7;
  fixed64 endTimeUnixNano = 8;
  repeated KeyValue attributes = 9;
  uint32 droppedAttributesCount = 10;
  repeated Event events = 11;
  uint32 droppedEventsCount = 12;
  repeated Link links = 13;
  uint32 droppedLinksCount = 14;
  Status status = 15;
  fixed32 flags = 16;

  message Event {
    fixed64 timeUnixNano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 droppedAttributesCount = 4;
  }
  message Link {
    bytes traceId = 1; bytes spanId = 2; string traceState = 3; repeated KeyValue attributes = 4;
    uint32 droppedAttributesCount = 5; fixed32 flags = 6;
  }
}
message Status { string message = 2; int32 code = 3; }

message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value {
    string stringValue = 1; bool boolValue = 2; int64 intValue = 3; double doubleValue = 4;
    ArrayValue arrayValue = 5; KeyValueList kvlistValue = 6; bytes bytesValue = 7;
  }
}
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
`;

const root = protobuf.parse(DEFINITIONS).root;
const request = root.lookupType("otlp.ExportTraceServiceRequest");
const response = root.lookupType("otlp.ExportTraceServiceResponse");

/**
 * A request in the shape of OTLP/JSON: 64-bit numbers and bytes as text, except that ids are base64 (OTLP/JSON has hex). Null when
 * the bytes are no such message.
 */
export function decodeTraceRequest(bytes: Buffer): Record<string, unknown> | null {
  try {
    return request.toObject(request.decode(bytes), { longs: String, bytes: String });
  } catch {
    // The library throws for any malformed message: wrong wire type, truncation, text that is not UTF-8, nesting past its limit.
    return null;
  }
}

/** What decodeTraceRequest reads, for those who send. Ids are base64. */
export const encodeTraceRequest = (message: Record<string, unknown>): Buffer =>
  Buffer.from(request.encode(request.fromObject(message)).finish());

export const encodeTraceResponse = (message: Record<string, unknown>): Buffer =>
  Buffer.from(response.encode(response.fromObject(message)).finish());
