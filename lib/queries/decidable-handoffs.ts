/** Handoffs as far as a person's decision on them depends: few columns, sets of keys at once, whole groups. Table handoffs (0006_handoffs.sql). */
import type { Decidable } from "@/lib/domain/handoffs/decidable";
import type { HandoffState, Resolution } from "@/lib/domain/handoffs/handoff";
import type { EventRef } from "@/lib/domain/journey";
import { type ObjectRef, objectKey } from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { conditionsOf, type HandoffFilter, STATE } from "./handoff-filter";
import { tupleOfKey } from "./links";

const COLUMNS = `rule, key_type, key_id, ${STATE} AS state_now, group_lead, group_size, from_events, to_events,
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
  return withGroups(reader, rows, now);
}

export interface Selection {
  /** The first of those that match, by rule and key, each with the rest of its group. */
  readonly handoffs: readonly Decidable[];
  readonly selected: readonly { readonly rule: string; readonly key: ObjectRef }[];
  /** How many match in all. */
  readonly matching: number;
}

export async function selectDecidables(
  reader: FactReader,
  filter: HandoffFilter,
  limit: number,
  now: string,
): Promise<Selection> {
  const { where, parameters } = conditionsOf(filter);
  const [rows, [counted]] = await Promise.all([
    reader.query<Row>(
      `SELECT ${COLUMNS} FROM handoffs FINAL WHERE ${where} ORDER BY rule, key_type, key_id LIMIT {limit:UInt32}`,
      { ...parameters, now, limit },
    ),
    reader.query<{ matching: string }>(`SELECT count() AS matching FROM handoffs FINAL WHERE ${where}`, {
      ...parameters,
      now,
    }),
  ]);
  return {
    handoffs: await withGroups(reader, rows, now),
    selected: rows.map(decidableOf).map(({ rule, key }) => ({ rule, key })),
    matching: Number(counted?.matching ?? 0),
  };
}

async function withGroups(reader: FactReader, rows: readonly Row[], now: string): Promise<Decidable[]> {
  const grouped = rows.filter(({ group_size }) => group_size > 1);
  const rules = [...new Set(grouped.map(({ rule }) => rule))];
  const mates = rules.length === 0 ? [] : await readMates(reader, rules, grouped, now);
  const all = new Map(
    [...rows, ...mates].map(decidableOf).map((handoff) => [`${handoff.rule}\u0000${objectKey(handoff.key)}`, handoff]),
  );
  return [...all.values()];
}

const readMates = (reader: FactReader, rules: readonly string[], grouped: readonly Row[], now: string) =>
  reader.query<Row>(
    `SELECT ${COLUMNS} FROM handoffs FINAL
     WHERE rule IN {rules:Array(String)} AND (toString(rule), group_lead) IN {leads:Array(Tuple(String, String))}`,
    {
      rules,
      now,
      leads: [...new Set(grouped.map(({ rule, group_lead }) => `${rule}\u0000${group_lead}`))].map(tupleOfKey),
    },
  );

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
