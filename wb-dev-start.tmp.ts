import { fork } from "node:child_process";
import { mkdirSync } from "node:fs";
import { startEmbedded } from "@/clickhouse/embedded/supervisor";
import { createToken } from "@/lib/auth/tokens";
import { createStore } from "@/lib/clickhouse/client";
import { migrate } from "@/lib/clickhouse/migrate";
import { runDemo } from "@/scripts/start/demo";

const dir = "/tmp/wb/data";
mkdirSync(dir, { recursive: true });
const e = await startEmbedded({ dataDir: dir + "/clickhouse", port: 28123 } as never);
console.log("store", e.url);
const store = createStore({ url: e.url });
await migrate(store, { directory: "clickhouse/migrations" });
const child = fork("ingest/main.ts", {
  execArgv: ["--import", "tsx"],
  stdio: ["ignore", "inherit", "inherit", "ipc"],
  env: {
    ...process.env,
    CLICKHOUSE_URL: e.url,
    INGEST_PORT: "24100",
    DATA_DIR: dir,
    LOG_LEVEL: "warn",
    KAFKA_BROKERS: "",
  },
});
await new Promise<void>((r) => child.on("message", (m: { type: string }) => m.type === "ready" && r()));
console.log("worker ready");
const ac = new AbortController();
process.on("SIGINT", () => {
  ac.abort();
  child.kill("SIGTERM");
});
process.on("SIGTERM", () => {
  ac.abort();
  child.kill("SIGTERM");
});
child.on("exit", async () => {
  await e.stop();
  process.exit(0);
});
if (process.argv.includes("--load")) {
  const { token } = await createToken(store, { name: "demo", scopes: ["ingest"], source: null }, new Date());
  await runDemo({ ingestUrl: () => "http://127.0.0.1:24100", token, signal: ac.signal, say: (s) => console.log(s) });
}
