/** The reconciliation page's figures. Money never without its currency, and two currencies are never added. */
import type { HandoffState } from "@/lib/domain/handoffs/handoff";
import type { FactReader } from "./fact-reader";
import { BREAKS, HAS_CHANGED, type HandoffFilter, matching, OPEN } from "./handoff-filter";

export interface MatrixCell {
  readonly rule: string;
  readonly state: HandoffState;
  /** Empty where no side stated money. */
  readonly currency: string;
  readonly count: number;
  /** Of `count`, breaks that nobody has settled. */
  readonly open: number;
  /** At stake, a decimal in `currency`. */
  readonly stake: string;
}

/** For sums: the store adds decimals without looking, and two of the largest would come out negative. */
export const WIDE_STAKE = "toDecimal256(stake, 9)";

/**
 * Rule × state × currency; the counts add up to the number of handoffs that match. Rows are added up by `cell`, the dictionary of everything that parts one
 * cell from another; what the clock has changed moves from its cell to that of the state it became.
 */
export async function readMatrix(store: FactReader, filter: HandoffFilter, now: string): Promise<MatrixCell[]> {
  const { source, parameters } = matching(filter);
  const rows = await store.query<MatrixRow>(
    `SELECT parts[1] AS rule, share.1 AS shown_state, parts[4] AS currency, sum(share.2) AS handoffs,
       sumIf(share.2, shown_state IN ${BREAKS} AND parts[5] IN ('', 'awaiting_approval')) AS open_breaks, sum(share.3) AS stake_sum
     FROM (
       SELECT splitByChar('\\0', toString(cell)) AS parts,
         arrayJoin([(parts[2], kept, kept_stake), (parts[3], changed, changed_stake)]) AS share
       FROM (
         SELECT cell, countIf(${HAS_CHANGED}) AS changed, countIf(NOT ${HAS_CHANGED}) AS kept,
           sumIf(${WIDE_STAKE}, ${HAS_CHANGED}) AS changed_stake, sumIf(${WIDE_STAKE}, NOT ${HAS_CHANGED}) AS kept_stake
         FROM ${source} GROUP BY cell
       )
     )
     WHERE share.2 > 0 GROUP BY rule, shown_state, currency ORDER BY rule, shown_state, currency`,
    { ...parameters, now },
  );
  return rows.map((row) => ({
    rule: row.rule,
    state: row.shown_state,
    currency: row.currency,
    count: Number(row.handoffs),
    open: Number(row.open_breaks),
    stake: row.stake_sum,
  }));
}

interface MatrixRow {
  rule: string;
  currency: string;
  shown_state: HandoffState;
  handoffs: string;
  open_breaks: string;
  stake_sum: string;
}

/** Days from the break to the business date. `after`: it broke after that date. Together they hold every open break. */
export const AGEING_BUCKETS = ["after", "0-1", "2-7", "8-30", "31-60", "61-90", "over-90"] as const;
export type AgeingBucket = (typeof AGEING_BUCKETS)[number];

export interface AgeingCell {
  readonly rule: string;
  readonly bucket: AgeingBucket;
  readonly currency: string;
  readonly count: number;
  readonly stake: string;
}

/**
 * Open breaks by age on a date.
 * @param businessDate "2026-11-25"
 * @param timeZone whose midnight parts the days: that of the company code
 */
export async function readAgeing(
  store: FactReader,
  filter: HandoffFilter,
  businessDate: string,
  now: string,
  timeZone = "UTC",
): Promise<AgeingCell[]> {
  const { source, parameters } = matching(filter);
  const rows = await store.query<{
    rule: string;
    bucket: AgeingBucket;
    currency: string;
    breaks: string;
    stake_sum: string;
  }>(
    `WITH dateDiff('day', toDate32(coalesce(broken_at, due_at, opened_at), {timeZone:String}), toDate32({businessDate:String})) AS days
     SELECT rule, multiIf(days < 0, 'after', days <= 1, '0-1', days <= 7, '2-7', days <= 30, '8-30', days <= 60, '31-60', days <= 90, '61-90', 'over-90') AS bucket,
       currency, count() AS breaks, sum(${WIDE_STAKE}) AS stake_sum
     FROM ${source} AND ${OPEN} GROUP BY rule, bucket, currency ORDER BY rule, bucket, currency`,
    { ...parameters, businessDate, timeZone, now },
  );
  return rows.map(({ rule, bucket, currency, breaks, stake_sum }) => ({
    rule,
    bucket,
    currency,
    count: Number(breaks),
    stake: stake_sum,
  }));
}

export interface FilterChoices {
  readonly rules: readonly string[];
  readonly owners: readonly string[];
  readonly companyCodes: readonly string[];
  readonly periods: readonly string[];
  readonly locations: readonly string[];
  readonly partners: readonly string[];
  readonly currencies: readonly string[];
}

/** A choice of more than this is no list to choose from; search finds the rest. */
export const CHOICES_MAX = 500;

/** What occurs in each column, by name (periods: newest first), at most CHOICES_MAX of each. */
export async function readFilterChoices(store: FactReader): Promise<FilterChoices> {
  const choices = (column: string) =>
    `arraySort(groupUniqArrayIf(${CHOICES_MAX})(toString(${column}), ${column} != ''))`;
  // Without FINAL: a name that only an outdated row has is a choice that finds nothing, and does no harm.
  const [row] = await store.query<FilterChoices>(
    `SELECT ${choices("rule")} AS rules, ${choices("owner")} AS owners, ${choices("company_code")} AS companyCodes,
       arrayReverse(${choices("period")}) AS periods, ${choices("location")} AS locations, ${choices("partner")} AS partners,
       ${choices("currency")} AS currencies
     FROM handoffs WHERE is_deleted = 0`,
  );
  return row ?? { rules: [], owners: [], companyCodes: [], periods: [], locations: [], partners: [], currencies: [] };
}
