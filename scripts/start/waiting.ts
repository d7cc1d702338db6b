/** Waits that end: by what they wait for, by a stop, or by their time. */
import { setTimeout as delay } from "node:timers/promises";
import { ConfigurationError } from "@/lib/config/environment";

const POLL_MS = 100;

export interface Wait {
  readonly msMax: number;
  /** A stop ends the wait. */
  readonly signal: AbortSignal;
  /** What to tell the person when the time is over: what did not come, and what to look at. */
  readonly otherwise: string;
}

/**
 * Asks until it holds. A question that is never answered counts as a no, so that a peer that takes the connection and keeps silent cannot
 * make the wait endless.
 * @throws ConfigurationError with `otherwise` when the time is over; Error when stopped.
 */
export async function waitUntil(holds: () => Promise<boolean>, { msMax, signal, otherwise }: Wait): Promise<void> {
  const ending = new AbortController();
  const over = delay(msMax, false, { signal: AbortSignal.any([signal, ending.signal]) }).catch(() => false);
  let isOver = false;
  over.then(() => {
    isOver = true;
  });
  try {
    while (!(await Promise.race([holds(), over]))) {
      if (signal.aborted) throw new Error("stopped");
      if (isOver) throw new ConfigurationError(otherwise);
      await Promise.race([delay(POLL_MS), over]);
    }
  } finally {
    ending.abort();
  }
}
