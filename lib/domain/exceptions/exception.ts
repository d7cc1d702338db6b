/** The exception: a work item in the queue. What the projector writes (table exceptions), and what pages and the API show. */
import type { EventRef } from "@/lib/domain/journey";
import type { ObjectRef } from "@/lib/domain/object";

export const EXCEPTION_KINDS = ["delivery", "handoff", "dead_letter", "gap"] as const;
export type ExceptionKind = (typeof EXCEPTION_KINDS)[number];

export const EXCEPTION_CATEGORIES = ["technical", "business"] as const;
export type ExceptionCategory = (typeof EXCEPTION_CATEGORIES)[number];

export const EXCEPTION_CLASSES = [
  /** A field has a value that the target does not take. */
  "value",
  /** A field, or what it refers to, is not there. */
  "missing",
  /** Nobody answered: refused, reset, no route, no name. */
  "connection",
  /** It may work in a moment: 5xx, time-out, lock, deadlock. */
  "intermittent",
  "rate_limit",
  "too_large",
  /** Bytes that are not what they say they are. */
  "parse",
  /** The target says that it has this already. */
  "duplicate",
  /** Well-formed, but not as agreed: schema, version, unknown type. */
  "contract",
  "permission",
  /** The target's business refuses: period closed, credit block, no stock. And every broken handoff. */
  "business",
] as const;
export type ExceptionClass = (typeof EXCEPTION_CLASSES)[number];

export const EXCEPTION_STATES = ["open", "acknowledged", "replaying", "resolved", "ignored", "regressed"] as const;
export type ExceptionState = (typeof EXCEPTION_STATES)[number];

/** The states that need somebody: the tab "Open". */
export const OPEN_STATES = ["open", "acknowledged", "regressed"] as const satisfies readonly ExceptionState[];

export const RESOLUTIONS = ["person", "automatic", "verified"] as const;
export type ExceptionResolution = (typeof RESOLUTIONS)[number];

/** Times are RFC 3339 UTC with milliseconds, decimals strings. */
export interface ListedException {
  readonly id: string;
  readonly kind: ExceptionKind;
  readonly category: ExceptionCategory;
  readonly class: ExceptionClass;
  readonly state: ExceptionState;
  /** Null while it is not resolved. */
  readonly resolution: ExceptionResolution | null;
  readonly interface: string;
  /** The rule of a handoff, the step or event type of a delivery. */
  readonly step: string;
  readonly source: string;
  readonly target: string;
  /** Of its group. */
  readonly fingerprint: string;
  /** The group's name: the message without what differs from case to case. */
  readonly cause: string;
  /** The latest message as it came. */
  readonly message: string;
  readonly errorCode: string;
  readonly subject: ObjectRef;
  readonly messageKey: string;
  /** The event whose message a replay would send; null when no failure carries its message. */
  readonly failedEvent: EventRef | null;
  readonly roots: readonly ObjectRef[];
  readonly severity: string;
  readonly owner: string;
  readonly assignee: string;
  readonly tags: readonly string[];
  readonly opensAt: string;
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
  readonly dueAt: string | null;
  readonly ignoredUntil: string | null;
  readonly resolvedAt: string | null;
  readonly resolvedBy: string;
  readonly occurrences: number;
  readonly attempts: number;
  readonly regressions: number;
  /** How many acts stand in its trail: a second person sees that the first did something. */
  readonly acts: number;
  readonly value: { readonly amount: string; readonly currency: string } | null;
  readonly promisedAt: string | null;
}

export interface ExceptionGroup {
  /** The fingerprint. */
  readonly group: string;
  readonly cause: string;
  readonly category: ExceptionCategory;
  readonly class: ExceptionClass;
  readonly interface: string;
  readonly owners: readonly string[];
  readonly count: number;
  readonly regressed: number;
  readonly ordersHeldUp: number;
  /** By currency. */
  readonly valueAtRisk: readonly { readonly amount: string; readonly currency: string }[];
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
  /** New failures a bucket, oldest first; the buckets split the last 24 hours evenly. */
  readonly trend: readonly number[];
}
