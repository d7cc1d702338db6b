/** An alert: one occasion on which a rule's condition was met for one thing. What is stored, shown and sent. */
import { createHash } from "node:crypto";

export const ALERT_STATES = ["firing", "resolved"] as const;
export type AlertState = (typeof ALERT_STATES)[number];

export const NOTICES = ["firing", "resolved", "test"] as const;
export type NoticeKind = (typeof NOTICES)[number];

export const DELIVERY_STATES = ["queued", "failed", "delivered", "given_up"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** More are in the next alert. */
export const MEMBERS_MAX = 1_000;

export interface AlertNotice {
  readonly title: string;
  readonly text: string;
  /** Where it goes, as the rule said when it fired: a channel that is added later hears of later ones. */
  readonly channels: readonly string[];
  /** Whether its end is told. */
  readonly tellsEnd: boolean;
  /** What it covers (exceptions with their occasion, a source, …), sorted. While one of them holds, the alert does. */
  readonly members: readonly string[];
}

/** Times are RFC 3339. */
export interface Alert {
  readonly id: string;
  readonly rule: string;
  readonly subject: string;
  readonly occasion: number;
  readonly state: AlertState;
  readonly firedAt: string;
  readonly resolvedAt: string | null;
  readonly notice: AlertNotice;
}

const HEX_CHARS = 24;
const hashOf = (parts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, HEX_CHARS);

export const alertIdOf = (rule: string, subject: string, occasion: number): string =>
  `al_${hashOf([rule, subject, occasion])}`;

/** `about`: the alert, or the command that asks for a test. The same whoever computes it, before and after a crash. */
export const deliveryIdOf = (about: string, notice: NoticeKind, channel: string): string =>
  `ad_${hashOf([about, notice, channel])}`;
