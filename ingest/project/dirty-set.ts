/** What waits to be projected, coalesced: a hot order touched a hundred times is projected once. */
import type { CorrelatedEvent } from "@/ingest/correlate/correlated-event";
import { type ObjectKey, objectKey } from "@/lib/domain/object";
import type { TouchedFacts } from "./journeys";
import type { Touched } from "./projector";

/** Links this worker has already projected. Beyond this many, the oldest are forgotten and cost one fuller pass again. */
const KNOWN_LINKS_LIMIT = 500_000;

export class DirtySet {
  #touched = new Set<ObjectKey>();
  #namedBy = new Map<string, Set<ObjectKey>>();
  #relinked = new Set<ObjectKey>();
  #events = 0;
  #oldestReceivedAt: string | null = null;
  /** Pairs "child parent" that a completed pass of this worker took as changed. */
  readonly #knownLinks = new Set<string>();
  #taken: string[] = [];
  #added: string[] = [];

  get events(): number {
    return this.#events;
  }

  get oldestReceivedAt(): string | null {
    return this.#oldestReceivedAt;
  }

  add({ correlated, duplicate }: Touched, receivedAt: string): void {
    this.#events += 1;
    if (this.#oldestReceivedAt === null || receivedAt < this.#oldestReceivedAt) this.#oldestReceivedAt = receivedAt;
    const named = this.#namedByType(correlated.event.type);
    for (const object of correlated.objects) {
      const key = objectKey(object);
      this.#touched.add(key);
      named.add(key);
    }
    for (const link of correlated.links) this.#addLink(link, correlated, duplicate);
  }

  #namedByType(type: string): Set<ObjectKey> {
    const known = this.#namedBy.get(type) ?? new Set<ObjectKey>();
    this.#namedBy.set(type, known);
    return known;
  }

  #addLink(link: CorrelatedEvent["links"][number], { linkAct }: CorrelatedEvent, duplicate: boolean): void {
    const child = objectKey(link.child);
    const parent = objectKey(link.parent);
    this.#touched.add(child);
    this.#touched.add(parent);
    const pair = `${child}\u0000${parent}`;
    // A link this worker has projected before changes nothing when it is stated again. Not so after a retraction, and not for a
    // duplicate: its first copy may have been stored by a worker that died before it projected.
    if (linkAct === "stated" && !duplicate && this.#knownLinks.has(pair)) return;
    this.#relinked.add(child);
    if (linkAct === "stated") this.#added.push(pair);
    else this.#knownLinks.delete(pair);
  }

  /** Takes everything that waits. Call `settle` when it is projected, `putBack` when that failed. */
  take(): TouchedFacts & { readonly events: number; readonly oldestReceivedAt: string | null } {
    const taken = {
      touched: this.#touched,
      relinked: this.#relinked,
      namedBy: this.#namedBy,
      events: this.#events,
      oldestReceivedAt: this.#oldestReceivedAt,
    };
    this.#taken = this.#added;
    this.#touched = new Set();
    this.#relinked = new Set();
    this.#namedBy = new Map();
    this.#added = [];
    this.#events = 0;
    this.#oldestReceivedAt = null;
    return taken;
  }

  settle(): void {
    for (const pair of this.#taken) this.#knownLinks.add(pair);
    this.#taken = [];
    for (const pair of this.#knownLinks) {
      if (this.#knownLinks.size <= KNOWN_LINKS_LIMIT) break;
      this.#knownLinks.delete(pair);
    }
  }

  putBack(taken: ReturnType<DirtySet["take"]>): void {
    for (const key of taken.touched) this.#touched.add(key);
    for (const key of taken.relinked) this.#relinked.add(key);
    for (const [type, keys] of taken.namedBy) for (const key of keys) this.#namedByType(type).add(key);
    this.#added.push(...this.#taken);
    this.#taken = [];
    this.#events += taken.events;
    if (taken.oldestReceivedAt !== null) this.#oldestReceivedAt = taken.oldestReceivedAt;
  }
}
