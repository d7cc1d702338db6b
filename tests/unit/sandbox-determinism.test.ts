import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FeedRecord } from "@/sandbox/event";
import { writeHistory } from "@/sandbox/files";
import { stream, Weighted, zipfWeights } from "@/sandbox/random";
import { liveTraffic, simulate, simulateStream } from "@/sandbox/simulation";

const HISTORY = { orders: 250, days: 6, seed: "repeat" };

const text = (feed: readonly FeedRecord[]) => feed.map(({ event }) => JSON.stringify(event)).join("\n");

function take(records: Iterable<FeedRecord>, count: number): FeedRecord[] {
  const taken: FeedRecord[] = [];
  for (const record of records) {
    if (taken.push(record) === count) break;
  }
  return taken;
}

describe("a history", () => {
  it("is the same bytes for the same seed, and other bytes for another", () => {
    const first = simulate(HISTORY);
    const second = simulate(HISTORY);
    expect(text(second.feed)).toBe(text(first.feed));
    expect(JSON.stringify(second.truth)).toBe(JSON.stringify(first.truth));
    expect(text(simulate({ ...HISTORY, seed: "other" }).feed)).not.toBe(text(first.feed));
  });

  it("is the same as a stream, in memory and in files", async () => {
    const { feed, truth } = simulate(HISTORY);
    const streamed: FeedRecord[] = [];
    for await (const record of simulateStream(HISTORY)) streamed.push(record);
    expect(streamed).toEqual(feed);

    const folder = await mkdtemp(join(tmpdir(), "sandbox-test-"));
    try {
      const feedPath = join(folder, "feed.ndjson");
      const truthPath = join(folder, "truth.json");
      const written = await writeHistory(HISTORY, feedPath, truthPath, () => {});
      expect(await readFile(feedPath, "utf8")).toBe(`${text(feed)}\n`);
      expect(JSON.parse(await readFile(truthPath, "utf8"))).toEqual(JSON.parse(JSON.stringify(truth)));
      expect(written.faults).toBe(truth.faults.length);
      expect((await readdir(folder)).sort()).toEqual(["feed.ndjson", "truth.json"]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("ends where it is told to, with orders still under way, unless it is to be complete", () => {
    const end = "2026-03-02T12:00:00.000Z";
    const cut = simulate({ ...HISTORY, end });
    expect(cut.feed.at(-1)?.deliverAt).toBeLessThanOrEqual(Date.parse(end));
    expect(cut.truth.about.start).toBe("2026-02-24T12:00:00.000Z");
    const complete = simulate({ ...HISTORY, end, complete: true });
    expect(complete.feed.length).toBeGreaterThan(cut.feed.length);
    expect(text(complete.feed.slice(0, cut.feed.length))).toBe(text(cut.feed));
    const placed = new Set(complete.truth.orders.map(({ order }) => order));
    expect(placed.size).toBe(HISTORY.orders);
  });

  it("may be given by its start", () => {
    const start = "2026-02-24T12:00:00.000Z";
    expect(simulate({ ...HISTORY, start }).truth.about).toEqual(
      simulate({ ...HISTORY, end: "2026-03-02T12:00:00.000Z" }).truth.about,
    );
  });

  it("refuses a time that is none", () => {
    expect(() => simulate({ ...HISTORY, end: "yesterday" })).toThrow(/expected a time such as/);
  });
});

describe("live traffic", () => {
  const from = "2026-11-23T17:00:00.000Z";

  it("goes on where its history ends: what was under way arrives, new numbers are new, nothing comes twice", () => {
    const history = simulate({ ...HISTORY, end: from });
    const live = take(liveTraffic({ seed: HISTORY.seed, from, ratePerMinute: 1, history: HISTORY }), 4000);
    expect(live[0]?.deliverAt).toBeGreaterThan(Date.parse(from));
    const complete = simulate({ ...HISTORY, end: from, complete: true }).feed;
    const expectedRest = complete.slice(history.feed.length).map(({ event }) => `${event.source} ${event.id}`);
    const lastAt = live.at(-1)?.deliverAt ?? 0;
    const due = complete.slice(history.feed.length).filter(({ deliverAt }) => deliverAt < lastAt);
    const seen = new Set(live.map(({ event }) => `${event.source} ${event.id}`));
    expect(due.length).toBeGreaterThan(300);
    expect(due.filter(({ event }) => !seen.has(`${event.source} ${event.id}`))).toEqual([]);

    const past = new Set(history.feed.map(({ event }) => `${event.source} ${event.id}`));
    const rest = new Set(expectedRest);
    const repeated = live.filter(({ event }) => {
      const key = `${event.source} ${event.id}`;
      return past.has(key) && !rest.has(key);
    });
    expect(repeated).toEqual([]);
    const newOrders = live.filter(
      ({ event }) => event.type === "order.created" && event.source === "oms" && !rest.has(`oms ${event.id}`),
    );
    expect(newOrders.length).toBeGreaterThan(50);
  });

  it("is deterministic, in order, and near the rate it was asked for", () => {
    const options = { seed: 3, from, ratePerMinute: 10 } as const;
    const first = take(liveTraffic(options), 6000);
    expect(take(liveTraffic(options), 6000)).toEqual(first);
    expect(first.filter(({ deliverAt }, i) => deliverAt < (first[i - 1]?.deliverAt ?? 0))).toEqual([]);
    const created = new Map(
      first.filter(({ event }) => event.source === "oms" && event.type === "order.created").map((r) => [r.event.id, r]),
    );
    const minutes = ((first.at(-1)?.deliverAt ?? 0) - Date.parse(from)) / 60_000;
    expect(created.size / minutes).toBeGreaterThan(7.5);
    expect(created.size / minutes).toBeLessThan(12.5);
  });
});

describe("random streams", () => {
  it("do not disturb each other: a draw more in one leaves the others as they were", () => {
    const other = stream("s", "order", 1, "picking");
    const before = [other.unit(), other.unit()];
    stream("s", "order", 1, "packing").unit();
    const again = stream("s", "order", 1, "picking");
    expect([again.unit(), again.unit()]).toEqual(before);
    expect(stream("s", "order", 11, "picking").unit()).not.toBe(before[0]);
  });

  it("are fair", () => {
    const random = stream("fair");
    const sides = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 60_000; i++) {
      const side = random.int(0, 5);
      sides[side] = (sides[side] ?? 0) + 1;
    }
    // Five standard deviations of a binomial(60000, 1/6) are 457.
    for (const count of sides) expect(Math.abs(count - 10_000)).toBeLessThan(457);
  });

  it("draw by weight", () => {
    const random = stream("weight");
    const weighted = new Weighted(zipfWeights(3, 1));
    const counts = [0, 0, 0];
    for (let i = 0; i < 11_000; i++) {
      const drawn = weighted.draw(random);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    // 1 : 1/2 : 1/3 of 11,000 are 6000, 3000, 2000; 250 is five standard deviations or more.
    [6000, 3000, 2000].forEach((expected, i) => {
      expect(Math.abs((counts[i] ?? 0) - expected)).toBeLessThan(265);
    });
  });
});
