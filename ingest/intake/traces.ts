/** POST /v1/traces: OTLP/HTTP. Until spans are decoded the address says so. */
import type { TraceFormat } from "@/ingest/intake/http";

export const NO_TRACES: TraceFormat = {
  decode: () => ({
    unreadable: {
      kind: "unsupported",
      path: "",
      reason: "expected an encoding of spans that this version decodes, got OTLP; send events",
    },
  }),
  answer: () => ({ contentType: "application/json", body: "{}" }),
};
