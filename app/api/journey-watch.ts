/**
 * Who is looking at which journey, and one poller for all of them: while anybody watches, one query a second asks for the versions of all
 * watched journeys together. Costs the store the same for one viewer as for a thousand.
 */
import { type ObjectKey, type ObjectRef, objectKey } from "@/lib/domain/object";

export const POLL_INTERVAL_MS = 1_000;
export const WATCHERS_MAX = 1_000;

export type VersionReader = (roots: readonly ObjectRef[]) => Promise<ReadonlyMap<ObjectKey, string>>;
/** Called with the version first seen (`isFirst`), then whenever it changes. Null: not projected yet. */
export type Listener = (version: string | null, isFirst: boolean) => void;

interface Watched {
  readonly root: ObjectRef;
  readonly listeners: Set<Listener>;
  /** Undefined until the first answer. */
  version: string | null | undefined;
}

export interface JourneyWatchOptions {
  readonly intervalMs?: number;
  readonly watchersMax?: number;
  /** A failed poll is told once, and again only after a poll succeeded. */
  readonly onFailure?: (error: unknown) => void;
}

export class JourneyWatch {
  private readonly watched = new Map<ObjectKey, Watched>();
  private watchers = 0;
  private timer: NodeJS.Timeout | null = null;
  private isPolling = false;
  private hasFailed = false;

  constructor(
    private readonly readVersions: VersionReader,
    private readonly options: JourneyWatchOptions = {},
  ) {}

  /** Starts watching; the returned function ends it. Null when WATCHERS_MAX watch already. */
  watch(root: ObjectRef, listener: Listener): (() => void) | null {
    if (this.watchers >= (this.options.watchersMax ?? WATCHERS_MAX)) return null;
    this.watchers += 1;
    const key = objectKey(root);
    const entry = this.watched.get(key) ?? { root, listeners: new Set(), version: undefined };
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

  private unwatch(key: ObjectKey, entry: Watched, listener: Listener): void {
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
      const versions = await this.readVersions(asked.map(([, entry]) => entry.root));
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

  private tell(entry: Watched, version: string | null): void {
    if (entry.version === version) return;
    const isFirst = entry.version === undefined;
    entry.version = version;
    for (const listener of entry.listeners) listener(version, isFirst);
  }
}
