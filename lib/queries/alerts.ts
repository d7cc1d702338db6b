/** Alerts, how they were delivered, and what people ask of them. Tables alerts, alert_commands, alert_deliveries. Times are RFC 3339. */
import type { Alert, AlertNotice, DeliveryState, NoticeKind } from "@/lib/domain/alerts/alert";
import type { FactReader } from "./fact-reader";

export interface AlertWriter extends FactReader {
  insert(table: string, rows: readonly object[]): Promise<void>;
}

/** Without its members, of which it says how many. */
export interface ListedAlert extends Omit<Alert, "notice"> {
  readonly title: string;
  readonly text: string;
  readonly members: number;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string;
}

export interface ListedDelivery {
  readonly id: string;
  readonly alertId: string;
  readonly channel: string;
  readonly notice: NoticeKind;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly queuedAt: string;
  readonly lastAt: string;
  /** What came of the last attempt; empty before the first. */
  readonly detail: string;
}

export interface AlertActor {
  readonly id: string;
  readonly name: string;
}

const PAGE_MAX = 200;

/** Firing ones first, then the newest. Whoever acknowledged it first is named. */
export async function listAlerts(reader: FactReader, { limit = 50 }: { limit?: number } = {}): Promise<ListedAlert[]> {
  const rows = await reader.query<{
    id: string;
    rule: string;
    subject: string;
    occasion: number;
    state: Alert["state"];
    fired_at: string;
    resolved_at: string | null;
    notice: string;
    acknowledged_at: string | null;
    acknowledged_by: string;
  }>(
    `SELECT alert_id AS id, rule, subject, occasion, state, fired_at, resolved_at, notice, acknowledged_at, acknowledged_by
     FROM alerts FINAL
     LEFT JOIN (
       SELECT alert_id, toNullable(min(given_at)) AS acknowledged_at, argMin(given_by, given_at) AS acknowledged_by
       FROM alert_commands FINAL WHERE command = 'acknowledge' GROUP BY alert_id) AS acknowledged USING (alert_id)
     ORDER BY state = 'firing' DESC, fired_at DESC, alert_id LIMIT {limit:UInt32}`,
    { limit: Math.min(limit, PAGE_MAX) },
  );
  return rows.map((row) => {
    const { title, text, members } = JSON.parse(row.notice) as AlertNotice;
    return {
      id: row.id,
      rule: row.rule,
      subject: row.subject,
      occasion: row.occasion,
      state: row.state,
      firedAt: row.fired_at,
      resolvedAt: row.resolved_at,
      title,
      text,
      members: members.length,
      acknowledgedAt: row.acknowledged_at,
      acknowledgedBy: row.acknowledged_by,
    };
  });
}

export async function countFiringAlerts(reader: FactReader): Promise<number> {
  const [row] = await reader.query<{ firing: string }>(
    "SELECT count() AS firing FROM alerts FINAL WHERE state = 'firing'",
  );
  return Number(row?.firing ?? 0);
}

/** The newest first; of one alert when it is named. */
export async function listDeliveries(
  reader: FactReader,
  { alertId = "", limit = 50 }: { alertId?: string; limit?: number } = {},
): Promise<ListedDelivery[]> {
  return await reader.query<ListedDelivery>(
    `SELECT delivery_id AS id, any(alert_id) AS alertId, any(alert_deliveries.channel) AS channel, any(alert_deliveries.notice) AS notice,
       argMax(alert_deliveries.state, (attempt, at)) AS state, max(attempt) AS attempts, min(at) AS queuedAt, max(at) AS lastAt,
       argMaxIf(alert_deliveries.detail, attempt, attempt > 0) AS detail
     FROM alert_deliveries FINAL WHERE {alert:String} = '' OR alert_id = {alert:String}
     GROUP BY delivery_id ORDER BY queuedAt DESC, id LIMIT {limit:UInt32}`,
    { alert: alertId, limit: Math.min(limit, PAGE_MAX) },
  );
}

/** Says that somebody has seen it. It goes on as it is, and a new one is told like any other. */
export async function acknowledgeAlert(
  store: AlertWriter,
  alertId: string,
  by: AlertActor,
  now: string,
  reason = "",
): Promise<void> {
  await command(store, { id: `acknowledge ${alertId} ${by.id}`, command: "acknowledge", alertId, reason }, by, now);
}

/** Asks the worker to send a test to this channel. `id`: of the request, so that asking twice is asking once. */
export async function sendTestAlert(
  store: AlertWriter,
  channel: string,
  id: string,
  by: AlertActor,
  now: string,
): Promise<void> {
  await command(store, { id: `test ${id}`, command: "test", channel }, by, now);
}

const command = (
  store: AlertWriter,
  asked: { id: string; command: string; alertId?: string; channel?: string; reason?: string },
  by: AlertActor,
  now: string,
): Promise<void> =>
  store.insert("alert_commands", [
    {
      command_id: asked.id,
      given_at: now,
      command: asked.command,
      alert_id: asked.alertId ?? "",
      channel: asked.channel ?? "",
      given_by: by.name,
      given_by_id: by.id,
      reason: asked.reason ?? "",
    },
  ]);
