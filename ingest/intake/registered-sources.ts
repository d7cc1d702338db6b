/** Which sources may report: those declared in config/systems.yaml, and those an administrator's act registered in the store. */
import { isDeclaredSource, type SystemRegistry } from "@/lib/domain/system";

export interface SourceTable {
  query<Row>(sql: string, params: Record<string, unknown>): Promise<Row[]>;
  insert(table: string, rows: readonly Record<string, unknown>[]): Promise<void>;
}

export interface RegisteredSources {
  /** Those of the sources that nobody registered. Reads the table at most once a second, and only for a source it does not know. */
  unregistered(sources: Iterable<string>): Promise<Set<string>>;
}

// A source that was registered this instant reports within a second; a stranger who sends without end costs one small query a second.
const REFRESH_INTERVAL_MS = 1_000;

export function createRegisteredSources(
  systems: SystemRegistry,
  table: Pick<SourceTable, "query">,
  nowMs: () => number,
): RegisteredSources {
  let registered = new Set<string>();
  let refreshedAtMs = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<void> | null = null;

  const isKnown = (source: string): boolean => isDeclaredSource(systems, source) || registered.has(source);
  const refresh = async (): Promise<void> => {
    const rows = await table.query<{ source: string }>("SELECT DISTINCT source FROM registered_sources", {});
    registered = new Set(rows.map((row) => row.source));
    refreshedAtMs = nowMs();
  };

  return {
    async unregistered(sources) {
      const unknown = [...sources].filter((source) => !isKnown(source));
      if (unknown.length === 0) return new Set();
      if (nowMs() - refreshedAtMs >= REFRESH_INTERVAL_MS) {
        refreshing ??= refresh().finally(() => {
          refreshing = null;
        });
        await refreshing;
      }
      return new Set(unknown.filter((source) => !isKnown(source)));
    },
  };
}

export const unregisteredReason = (source: string): string =>
  `source: expected a registered source, got ${JSON.stringify(source.slice(0, 128))}; declare it in config/systems.yaml, or register it with \`npm run token -- create --name NAME --source SOURCE\`.`;
