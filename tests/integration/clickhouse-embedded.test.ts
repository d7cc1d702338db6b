import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { type EmbeddedClickHouse, EmbeddedStartError, startEmbedded } from "@/clickhouse/embedded/supervisor";
import { createStore, type Store } from "@/lib/clickhouse/client";
import { classifyError } from "@/lib/clickhouse/errors";
import { request } from "./clickhouse-target";

// What is particular to the embedded engine: one holder per folder, bounded sessions, crash and restart, who may talk to it.

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const cleanups: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "throughline-embedded-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function start(
  options: Partial<Parameters<typeof startEmbedded>[0]> = {},
): Promise<{ embedded: EmbeddedClickHouse; store: Store }> {
  const embedded = await startEmbedded({ dataDir: options.dataDir ?? (await temporaryFolder()), ...options });
  const store = createStore({ url: embedded.url, timeoutMs: 20_000 });
  cleanups.push(() => store.close().then(() => embedded.stop()));
  return { embedded, store };
}

/** Repeats while the error says so, as the worker does; for at most `limitMs`. */
async function withRetry<Result>(attempt: () => Promise<Result>, limitMs = 30_000): Promise<Result> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (classifyError(error) !== "retry" || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe("a data folder", () => {
  it("has one holder: a second is told who it is and what to do", async () => {
    const dataDir = await temporaryFolder();
    const { embedded } = await start({ dataDir });
    const second = startEmbedded({ dataDir });
    await expect(second).rejects.toThrow(`The data folder ${dataDir} is in use by process ${embedded.pid}`);
    await expect(second).rejects.toThrow(/Stop that process, or set DATA_DIR to another folder\.$/);
    await expect(second).rejects.toMatchObject({ exitCode: 2 });
    await expect(second).rejects.toBeInstanceOf(EmbeddedStartError);
  });

  it("is not opened when its port is taken, and the message says what to set", async () => {
    const { embedded } = await start();
    const dataDir = await temporaryFolder();
    await expect(startEmbedded({ dataDir, port: embedded.port })).rejects.toThrow(
      `Port ${embedded.port} is in use by another program. Set EMBEDDED_CLICKHOUSE_PORT to a free one.`,
    );
  });

  it("makes the command end with exit code 2 and that one sentence", async () => {
    const dataDir = await temporaryFolder();
    await start({ dataDir });
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "clickhouse/embedded/main.ts", "--data", dataDir, "--port", "0"],
      { cwd: ROOT },
    );
    let output = "";
    child.stderr.on("data", (text) => {
      output += text;
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect([code, output.trim().split("\n").at(-1)]).toEqual([
      2,
      expect.stringMatching(/^The data folder .* is in use by process \d+/),
    ]);
  });

  it("keeps its rows over a stop and a start", async () => {
    const dataDir = await temporaryFolder();
    const first = await start({ dataDir });
    await first.store.command("CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n");
    await first.store.command("CREATE FUNCTION plus_one AS (x) -> x + 1");
    await first.store.insert("kept", [{ n: 1 }]);
    await first.embedded.stop();
    const second = await start({ dataDir });
    expect(await second.store.query("SELECT plus_one(n) AS v FROM kept")).toEqual([{ v: 2 }]);
  });

  it("goes with the engine when it is temporary, even when its starter was killed", async () => {
    const dataDir = await temporaryFolder();
    const script = `import { startEmbedded } from "./clickhouse/embedded/supervisor.ts";
      const embedded = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, isTemporary: true }); console.log(embedded.pid);`;
    const starter = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { cwd: ROOT });
    const pid = await new Promise<number>((resolve) => starter.stdout.once("data", (text) => resolve(Number(text))));
    expect(existsSync(dataDir)).toBe(true);
    starter.kill("SIGKILL");
    await expect.poll(() => existsSync(dataDir) || isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("sessions", () => {
  it("run queries side by side, and refuse with code 202 beyond the queue", async () => {
    const { embedded, store } = await start({ sessionsMax: 2, queueMax: 3 });
    const many = createStore({ url: embedded.url, connectionsMax: 20 });
    cleanups.push(() => many.close());
    const slow = Array.from({ length: 8 }, () =>
      many.query("SELECT sleep(1)").then(
        () => "done",
        (error) => error,
      ),
    );
    const outcomes = await Promise.all(slow);
    const refused = outcomes.filter((outcome) => outcome !== "done");
    expect(outcomes.length - refused.length).toBe(5);
    for (const error of refused) expect(error).toMatchObject({ code: "202", type: "TOO_MANY_SIMULTANEOUS_QUERIES" });
    expect(refused.map(classifyError)).toEqual(["retry", "retry", "retry"]);
    expect(await store.query("SELECT 1 AS n")).toEqual([{ n: 1 }]);
  });

  it("answer others while one plans a scalar subquery for long", async () => {
    const { store } = await start();
    const abort = new AbortController();
    const slow = store.query(
      "SELECT (SELECT max(sipHash64(number)) FROM numbers(100000000000)) AS m",
      {},
      { signal: abort.signal },
    );
    slow.catch(() => undefined);
    for (let n = 0; n < 5; n++) expect(await store.query("SELECT {n:UInt8} AS n", { n })).toEqual([{ n }]);
    abort.abort();
    await expect(slow).rejects.toThrow(/abort/);
    await expect
      .poll(
        () =>
          store.query(
            "SELECT 1 FROM system.processes WHERE query LIKE '%sipHash64%100000000000%'  AND query NOT LIKE '%processes%'",
          ),
        { timeout: 10_000 },
      )
      .toEqual([]);
  });

  it("end a query that runs for nobody, and keep an insert that has begun", async () => {
    const { embedded, store } = await start();
    await store.command("CREATE TABLE slow (n UInt64) ENGINE = MergeTree ORDER BY n");
    const abort = new AbortController();
    const insert = store.command(
      "INSERT INTO slow SELECT number + sleepEachRow(0.05) FROM numbers(100) SETTINGS max_block_size = 10",
      {},
      { signal: abort.signal },
    );
    insert.catch(() => undefined);
    await expect
      .poll(() => store.query("SELECT 1 AS n FROM system.processes WHERE query LIKE 'INSERT INTO slow%'"), {
        timeout: 10_000,
      })
      .toEqual([{ n: 1 }]);
    abort.abort();
    await expect(insert).rejects.toThrow(/abort/);
    await expect.poll(() => store.query("SELECT count() AS n FROM slow"), { timeout: 20_000 }).toEqual([{ n: "100" }]);
    expect(embedded.restarts).toBe(0);
  });

  it("are not open to web pages", async () => {
    const { embedded } = await start();
    const fromPages: Array<Record<string, string>> = [
      { origin: "http://evil.example" },
      { "sec-fetch-site": "cross-site" },
      { host: "evil.example" },
    ];
    for (const headers of fromPages) {
      const answer = await request(embedded, { body: "SELECT 1", headers });
      expect(answer.status).toBe(403);
    }
    expect((await request(embedded, { body: "SELECT 1" })).text).toBe("1\n");
  });
});

describe("a crash", () => {
  it("of the engine under load loses no acknowledged row; it is started again and the clients carry on", async () => {
    const { embedded, store } = await start();
    await store.command(
      "CREATE TABLE facts (writer UInt8, n UInt32, pad String) ENGINE = MergeTree ORDER BY (writer, n) SETTINGS non_replicated_deduplication_window = 10000",
    );
    const acknowledged = new Map<string, number>();
    let isLoading = true;
    const write = async (writer: number): Promise<void> => {
      for (let batch = 0; isLoading; batch++) {
        const rows = Array.from({ length: 100 }, (_, index) => ({
          writer,
          n: batch * 100 + index,
          pad: "x".repeat(50),
        }));
        const dedupToken = randomUUID();
        await withRetry(() => store.insert("facts", rows, { dedupToken }));
        acknowledged.set(`${writer}`, (batch + 1) * 100);
      }
    };
    const read = async (): Promise<void> => {
      while (isLoading) await withRetry(() => store.query("SELECT count() FROM facts"));
    };
    const load = Promise.all([write(1), write(2), write(3), read()]);
    const total = () => [...acknowledged.values()].reduce((sum, count) => sum + count, 0);
    for (let crash = 1; crash <= 3; crash++) {
      const before = total();
      await expect.poll(total, { timeout: 20_000 }).toBeGreaterThan(before + 1_000);
      process.kill(embedded.pid ?? 0, "SIGKILL");
      await expect.poll(() => embedded.restarts, { timeout: 20_000 }).toBe(crash);
    }
    const after = total();
    await expect.poll(total, { timeout: 20_000 }).toBeGreaterThan(after + 1_000);
    isLoading = false;
    await load;
    const rows = await store.query<{ writer: number; stored: number; distinct: number }>(
      "SELECT writer, toUInt32(count()) AS stored, toUInt32(uniqExact(n)) AS distinct FROM facts GROUP BY writer ORDER BY writer",
    );
    expect(rows).toEqual(
      [1, 2, 3].map((writer) => ({
        writer,
        stored: acknowledged.get(`${writer}`),
        distinct: acknowledged.get(`${writer}`),
      })),
    );
  });
});
