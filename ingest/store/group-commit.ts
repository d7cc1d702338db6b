/**
 * Group commit: many small submissions become one flush, and each is answered when its flush is done. One flush at a
 * time; what arrives meanwhile is the next one. The queue is bounded in items and bytes, so memory stays flat however
 * long a flush takes.
 */

export interface GroupCommitLimits {
  /** A flush starts at once when this many items, */
  readonly flushItems: number;
  /** or this many bytes, wait; */
  readonly flushBytes: number;
  /** else this long after the first began to wait. */
  readonly lingerMs: number;
  readonly queueItems: number;
  readonly queueBytes: number;
  /** A submission that waited longer is answered "late" instead of being flushed. */
  readonly waitMsMax: number;
}

interface Submission<Item, Outcome> {
  readonly items: readonly Item[];
  readonly bytes: number;
  readonly submittedMs: number;
  readonly resolve: (outcomes: Outcome[] | "late") => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit<Item, Outcome> {
  private waiting: Submission<Item, Outcome>[] = [];
  private waitingItems = 0;
  private waitingBytes = 0;
  private flushing: Promise<void> | null = null;
  private linger: NodeJS.Timeout | null = null;
  /** True while someone waits for everything to be flushed: then nothing lingers. */
  private hurried = false;

  constructor(
    private readonly limits: GroupCommitLimits,
    /** One outcome per item, in order. A rejection rejects every submission of the flush. */
    private readonly flush: (items: Item[]) => Promise<Outcome[]>,
  ) {}

  /** Null when the queue is full: the caller must come again later. */
  submit(items: readonly Item[], bytes: number): Promise<Outcome[] | "late"> | null {
    if (items.length === 0) return Promise.resolve([]);
    // An empty queue takes any submission, or one larger than the queue could never be stored.
    const full =
      this.waitingItems + items.length > this.limits.queueItems || this.waitingBytes + bytes > this.limits.queueBytes;
    if (full && this.waiting.length > 0) return null;
    return new Promise((resolve, reject) => {
      this.waiting.push({ items, bytes, submittedMs: performance.now(), resolve, reject });
      this.waitingItems += items.length;
      this.waitingBytes += bytes;
      this.schedule();
    });
  }

  get queuedItems(): number {
    return this.waitingItems;
  }

  get queuedBytes(): number {
    return this.waitingBytes;
  }

  /** Resolves when nothing waits and nothing is being flushed. */
  async idle(): Promise<void> {
    this.hurried = true;
    while (this.flushing || this.waiting.length > 0) {
      this.schedule();
      await this.flushing;
    }
    this.hurried = false;
  }

  private schedule(): void {
    if (this.flushing || this.waiting.length === 0) return;
    const { flushItems, flushBytes, lingerMs } = this.limits;
    // What came during the last flush has waited its time: the next starts at once, while its senders' next bodies are decoded.
    const waitedMs = performance.now() - (this.waiting[0]?.submittedMs ?? 0);
    const isFull = this.waitingItems >= flushItems || this.waitingBytes >= flushBytes;
    if (this.hurried || isFull || waitedMs >= lingerMs) {
      this.start();
    } else if (!this.linger) {
      this.linger = setTimeout(() => this.start(), lingerMs - waitedMs);
    }
  }

  private start(): void {
    if (this.linger) clearTimeout(this.linger);
    this.linger = null;
    this.dropLate();
    if (this.flushing || this.waiting.length === 0) return;
    this.flushing = this.run(this.takeNext()).finally(() => {
      this.flushing = null;
      this.schedule();
    });
  }

  private dropLate(): void {
    const latestMs = performance.now() - this.limits.waitMsMax;
    while (this.waiting[0] && this.waiting[0].submittedMs < latestMs) {
      const late = this.waiting.shift();
      this.waitingItems -= late?.items.length ?? 0;
      this.waitingBytes -= late?.bytes ?? 0;
      late?.resolve("late");
    }
  }

  /** Whole submissions, oldest first, up to the flush limits; at least one. */
  private takeNext(): Submission<Item, Outcome>[] {
    let items = 0;
    let bytes = 0;
    let count = 0;
    for (const submission of this.waiting) {
      if (count > 0 && items + submission.items.length > this.limits.flushItems) break;
      if (count > 0 && bytes + submission.bytes > this.limits.flushBytes) break;
      items += submission.items.length;
      bytes += submission.bytes;
      count += 1;
    }
    this.waitingItems -= items;
    this.waitingBytes -= bytes;
    return this.waiting.splice(0, count);
  }

  private async run(submissions: readonly Submission<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.flush(submissions.flatMap((submission) => submission.items));
      let from = 0;
      for (const { items, resolve } of submissions) {
        resolve(outcomes.slice(from, from + items.length));
        from += items.length;
      }
    } catch (error) {
      for (const { reject } of submissions) reject(error);
    }
  }
}
