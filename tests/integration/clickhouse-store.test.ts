import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createStore } from "@/lib/clickhouse/client";
import { classifyError, REFUSED_CODES, RETRY_CODES } from "@/lib/clickhouse/errors";
import { type ConformanceTarget, startConformanceTarget } from "./clickhouse-target";

let target: ConformanceTarget;

beforeAll(async () => {
  target = await startConformanceTarget();
});

afterAll(async () => {
  await target?.stop();
});

const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => "fulfilled", classifyError);

describe("rows", () => {
  it("come back without losing a digit, times as ISO 8601 in UTC", async () => {
    await target.store.command(
      `CREATE TABLE kinds (id UInt8, big UInt64, money Decimal(38, 9), at DateTime64(3, 'UTC'), second DateTime('UTC'), maybe Nullable(Decimal(18, 2)),
        pairs Array(Tuple(type String, id String)), tags Array(LowCardinality(String))) ENGINE = MergeTree ORDER BY id`,
    );
    const row = {
      id: 1,
      big: "18446744073709551615",
      money: "-12345678901234567890.123456789",
      at: "2026-11-23T10:15:30.123Z",
      second: "2026-11-23T10:15:30Z",
      maybe: null,
      pairs: [{ type: "order", id: "SO-1\t'" }],
      tags: [],
    };
    await target.store.insert("kinds", [row]);
    expect(await target.store.query("SELECT * FROM kinds")).toEqual([row]);
  });

  it("go in as ready lines of bytes", async () => {
    await target.store.command("CREATE TABLE lines (n UInt32) ENGINE = MergeTree ORDER BY n");
    await target.store.insert("lines", Buffer.from('{"n":1}\n{"n":2}\n'));
    expect(await target.store.query("SELECT n FROM lines ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("are stored once under one deduplication token, in the table and in the views that read it", async () => {
    const window = "SETTINGS non_replicated_deduplication_window = 1000";
    await target.store.command(`CREATE TABLE facts (id String) ENGINE = MergeTree ORDER BY id ${window}`);
    await target.store.command(`CREATE TABLE copies (id String) ENGINE = MergeTree ORDER BY id ${window}`);
    await target.store.command("CREATE MATERIALIZED VIEW copies_mv TO copies AS SELECT id FROM facts");
    const count = (table: string) => target.store.query<{ n: string }>(`SELECT count() AS n FROM ${table}`);
    for (const dedupToken of ["t1", "t1", "t2"]) await target.store.insert("facts", [{ id: "same" }], { dedupToken });
    await Promise.all([1, 2, 3, 4].map(() => target.store.insert("facts", [{ id: "same" }], { dedupToken: "t3" })));
    expect(await count("facts")).toEqual([{ n: "3" }]);
    expect(await count("copies")).toEqual([{ n: "3" }]);
  });

  it("of parallel writers are all there, and no reader sees half a batch", async () => {
    await target.store.command(
      "CREATE TABLE busy (writer UInt8, batch UInt16, n UInt16) ENGINE = MergeTree ORDER BY (writer, batch, n)",
    );
    const [writers, batches, size] = [6, 20, 250];
    let isWriting = true;
    const write = async (writer: number): Promise<void> => {
      for (let batch = 0; batch < batches; batch++) {
        await target.store.insert(
          "busy",
          Array.from({ length: size }, (_, n) => ({ writer, batch, n })),
        );
      }
    };
    const read = async (): Promise<void> => {
      let before = 0;
      while (isWriting) {
        const rows = await target.store.query<{ c: string }>("SELECT count() AS c FROM busy GROUP BY writer, batch");
        expect(rows.filter((row) => row.c !== String(size))).toEqual([]);
        expect(rows.length).toBeGreaterThanOrEqual(before);
        before = rows.length;
      }
    };
    const reading = Promise.all([read(), read()]);
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    isWriting = false;
    await reading;
    const rows = await target.store.query<{ c: string; u: string }>(
      "SELECT count() AS c, uniqExact(writer, batch, n) AS u FROM busy",
    );
    expect(rows).toEqual([{ c: String(writers * batches * size), u: String(writers * batches * size) }]);
  });
});

describe("errors of a real engine", () => {
  it("bear the names that the closed lists give their codes", async () => {
    for (const [code, name] of Object.entries({ ...RETRY_CODES, ...REFUSED_CODES })) {
      const [row] = await target.store.query<{ name: string }>("SELECT errorCodeToName({code:UInt32}) AS name", {
        code,
      });
      expect(row?.name).toBe(name);
    }
  });

  it("refuse rows that will never go in", async () => {
    await target.store.command(
      "CREATE TABLE strict (n UInt8, at DateTime64(3, 'UTC'), e Enum8('a' = 1), d Decimal(9, 2), CONSTRAINT small CHECK n < 100) ENGINE = MergeTree ORDER BY n",
    );
    const bad = [
      { n: "many" },
      { n: {} },
      { at: "yesterday" },
      { e: "b" },
      { d: "99999999999999.00" },
      { n: 200 },
      { no_such_column: 1 },
      { n: [1] },
    ];
    for (const row of bad)
      expect(await outcome(target.store.insert("strict", [row])), JSON.stringify(row)).toBe("refused");
    expect(await target.store.query("SELECT * FROM strict")).toEqual([]);
  });

  it("are fatal where neither waiting nor other data helps", async () => {
    expect(await outcome(target.store.insert("no_such_table", [{ n: 1 }]))).toBe("fatal");
    expect(await outcome(target.store.query("SELEC"))).toBe("fatal");
  });

  it("ask for a retry when nobody listens, when the connection breaks, and when no answer comes", async () => {
    const answers: Array<(socket: { destroy(): void }) => void> = [(socket) => socket.destroy(), () => undefined];
    for (const answer of answers) {
      const server = createServer((message) => answer(message.socket));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const store = createStore({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, timeoutMs: 150 });
      expect(await outcome(store.query("SELECT 1"))).toBe("retry");
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      expect(await outcome(store.query("SELECT 1"))).toBe("retry");
      expect(await store.ping()).toBe(false);
      await store.close();
    }
  });
});
