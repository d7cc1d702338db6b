/** A handoff as lists, journeys and the API show it: by a clock, with who looks after it. */
import type { Handoff } from "./handoff";

export interface ListedHandoff extends Handoff {
  /** A break that nobody has settled: it waits for somebody, or for a second person's yes. */
  readonly open: boolean;
  /** `evidenceHash` of this handoff: an act that names it holds only while it stays the same. */
  readonly evidence: string;
  readonly owner: string;
  readonly severity: string;
  readonly interface: string;
}
