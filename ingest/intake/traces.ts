/** POST /v1/traces: OTLP/HTTP (OpenTelemetry protocol, "OTLP/HTTP response"): 200, and in partialSuccess what was not taken. */
import type { Decoders } from "@/ingest/decode/decode";
import { traceResponse } from "@/ingest/decode/otlp";
import type { TraceFormat } from "@/ingest/intake/http";

/** The mapping that reads spans: config/mappings/otlp.yaml. */
const TRACES_MAPPING = "otlp";
const REASONS_TOLD = 5;

export function traceFormat(decoders: Decoders): TraceFormat {
  const decode = decoders.formats.get(TRACES_MAPPING);
  return {
    decode:
      decode ??
      (() => ({
        unreadable: {
          kind: "unsupported",
          path: "",
          reason: `expected a mapping config/mappings/${TRACES_MAPPING}.yaml that says what spans mean, got none; restore it`,
        },
      })),
    answer({ deadLettered }, contentType) {
      const reasons = deadLettered.slice(0, REASONS_TOLD).map(({ reason }) => reason);
      const more = deadLettered.length > REASONS_TOLD ? [`and ${deadLettered.length - REASONS_TOLD} more`] : [];
      return traceResponse(contentType, deadLettered.length, [...reasons, ...more].join("; "));
    },
  };
}
