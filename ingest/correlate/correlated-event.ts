/** What correlation hands to the store: the canonical event with its objects normalised and its links settled. */
import type { CanonicalEvent } from "@/lib/domain/event";
import type { NamedObject, ObjectRef } from "@/lib/domain/object";

export interface Link {
  readonly child: ObjectRef;
  readonly parent: ObjectRef;
}

/**
 * What an event does to its links. `stated` and `retracted` are a source's word; `withheld` and `restored` are a person's
 * (docs/concepts.md, "Roots and journeys").
 */
export type LinkAct = "stated" | "retracted" | "withheld" | "restored";

export interface CorrelatedEvent {
  readonly event: CanonicalEvent;
  readonly objects: readonly NamedObject[];
  readonly links: readonly Link[];
  readonly linkAct: LinkAct;
  /** SHA-256 (hex) of the event's canonical JSON. */
  readonly contentHash: string;
  /** The event as JSON, as it is stored and shown. */
  readonly payload: string;
}
