import { parseArgs } from "node:util";
import { EmbeddedStartError, startEmbedded } from "./supervisor";

// `tsx clickhouse/embedded/main.ts --data DIR --port N`: the embedded ClickHouse by itself.
// Exit codes: 0 stopped, 1 failed, 2 the folder is held by another process.

const USAGE = "usage: tsx clickhouse/embedded/main.ts --data DIR [--port N (8123)] [--sessions N] [--queue N]";

function readArguments() {
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      port: { type: "string" },
      sessions: { type: "string" },
      queue: { type: "string" },
    },
  });
  const count = (name: "port" | "sessions" | "queue"): number | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    if (!/^\d+$/.test(text)) throw new Error(`--${name} must be a whole number, not ${text}`);
    return Number(text);
  };
  if (values.data === undefined) throw new Error("--data DIR is missing");
  return {
    dataDir: values.data,
    port: count("port") ?? 8123,
    sessionsMax: count("sessions"),
    queueMax: count("queue"),
  };
}

async function main(): Promise<void> {
  const embedded = await startEmbedded({
    ...readArguments(),
    onEvent: ({ kind, message }) => {
      (kind === "started" || kind === "stopped" ? process.stdout : process.stderr).write(`${message}\n`);
      if (kind === "gave-up") process.exit(1);
    },
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => void embedded.stop().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof EmbeddedStartError ? `${message}\n` : `${message}\n${USAGE}\n`);
  process.exit(error instanceof EmbeddedStartError ? error.exitCode : 1);
});
