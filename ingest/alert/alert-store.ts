/**
 * Alerts and their outbox in the store. An alert is stored before its deliveries are queued; what must be queued follows from the alerts alone, so a worker
 * that dies between the two leaves nothing undone.
 *
 *   killed before the alert is stored            it is decided again
 *   … after it, before its deliveries are queued   they are queued at the next look, by the next worker
 *   … after a delivery is queued, before it is sent or its answer stored   sent (again), under the same id: the receiver knows it
 *   … after the answer is stored                   never sent again
 */
import type { Alert, AlertNotice, DeliveryState, NoticeKind } from "@/lib/domain/alerts/alert";
import { deliveryIdOf } from "@/lib/domain/alerts/alert";
import { placeOf, type Standing } from "@/lib/domain/alerts/decide";
import type { FactReader } from "@/lib/queries/fact-reader";

export interface AlertStore extends FactReader {
  insert(table: string, rows: readonly object[]): Promise<void>;
}

interface AlertRow {
  readonly alert_id: string;
  readonly rule: string;
  readonly subject: string;
  readonly occasion: number;
  readonly state: Alert["state"];
  readonly fired_at: string;
  readonly resolved_at: string | null;
  readonly notice: string;
}

const COLUMNS = "alert_id, rule, subject, occasion, state, fired_at, resolved_at, notice";

const alertOf = (row: AlertRow): Alert => ({
  id: row.alert_id,
  rule: row.rule,
  subject: row.subject,
  occasion: row.occasion,
  state: row.state,
  firedAt: row.fired_at,
  resolvedAt: row.resolved_at,
  notice: JSON.parse(row.notice) as AlertNotice,
});

export async function readStanding(store: AlertStore): Promise<Standing> {
  const [firing, past] = await Promise.all([
    store.query<AlertRow>(`SELECT ${COLUMNS} FROM alerts FINAL WHERE state = 'firing'`),
    store.query<{ rule: string; subject: string; occasions: number; last: string }>(
      "SELECT rule, subject, max(occasion) AS occasions, max(fired_at) AS last FROM alerts GROUP BY rule, subject",
    ),
  ]);
  return {
    firing: firing.map(alertOf),
    past: new Map(
      past.map(({ rule, subject, occasions, last }) => [placeOf(rule, subject), { occasions, lastFiredAt: last }]),
    ),
  };
}

export async function storeAlerts(store: AlertStore, alerts: readonly Alert[]): Promise<void> {
  if (alerts.length === 0) return;
  await store.insert(
    "alerts",
    alerts.map((alert) => ({
      alert_id: alert.id,
      version: alert.state === "firing" ? 1 : 2,
      rule: alert.rule,
      subject: alert.subject,
      occasion: alert.occasion,
      state: alert.state,
      fired_at: alert.firedAt,
      resolved_at: alert.resolvedAt,
      notice: JSON.stringify(alert.notice),
    })),
  );
}

export interface Delivery {
  readonly id: string;
  readonly alertId: string;
  readonly channel: string;
  readonly notice: NoticeKind;
  /** What is sent, at every attempt: JSON. */
  readonly body: string;
}

/** Longer than any worker is away; older notices are of no use. */
const QUEUED_LATE_DAYS = 7;

/** Queues what alerts and requests for a test call for and is not queued. */
export async function queueDeliveries(store: AlertStore, now: string): Promise<void> {
  const since = { days: QUEUED_LATE_DAYS };
  const [alerts, tests, known] = await Promise.all([
    store.query<AlertRow>(
      `SELECT ${COLUMNS} FROM alerts FINAL WHERE coalesce(resolved_at, fired_at) > subtractDays(now64(3), {days:UInt8})`,
      since,
    ),
    store.query<{ command_id: string; channel: string; given_at: string; given_by: string }>(
      `SELECT command_id, channel, given_at, given_by FROM alert_commands FINAL
       WHERE command = 'test' AND given_at > subtractDays(now64(3), {days:UInt8})`,
      since,
    ),
    store.query<{ delivery_id: string }>(
      "SELECT DISTINCT delivery_id FROM alert_deliveries WHERE attempt = 0 AND at > subtractDays(now64(3), {days:UInt8} + 1)",
      since,
    ),
  ]);
  const queued = new Set(known.map(({ delivery_id }) => delivery_id));
  const wanted = [
    ...alerts.map(alertOf).flatMap(deliveriesOf),
    ...tests.map(({ command_id, channel, given_at, given_by }) =>
      deliveryOf(command_id, "", channel, "test", given_at, { title: "A test of this channel", requestedBy: given_by }),
    ),
  ].filter(({ id }) => !queued.has(id));
  if (wanted.length === 0) return;
  await store.insert(
    "alert_deliveries",
    wanted.map((delivery) => rowOf(delivery, 0, "queued", delivery.body, now)),
  );
}

/** The notice that an alert fires, and, once it has ended, that it has. */
function deliveriesOf(alert: Alert): Delivery[] {
  const { channels, tellsEnd, title, text, members } = alert.notice;
  const data = {
    alert: alert.id,
    rule: alert.rule,
    subject: alert.subject,
    title,
    text,
    firedAt: alert.firedAt,
    members: members.length,
  };
  return channels.flatMap((channel) => [
    deliveryOf(alert.id, alert.id, channel, "firing", alert.firedAt, data),
    ...(alert.resolvedAt !== null && tellsEnd
      ? [
          deliveryOf(alert.id, alert.id, channel, "resolved", alert.resolvedAt, {
            ...data,
            resolvedAt: alert.resolvedAt,
          }),
        ]
      : []),
  ]);
}

const deliveryOf = (
  about: string,
  alertId: string,
  channel: string,
  notice: NoticeKind,
  timestamp: string,
  data: object,
): Delivery => ({
  id: deliveryIdOf(about, notice, channel),
  alertId,
  channel,
  notice,
  body: JSON.stringify({ type: `alert.${notice}`, timestamp, data }),
});

export interface OpenDelivery extends Delivery {
  readonly attempts: number;
  readonly lastAt: string;
}

/** Neither delivered nor given up, oldest first. */
export async function readOpenDeliveries(store: AlertStore): Promise<OpenDelivery[]> {
  const rows = await store.query<{
    id: string;
    alert: string;
    to_channel: string;
    kind: NoticeKind;
    body: string;
    attempts: number;
    last_at: string;
  }>(
    `SELECT delivery_id AS id, any(alert_id) AS alert, any(channel) AS to_channel, any(notice) AS kind, anyIf(detail, attempt = 0) AS body,
       max(attempt) AS attempts, max(at) AS last_at
     FROM alert_deliveries FINAL GROUP BY delivery_id
     HAVING countIf(state IN ('delivered', 'given_up')) = 0 AND body != '' ORDER BY min(at), id LIMIT 1000`,
  );
  return rows.map((row) => ({
    id: row.id,
    alertId: row.alert,
    channel: row.to_channel,
    notice: row.kind,
    body: row.body,
    attempts: row.attempts,
    lastAt: row.last_at,
  }));
}

export const recordAttempt = (
  store: AlertStore,
  delivery: Delivery,
  attempt: number,
  state: DeliveryState,
  detail: string,
  now: string,
): Promise<void> => store.insert("alert_deliveries", [rowOf(delivery, attempt, state, detail, now)]);

const rowOf = (delivery: Delivery, attempt: number, state: DeliveryState, detail: string, now: string): object => ({
  delivery_id: delivery.id,
  attempt,
  alert_id: delivery.alertId,
  channel: delivery.channel,
  notice: delivery.notice,
  at: now,
  state,
  detail,
});
