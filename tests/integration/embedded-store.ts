import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startEmbedded } from "@/clickhouse/embedded/supervisor";
import { createStore, type Store } from "@/lib/clickhouse/client";
import { migrate } from "@/lib/clickhouse/migrate";

const MIGRATIONS = fileURLToPath(new URL("../../clickhouse/migrations", import.meta.url));

export interface TestStore {
  store: Store;
  /** For CLICKHOUSE_URL of a process under test. */
  url: string;
  /** Ends the engine and removes its folder. Call it in `afterAll`. */
  stop(): Promise<void>;
}

/**
 * A store of its own for one test file: the embedded engine in a child process, on a fresh folder under the system's temporary folder, with all
 * migrations applied. When the test process dies without calling `stop`, the engine notices and ends; `{ migrations: false }` leaves it empty.
 */
export async function startTestStore(options: { migrations?: boolean } = {}): Promise<TestStore> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "throughline-test-"));
  const embedded = await startEmbedded({ dataDir, isTemporary: true });
  const store = createStore({ url: embedded.url });
  const stop = async (): Promise<void> => {
    await store.close();
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    if (options.migrations !== false) await migrate(store, { directory: MIGRATIONS });
  } catch (error) {
    await stop();
    throw error;
  }
  return { store, url: embedded.url, stop };
}
