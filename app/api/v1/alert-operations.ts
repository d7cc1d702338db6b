/** Operations on alerts. */
import { z } from "zod";
import { ALERT_STATES, DELIVERY_STATES, NOTICES } from "@/lib/domain/alerts/alert";
import type { ListedAlert, ListedDelivery } from "@/lib/queries/alerts";
import { operation } from "../operation";
import { plainText } from "./handoff-act-schemas";
import { time } from "./schema-parts";

const alert = z
  .object({
    id: z.string(),
    rule: z.string(),
    subject: z.string(),
    occasion: z.int(),
    state: z.enum(ALERT_STATES),
    firedAt: time,
    resolvedAt: time.nullable(),
    title: z.string(),
    text: z.string(),
    members: z.int().meta({ description: "How many exceptions or sources it covers" }),
    acknowledgedAt: time.nullable(),
    acknowledgedBy: z.string(),
  })
  .meta({ id: "Alert" }) satisfies z.ZodType<ListedAlert>;

const delivery = z
  .object({
    id: z.string(),
    alertId: z.string(),
    channel: z.string(),
    notice: z.enum(NOTICES),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int(),
    queuedAt: time,
    lastAt: time,
    detail: z.string(),
  })
  .meta({ id: "AlertDelivery" }) satisfies z.ZodType<ListedDelivery>;

/** The latest; what is older is in the audit of each. */
export const ALERTS_SHOWN = 200;

export const alertsOperation = operation({
  id: "listAlerts",
  method: "GET",
  path: "/api/v1/alerts",
  permission: "exceptions:view",
  summary: "Alerts, firing ones first",
  answer: {
    status: 200,
    description: `The latest ${ALERTS_SHOWN}`,
    schema: z.object({ items: z.array(alert) }).meta({ id: "AlertList" }),
  },
});

export const alertDeliveriesOperation = operation({
  id: "listAlertDeliveries",
  method: "GET",
  path: "/api/v1/alert-deliveries",
  permission: "exceptions:view",
  summary: "How alerts were delivered, newest first",
  query: z.object({ alert: z.string().max(64).optional().meta({ description: "Of this alert only" }) }),
  answer: {
    status: 200,
    description: `The latest ${ALERTS_SHOWN}`,
    schema: z.object({ items: z.array(delivery) }).meta({ id: "AlertDeliveryList" }),
  },
});

const taken = z.object({ taken: z.literal(true) }).meta({ id: "AlertCommandAnswer" });

export const acknowledgeAlertOperation = operation({
  id: "acknowledgeAlert",
  method: "POST",
  path: "/api/v1/alerts/{id}/acknowledge",
  permission: "exceptions:act",
  summary: "Say that somebody has seen an alert; it silences no other",
  parameters: { id: "The alert" },
  body: z.strictObject({ reason: plainText(1_000).default("") }).meta({ id: "AlertAcknowledgement" }),
  answer: { status: 202, description: "Taken", schema: taken },
  problems: [404, 413, 415],
});

export const testAlertOperation = operation({
  id: "testAlertChannel",
  method: "POST",
  path: "/api/v1/alert-channels/{channel}/test",
  permission: "admin:sources",
  summary: "Send a test notice to a channel",
  description: "What came of it stands among the deliveries.",
  parameters: { channel: "The channel as config/alerts.yaml names it" },
  body: z
    .strictObject({ id: plainText(64).min(1).meta({ description: "Of your request: asked twice, it is sent once" }) })
    .meta({ id: "AlertTest" }),
  answer: { status: 202, description: "Taken", schema: taken },
  problems: [413, 415],
});

export const ALERT_OPERATIONS = [
  alertsOperation,
  alertDeliveriesOperation,
  acknowledgeAlertOperation,
  testAlertOperation,
] as const;
