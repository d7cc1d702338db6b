/** The projector's contract with the pipeline. The store calls `touch` after rows are stored and acknowledged. */
import type { CorrelatedEvent } from "@/ingest/correlate/correlated-event";

export interface Touched {
  readonly correlated: CorrelatedEvent;
  /** True when the store already had this event: its projection is done again in full, because the first may have died with its worker. */
  readonly duplicate: boolean;
}

export interface Projector {
  /** Queues the journeys these events belong to. Returns at once. */
  touch(events: readonly Touched[]): void;
  /** How many events wait to be projected. Intake slows down when this passes its limit. */
  backlog(): number;
  /** Resolves when everything touched before the call is projected. */
  drain(): Promise<void>;
  /** Drains (bounded by a time-out), closes its checkpoint, stops its timers. */
  close(): Promise<void>;
}
