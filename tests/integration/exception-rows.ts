/** Rows of table exceptions as a projection would write them, for tests of what reads them. */
import type { ObjectRef } from "@/lib/domain/object";

export interface ExceptionTestRow {
  exception_id: string;
  version: number;
  roots: ObjectRef[];
  [column: string]: unknown;
}

const sequence = { version: 1 };

/** An open technical failure of a shipment confirmation worth 120.00 USD, unless `changes` says otherwise. Each row made is newer than all before. */
export function exceptionRow(id: string, changes: Record<string, unknown> = {}): ExceptionTestRow {
  sequence.version += 1;
  return {
    exception_id: id,
    version: sequence.version,
    is_deleted: 0,
    kind: "delivery",
    category: "technical",
    class: "intermittent",
    state: "open",
    resolution: "",
    interface: "wms-to-erp.shipment-confirmation",
    step: "api.called",
    source: "wms-east",
    target: "erp",
    fingerprint: "fp-503",
    cause: "Service unavailable",
    message: `Service unavailable for ${id}`,
    error_code: "503",
    subject_type: "shipment",
    subject_id: `SH-${id}`,
    message_key: `gi-${id}`,
    failed_source: "wms-east",
    failed_event_id: `failed-${id}`,
    has_message: 1,
    roots: [{ type: "order", id: `SO-${id}` }],
    severity: "finance",
    owner: "finance-operations",
    assignee: "",
    tags: [],
    opens_at: "2026-11-20T10:00:00.000Z",
    first_failed_at: "2026-11-20T10:00:00.000Z",
    last_failed_at: "2026-11-20T10:05:00.000Z",
    due_at: "2026-11-20T14:00:00.000Z",
    ignored_until: null,
    resolved_at: null,
    resolved_by: "",
    occurrences: 1,
    attempts: 1,
    regressions: 0,
    acts: 0,
    value: "120.00",
    currency: "USD",
    promised_at: "2026-11-25T00:00:00.000Z",
    ...changes,
  };
}
