/** Which handoffs: one filter for page, API and export. Parsed from an address here, and turned into SQL here. */
import { z } from "zod";
import { BREAK_STATES, HANDOFF_STATES, type HandoffState } from "@/lib/domain/handoffs/handoff";
import { RULE_SEVERITIES } from "@/lib/domain/handoffs/rule";
import type { ObjectRef } from "@/lib/domain/object";
import { described, listOf, names, type OneOrMore, object, text, time } from "./address-parameters";

export const HANDOFF_RESOLUTIONS = ["none", "matched", "accepted", "standing", "awaiting_approval"] as const;

/** What is absent does not narrow; an empty list is nothing chosen, and does not narrow either. */
export interface HandoffFilter {
  readonly rules?: readonly string[] | undefined;
  /** By the clock of the query. */
  readonly states?: readonly HandoffState[] | undefined;
  /** True: breaks that nobody has settled. False: all others. */
  readonly open?: boolean | undefined;
  readonly resolutions?: readonly (typeof HANDOFF_RESOLUTIONS)[number][] | undefined;
  readonly owner?: OneOrMore;
  readonly severity?: OneOrMore;
  readonly companyCode?: OneOrMore;
  readonly period?: OneOrMore;
  readonly location?: OneOrMore;
  readonly partner?: OneOrMore;
  readonly currency?: OneOrMore;
  /** Decimals, whatever the currency; narrow by `currency` too where that matters. Inclusive. */
  readonly stakeMin?: string | undefined;
  readonly stakeMax?: string | undefined;
  /** RFC 3339. When the handoff was opened: not before `from`, before `to`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly root?: ObjectRef | undefined;
  readonly key?: ObjectRef | undefined;
  /** Any part of the key's number or of the partner, in any case. */
  readonly q?: string | undefined;
}

const amount = z
  .string()
  .regex(/^-?\d{1,29}(\.\d{1,9})?$/, "must be a decimal, like 1000.00")
  .optional();

/** The parameters of an address. `repeatable` ones may be given more than once. */
export const handoffParameters = {
  rule: listOf(text).meta({ description: "Rule, or several (comma or repeated)", repeatable: true }),
  state: listOf(z.enum(HANDOFF_STATES)).meta({ description: "State by the clock, or several", repeatable: true }),
  open: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "`true`: breaks that nobody has settled. `false`: all others" }),
  resolution: listOf(z.enum(HANDOFF_RESOLUTIONS)).meta({
    description: "What was decided, or several; `none`: nothing",
    repeatable: true,
  }),
  owner: listOf(text).meta({ description: "Owner, or several", repeatable: true }),
  severity: listOf(z.enum(RULE_SEVERITIES)).meta({ description: "Severity, or several", repeatable: true }),
  companyCode: listOf(text).meta({ description: "Company code, or several", repeatable: true }),
  period: listOf(text).meta({ description: "Period like 2026-11, or several", repeatable: true }),
  location: listOf(text).meta({ description: "Location, or several", repeatable: true }),
  partner: names.meta({ description: "Partner; repeat for several", repeatable: true }),
  currency: listOf(text).meta({ description: "Currency of the money at stake, or several", repeatable: true }),
  stakeMin: amount.meta({ description: "At least this much at stake" }),
  stakeMax: amount.meta({ description: "At most this much at stake" }),
  from: time.meta({ description: "Opened not before (RFC 3339)", ...described }),
  to: time.meta({ description: "Opened before (RFC 3339)", ...described }),
  root: object.meta({ description: "Handoffs of this journey: `order/SO-1001`" }),
  key: object.meta({ description: "Handoffs of this key: `shipment/SH-77`" }),
  q: text.optional().meta({ description: "Any part of key or partner, in any case" }),
};

const parameters = z.object(handoffParameters);

/** From the parameters of an address; others are ignored, so a page may have its own beside them. */
export const handoffFilter = parameters.transform(filterOf);

export function filterOf(given: z.output<typeof parameters>): HandoffFilter {
  const { rule, state, open, resolution, ...same } = given;
  return {
    ...same,
    rules: rule,
    states: state,
    resolutions: resolution,
    open: open === undefined ? undefined : open === "true",
  };
}

/** The clock of the query: `{now:String}`, RFC 3339, is bound by every query that uses what follows. */
const CLOCK = "parseDateTime64BestEffort({now:String}, 3, 'UTC')";
/** Of a row that waits: its time is up. */
export const HAS_CHANGED = `changes_at <= ${CLOCK}`;
/** The state by the clock (lib/domain/handoffs/handoff.ts, stateAt). */
export const STATE = `if(${HAS_CHANGED}, state_when_due, state)`;
/** The state by the clock is one of these; without making it for every row, which costs twice as much. */
const stateIn = (states: string) =>
  `((state IN ${states} AND NOT ${HAS_CHANGED}) OR (state_when_due IN ${states} AND ${HAS_CHANGED}))`;

export const BREAKS = `(${BREAK_STATES.map((state) => `'${state}'`).join(", ")})`;
export const IS_BREAK = stateIn(BREAKS);
/** Nobody has settled it. */
export const UNSETTLED = "resolution IN ('', 'awaiting_approval')";
export const OPEN = `(${UNSETTLED} AND ${IS_BREAK})`;

export interface Conditions {
  /** For WHERE; "1" when nothing narrows. */
  readonly where: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The filter as SQL over `handoffs FINAL`. Values are bound, never written into the text. */
export function conditionsOf(filter: HandoffFilter): Conditions {
  const conditions: string[] = [];
  const parameters: Record<string, unknown> = {};
  const add = (sql: string, values: Readonly<Record<string, unknown>> = {}) => {
    conditions.push(sql);
    Object.assign(parameters, values);
  };
  const addAny = (expression: string, name: string, chosen: OneOrMore) => {
    const values = [chosen ?? []].flat();
    if (values.length > 0) add(`${expression} IN {${name}:Array(String)}`, { [name]: values });
  };
  addAny("rule", "rules", filter.rules);
  if (filter.states && filter.states.length > 0) add(stateIn("{states:Array(String)}"), { states: filter.states });
  addAny("if(resolution = '', 'none', resolution)", "resolutions", filter.resolutions);
  for (const [name, column] of Object.entries(PLAIN_COLUMNS)) addAny(column, name, filter[name as PlainColumn]);
  if (filter.open !== undefined) add(filter.open ? OPEN : `NOT ${OPEN}`);
  if (filter.stakeMin !== undefined) add("stake >= toDecimal128({stakeMin:String}, 9)", { stakeMin: filter.stakeMin });
  if (filter.stakeMax !== undefined) add("stake <= toDecimal128({stakeMax:String}, 9)", { stakeMax: filter.stakeMax });
  if (filter.from) add("opened_at >= parseDateTime64BestEffort({from:String}, 3, 'UTC')", { from: filter.from });
  if (filter.to) add("opened_at < parseDateTime64BestEffort({to:String}, 3, 'UTC')", { to: filter.to });
  if (filter.root) add(OF_ROOT, { rootType: filter.root.type, rootId: filter.root.id });
  if (filter.key)
    add("key_type = {keyType:String} AND key_id = {keyId:String}", { keyType: filter.key.type, keyId: filter.key.id });
  if (filter.q)
    add(
      "(positionCaseInsensitiveUTF8(key_id, {q:String}) > 0 OR positionCaseInsensitiveUTF8(partner, {q:String}) > 0)",
      {
        q: filter.q,
      },
    );
  return { where: conditions.length > 0 ? conditions.join(" AND ") : "1", parameters };
}

/** What usually leaves few numbers of many: they lie together in the order of numbers, or are few wherever they lie. */
const NARROWING = [
  "period",
  "location",
  "partner",
  "from",
  "to",
  "key",
  "q",
] as const satisfies (keyof HandoffFilter)[];
const isNarrow = (filter: HandoffFilter): boolean => NARROWING.some((name) => [filter[name] ?? []].flat().length > 0);

/**
 * Every version of any handoff that matches: what stands among them, and what is outdated. Under a narrow filter it is read before anything else; left to
 * itself the engine looks for the largest first, which here costs seven times as much, and without a filter half.
 */
export function matchingVersions(filter: HandoffFilter): { source: string; parameters: Conditions["parameters"] } {
  const { where, parameters } = conditionsOf(filter);
  const source = isNarrow(filter)
    ? `handoffs PREWHERE ${where} WHERE is_deleted = 0`
    : `handoffs WHERE is_deleted = 0 AND (${where})`;
  return { source, parameters };
}

/**
 * The handoffs that match, each once, as what follows FROM: `SELECT … FROM ${source}`. FINAL has to merge whatever it is not told to leave out. So under a narrow
 * filter it is first given the numbers that match in any version, which a pass without FINAL finds at a tenth of the cost: all versions of a handoff have its number, so the
 * newest is among them, and then it matches or not.
 */
export function matching(filter: HandoffFilter): { source: string; parameters: Conditions["parameters"] } {
  const { where, parameters } = conditionsOf(filter);
  const among = isNarrow(filter) ? `PREWHERE key_id IN (SELECT key_id FROM handoffs WHERE ${where})` : "";
  return { source: `handoffs FINAL ${among} WHERE (${where})`, parameters };
}

const PLAIN_COLUMNS = {
  owner: "owner",
  severity: "severity",
  companyCode: "company_code",
  period: "period",
  location: "location",
  partner: "partner",
  currency: "currency",
} as const satisfies Partial<Record<keyof HandoffFilter, string>>;
type PlainColumn = keyof typeof PLAIN_COLUMNS;

/** A key that once hung below this root may do so no more: the row itself has the last word. */
export const KEYS_OF_ROOT = `(rule, key_type, key_id) IN (
    SELECT rule, key_type, key_id FROM handoffs_by_root WHERE root_type = {rootType:String} AND root_id = {rootId:String})`;
const OF_ROOT = `${KEYS_OF_ROOT} AND arrayExists(root -> root.type = {rootType:String} AND root.id = {rootId:String}, roots)`;
