/**
 * Notices that the store died and came back: an insert of another worker, itself dead by now, may have ended half-way, and nobody
 * else is left to fill the read paths.
 */
import type { ReadPathTables } from "@/ingest/store/read-paths";

const CHECK_INTERVAL_MS = 10_000;

export interface RestartWatch {
  stop(): void;
}

/** Calls `onRestart` with the time (RFC 3339) at which the store was last known to have been up. */
export function watchRestarts(
  tables: Pick<ReadPathTables, "query">,
  now: () => Date,
  onRestart: (lastSeen: string) => void,
): RestartWatch {
  // Behind one address several servers may answer, each with an uptime of its own.
  const seen = new Map<string, { uptimeSeconds: number; at: string }>();
  const check = async (): Promise<void> => {
    const at = now().toISOString();
    const [server] = await tables.query<{ host: string; uptime: number }>(
      "SELECT hostName() AS host, uptime() AS uptime",
    );
    if (!server) return;
    const last = seen.get(server.host);
    if (last && Number(server.uptime) < last.uptimeSeconds) onRestart(last.at);
    seen.set(server.host, { uptimeSeconds: Number(server.uptime), at });
  };
  // A store that does not answer is asked again at the next turn; whoever needs it now notices by itself.
  const timer = setInterval(() => void check().catch(() => {}), CHECK_INTERVAL_MS);
  timer.unref();
  void check().catch(() => {});
  return { stop: () => clearInterval(timer) };
}
