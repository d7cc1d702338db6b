/** The journey: all events and objects of one root, as pages and the API show it (docs/api.md). */
import type { EventKind, EventOutcome } from "./event";
import type { ListedHandoff } from "./handoffs/listed-handoff";
import type { NamedObject, ObjectRef } from "./object";

/** The stages of an order, in order. A stage is reached by the first event that shows it. */
export const STAGES = [
  "Ordered",
  "Allocated",
  "Released",
  "Picked",
  "Packed",
  "Shipped",
  "Delivered",
  "Invoiced",
  "Paid",
] as const;
export type Stage = (typeof STAGES)[number];

/** `source` + CloudEvents `id`: identifies an event for ever. */
export interface EventRef {
  readonly source: string;
  readonly id: string;
}

/** One hop of the chain that put an event into a journey: `from` belongs to `to`, as `eventId` of `source` proved. */
export interface LinkProof {
  readonly from: ObjectRef;
  readonly to: ObjectRef;
  readonly source: string;
  readonly eventId: string;
}

/** What of an event tells the story of an order: all that its summary is made of. */
export interface ToldEvent extends EventRef {
  readonly type: string;
  /** RFC 3339, UTC, milliseconds, like every time here. */
  readonly occurredAt: string;
  readonly outcome: EventOutcome;
  readonly objects: readonly NamedObject[];
  /** Decimals as strings. `quantity` is the sum over the event's lines. */
  readonly quantity: string | null;
  readonly amount: string | null;
  readonly currency: string;
  readonly promisedAt: string | null;
}

export interface JourneyEvent extends ToldEvent {
  readonly kind: EventKind;
  readonly recordedAt: string | null;
  readonly receivedAt: string;
  readonly error: { readonly class: string; readonly code: string; readonly message: string } | null;
  readonly interface: string;
  readonly attempt: number;
  readonly durationMs: number | null;
  /** Empty when the event names the root itself. */
  readonly linkedBy: readonly LinkProof[];
  /** How many other roots this event belongs to. */
  readonly sharedWith: number;
}

export interface JourneyParent extends ObjectRef {
  readonly source: string;
  readonly eventId: string;
}

export interface JourneyObject extends ObjectRef {
  readonly parents: readonly JourneyParent[];
}

/** What one system believes of this order. */
export interface SourceStatus {
  /** The furthest stage this source reported, "Cancelled", or null when it reported none (a gateway, say). */
  readonly stage: Stage | "Cancelled" | null;
  readonly since: string | null;
  readonly lastEventAt: string;
  readonly lastEventType: string;
  /** Set when this source lags behind what another proved: "has not posted the goods issue". */
  readonly disagreement: string | null;
}

export type StageState = "none" | "partial" | "full";

export interface StageProgress {
  readonly stage: Stage;
  readonly state: StageState;
  /** When the first event showed this stage. */
  readonly firstAt: string | null;
  /** When it became complete; null while partial. */
  readonly completedAt: string | null;
}

export interface JourneySummary {
  /** The furthest stage, "Partially shipped" style when incomplete, or "Cancelled". Shown as is. */
  readonly stage: string;
  readonly stages: readonly StageProgress[];
  readonly statusBySource: Readonly<Record<string, SourceStatus>>;
  readonly agreed: boolean;
  readonly promisedAt: string | null;
  readonly value: { readonly amount: string; readonly currency: string } | null;
  /** One sentence: what happens next, or null when nothing more is expected. */
  readonly nextStep: string | null;
  /** One sentence: where the order stands now. */
  readonly sentence: string;
  readonly firstEventAt: string | null;
  readonly lastEventAt: string | null;
  readonly failures: number;
}

export interface Journey extends JourneySummary {
  readonly root: ObjectRef;
  readonly objects: readonly JourneyObject[];
  /** By occurredAt, then source, then id. */
  readonly events: readonly JourneyEvent[];
  /** With `asOf` set, as they stood then. */
  readonly handoffs: readonly ListedHandoff[];
  readonly exceptions: readonly unknown[];
  /** Per source, the time up to which we believe we have everything. */
  readonly completeThrough: Readonly<Record<string, string>>;
  readonly asOf: string | null;
  /** True when the journey holds more events than one answer carries (JOURNEY_EVENT_LIMIT): the earliest are shown. */
  readonly truncated: boolean;
}

/** One journey's answer holds at most this many events. */
export const JOURNEY_EVENT_LIMIT = 20_000;
