import { mkdir, rm } from "node:fs/promises";
import { serve } from "./http-server";
import type { FromEngine } from "./supervisor";

// The process that holds the data folder. supervisor.ts starts it, with an IPC channel; when that channel closes, whoever
// started it has died, and it must not outlive them with the folder locked.

const GRACE_MS = 10_000;
/** When the starter has died its clients mostly have too, and the next start must not find the folder locked. */
const ORPHAN_GRACE_MS = 500;

const [dataDir = "", port = "0", sessionsMax = "0", queueMax = "0", lifetime = "kept"] = process.argv.slice(2);

function report(message: FromEngine): Promise<void> {
  return new Promise((resolve) => (process.connected ? process.send?.(message, () => resolve()) : resolve()));
}

async function main(): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const server = await serve({
    dataDir,
    port: Number(port),
    sessionsMax: Number(sessionsMax),
    queueMax: Number(queueMax),
  });
  let isStopping = false;
  const stop = async (graceMs: number): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    await server.stop(lifetime === "temporary" ? 0 : graceMs);
    if (lifetime === "temporary") await rm(dataDir, { recursive: true, force: true });
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(GRACE_MS));
  process.on("disconnect", () => void stop(ORPHAN_GRACE_MS));
  await report({ type: "ready", port: server.port, version: server.version });
}

function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.includes("EADDRINUSE")
    ? `Port ${port} is in use by another program. Set EMBEDDED_CLICKHOUSE_PORT to a free one.`
    : `The embedded ClickHouse did not start: ${message}`;
}

main().catch(async (error: unknown) => {
  await report({ type: "failed", message: explain(error) });
  process.exit(1);
});
