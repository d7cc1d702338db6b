/** What alerts, their rules and deliveries are called on screen. Pure. */
import type { BadgeTone } from "@/components/ui/badge";
import { exceptionGroupHref } from "@/components/ui/href";
import { moneyLabel, plural } from "@/components/ui/number-format";
import { durationLabel } from "@/components/ui/time-format";
import type { DeliveryState, NoticeKind } from "@/lib/domain/alerts/alert";
import type { AlertChannel, AlertCondition } from "@/lib/domain/alerts/rule";

/** "More than 3 times as many failures as usual within 15 min, at least 20". */
export function conditionText(when: AlertCondition): string {
  switch (when.condition) {
    case "new_group":
      return `A cause that was not there in the ${durationLabel(when.within)} before`;
    case "spike":
      return `More than ${when.factor} times as many failures as usual within ${durationLabel(when.window)}, at least ${when.at_least}`;
    case "sla_breach":
      return "An exception is past its due date";
    case "value_at_risk":
      return `Orders worth more than ${moneyLabel({ amount: when.over, currency: when.currency })} are held up`;
    case "source_silent":
      return `Nothing from ${when.source} for ${durationLabel(when.for)}`;
    case "regressed":
      return "What was resolved has failed again";
  }
}

/** Where to look: what the alert is about, as its rule's condition names it. Null when the rule is gone. */
export function subjectHref(condition: AlertCondition["condition"] | null, subject: string): string | null {
  switch (condition) {
    case "new_group":
    case "sla_breach":
    case "regressed":
      return exceptionGroupHref(subject);
    case "spike":
      return `/exceptions?${new URLSearchParams({ interface: subject })}`;
    case "value_at_risk":
      return "/exceptions?sort=value";
    case "source_silent":
      return "/admin/sources";
    case null:
      return null;
  }
}

/** "webhook", "slack": never its address, which may be a secret. */
export const channelKind = (channel: AlertChannel): string =>
  Object.keys(channel)
    .filter((name) => name !== "id")
    .join(", ");

export const NOTICE_LABELS: Readonly<Record<NoticeKind, string>> = {
  firing: "Firing",
  resolved: "Over",
  test: "Test",
};

export const DELIVERY_LABELS: Readonly<Record<DeliveryState, string>> = {
  queued: "Queued",
  failed: "Failed, is tried again",
  delivered: "Delivered",
  given_up: "Given up",
};

export const DELIVERY_TONES: Readonly<Record<DeliveryState, BadgeTone>> = {
  queued: "waiting",
  failed: "attention",
  delivered: "settled",
  given_up: "broken",
};

export const attemptsText = (attempts: number): string =>
  attempts === 0 ? "not tried yet" : plural(attempts, "attempt");
