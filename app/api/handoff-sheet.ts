/** The filtered list of handoffs as a file, with what it was filtered by and how far its figures reach above the columns. */
import { differenceInCalendarDays } from "date-fns";
import { ExactDecimal } from "@/lib/domain/decimal";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { RuleInfo } from "@/lib/domain/handoffs/rule-info";
import { type SystemRegistry, systemName } from "@/lib/domain/system";

export const HANDOFF_SHEET_COLUMNS = [
  "Rule",
  "Rule name",
  "Rule version",
  "Key type",
  "Key",
  "State",
  "Open",
  "Expected quantity",
  "Actual quantity",
  "Expected amount",
  "Actual amount",
  "Variance",
  "Currency",
  "At stake",
  "Difference",
  "Company code",
  "Period",
  "Warehouse",
  "Partner",
  "Owner",
  "Severity",
  "Opened",
  "Due",
  "Broken",
  "Age in days",
  "Settled",
  "Decision",
  "Decided by",
  "Decided at",
  "Reason",
  "Note",
  "Orders",
  "Events expected",
  "Events found",
] as const;

export interface SheetContext {
  readonly rules: Readonly<Record<string, RuleInfo>>;
  /** "2026-11-25" */
  readonly businessDate: string;
  /** Whose midnight parts the days: the page's ageing counts by the same. */
  readonly timeZone: string;
}

export function handoffCells(handoff: ListedHandoff, { rules, businessDate, timeZone }: SheetContext): string[] {
  const { totals, resolution } = handoff;
  return [
    handoff.rule,
    rules[handoff.rule]?.name ?? handoff.rule,
    String(handoff.ruleVersion),
    handoff.key.type,
    handoff.key.id,
    handoff.state,
    handoff.open ? "yes" : "no",
    totals.expectedQuantity ?? "",
    totals.actualQuantity ?? "",
    totals.expectedAmount ?? "",
    totals.actualAmount ?? "",
    varianceOf(totals.expectedAmount, totals.actualAmount),
    totals.currency,
    handoff.stake,
    differenceText(handoff),
    handoff.companyCode,
    handoff.period,
    handoff.location,
    handoff.partner,
    handoff.owner,
    handoff.severity,
    handoff.openedAt,
    handoff.dueAt ?? "",
    handoff.brokenAt ?? "",
    handoff.brokenAt === null ? "" : String(ageInDays(handoff.brokenAt, businessDate, timeZone)),
    handoff.settledAt ?? "",
    resolution?.kind ?? "",
    resolution?.by ?? "",
    resolution?.at ?? "",
    resolution?.reason ?? "",
    resolution?.note ?? "",
    handoff.roots.map(({ id }) => id).join(" "),
    handoff.from.map(({ source, id }) => `${source}/${id}`).join(" "),
    handoff.to.map(({ source, id }) => `${source}/${id}`).join(" "),
  ];
}

function varianceOf(expected: string | null, actual: string | null): string {
  if (expected === null && actual === null) return "";
  return new ExactDecimal(actual ?? "0").minus(expected ?? "0").toFixed(2);
}

/** Calendar days; negative: it broke after that day. */
const ageInDays = (brokenAt: string, businessDate: string, timeZone: string): number =>
  differenceInCalendarDays(midnightOf(businessDate), midnightOf(dateIn(timeZone, new Date(brokenAt))));

const midnightOf = (date: string): Date => new Date(`${date}T00:00:00`);

/** "2026-11-25" there and then. */
export const dateIn = (timeZone: string, at: Date): string => new Intl.DateTimeFormat("en-CA", { timeZone }).format(at);

/** "A-1: 10 instead of 12; period 2026-12 instead of 2026-11". */
function differenceText({ difference }: ListedHandoff): string {
  const { quantity = [], amount, period, incomparable = [] } = difference;
  return [
    ...(amount ? [`${amount.actual} instead of ${amount.expected} ${amount.currency}`.trim()] : []),
    ...quantity.map(({ sku, expected, actual }) => `${sku}: ${actual} instead of ${expected}`),
    ...(period ? [`period ${period.actual} instead of ${period.expected}`] : []),
    ...incomparable,
  ].join("; ");
}

export interface SheetHead {
  /** What the rows are: "Handoffs" when not given. */
  readonly of?: string;
  /** As given: the parameters of the address. */
  readonly filter: URLSearchParams;
  readonly businessDate?: string;
  readonly now: string;
  readonly completeThrough: Readonly<Record<string, string>>;
  readonly systems: SystemRegistry;
  readonly total: number;
}

/** Who reads the file later must know what it is of. */
export function sheetHead(head: SheetHead): string[][] {
  const { of = "Handoffs", filter, businessDate, now, completeThrough, systems, total } = head;
  const names = [...new Set(filter.keys())].filter((name) => !NO_FILTER.includes(name));
  const stated = names.map((name) => `${name}: ${filter.getAll(name).join(", ")}`);
  const reach = Object.entries(completeThrough).map(([source, at]) => `${systemName(systems, source)} ${at}`);
  return [
    ["Throughline", of],
    ["Filter", stated.length > 0 ? stated.join("; ") : `none: all ${of.toLowerCase()}`],
    ...(businessDate === undefined ? [] : [["Business date", businessDate]]),
    ["States as of", now],
    ["Complete through", reach.length > 0 ? reach.join("; ") : "no source has reported"],
    [of, String(total)],
    [],
  ];
}

const NO_FILTER: readonly string[] = ["format", "sort", "date"];
