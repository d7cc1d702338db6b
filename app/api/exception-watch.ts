/** Who is looking at which exceptions. A filter is read again only when something may have changed it. */
import { readExceptionsVersion, readExceptionWrites } from "@/lib/queries/exception-changes";
import type { ExceptionFilter } from "@/lib/queries/exception-filter";
import type { FactReader } from "@/lib/queries/fact-reader";
import { FILTERS_MAX, HANDOFF_POLL_INTERVAL_MS } from "./handoff-watch";
import { type VersionReader, Watch, type WatchOptions } from "./watch";

/** What falls due, or whose silence ends, leaves no mark: this long at most it stays unseen. */
const REREAD_MS = 15_000;

export class ExceptionWatch extends Watch<ExceptionFilter> {
  constructor(store: FactReader, clock: () => Date, options: WatchOptions = {}) {
    super(keyOf, createVersionReader(store, clock), {
      intervalMs: HANDOFF_POLL_INTERVAL_MS,
      subjectsMax: FILTERS_MAX,
      ...options,
    });
  }
}

/** One filter, however its parameters were ordered, has one key. */
const keyOf = (filter: ExceptionFilter): string => JSON.stringify(Object.entries(filter).sort());

interface Known {
  readonly version: string;
  readonly writes: string;
  readonly readAt: number;
}

function createVersionReader(store: FactReader, clock: () => Date): VersionReader<ExceptionFilter> {
  let known = new Map<string, Known>();
  return async (filters) => {
    const now = clock();
    const writes = await readExceptionWrites(store);
    const next = new Map<string, Known>();
    for (const filter of filters) {
      const key = keyOf(filter);
      const before = known.get(key);
      const isCurrent = before?.writes === writes && now.getTime() - before.readAt < REREAD_MS;
      const version = isCurrent ? before.version : await readExceptionsVersion(store, filter, now.toISOString());
      next.set(key, isCurrent ? before : { version, writes, readAt: now.getTime() });
    }
    known = next;
    return new Map([...next].map(([key, { version }]) => [key, version]));
  };
}
