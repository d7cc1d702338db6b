/** When somebody is told, and how: `config/alerts.yaml`. */
import { z } from "zod";
import { EXCEPTION_CATEGORIES } from "@/lib/domain/exceptions/exception";
import { address, durationMs, secretReference } from "@/lib/domain/interface";

const name = z.string().trim().min(1).max(128);

const channel = z.union([
  /** Signed as Standard Webhooks says: the secret is `whsec_` and base64. */
  z.strictObject({ id: name, webhook: z.strictObject({ url: address, secret: secretReference }) }),
  /** A Slack-compatible incoming webhook; its address is its secret. */
  z.strictObject({ id: name, slack: z.strictObject({ url: secretReference }) }),
]);
export type AlertChannel = z.output<typeof channel>;

const condition = z.discriminatedUnion("condition", [
  /** A cause that has not been seen before `within`. Once for each cause. */
  z.strictObject({ condition: z.literal("new_group"), within: durationMs.prefault("P1D") }),
  /** Of one interface: more failures in the last `window` than `factor` times what is usual over `past`. */
  z.strictObject({
    condition: z.literal("spike"),
    window: durationMs.prefault("PT15M"),
    past: durationMs.prefault("P1D"),
    factor: z.number().min(1.5).max(1_000).default(3),
    /** Fewer failures are none. */
    at_least: z.int().min(1).default(20),
  }),
  /** An exception is past its due date. */
  z.strictObject({ condition: z.literal("sla_breach") }),
  /** The value of the orders held up, each order once. */
  z.strictObject({
    condition: z.literal("value_at_risk"),
    over: z.string().regex(/^\d{1,20}(\.\d{1,9})?$/, 'must be an amount in quotes, like "50000"'),
    currency: z.string().regex(/^[A-Z]{3}$/),
  }),
  /** Nothing has come from it for so long. */
  z.strictObject({ condition: z.literal("source_silent"), source: name, for: durationMs }),
  /** What was resolved has failed again. */
  z.strictObject({ condition: z.literal("regressed") }),
]);
export type AlertCondition = z.output<typeof condition>;

const rule = z.strictObject({
  id: name,
  name: z.string().min(1).max(256),
  when: condition,
  /** Only exceptions of these; all without. */
  interfaces: z.array(name).max(1_000).default([]),
  categories: z.array(z.enum(EXCEPTION_CATEGORIES)).default([]),
  /** Without any, the alert is shown but not sent. */
  channels: z.array(name).default([]),
  /** The least time between two alerts about one thing; what comes meanwhile is in the next. */
  throttle: durationMs.prefault("PT15M"),
  /** Whether its end is told too. */
  resolved: z.boolean().default(true),
});
export type AlertRule = z.output<typeof rule>;

const maintenance = z.strictObject({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  /** These rules; all without. */
  rules: z.array(name).default([]),
  reason: z.string().min(1).max(1_024),
});
export type Maintenance = z.output<typeof maintenance>;

const retry = z.strictObject({
  attempts: z.int().min(1).max(100).default(12),
  first: durationMs.prefault("PT5S"),
  factor: z.number().min(1).max(10).default(3),
  longest: durationMs.prefault("PT30M"),
});
export type DeliveryRetry = z.output<typeof retry>;

export const alertsFile = z
  .strictObject({
    check_every: durationMs
      .prefault("PT10S")
      .refine((ms) => ms >= 1_000 && ms <= 3_600_000, { message: "must be between PT1S and PT1H" }),
    retry: retry.prefault({}),
    channels: z.array(channel).max(100).default([]),
    rules: z.array(rule).max(1_000).default([]),
    maintenance: z.array(maintenance).max(1_000).default([]),
  })
  .superRefine((file, context) => {
    const issue = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
    for (const kind of ["channels", "rules"] as const) {
      const ids = file[kind].map(({ id }) => id);
      ids.forEach((id, index) => {
        if (ids.indexOf(id) !== index) issue([kind, index, "id"], `"${id}" stands twice`);
      });
    }
    const known = {
      channels: new Set(file.channels.map(({ id }) => id)),
      rules: new Set(file.rules.map(({ id }) => id)),
    };
    file.rules.forEach(({ channels }, index) => {
      for (const each of channels)
        if (!known.channels.has(each)) issue(["rules", index, "channels"], `there is no channel "${each}"`);
    });
    file.maintenance.forEach(({ from, to, rules }, index) => {
      if (Date.parse(from) >= Date.parse(to)) issue(["maintenance", index, "to"], "must be after from");
      for (const each of rules)
        if (!known.rules.has(each)) issue(["maintenance", index, "rules"], `there is no rule "${each}"`);
    });
  });
export type Alerts = z.output<typeof alertsFile>;

/** Nobody is told anything. */
export const NO_ALERTS: Alerts = alertsFile.parse({});
