/** What is still open about a company code's period, by the clock of the query. */
import { type Money, sumByCurrency } from "@/lib/domain/handoffs/approval";
import { companyOf, endOfPeriod } from "@/lib/domain/handoffs/business-time";
import type { Finance } from "@/lib/domain/handoffs/finance";
import { BREAK_STATES, type BreakState, type HandoffState, type Resolution } from "@/lib/domain/handoffs/handoff";
import {
  type CloseChecklist,
  itemOf,
  type OpenMoney,
  type RuleChecklist,
  type SourceReach,
} from "@/lib/domain/handoffs/period-close";
import { OWN_SOURCE, type SystemRegistry } from "@/lib/domain/system";
import type { FactReader } from "./fact-reader";
import { STATE } from "./handoff-filter";
import { WIDE_STAKE } from "./reconciliation";
import { listSources } from "./sources";

export interface CompanyPeriod {
  readonly companyCode: string;
  /** "2026-11" */
  readonly period: string;
}

export interface CloseContext {
  readonly finance: Finance;
  readonly systems: SystemRegistry;
  readonly now: Date;
}

export async function readCloseChecklist(
  reader: FactReader,
  { companyCode, period }: CompanyPeriod,
  { finance, systems, now }: CloseContext,
): Promise<CloseChecklist> {
  const endsAt = endOfPeriod(period, companyOf(finance, companyCode, ""));
  const readAt = now.toISOString();
  const [counted, sources] = await Promise.all([
    readCounts(reader, { companyCode, period }, readAt),
    listSources(reader, systems, now),
  ]);
  const rules = [...new Set(counted.map(({ rule }) => rule))];
  return {
    companyCode,
    period,
    endsAt,
    hasEnded: endsAt <= readAt,
    readAt,
    rules: rules.map((rule) =>
      ruleChecklist(
        rule,
        counted.filter((each) => each.rule === rule),
      ),
    ),
    // A declared source that never reported is none that this company has.
    sources: sources
      .filter(({ source, completeThrough }) => source !== OWN_SOURCE && completeThrough !== null)
      .map(
        ({ source, name, completeThrough }): SourceReach => ({
          source,
          name,
          completeThrough,
          reachesEnd: completeThrough !== null && completeThrough >= endsAt,
        }),
      ),
  };
}

interface Counted extends Money {
  readonly rule: string;
  readonly state: HandoffState;
  readonly resolution: Resolution["kind"] | null;
  readonly count: number;
}

async function readCounts(reader: FactReader, { companyCode, period }: CompanyPeriod, now: string): Promise<Counted[]> {
  const rows = await reader.query<{
    rule: string;
    state_now: HandoffState;
    resolution: Resolution["kind"] | "";
    currency: string;
    handoffs: string;
    stake_sum: string;
  }>(
    `SELECT rule, ${STATE} AS state_now, resolution, currency, count() AS handoffs, toString(sum(${WIDE_STAKE})) AS stake_sum
     FROM handoffs FINAL WHERE company_code = {companyCode:String} AND period = {period:String}
     GROUP BY rule, state_now, resolution, currency ORDER BY rule, state_now, resolution, currency`,
    { companyCode, period, now },
  );
  return rows.map((row) => ({
    rule: row.rule,
    state: row.state_now,
    resolution: row.resolution === "" ? null : row.resolution,
    count: Number(row.handoffs),
    amount: row.stake_sum,
    currency: row.currency,
  }));
}

function ruleChecklist(rule: string, counted: readonly Counted[]): RuleChecklist {
  const under = (item: string): OpenMoney => {
    const found = counted.filter((each) => itemOf(each) === item);
    return { count: sumOf(found), stakes: sumByCurrency(found) };
  };
  const breaks = BREAK_STATES.map((state) => [state, under(`break ${rule} ${state}`)] as const);
  return {
    rule,
    total: sumOf(counted),
    breaks: Object.fromEntries(breaks) as Record<BreakState, OpenMoney>,
    pending: under(`pending ${rule}`),
    awaiting: under(`awaiting ${rule}`),
  };
}

const sumOf = (counted: readonly Counted[]): number => counted.reduce((sum, { count }) => sum + count, 0);
