/** A handoff as lists, journeys and the API show it: by a clock, with who looks after it and what is at stake. */
import type { Handoff } from "./handoff";

export interface ListedHandoff extends Handoff {
  /** A break that nobody has settled: it waits for somebody, or for a second person's yes. */
  readonly open: boolean;
  /** Money at stake, as a decimal; "0" on all but the leading handoff of a group. Null: neither side stated money. */
  readonly stake: { readonly amount: string; readonly currency: string } | null;
  readonly owner: string;
  readonly severity: string;
  readonly interface: string;
}
