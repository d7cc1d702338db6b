/** POST /v1/traces: OTLP/HTTP (OpenTelemetry protocol, "OTLP/HTTP response"): 200, and in partialSuccess what was not taken. */
import type { Decoders } from "@/ingest/decode/decode";
import { traceResponse } from "@/ingest/decode/otlp";
import type { TraceFormat } from "@/ingest/intake/http";

const REASONS_TOLD = 5;

export function traceFormat(decoders: Decoders): TraceFormat {
  return {
    decode: decoders.decodeTraces,
    answer({ deadLettered }, contentType) {
      const reasons = deadLettered.slice(0, REASONS_TOLD).map(({ reason }) => reason);
      const more = deadLettered.length > REASONS_TOLD ? [`and ${deadLettered.length - REASONS_TOLD} more`] : [];
      return traceResponse(contentType, deadLettered.length, [...reasons, ...more].join("; "));
    },
  };
}
