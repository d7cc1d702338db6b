/** What holds now, for each rule: one query each, over the queue, the failures and how far the sources have come. */
import type { Occurrence } from "@/lib/domain/alerts/decide";
import type { AlertCondition, AlertRule } from "@/lib/domain/alerts/rule";
import type { FactReader } from "@/lib/queries/fact-reader";

/** The oldest first, so that what is left out comes when they are done with. */
const ROWS_MAX = 20_000;

/** In somebody's hands, or nobody's, by the clock of the look: rows of the queue do not change as time passes. */
const OPEN = `opens_at <= {now:DateTime64(3, 'UTC')}
  AND (state IN ('open', 'acknowledged', 'regressed') OR (state = 'ignored' AND ignored_until <= {now:DateTime64(3, 'UTC')}))`;
const CHOSEN = `(empty({interfaces:Array(String)}) OR interface IN {interfaces:Array(String)})
  AND (empty({categories:Array(String)}) OR category IN {categories:Array(String)})`;

interface Found {
  readonly subject: string;
  readonly member: string;
  readonly begins: number;
  readonly title: string;
}

/** `now` is RFC 3339. */
export async function readOccurrences(
  reader: FactReader,
  rules: readonly AlertRule[],
  now: string,
): Promise<Occurrence[]> {
  const found: Occurrence[] = [];
  for (const rule of rules) {
    const { sql, parameters } = queryOf(rule.when);
    const rows = await reader.query<Found>(`${sql} LIMIT ${ROWS_MAX}`, {
      ...parameters,
      interfaces: rule.interfaces,
      categories: rule.categories,
      now: now.replace("T", " ").replace("Z", ""),
    });
    for (const { begins, ...row } of rows) found.push({ ...row, rule: rule.id, begins: begins === 1 });
  }
  return found;
}

function queryOf(when: AlertCondition): { sql: string; parameters: Record<string, unknown> } {
  switch (when.condition) {
    case "new_group":
      return { sql: NEW_GROUP, parameters: { within_ms: when.within } };
    case "regressed":
      return { sql: REGRESSED, parameters: {} };
    case "sla_breach":
      return { sql: SLA_BREACH, parameters: {} };
    case "value_at_risk":
      return { sql: VALUE_AT_RISK, parameters: { over: when.over, currency: when.currency } };
    case "source_silent":
      return { sql: SOURCE_SILENT, parameters: { source: when.source, for_ms: when.for } };
    case "spike":
      return {
        sql: SPIKE,
        parameters: { window_ms: when.window, past_ms: when.past, factor: when.factor, at_least: when.at_least },
      };
  }
}

const MS_BEFORE = (parameter: string): string =>
  `subtractMilliseconds({now:DateTime64(3, 'UTC')}, {${parameter}:UInt64})`;

/** It is new by all it ever had, settled or not; and lasts while one of it is open. */
const NEW_GROUP = `
  SELECT fingerprint AS subject, fingerprint AS member, toUInt8(min(first_failed_at) >= ${MS_BEFORE("within_ms")}) AS begins,
    concat(any(interface), ': ', any(cause)) AS title
  FROM exceptions FINAL WHERE fingerprint != '' AND ${CHOSEN}
  GROUP BY fingerprint HAVING countIf(${OPEN}) > 0 ORDER BY min(first_failed_at), fingerprint`;

const REGRESSED = `
  SELECT fingerprint AS subject, concat(exception_id, ' ', toString(regressions)) AS member, toUInt8(state = 'regressed') AS begins, cause AS title
  FROM exceptions FINAL WHERE regressions > 0 AND ${OPEN} AND ${CHOSEN} ORDER BY last_failed_at, exception_id`;

const SLA_BREACH = `
  SELECT fingerprint AS subject, concat(exception_id, ' ', toString(due_at)) AS member, toUInt8(1) AS begins, cause AS title
  FROM exceptions FINAL WHERE due_at <= {now:DateTime64(3, 'UTC')} AND ${OPEN} AND ${CHOSEN} ORDER BY due_at, exception_id`;

/** Several exceptions of one order hold up its value once. */
const VALUE_AT_RISK = `
  SELECT currency AS subject, currency AS member, toUInt8(1) AS begins, concat(toString(sum(worth)), ' ', currency, ' of orders held up') AS title
  FROM (
    SELECT currency, max(value) AS worth FROM exceptions FINAL
    WHERE currency = {currency:String} AND value IS NOT NULL AND ${OPEN} AND ${CHOSEN}
    GROUP BY if(empty(roots), [(subject_type, subject_id)], roots), currency)
  GROUP BY currency HAVING sum(worth) > toDecimal128({over:String}, 9)`;

/** One that never reported is not silent but not there. */
const SOURCE_SILENT = `
  SELECT source AS subject, source AS member, toUInt8(1) AS begins, concat('Nothing from ', source, ' since ', toString(max(last_received_at))) AS title
  FROM source_progress WHERE source = {source:String}
  GROUP BY source HAVING max(last_received_at) < ${MS_BEFORE("for_ms")}`;

/** What is usual is over the time before the window. It lasts until it is half of what began it, so that it does not come and go around the limit. */
const SPIKE = `
  SELECT interface AS subject, interface AS member, toUInt8(recent >= {at_least:UInt32} AND recent > usual * {factor:Float64}) AS begins,
    concat(toString(recent), ' failures of ', interface, ', usual are ', toString(round(usual, 1))) AS title
  FROM (
    SELECT interface, countIf(occurred_at > ${MS_BEFORE("window_ms")}) AS recent,
      (count() - recent) * {window_ms:UInt64} / greatest({past_ms:UInt64}, 1) AS usual
    FROM failures FINAL
    WHERE interface != '' AND occurred_at <= {now:DateTime64(3, 'UTC')}
      AND occurred_at > subtractMilliseconds({now:DateTime64(3, 'UTC')}, {window_ms:UInt64} + {past_ms:UInt64})
      AND (empty({interfaces:Array(String)}) OR interface IN {interfaces:Array(String)})
      AND length({categories:Array(String)}) >= 0
    GROUP BY interface)
  WHERE recent * 2 >= {at_least:UInt32} AND recent * 2 > usual * {factor:Float64}`;
