/** Exceptions made inside the engine: two years of failures of a company, the same on every run. */
import type { Store } from "@/lib/clickhouse/client";
import { BENCH_NOW } from "./synthetic-handoffs";

const ROWS_PER_INSERT = 250_000;
/** Causes: a few make most failures, as in life. */
export const CAUSES = 400;
export const INTERFACES = 24;
const SUPERSEDED_PERCENT = 2;

const dice = (salt: number, sides: number): string => `(cityHash64(number, ${salt}) % ${sides})`;
const CLOCK = `toDateTime64('${BENCH_NOW.slice(0, 23).replace("T", " ")}', 3, 'UTC')`;

// A third needs somebody; the rest is history.
const STATE = `multiIf(
  ${dice(1, 100)} < 60, 'resolved', ${dice(1, 100)} < 85, 'open', ${dice(1, 100)} < 90, 'acknowledged', ${dice(1, 100)} < 92, 'regressed',
  ${dice(1, 100)} < 95, 'ignored', 'replaying')`;

/** `version` 0: as they stood first, all open; 1: as they stand. */
function insertion(version: 0 | 1, only: string): string {
  return `
    INSERT INTO exceptions (exception_id, version, is_deleted, kind, category, class, state, resolution, interface, step, source, target, fingerprint, cause,
      message, error_code, subject_type, subject_id, message_key, failed_source, failed_event_id, has_message, roots, severity, owner, assignee, tags,
      opens_at, first_failed_at, last_failed_at, due_at, ignored_until, resolved_at, resolved_by, occurrences, attempts, regressions, acts, value, currency,
      promised_at)
    WITH {total:UInt64} AS total,
      toUInt32(pow(${dice(2, 1_000_000)} / 1000000, 3) * ${CAUSES}) AS cause_no, cause_no % ${INTERFACES} AS interface_no,
      ${version === 0 ? "'open'" : STATE} AS state,
      ${CLOCK} - toIntervalSecond(toUInt64(pow(${dice(3, 1_000_000)} / 1000000, 2) * 63000000)) AS first_at,
      ['value', 'missing', 'connection', 'intermittent', 'rate_limit', 'duplicate', 'contract', 'business'] AS classes
    SELECT concat('ex_', lower(substring(hex(SHA256(toString(number))), 1, 24))) AS exception_id, ${10 + version} AS version, 0 AS is_deleted,
      if(cause_no % 10 = 9, 'handoff', 'delivery') AS kind, if(cause_no % 8 = 7, 'business', 'technical') AS category,
      classes[cause_no % 8 + 1] AS class, state, if(state = 'resolved', 'automatic', '') AS resolution,
      concat('interface-', toString(interface_no)) AS interface, 'api.called' AS step, concat('wms-', toString(interface_no % 5)) AS source, 'erp' AS target,
      lower(substring(hex(SHA256(concat('cause', toString(cause_no)))), 1, 32)) AS fingerprint,
      concat('Delivery # of material # in plant # failed: condition ', toString(cause_no), ' is not met') AS cause,
      concat('Delivery ', toString(80000000 + number), ' of material M-', toString(${dice(4, 90_000)}), ' in plant ', toString(1000 + ${dice(5, 40)}),
        ' failed: condition ', toString(cause_no), ' is not met') AS message,
      concat('M7 ', toString(cause_no)) AS error_code, 'shipment' AS subject_type, concat('SH', leftPad(toString(number), 9, '0')) AS subject_id,
      concat('gi-', subject_id) AS message_key, source AS failed_source, concat('f-', toString(number)) AS failed_event_id, 1 AS has_message,
      [('order', concat('SO', leftPad(toString(intDiv(number, 3)), 9, '0')))] AS roots, if(interface_no % 2 = 0, 'finance', 'normal') AS severity,
      concat('owner-', toString(cause_no % 12)) AS owner, if(state = 'acknowledged', concat('Person ', toString(${dice(6, 30)})), '') AS assignee,
      if(${dice(7, 20)} = 0, ['vip'], []) AS tags, first_at AS opens_at, first_at AS first_failed_at,
      first_at + toIntervalSecond(${dice(8, 600)}) AS last_failed_at, first_at + toIntervalHour(4) AS due_at,
      if(state = 'ignored' AND number % 2 = 0, ${CLOCK} + toIntervalDay(7), NULL) AS ignored_until,
      if(state = 'resolved', first_at + toIntervalHour(2), NULL) AS resolved_at, '' AS resolved_by, 1 + ${dice(9, 5)} AS occurrences,
      1 + ${dice(9, 5)} AS attempts, if(state = 'regressed', 1, 0) AS regressions, 0 AS acts,
      if(${dice(10, 20)} = 0, NULL, toDecimal128(20 + cityHash64(intDiv(number, 3), 10) % 500000 / 100, 9)) AS value,
      if(cityHash64(intDiv(number, 3), 11) % 100 < 85, 'USD', 'EUR') AS currency,
      first_at + toIntervalHour(12 + cityHash64(intDiv(number, 3), 12) % 240) AS promised_at
    FROM numbers({from:UInt64}, {count:UInt64}) WHERE ${only}`;
}

const run = (store: Store, version: 0 | 1, total: number, from: number, only: string): Promise<void> =>
  store.command(
    insertion(version, only),
    { total, from, count: Math.min(ROWS_PER_INSERT, total - from) },
    { timeoutMs: 600_000 },
  );

export async function loadExceptions(store: Store, total: number): Promise<void> {
  for (let from = 0; from < total; from += ROWS_PER_INSERT) await run(store, 1, total, from, "1");
}

/** Earlier versions of some, stored after the later ones; the engine merges nothing of this table any more, so they and the parts stay. */
export async function loadSupersededExceptions(store: Store, total: number): Promise<void> {
  await store.command("SYSTEM STOP MERGES exceptions");
  for (let from = 0; from < total; from += ROWS_PER_INSERT)
    await run(store, 0, total, from, `${dice(13, 100)} < ${SUPERSEDED_PERCENT}`);
}
