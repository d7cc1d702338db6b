/** From handoffs to rows of `handoffs`. Pure. */
import { amountText, ExactDecimal } from "@/lib/domain/decimal";
import { EVENT_LIMITS } from "@/lib/domain/event";
import type { Handoff } from "@/lib/domain/handoffs/handoff";
import type { VersionedRule } from "@/lib/domain/handoffs/rule";
import type { ObjectRef } from "@/lib/domain/object";
import { objectKey } from "@/lib/domain/object";

export interface HandoffTombstone {
  readonly rule: string;
  readonly key_type: string;
  readonly key_id: string;
  readonly version: string;
  readonly is_deleted: 1;
}

/** Bits of a version below the rule's own: 10^13 facts of one group. */
const FACT_BITS = 44n;

/** Grows with the rule's version, and of those with the same with the facts. */
export const versionOf = (ruleVersion: number, facts: number): string =>
  ((BigInt(ruleVersion) << FACT_BITS) | BigInt(facts)).toString();

/** What a column holds: each figure of an event fits, a sum of them need not, and one that does not must not keep its neighbours from being stored. */
const COLUMN_MAX = new ExactDecimal(10)
  .pow(EVENT_LIMITS.decimalIntegerDigits)
  .minus(new ExactDecimal(10).pow(-EVENT_LIMITS.decimalFractionDigits));

const fits = (text: string): boolean => new ExactDecimal(text).abs().lessThanOrEqualTo(COLUMN_MAX);

/** Null, "not known", where it does not fit. The difference is text and says it exactly. */
const storable = (text: string | null): string | null => (text !== null && fits(text) ? text : null);

const storableStake = (text: string): string => (fits(text) ? text : amountText(COLUMN_MAX));

export function handoffRow(handoff: Handoff, { rule }: VersionedRule, facts: number) {
  const leads = objectKey(handoff.key) === objectKey(handoff.group.lead);
  return {
    rule: handoff.rule,
    key_type: handoff.key.type,
    key_id: handoff.key.id,
    version: versionOf(handoff.ruleVersion, facts),
    is_deleted: 0,
    rule_version: handoff.ruleVersion,
    state: handoff.state,
    state_when_due: handoff.stateWhenDue,
    due_at: handoff.dueAt,
    group_lead: `${handoff.group.lead.type} ${handoff.group.lead.id}`,
    group_size: handoff.group.size,
    leads: leads ? 1 : 0,
    roots: handoff.roots.map(({ type, id }) => ({ type, id })),
    from_events: handoff.from,
    to_events: handoff.to,
    excess_events: handoff.excess,
    difference: JSON.stringify(handoff.difference),
    expected_quantity: storable(handoff.totals.expectedQuantity),
    actual_quantity: storable(handoff.totals.actualQuantity),
    expected_amount: storable(handoff.totals.expectedAmount),
    actual_amount: storable(handoff.totals.actualAmount),
    currency: handoff.totals.currency,
    stake: storableStake(handoff.stake),
    company_code: handoff.companyCode,
    period: handoff.period,
    location: handoff.location,
    partner: handoff.partner,
    owner: rule.owner,
    severity: rule.severity,
    interface: rule.interface ?? "",
    opened_at: handoff.openedAt,
    broken_at: handoff.brokenAt,
    settled_at: handoff.settledAt,
    resolution: handoff.resolution?.kind ?? "",
    resolution_json: handoff.resolution ? JSON.stringify(handoff.resolution) : "",
  };
}

/** What a key leaves when the rule has nothing to say about it any more. */
export const handoffTombstone = (rule: VersionedRule, key: ObjectRef, facts: number): HandoffTombstone => ({
  rule: rule.rule.id,
  key_type: key.type,
  key_id: key.id,
  version: versionOf(rule.version, facts),
  is_deleted: 1,
});
