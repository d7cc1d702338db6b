/** Tells the product what the targets did, as the event feed of a real system does: later, in batches, and again until it is taken. */
import type { CanonicalEvent } from "../event";
import type { Ledger } from "./ledger";

/** Whether they were taken. Whatever it throws is not. */
export type Report = (events: readonly CanonicalEvent[]) => Promise<boolean>;

const BATCH_MAX = 500;
const ANSWER_MS_MAX = 30_000;

/** To the intake at this address; null while it is not known. */
export const reportToIntake =
  (intake: () => { readonly url: string; readonly token: string } | null): Report =>
  async (events) => {
    const to = intake();
    if (to === null) return false;
    const response = await fetch(`${to.url}/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${to.token}`, "content-type": "application/x-ndjson" },
      body: events.map((event) => `${JSON.stringify(event)}\n`).join(""),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    await response.arrayBuffer();
    return response.status === 202;
  };

export class EffectReporter {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly report: Report,
    private readonly delayMs: number,
    private readonly retryMs: number,
  ) {
    if (ledger.toReport.length > 0) this.wake();
  }

  /** Something was posted. */
  wake(): void {
    this.after(this.delayMs);
  }

  /** What is not taken by now is reported by the next start. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.running;
  }

  private after(ms: number): void {
    if (this.isClosed || this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.running = this.send().finally(() => {
        this.timer = null;
        if (this.ledger.toReport.length > 0) this.after(this.retryMs);
      });
    }, ms);
  }

  private async send(): Promise<void> {
    // Each is due `delayMs` after its own posting, not after the first of its batch.
    const dueBefore = new Date(Date.now() - this.delayMs).toISOString();
    const batch = this.ledger.toReport.filter(({ at }) => at <= dueBefore).slice(0, BATCH_MAX);
    if (batch.length === 0) return;
    const taken = await this.report(batch.map(({ effect }) => effect)).catch(() => false);
    if (taken) for (const { document } of batch) this.ledger.add({ entry: "reported", document });
  }
}
