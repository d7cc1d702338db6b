import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventStreamResponse, HEARTBEAT_MS, STREAM_MS_MAX } from "@/app/api/event-stream";
import { JourneyWatch } from "@/app/api/journey-watch";
import { POLL_INTERVAL_MS, type VersionReader } from "@/app/api/watch";
import { type ObjectRef, objectKey } from "@/lib/domain/object";

const root = (id: string) => ({ type: "order", id });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A store of versions that counts how often it is asked. */
function versionStore(versions: Record<string, string>) {
  const asked: number[] = [];
  const read: VersionReader<ObjectRef> = async (roots) => {
    asked.push(roots.length);
    return new Map(
      roots.flatMap(({ id }) => {
        const version = versions[id];
        return version === undefined ? [] : [[objectKey(root(id)), version]];
      }),
    );
  };
  return { versions, asked, read };
}

describe("watching journeys", () => {
  it("asks the store once a second for all viewers together, and not at all when nobody watches", async () => {
    const store = versionStore({ a: "1", b: "1" });
    const watch = new JourneyWatch(store.read);
    const ends = Array.from({ length: 100 }, (_, index) => watch.watch(root(index % 2 ? "a" : "b"), () => undefined));
    await vi.advanceTimersByTimeAsync(5 * POLL_INTERVAL_MS);
    expect(store.asked).toEqual([2, 2, 2, 2, 2, 2]);
    for (const end of ends) end?.();
    await vi.advanceTimersByTimeAsync(60 * POLL_INTERVAL_MS);
    expect(store.asked).toHaveLength(6);
    expect(watch.size).toBe(0);
  });

  it("tells each viewer what is when it comes, and then only what changes", async () => {
    const store = versionStore({ a: "1" });
    const watch = new JourneyWatch(store.read);
    const early: unknown[] = [];
    const late: unknown[] = [];
    watch.watch(root("a"), (version, isFirst) => early.push([version, isFirst]));
    watch.watch(root("unprojected"), (version, isFirst) => late.push([version, isFirst]));
    await vi.advanceTimersByTimeAsync(3 * POLL_INTERVAL_MS);
    store.versions.a = "2";
    store.versions.unprojected = "1";
    await vi.advanceTimersByTimeAsync(3 * POLL_INTERVAL_MS);
    expect(early).toEqual([
      ["1", true],
      ["2", false],
    ]);
    expect(late).toEqual([
      [null, true],
      ["1", false],
    ]);
    watch.watch(root("a"), (version, isFirst) => late.push([version, isFirst]));
    expect(late.at(-1)).toEqual(["2", true]);
  });

  it("goes on after the store was away, complains once, and tells what was missed", async () => {
    const store = versionStore({ a: "1" });
    const failures: unknown[] = [];
    let isAway = false;
    const watch = new JourneyWatch((roots) => (isAway ? Promise.reject(new Error("away")) : store.read(roots)), {
      onFailure: (error) => failures.push(error),
    });
    const seen: unknown[] = [];
    watch.watch(root("a"), (version) => seen.push(version));
    await vi.advanceTimersByTimeAsync(POLL_INTERVAL_MS);
    isAway = true;
    store.versions.a = "2";
    await vi.advanceTimersByTimeAsync(5 * POLL_INTERVAL_MS);
    expect([seen, failures.length]).toEqual([["1"], 1]);
    isAway = false;
    await vi.advanceTimersByTimeAsync(POLL_INTERVAL_MS);
    expect(seen).toEqual(["1", "2"]);
  });

  it("does not ask again while the store has not answered", async () => {
    let calls = 0;
    const watch = new JourneyWatch(() => {
      calls += 1;
      return new Promise(() => undefined);
    });
    watch.watch(root("a"), () => undefined);
    await vi.advanceTimersByTimeAsync(30 * POLL_INTERVAL_MS);
    expect(calls).toBe(1);
  });

  it("takes no more viewers than its bound, and a place that is given up is free again", () => {
    const watch = new JourneyWatch(versionStore({}).read, { watchersMax: 2 });
    const first = watch.watch(root("a"), () => undefined);
    expect(watch.watch(root("a"), () => undefined)).not.toBeNull();
    expect(watch.watch(root("b"), () => undefined)).toBeNull();
    first?.();
    first?.();
    expect(watch.watch(root("b"), () => undefined)).not.toBeNull();
    expect(watch.watch(root("c"), () => undefined)).toBeNull();
  });
});

describe("an event stream", () => {
  function open(keep: () => Promise<boolean>) {
    let released = 0;
    const gone = new AbortController();
    const response = eventStreamResponse(new Request("http://app.test/", { signal: gone.signal }), {
      start: () => () => {
        released += 1;
      },
      keep,
    });
    const reader = response.body?.getReader();
    if (!reader) throw new Error("no body");
    const readAll = async (): Promise<string> => {
      const parts: Uint8Array[] = [];
      for (;;) {
        const part = await reader.read();
        if (part.done) return Buffer.concat(parts).toString("utf8");
        parts.push(part.value);
      }
    };
    return { gone, reader, readAll, released: () => released };
  }

  it("beats while the client may listen, and ends at its time limit", async () => {
    const stream = open(async () => true);
    const reading = stream.readAll();
    await vi.advanceTimersByTimeAsync(STREAM_MS_MAX);
    const text = await reading;
    expect(text.match(/: alive/g)?.length).toBeGreaterThanOrEqual(STREAM_MS_MAX / HEARTBEAT_MS - 1);
    expect(stream.released()).toBe(1);
  });

  it.each([
    ["the session ended", async (): Promise<boolean> => false],
    ["that cannot be found out", (): Promise<boolean> => Promise.reject(new Error("away"))],
  ] as const)("ends at the next beat when %s", async (_why, keep) => {
    const stream = open(keep);
    const reading = stream.readAll();
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS);
    await reading;
    expect(stream.released()).toBe(1);
  });

  it("lets go when the client goes, by either way a client goes", async () => {
    const aborted = open(async () => true);
    aborted.gone.abort();
    await aborted.readAll();
    const cancelled = open(async () => true);
    await cancelled.reader.cancel();
    expect([aborted.released(), cancelled.released()]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(STREAM_MS_MAX);
    expect([aborted.released(), cancelled.released()]).toEqual([1, 1]);
  });
});
