/** A row of `handoffs` as SELECT gives it, and as what the rest of the product knows. */
import { evidenceHash } from "@/lib/domain/handoffs/evidence";
import { type Difference, type HandoffState, isBreak, type Resolution } from "@/lib/domain/handoffs/handoff";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { EventRef } from "@/lib/domain/journey";
import type { ObjectRef } from "@/lib/domain/object";
import { OPEN, STATE } from "./handoff-filter";

/** Over `handoffs FINAL`, with `now` bound. */
export const HANDOFF_COLUMNS = `rule, key_type, key_id, rule_version, ${STATE} AS shown_state, ${OPEN} AS is_open, state_when_due, due_at, group_lead,
  group_size, roots, from_events, to_events, excess_events, difference, expected_quantity, actual_quantity, expected_amount, actual_amount, currency,
  stake, company_code, period, location, partner, owner, severity, interface, opened_at, broken_at, settled_at, resolution, resolution_json`;

export interface HandoffRow {
  rule: string;
  key_type: string;
  key_id: string;
  rule_version: number;
  shown_state: HandoffState;
  is_open: number;
  state_when_due: HandoffState;
  due_at: string | null;
  group_lead: string;
  group_size: number;
  roots: ObjectRef[];
  from_events: EventRef[];
  to_events: EventRef[];
  excess_events: EventRef[];
  difference: string;
  /** Decimals come as text, without needless zeros. */
  expected_quantity: string | null;
  actual_quantity: string | null;
  expected_amount: string | null;
  actual_amount: string | null;
  currency: string;
  stake: string;
  company_code: string;
  period: string;
  location: string;
  partner: string;
  owner: string;
  severity: string;
  interface: string;
  opened_at: string;
  broken_at: string | null;
  settled_at: string | null;
  resolution: string;
  resolution_json: string;
}

export function handoffOf(row: HandoffRow): ListedHandoff {
  const state = row.shown_state;
  return {
    rule: row.rule,
    ruleVersion: row.rule_version,
    key: { type: row.key_type, id: row.key_id },
    group: { lead: leadOf(row), size: row.group_size },
    roots: row.roots,
    state,
    stateWhenDue: row.state_when_due,
    dueAt: row.due_at,
    from: row.from_events,
    to: row.to_events,
    excess: row.excess_events,
    difference: row.difference === "" ? {} : (JSON.parse(row.difference) as Difference),
    totals: {
      expectedQuantity: row.expected_quantity,
      actualQuantity: row.actual_quantity,
      expectedAmount: row.expected_amount,
      actualAmount: row.actual_amount,
      currency: row.currency,
    },
    stake: row.stake,
    companyCode: row.company_code,
    period: row.period,
    location: row.location,
    partner: row.partner,
    openedAt: row.opened_at,
    // A row that waits says beforehand when it will be broken; by the clock it is not yet.
    brokenAt: isBreak(state) ? (row.broken_at ?? row.due_at) : null,
    settledAt: row.settled_at,
    resolution: row.resolution === "" ? null : (JSON.parse(row.resolution_json) as Resolution),
    open: row.is_open === 1,
    evidence: evidenceHash([{ from: row.from_events, to: row.to_events }]),
    owner: row.owner,
    severity: row.severity,
    interface: row.interface,
  };
}

/** "shipment SH-1": types hold no space. */
function leadOf({ group_lead: lead, key_type, key_id }: HandoffRow): ObjectRef {
  const cut = lead.indexOf(" ");
  return cut < 0 ? { type: key_type, id: key_id } : { type: lead.slice(0, cut), id: lead.slice(cut + 1) };
}
