/** Handoffs made inside the engine: mix and spread like a company's two years, the same on every run. */
import type { Store } from "@/lib/clickhouse/client";

/** The clock of the measurement; the newest handoffs were opened just before. */
export const BENCH_NOW = "2026-11-25T12:00:00.000Z";
export const RULES = 14;
export const PERIODS = 24;
export const LOCATIONS = 40;
const ROWS_PER_INSERT = 500_000;
/** Of all handoffs, how many stand in the store in an earlier version too. */
const SUPERSEDED_PERCENT = 2;

const RULE = `concat('rule-', leftPad(toString(number % ${RULES} + 1), 2, '0'))`;
/** In the order of n, as documents are numbered and postings happen. */
const OPENED = `toDateTime64(toUnixTimestamp(toDateTime('${BENCH_NOW.slice(0, 19).replace("T", " ")}', 'UTC')) - 3600 - toUInt64((total - number) * (${PERIODS} * 2629800 / total)), 3, 'UTC')`;
const dice = (salt: number, sides: number): string => `(cityHash64(number, ${salt}) % ${sides})`;

// 94 % matched, 2 % pending, the rest breaks and void. What is pending is new; breaks lie anywhere.
const STATE = `multiIf(
  number >= total * 98 / 100, 'pending',
  ${dice(1, 9800)} < 160, 'late',
  ${dice(1, 9800)} < 280, 'mismatched',
  ${dice(1, 9800)} < 330, 'duplicate',
  ${dice(1, 9800)} < 380, 'orphan',
  ${dice(1, 9800)} < 400, 'void', 'matched')`;
const IS_BREAK = "state IN ('late', 'mismatched', 'duplicate', 'orphan')";

/** `version` 0: as they stood first, all pending; 1: as they stand. `only`: a condition on `number`. */
function insertion(version: 0 | 1, only: string): string {
  return `
    INSERT INTO handoffs (rule, key_type, key_id, version, is_deleted, rule_version, state, state_when_due, due_at, group_lead, group_size, leads, roots,
      from_events, to_events, excess_events, difference, expected_quantity, actual_quantity, expected_amount, actual_amount, currency, stake, company_code,
      period, location, partner, owner, severity, interface, opened_at, broken_at, settled_at, resolution, resolution_json)
    WITH {total:UInt64} AS total,
      ${version === 0 ? "'pending'" : STATE} AS state,
      ${OPENED} AS opened,
      opened + toIntervalHour(1 + number % ${RULES} * 12) AS due,
      ${IS_BREAK} AS is_break,
      toDecimal128(10 + ${dice(2, 500_000)} / 100, 9) AS amount,
      concat('DOC', leftPad(toString(intDiv(number, ${RULES})), 9, '0')) AS key_id
    SELECT ${RULE} AS rule, multiIf(number % 3 = 0, 'shipment', number % 3 = 1, 'invoice', 'order') AS key_type, key_id,
      ${2 ** 32 + version} AS version, 0 AS is_deleted, 1 AS rule_version, state,
      if(state = 'pending', 'late', state) AS state_when_due, if(state IN ('orphan', 'void'), NULL, due) AS due_at,
      concat(key_type, ' ', key_id) AS group_lead, 1 AS group_size, 1 AS leads,
      [('order', concat('SO', leftPad(toString(intDiv(number, ${RULES} * 3)), 9, '0')))] AS roots,
      if(state = 'orphan', [], [('wms-east', concat('w-', toString(number)))]) AS from_events,
      if(state IN ('late', 'pending'), [], [('erp', concat('e-', toString(number)))]) AS to_events,
      if(state = 'duplicate', to_events, []) AS excess_events,
      if(state = 'mismatched', '{"amount":{"expected":"120","actual":"119","currency":"USD"}}', '{}') AS difference,
      5 AS expected_quantity, if(state IN ('late', 'pending'), NULL, 5) AS actual_quantity, amount AS expected_amount,
      if(state IN ('late', 'pending'), NULL, amount) AS actual_amount,
      multiIf(${dice(3, 100)} < 85, 'USD', ${dice(3, 100)} < 95, 'EUR', 'GBP') AS currency,
      if(is_break OR state = 'pending', amount, 0) AS stake,
      concat(toString(1 + ${dice(4, 4)}), '000') AS company_code, formatDateTime(opened, '%Y-%m') AS period,
      concat('DC-', leftPad(toString(${dice(5, LOCATIONS)}), 2, '0')) AS location, concat('Partner ', toString(${dice(6, 200)})) AS partner,
      concat('owner-', toString(number % ${RULES} % 6)) AS owner, if(number % 2 = 0, 'finance', 'operations') AS severity,
      'wms-to-erp.shipment-confirmation' AS interface, opened AS opened_at,
      if(is_break OR state = 'pending', due, NULL) AS broken_at, if(state = 'matched', opened + toIntervalMinute(20), NULL) AS settled_at,
      if(is_break AND ${dice(7, 4)} = 0, 'accepted', '') AS resolution,
      if(resolution = '', '', '{"kind":"accepted","by":"Kim","at":"2026-11-01T10:00:00.000Z","reason":"timing","note":"","actId":"a"}') AS resolution_json
    FROM numbers({from:UInt64}, {count:UInt64}) WHERE ${only}`;
}

const run = (store: Store, version: 0 | 1, total: number, from: number, only: string): Promise<void> =>
  store.command(
    insertion(version, only),
    { total, from, count: Math.min(ROWS_PER_INSERT, total - from) },
    { timeoutMs: 600_000 },
  );

/** Of `total` handoffs a tenth, or the rest: the same spread over rules, time and states either way. */
export async function loadHandoffs(store: Store, total: number, part: "tenth" | "rest"): Promise<void> {
  for (let from = 0; from < total; from += ROWS_PER_INSERT)
    await run(store, 1, total, from, part === "tenth" ? "number % 10 = 0" : "number % 10 > 0");
}

/**
 * Earlier versions of some handoffs, stored after the later ones, as by a worker that saw less. The engine merges nothing of this table any more, so they stay,
 * and so do the parts.
 */
export async function loadSuperseded(store: Store, total: number): Promise<void> {
  await store.command("SYSTEM STOP MERGES handoffs");
  for (let from = 0; from < total; from += ROWS_PER_INSERT)
    await run(store, 0, total, from, `${dice(8, 100)} < ${SUPERSEDED_PERCENT}`);
}

/** Handoffs that fall due in the hour after DUE_FROM, when no other does. */
export const DUE_FROM = "2027-06-01T00:00:00.000Z";
export const DUE_THROUGH = "2027-06-01T01:00:00.000Z";
export async function loadDue(store: Store, count: number): Promise<void> {
  await store.command(
    `INSERT INTO handoffs (rule, key_type, key_id, version, state, state_when_due, due_at, opened_at)
     SELECT ${RULE}, 'shipment', concat('DUE', toString(number)), 1, 'pending', 'late',
       toDateTime64('2027-06-01 00:00:01', 3, 'UTC') + toIntervalSecond(number % 3000), toDateTime64('2026-11-25 12:00:00', 3, 'UTC')
     FROM numbers({count:UInt64})`,
    { count },
  );
}
