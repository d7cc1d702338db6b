/**
 * Who is looking at what, and one poller for all of them: while anybody watches, one call an interval asks for the versions of all that is
 * watched. Costs the store the same for one viewer as for a thousand.
 */

export const POLL_INTERVAL_MS = 1_000;
export const WATCHERS_MAX = 1_000;

/** By the key of the subject; what has no version yet is absent. */
export type VersionReader<Subject> = (subjects: readonly Subject[]) => Promise<ReadonlyMap<string, string>>;
/** Called with the version first seen (`isFirst`), then whenever it changes. Null: it has none yet. */
export type Listener = (version: string | null, isFirst: boolean) => void;

interface Watched<Subject> {
  readonly subject: Subject;
  readonly listeners: Set<Listener>;
  /** Undefined until the first answer. */
  version: string | null | undefined;
}

export interface WatchOptions {
  readonly intervalMs?: number;
  readonly watchersMax?: number;
  /** Different things watched at once, where each costs the store a query. */
  readonly subjectsMax?: number;
  /** A failed poll is told once, and again only after a poll succeeded. */
  readonly onFailure?: (error: unknown) => void;
}

export class Watch<Subject> {
  private readonly watched = new Map<string, Watched<Subject>>();
  private watchers = 0;
  private timer: NodeJS.Timeout | null = null;
  private isPolling = false;
  private hasFailed = false;

  constructor(
    private readonly keyOf: (subject: Subject) => string,
    private readonly readVersions: VersionReader<Subject>,
    private readonly options: WatchOptions = {},
  ) {}

  /** Starts watching; the returned function ends it. Null when as many watch already as may. */
  watch(subject: Subject, listener: Listener): (() => void) | null {
    const { watchersMax = WATCHERS_MAX, subjectsMax = WATCHERS_MAX } = this.options;
    const key = this.keyOf(subject);
    if (this.watchers >= watchersMax || (!this.watched.has(key) && this.watched.size >= subjectsMax)) return null;
    this.watchers += 1;
    const entry: Watched<Subject> = this.watched.get(key) ?? { subject, listeners: new Set(), version: undefined };
    this.watched.set(key, entry);
    // Wrapped, so that one function given twice is two listeners.
    const own: Listener = (version, isFirst) => listener(version, isFirst);
    entry.listeners.add(own);
    if (entry.version !== undefined) own(entry.version, true);
    this.schedule(0);
    return () => this.unwatch(key, entry, own);
  }

  get size(): number {
    return this.watchers;
  }

  private unwatch(key: string, entry: Watched<Subject>, listener: Listener): void {
    if (!entry.listeners.delete(listener)) return;
    this.watchers -= 1;
    if (entry.listeners.size === 0) this.watched.delete(key);
    if (this.watchers === 0 && this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }

  private schedule(delayMs: number): void {
    if (this.timer || this.isPolling || this.watchers === 0) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.poll();
    }, delayMs);
    // A process that stops does not wait for people who watch.
    this.timer.unref();
  }

  private async poll(): Promise<void> {
    this.isPolling = true;
    try {
      const asked = [...this.watched.entries()];
      const versions = await this.readVersions(asked.map(([, entry]) => entry.subject));
      this.hasFailed = false;
      for (const [key, entry] of asked) this.tell(entry, versions.get(key) ?? null);
    } catch (error) {
      // The viewers keep what they have; the next poll tells them whatever they missed.
      if (!this.hasFailed) this.options.onFailure?.(error);
      this.hasFailed = true;
    } finally {
      this.isPolling = false;
      this.schedule(this.options.intervalMs ?? POLL_INTERVAL_MS);
    }
  }

  private tell(entry: Watched<Subject>, version: string | null): void {
    if (entry.version === version) return;
    const isFirst = entry.version === undefined;
    entry.version = version;
    for (const listener of entry.listeners) listener(version, isFirst);
  }
}
