/** Which exceptions: one filter for page, API, export, bulk acts and replays. Parsed from an address here, and turned into SQL here. */
import { z } from "zod";
import {
  EXCEPTION_CATEGORIES,
  EXCEPTION_CLASSES,
  EXCEPTION_KINDS,
  EXCEPTION_STATES,
  type ExceptionCategory,
  type ExceptionClass,
  type ExceptionKind,
  type ExceptionState,
  OPEN_STATES,
} from "@/lib/domain/exceptions/exception";
import type { ObjectRef } from "@/lib/domain/object";
import { described, listOf, names, type OneOrMore, object, text, time } from "./address-parameters";
import { HAS_OPENED, stateIn } from "./exception-row";

/** What is absent does not narrow; an empty list is nothing chosen, and does not narrow either. */
export interface ExceptionFilter {
  /** By the clock of the query. */
  readonly states?: readonly ExceptionState[] | undefined;
  readonly classes?: readonly ExceptionClass[] | undefined;
  readonly categories?: readonly ExceptionCategory[] | undefined;
  readonly kinds?: readonly ExceptionKind[] | undefined;
  /** NOBODY stands for nobody. */
  readonly owner?: OneOrMore;
  readonly assignee?: OneOrMore;
  readonly interface?: OneOrMore;
  /** Fingerprints. */
  readonly group?: OneOrMore;
  /** Any of these. */
  readonly tag?: OneOrMore;
  readonly severity?: OneOrMore;
  /** Any part of a number of the subject or an order, of the message or of the cause, in any case. */
  readonly q?: string | undefined;
  readonly root?: ObjectRef | undefined;
  /** RFC 3339. When it last failed: not before `from`, before `to`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export const NOBODY = "none";

/** The tabs of the queue; `tab` and `state` together narrow to what is in both. */
export const EXCEPTION_TABS = ["open", "replaying", "resolved", "ignored", "all"] as const;
export type ExceptionTab = (typeof EXCEPTION_TABS)[number];
const STATES_OF_TAB: Readonly<Record<ExceptionTab, readonly ExceptionState[]>> = {
  open: OPEN_STATES,
  replaying: ["replaying"],
  resolved: ["resolved"],
  ignored: ["ignored"],
  all: EXCEPTION_STATES,
};

/** The parameters of an address. `repeatable` ones may be given more than once. */
export const exceptionParameters = {
  tab: z.enum(EXCEPTION_TABS).optional().meta({ description: "`open`: open, acknowledged and regressed" }),
  state: listOf(z.enum(EXCEPTION_STATES)).meta({ description: "State by the clock, or several", repeatable: true }),
  class: listOf(z.enum(EXCEPTION_CLASSES)).meta({ description: "Class, or several", repeatable: true }),
  category: listOf(z.enum(EXCEPTION_CATEGORIES)).meta({ description: "Technical or business", repeatable: true }),
  kind: listOf(z.enum(EXCEPTION_KINDS)).meta({ description: "Kind, or several", repeatable: true }),
  owner: listOf(text).meta({ description: "Owner, or several; `none`: nobody", repeatable: true }),
  assignee: names.meta({ description: "Assignee; repeat for several; `none`: nobody", repeatable: true }),
  interface: listOf(text).meta({ description: "Interface, or several", repeatable: true }),
  group: listOf(text).meta({ description: "Group (fingerprint), or several", repeatable: true }),
  tag: names.meta({ description: "Tag; repeat for any of several", repeatable: true }),
  severity: listOf(text).meta({ description: "Severity, or several", repeatable: true }),
  q: text.optional().meta({ description: "Any part of a number of subject or order, of message or cause" }),
  root: object.meta({ description: "Exceptions of this journey: `order/SO-1001`" }),
  from: time.meta({ description: "Last failed not before (RFC 3339)", ...described }),
  to: time.meta({ description: "Last failed before (RFC 3339)", ...described }),
};

const parameters = z.object(exceptionParameters);

/** From the parameters of an address; others are ignored, so a page may have its own beside them. */
export const exceptionFilter = parameters.transform(filterOf);

export function filterOf(given: z.output<typeof parameters>): ExceptionFilter {
  const { tab, state, class: classes, category, kind, ...same } = given;
  const chosen = state && state.length > 0 ? state : undefined;
  const ofTab = tab === undefined || tab === "all" ? undefined : STATES_OF_TAB[tab];
  const states = ofTab && chosen ? ofTab.filter((each) => chosen.includes(each)) : (chosen ?? ofTab);
  return { ...same, states, classes, categories: category, kinds: kind };
}

/** The filter as parameters of an address, to be kept with a plan: `exceptionFilter` of it is the filter again. */
export function filterParameters(filter: ExceptionFilter): Record<string, string | string[]> {
  const { states, classes, categories, kinds, root, ...same } = filter;
  const named = { ...same, state: states, class: classes, category: categories, kind: kinds };
  const given = Object.entries(named).flatMap(([name, value]): [string, string | string[]][] => {
    if (value === undefined || value.length === 0) return [];
    return [[name, typeof value === "string" ? value : [...value]]];
  });
  return Object.fromEntries(root ? [...given, ["root", `${root.type}/${root.id}`]] : given);
}

export interface Conditions {
  /** For WHERE. */
  readonly where: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const COLUMNS = {
  classes: "class",
  categories: "category",
  kinds: "kind",
  owner: "owner",
  assignee: "assignee",
  interface: "interface",
  group: "fingerprint",
  severity: "severity",
} as const satisfies Partial<Record<keyof ExceptionFilter, string>>;
const MAY_BE_NOBODY: readonly string[] = ["owner", "assignee"];

/** The filter as SQL over `exceptions FINAL`. Values are bound, never written into the text. */
export function conditionsOf(filter: ExceptionFilter): Conditions {
  const conditions: string[] = [HAS_OPENED];
  const parameters: Record<string, unknown> = {};
  const add = (sql: string, values: Readonly<Record<string, unknown>> = {}) => {
    conditions.push(sql);
    Object.assign(parameters, values);
  };
  // No state is in both tab and list: nothing matches, which is not the same as nothing chosen.
  if (filter.states) add(stateIn("{states:Array(String)}"), { states: filter.states });
  for (const [name, column] of Object.entries(COLUMNS)) {
    const values = [filter[name as keyof typeof COLUMNS] ?? []].flat();
    const stored = MAY_BE_NOBODY.includes(name) ? values.map((value) => (value === NOBODY ? "" : value)) : values;
    if (stored.length > 0) add(`${column} IN {${name}:Array(String)}`, { [name]: stored });
  }
  const tags = [filter.tag ?? []].flat();
  if (tags.length > 0) add("hasAny(tags, {tags:Array(String)})", { tags });
  if (filter.from) add("last_failed_at >= parseDateTime64BestEffort({from:String}, 3, 'UTC')", { from: filter.from });
  if (filter.to) add("last_failed_at < parseDateTime64BestEffort({to:String}, 3, 'UTC')", { to: filter.to });
  if (filter.root) add(OF_ROOT, { rootType: filter.root.type, rootId: filter.root.id });
  if (filter.q) add(containing(filter.q), { q: filter.q });
  return { where: conditions.join(" AND "), parameters };
}

/** Bytes compare several times faster than letters, and where all that is sought is ASCII they say the same. */
function containing(q: string): string {
  const position = /^[\u0020-\u007e]*$/.test(q) ? "positionCaseInsensitive" : "positionCaseInsensitiveUTF8";
  const inText = ["subject_id", "message", "cause"].map((column) => `${position}(${column}, {q:String}) > 0`);
  return `(${inText.join(" OR ")} OR arrayExists(id -> ${position}(id, {q:String}) > 0, roots.id))`;
}

/** The exceptions of a root, by key; the row itself has the last word, roots change. */
export const IDS_OF_ROOT = `exception_id IN (
    SELECT exception_id FROM exceptions_by_root WHERE root_type = {rootType:String} AND root_id = {rootId:String})`;
const OF_ROOT = `${IDS_OF_ROOT} AND arrayExists(root -> root.type = {rootType:String} AND root.id = {rootId:String}, roots)`;
