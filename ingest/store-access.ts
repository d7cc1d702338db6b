/**
 * The store for a command: a server that is named, the embedded engine that a running product holds, or an engine of its own
 * for as long as the command runs. Always migrated.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmbedded } from "@/clickhouse/embedded/supervisor";
import { createStore, type Store } from "@/lib/clickhouse/client";
import { migrate } from "@/lib/clickhouse/migrate";
import { ConfigurationError, clickhouseUrlOf, type Environment } from "@/lib/config/environment";

export const MIGRATIONS_DIR = fileURLToPath(new URL("../clickhouse/migrations", import.meta.url));

/** Where the embedded engine keeps its files. */
export const engineDirOf = (environment: Environment): string => join(environment.dataDir, "clickhouse");

export interface OpenStore {
  readonly store: Store;
  close(): Promise<void>;
}

/**
 * @throws ConfigurationError when a named server does not answer, or the port belongs to an engine on another folder;
 * EmbeddedStartError when the engine cannot start (its folder is held by another process); MigrationError.
 */
export async function openStore(environment: Environment): Promise<OpenStore> {
  const answering = await openAnswering(environment);
  if (answering) return answering;
  if (environment.clickhouseUrl !== null) {
    throw new ConfigurationError(
      `CLICKHOUSE_URL: no ClickHouse answers at ${withoutPassword(environment.clickhouseUrl)}; start it, or correct the address.`,
    );
  }
  const engine = await startEmbedded({ dataDir: engineDirOf(environment), port: environment.embeddedClickhousePort });
  const store = createStore({ url: engine.url });
  const close = async (): Promise<void> => {
    await store.close();
    await engine.stop();
  };
  try {
    await migrate(store, { directory: MIGRATIONS_DIR });
    return { store, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The store that answers already: a server, or the engine of a running product; null when none does. */
async function openAnswering(environment: Environment): Promise<OpenStore | null> {
  const store = createStore({ url: clickhouseUrlOf(environment) });
  try {
    if (await store.ping()) {
      if (environment.clickhouseUrl === null) await checkFolder(store, environment);
      await migrate(store, { directory: MIGRATIONS_DIR });
      return { store, close: () => store.close() };
    }
  } catch (error) {
    await store.close();
    throw error;
  }
  await store.close();
  return null;
}

/** Two products on one machine: the one that answers must be the one on our folder. */
async function checkFolder(store: Store, environment: Environment): Promise<void> {
  const [disk] = await store.query<{ path: string }>("SELECT path FROM system.disks WHERE name = 'default'");
  const expected = engineDirOf(environment);
  const found = (disk?.path ?? "").replace(/\/+$/, "");
  if (found === expected || found.startsWith(`${expected}/`)) return;
  throw new ConfigurationError(
    `EMBEDDED_CLICKHOUSE_PORT: port ${environment.embeddedClickhousePort} is served for the folder ${found}, not ${expected}. Set DATA_DIR to that product's, or EMBEDDED_CLICKHOUSE_PORT to a free port.`,
  );
}

export function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = "";
    return parsed.toString();
  } catch {
    return "the given address";
  }
}
