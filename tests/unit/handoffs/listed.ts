/** A handoff as lists show it: a late goods issue of 120.00 USD, unless `changes` says otherwise. */
import { evidenceHash } from "@/lib/domain/handoffs/evidence";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";

export function listed(id: string, changes: Partial<ListedHandoff> = {}): ListedHandoff {
  const from = changes.from ?? [{ source: "wms-east", id: `from-${id}` }];
  const to = changes.to ?? [];
  return {
    rule: "goods-issue",
    ruleVersion: 1,
    key: { type: "shipment", id },
    group: { lead: { type: "shipment", id }, size: 1 },
    roots: [{ type: "order", id: `SO-${id}` }],
    state: "late",
    stateWhenDue: "late",
    dueAt: "2026-11-20T10:30:00.000Z",
    from,
    to,
    excess: [],
    difference: {},
    totals: {
      expectedQuantity: "12",
      actualQuantity: null,
      expectedAmount: "120.00",
      actualAmount: null,
      currency: "USD",
    },
    stake: "120.00",
    companyCode: "1000",
    period: "2026-11",
    location: "DC-EAST",
    partner: "",
    openedAt: "2026-11-20T10:00:00.000Z",
    brokenAt: "2026-11-20T10:30:00.000Z",
    settledAt: null,
    resolution: null,
    open: true,
    evidence: evidenceHash([{ from, to }]),
    owner: "finance-operations",
    severity: "finance",
    interface: "",
    ...changes,
  };
}
