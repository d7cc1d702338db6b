/** Handoffs as far as a person's decision on them depends: few columns, sets of keys at once, whole groups. Table handoffs (0006_handoffs.sql). */
import type { Decidable } from "@/lib/domain/handoffs/decidable";
import type { HandoffState, Resolution } from "@/lib/domain/handoffs/handoff";
import type { EventRef } from "@/lib/domain/journey";
import { type ObjectRef, objectKey } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { tupleOfKey } from "./links";

/** The state by the clock `now`, a bound parameter (RFC 3339). */
export const STATE_NOW =
  "if(state = 'pending' AND due_at <= parseDateTime64BestEffort({now:String}, 3, 'UTC'), state_when_due, state)";

const COLUMNS = `rule, key_type, key_id, ${STATE_NOW} AS state_now, group_lead, group_size, from_events, to_events,
  toString(stake) AS stake_text, currency, resolution, resolution_json`;

/** Keys of one rule. What has no row is left out; what is there comes with the rest of its group. */
export async function readDecidables(
  reader: FactReader,
  rule: string,
  keys: readonly ObjectRef[],
  now: string,
): Promise<Decidable[]> {
  if (keys.length === 0) return [];
  const rows = await reader.query<Row>(
    `SELECT ${COLUMNS} FROM handoffs FINAL
     WHERE rule = {rule:String} AND (key_type, key_id) IN {keys:Array(Tuple(String, String))}`,
    { rule, now, keys: keys.map((key) => tupleOfKey(objectKey(key))) },
  );
  const leads = new Set(rows.filter(({ group_size }) => group_size > 1).map(({ group_lead }) => group_lead));
  const mates =
    leads.size === 0
      ? []
      : await reader.query<Row>(
          `SELECT ${COLUMNS} FROM handoffs FINAL WHERE rule = {rule:String} AND group_lead IN {leads:Array(String)}`,
          { rule, now, leads: [...leads] },
        );
  const all = new Map([...rows, ...mates].map(decidableOf).map((handoff) => [objectKey(handoff.key), handoff]));
  return [...all.values()];
}

interface Row {
  rule: string;
  key_type: string;
  key_id: string;
  state_now: HandoffState;
  group_lead: string;
  group_size: number;
  from_events: EventRef[];
  to_events: EventRef[];
  stake_text: string;
  currency: string;
  resolution: Resolution["kind"] | "";
  resolution_json: string;
}

function decidableOf(row: Row): Decidable {
  const { actId = "" } = (row.resolution === "" ? {} : JSON.parse(row.resolution_json)) as Partial<Resolution>;
  return {
    rule: row.rule,
    key: { type: row.key_type, id: row.key_id },
    state: row.state_now,
    group: row.group_lead,
    from: row.from_events,
    to: row.to_events,
    stake: { amount: row.stake_text, currency: row.currency },
    resolution: row.resolution === "" ? null : row.resolution,
    actId,
  };
}
