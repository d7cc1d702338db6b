import type { StoryRecord } from "./story";

/** Puts the records of many stories into the order in which their deliveries reach us, holding only what is still to come. */

/** Anything with a StoryRecord's times: the record itself, or its line of text on its way through a file. */
export type Timed = Pick<StoryRecord, "source" | "recordedAt" | "deliveries">;

export interface RecordWindow<T extends Timed> {
  /** Nothing in this window or a later one is recorded before this. */
  readonly startAt: number;
  readonly records: Iterable<T>;
}

export interface Delivery<T> {
  readonly deliverAt: number;
  readonly record: T;
}

/**
 * Two stages. Records leave the first in the order they were written in their source, where `number` gives each its
 * sequence number; they enter the second once per delivery and leave it in delivery order. Ties keep the order of the stories.
 */
export function* deliver<T extends Timed>(
  windows: Iterable<RecordWindow<T>>,
  number: (record: T, sequence: number) => T,
): Generator<Delivery<T>> {
  const written = new Heap<T>();
  const onTheWay = new Heap<T>();
  const sequences = new Map<string, number>();
  const enter = (record: T): void => {
    const sequence = (sequences.get(record.source) ?? 0) + 1;
    sequences.set(record.source, sequence);
    const numbered = number(record, sequence);
    for (const at of record.deliveries) onTheWay.push(at, numbered);
  };
  function* until(time: number): Generator<Delivery<T>> {
    for (let next = written.popBefore(time); next !== undefined; next = written.popBefore(time)) enter(next.item);
    for (let next = onTheWay.popBefore(time); next !== undefined; next = onTheWay.popBefore(time)) {
      yield { deliverAt: next.key, record: next.item };
    }
  }
  for (const window of windows) {
    yield* until(window.startAt);
    for (const record of window.records) written.push(record.recordedAt, record);
  }
  yield* until(Number.POSITIVE_INFINITY);
}

/** The sequence number goes where the source left room for it. */
export function numberRecord(record: StoryRecord, sequence: number): StoryRecord {
  if (record.event.sequence === undefined) return record;
  record.event.sequence = String(sequence);
  return record;
}

interface Entry<T> {
  readonly key: number;
  readonly order: number;
  readonly item: T;
}

/** A binary min-heap by key; equal keys leave in the order they entered. */
class Heap<T> {
  private readonly entries: Entry<T>[] = [];
  private entered = 0;

  push(key: number, item: T): void {
    const entry = { key, order: this.entered++, item };
    let i = this.entries.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = this.entries[parent] as Entry<T>;
      if (!precedes(entry, above)) break;
      this.entries[i] = above;
      i = parent;
    }
    this.entries[i] = entry;
  }

  /** The least entry, if its key lies before the limit. */
  popBefore(limit: number): Entry<T> | undefined {
    const top = this.entries[0];
    if (top === undefined || top.key >= limit) return undefined;
    const last = this.entries.pop() as Entry<T>;
    if (this.entries.length > 0) this.sink(last);
    return top;
  }

  private sink(entry: Entry<T>): void {
    const { entries } = this;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= entries.length) break;
      const right = child + 1;
      if (right < entries.length && precedes(entries[right] as Entry<T>, entries[child] as Entry<T>)) child = right;
      const least = entries[child] as Entry<T>;
      if (!precedes(least, entry)) break;
      entries[i] = least;
      i = child;
    }
    entries[i] = entry;
  }
}

function precedes<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.key < b.key || (a.key === b.key && a.order < b.order);
}
