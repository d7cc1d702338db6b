/** A migrated store on a fresh folder for one measurement, and what its engine looks like from outside. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startEmbedded } from "@/clickhouse/embedded/supervisor";
import { MIGRATIONS_DIR } from "@/ingest/store-access";
import { createStore, type Store } from "@/lib/clickhouse/client";
import { migrate } from "@/lib/clickhouse/migrate";

export interface BenchStore {
  readonly store: Store;
  readonly url: string;
  readonly version: string;
  /** Of the engine. */
  readonly pid: number;
  stop(): Promise<void>;
}

export async function openBenchStore(): Promise<BenchStore> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "throughline-bench-"));
  const engine = await startEmbedded({ dataDir, isTemporary: true });
  const store = createStore({ url: engine.url });
  await migrate(store, { directory: MIGRATIONS_DIR });
  return {
    store,
    url: engine.url,
    version: engine.version,
    pid: engine.pid ?? 0,
    async stop() {
      await store.close();
      await engine.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const SETTLE_MS_MAX = 300_000;
const QUIET_POLLS = 4;

/** Waits until the engine merges nothing more by itself: the state a store is in when the load is even. */
export async function settleMerges(store: Store): Promise<void> {
  const startedMs = performance.now();
  for (let quiet = 0; quiet < QUIET_POLLS && performance.now() - startedMs < SETTLE_MS_MAX; ) {
    const [row] = await store.query<{ merges: number }>("SELECT toUInt32(count()) AS merges FROM system.merges");
    quiet = row?.merges === 0 ? quiet + 1 : 0;
    await delay(500);
  }
}

/** "events_by_object 7, links_by_child 5, …": active parts of the tables that a journey is read from. */
export async function partsOf(store: Store): Promise<string> {
  const rows = await store.query<{ table: string; parts: number }>(
    `SELECT table, toUInt32(count()) AS parts FROM system.parts
     WHERE active AND table IN ('events', 'events_by_object', 'links_by_child', 'links_by_parent') GROUP BY table ORDER BY table`,
  );
  return rows.map(({ table, parts }) => `${table} ${parts}`).join(", ");
}
