import { describe, expect, it, vi } from "vitest";
import type { CorrelatedEvent } from "@/ingest/correlate/correlated-event";
import { createFactStore, type FactTables, type Storable, type StoreOutcome } from "@/ingest/store";
import { eventLine } from "@/ingest/store/event-row";
import type { ErrorClass } from "@/ingest/store/insertion";

const RECEIPT = {
  receivedAt: "2026-11-23T10:15:30.123Z",
  channel: "http",
  origin: "request-1",
  contentType: "application/x-ndjson",
} as const;

const LIMITS = {
  flushItems: 100,
  flushBytes: 1_000_000,
  lingerMs: 1,
  queueItems: 1_000,
  queueBytes: 10_000_000,
  waitMsMax: 10_000,
};
const QUICK_RETRY = { firstDelayMs: 1, delayMsMax: 2, totalMsMax: 60 };

function event(id: string, contentHash = `hash-of-${id}`): Storable {
  const correlated: CorrelatedEvent = {
    event: {
      specversion: "1.0",
      id,
      source: "wms-east",
      type: "shipment.confirmed",
      time: "2026-11-23T10:15:30.000Z",
      data: { kind: "message", objects: [], outcome: "ok" },
    },
    objects: [],
    links: [],
    linkAct: "stated",
    contentHash,
    payload: `{"id":"${id}"}`,
  };
  return {
    event: { correlated, line: eventLine(correlated, RECEIPT.receivedAt, { types: new Map() }), receipt: RECEIPT },
  };
}

interface Row {
  readonly source: string;
  readonly event_id: string;
  readonly content_hash: string;
}

/** A store in memory that refuses rows by id and can be away. */
class FakeTables implements FactTables {
  readonly events = new Map<string, string>();
  readonly deadLetters: { step: string; raw: string; reason: string }[] = [];
  readonly inserts: number[] = [];
  refusedIds = new Set<string>();
  away = false;
  awayForInserts = false;
  readonly refills: string[] = [];
  concurrent = 0;
  concurrentMax = 0;
  hold: Promise<void> = Promise.resolve();

  async query<Result>(_sql: string, params: Record<string, unknown>): Promise<Result[]> {
    if (this.away) throw new Error("away");
    const ids = params.event_ids as string[];
    return ids.flatMap((id) => {
      const hash = this.events.get(id);
      return hash === undefined ? [] : [{ source: "wms-east", event_id: id, content_hash: hash } as Result];
    });
  }

  async insert(table: string, lines: Uint8Array): Promise<void> {
    this.concurrent += 1;
    this.concurrentMax = Math.max(this.concurrentMax, this.concurrent);
    await this.hold;
    this.concurrent -= 1;
    if (this.away) throw new Error("away");
    const rows = Buffer.from(lines).toString().trimEnd().split("\n");
    if (this.awayForInserts) throw new Error("away");
    if (table === "dead_letters") {
      this.deadLetters.push(...rows.map((row) => JSON.parse(row) as FakeTables["deadLetters"][number]));
      return;
    }
    const parsed = rows.map((row) => JSON.parse(row) as Row);
    if (parsed.some((row) => this.refusedIds.has(row.event_id))) throw new Error("refused");
    this.inserts.push(parsed.length);
    for (const row of parsed) this.events.set(row.event_id, row.content_hash);
  }
}

const classify = (error: unknown): ErrorClass =>
  error instanceof Error && error.message === "refused" ? "refused" : "retry";

const factStore = (tables: FakeTables, limits = LIMITS) =>
  createFactStore({
    tables,
    classify,
    limits,
    retry: QUICK_RETRY,
    refill: async (since) => void tables.refills.push(since),
  });

function outcomesOf(answer: StoreOutcome[] | { notStored: string }): string[] {
  if ("notStored" in answer) throw new Error(`not stored: ${answer.notStored}`);
  return answer.map((outcome) => (outcome.kind === "duplicate" && outcome.conflict ? "conflict" : outcome.kind));
}

describe("the fact store", () => {
  it("answers many small submissions from one insert", async () => {
    const tables = new FakeTables();
    const store = factStore(tables);
    let release = (): void => {};
    tables.hold = new Promise((resolve) => {
      release = resolve;
    });
    // While this one is being inserted nothing else can be, however slow the machine: the others must share the next insert.
    const first = store.store([event("first")]);
    await vi.waitUntil(() => tables.concurrent === 1, { timeout: 10_000 });
    const others = Array.from({ length: 20 }, (_, n) => store.store([event(`e${n}`)]));
    expect(store.queuedItems).toBe(20);
    release();
    const answers = await Promise.all([first, ...others]);
    expect(answers.flatMap(outcomesOf)).toEqual(Array.from({ length: 21 }, () => "accepted"));
    expect(tables.inserts).toEqual([1, 20]);
  });

  it("counts a repeat as duplicate, whether it comes in the same flush or later, and stores it once", async () => {
    const tables = new FakeTables();
    const store = factStore(tables);
    expect(outcomesOf(await store.store([event("a"), event("a"), event("b")]))).toEqual([
      "accepted",
      "duplicate",
      "accepted",
    ]);
    expect(outcomesOf(await store.store([event("b"), event("c")]))).toEqual(["duplicate", "accepted"]);
    expect(tables.inserts).toEqual([2, 1]);
    expect(tables.deadLetters).toEqual([]);
  });

  it("keeps other content under a known id as a dead letter and leaves the stored event alone", async () => {
    const tables = new FakeTables();
    const store = factStore(tables);
    await store.store([event("a", "first")]);
    expect(outcomesOf(await store.store([event("a", "second"), event("b", "x"), event("b", "y")]))).toEqual([
      "conflict",
      "accepted",
      "conflict",
    ]);
    expect(tables.events.get("a")).toBe("first");
    expect(tables.deadLetters.map((letter) => [letter.step, letter.raw])).toEqual([
      ["conflict", '{"id":"a"}'],
      ["conflict", '{"id":"b"}'],
    ]);
  });

  it("halves a refused batch until only the bad rows are dead letters", async () => {
    const tables = new FakeTables();
    tables.refusedIds = new Set(["e7", "e63"]);
    const items = Array.from({ length: 64 }, (_, n) => event(`e${n}`));
    const outcomes = outcomesOf(await factStore(tables).store(items));
    expect(outcomes.flatMap((outcome, n) => (outcome === "accepted" ? [] : [`${n} ${outcome}`]))).toEqual([
      "7 deadLettered",
      "63 deadLettered",
    ]);
    expect(tables.events.size).toBe(62);
    expect(tables.deadLetters.map((letter) => [letter.step, letter.raw])).toEqual([
      ["store", '{"id":"e7"}'],
      ["store", '{"id":"e63"}'],
    ]);
  });

  it("waits out a store that is away for a short while", async () => {
    const tables = new FakeTables();
    tables.away = true;
    const store = createFactStore({
      tables,
      classify,
      limits: LIMITS,
      retry: QUICK_RETRY,
      refill: async () => {},
      onRetry: () => {
        tables.away = false;
      },
    });
    expect(outcomesOf(await store.store([event("a")]))).toEqual(["accepted"]);
  });

  it("says away, and nothing is stored, when the store stays away past the bound", async () => {
    const tables = new FakeTables();
    tables.away = true;
    expect(await factStore(tables).store([event("a")])).toMatchObject({ notStored: "away" });
    expect(tables.events.size).toBe(0);
  });

  it("fills the read paths before the next flush when it gave up on an insert whose end it did not see", async () => {
    const tables = new FakeTables();
    const store = factStore(tables);
    tables.awayForInserts = true;
    expect(await store.store([event("a")])).toMatchObject({ notStored: "away" });
    expect(tables.refills).toEqual([]);
    tables.awayForInserts = false;
    await store.store([event("a")]);
    await store.store([event("b")]);
    expect(tables.refills).toEqual([RECEIPT.receivedAt]);
  });

  it("says busy when the queue is full, and takes again when it has drained", async () => {
    const tables = new FakeTables();
    const store = factStore(tables, { ...LIMITS, queueItems: 10 });
    let release = (): void => {};
    tables.hold = new Promise((resolve) => {
      release = resolve;
    });
    const flushing = store.store(Array.from({ length: 100 }, (_, n) => event(`first-${n}`)));
    const waiting = store.store(Array.from({ length: 10 }, (_, n) => event(`waiting-${n}`)));
    expect(await store.store([event("one too many")])).toMatchObject({ notStored: "busy" });
    release();
    await Promise.all([flushing, waiting]);
    expect(outcomesOf(await store.store([event("one too many")]))).toEqual(["accepted"]);
    expect(tables.concurrentMax).toBe(1);
  });
});
