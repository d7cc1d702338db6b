/** Rows of table handoffs as a projection would write them, for tests of what reads them. */
import type { ObjectRef } from "@/lib/domain/object";

export interface HandoffRow {
  rule: string;
  key_type: string;
  key_id: string;
  version: number;
  [column: string]: unknown;
}

const sequence = { version: 1 };

/** A late goods issue of 120.00 USD in period 2026-11 of company code 1000, unless `changes` says otherwise. Each row made is newer than all before. */
export function handoffRow(keyId: string, changes: Record<string, unknown> = {}): HandoffRow {
  sequence.version += 1;
  const keyType = typeof changes.key_type === "string" ? changes.key_type : "shipment";
  return {
    rule: "goods-issue",
    key_type: keyType,
    key_id: keyId,
    version: sequence.version,
    is_deleted: 0,
    rule_version: 1,
    state: "pending",
    state_when_due: "late",
    due_at: "2026-11-20T10:30:00.000Z",
    group_lead: `${keyType} ${keyId}`,
    group_size: 1,
    leads: 1,
    roots: [{ type: "order", id: `SO-${keyId}` }],
    from_events: [{ source: "wms-east", id: `from-${keyId}` }],
    to_events: [],
    excess_events: [],
    difference: "{}",
    expected_quantity: "12",
    actual_quantity: null,
    expected_amount: "120.00",
    actual_amount: null,
    currency: "USD",
    stake: "120.00",
    company_code: "1000",
    period: "2026-11",
    location: "DC-EAST",
    partner: "",
    owner: "finance-operations",
    severity: "finance",
    interface: "wms-to-erp.shipment-confirmation",
    opened_at: "2026-11-20T10:00:00.000Z",
    broken_at: "2026-11-20T10:30:00.000Z",
    settled_at: null,
    resolution: "",
    resolution_json: "",
    ...changes,
  };
}

/** What a resolved row carries beside what it was. */
export const resolved = (
  kind: "matched" | "accepted" | "standing" | "awaiting_approval",
  actId: string,
): Record<string, unknown> => ({
  resolution: kind,
  resolution_json: JSON.stringify({
    kind,
    by: "Fin Ance",
    at: "2026-11-21T00:00:00.000Z",
    reason: "known",
    note: "",
    actId,
  }),
});

/** Handoffs that are decided together: the first leads. */
export function handoffGroup(keyIds: readonly string[], changes: Record<string, unknown> = {}): HandoffRow[] {
  const [lead = ""] = keyIds;
  return keyIds.map((keyId, index) =>
    handoffRow(keyId, {
      group_lead: `shipment ${lead}`,
      group_size: keyIds.length,
      leads: index === 0 ? 1 : 0,
      ...changes,
      ...(index === 0 ? {} : { stake: "0" }),
    }),
  );
}

export const shipment = (id: string): ObjectRef => ({ type: "shipment", id });
