/** Who is looking at which handoffs. The totals of a filter are read again only when something may have changed them. */
import { createHash } from "node:crypto";
import type { FactReader } from "@/lib/queries/fact-reader";
import { readHandoffChange } from "@/lib/queries/handoff-changes";
import type { HandoffFilter } from "@/lib/queries/handoff-filter";
import { readMatrix } from "@/lib/queries/reconciliation";
import { type VersionReader, Watch, type WatchOptions } from "./watch";

export const HANDOFF_POLL_INTERVAL_MS = 2_000;
/** Different filters at once; each costs the store a query when handoffs change. */
export const FILTERS_MAX = 50;
/** What another replica of a cluster wrote shows no mark here; this long at most it stays unseen. */
export const REREAD_MS = 30_000;

export class HandoffWatch extends Watch<HandoffFilter> {
  constructor(store: FactReader, clock: () => Date, options: WatchOptions = {}) {
    super(keyOf, createVersionReader(store, clock), {
      intervalMs: HANDOFF_POLL_INTERVAL_MS,
      subjectsMax: FILTERS_MAX,
      ...options,
    });
  }
}

/** One filter, however its parameters were ordered, has one key. */
const keyOf = (filter: HandoffFilter): string => JSON.stringify(Object.entries(filter).sort());

function createVersionReader(store: FactReader, clock: () => Date): VersionReader<HandoffFilter> {
  let parts = "";
  let askedAt = new Date(0);
  const versions = new Map<string, { readonly version: string; readonly readAt: Date }>();
  return async (filters) => {
    const now = clock();
    const change = await readHandoffChange(store, askedAt.toISOString(), now.toISOString());
    // Forgotten first: a filter whose reading fails below is read again next time.
    if (change.parts !== parts || change.hasFallenDue) versions.clear();
    parts = change.parts;
    askedAt = now;
    const watched = new Set(filters.map(keyOf));
    for (const key of versions.keys()) if (!watched.has(key)) versions.delete(key);
    for (const filter of filters) {
      const known = versions.get(keyOf(filter));
      if (known && now.getTime() - known.readAt.getTime() < REREAD_MS) continue;
      const version = versionOf(await readMatrix(store, filter, now.toISOString()));
      versions.set(keyOf(filter), { version, readAt: now });
    }
    return new Map([...versions].map(([key, { version }]) => [key, version]));
  };
}

const versionOf = (totals: readonly object[]): string =>
  createHash("sha256").update(JSON.stringify(totals)).digest("hex").slice(0, 16);
