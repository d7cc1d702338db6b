/** The real worker as a child process, for tests: on free ports, told apart by its own messages. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createToken, type NewToken } from "@/lib/auth/tokens";
import type { Store } from "@/lib/clickhouse/client";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface WorkerProcess {
  readonly url: string;
  readonly pid: number;
  /** Asks it to stop and gives its exit code. */
  stop(): Promise<number | null>;
  /** kill -9. */
  kill(): Promise<void>;
  /** What it has logged so far. */
  log(): string;
}

export interface WorkerOptions {
  readonly clickhouseUrl: string;
  readonly env?: Record<string, string>;
  /** Resolve when it listens, not only when it is ready. */
  readonly untilListening?: boolean;
}

export async function startWorker({
  clickhouseUrl,
  env = {},
  untilListening = false,
}: WorkerOptions): Promise<WorkerProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), "throughline-worker-"));
  const child = fork(join(ROOT, "ingest/main.ts"), {
    cwd: ROOT,
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: {
      ...process.env,
      CLICKHOUSE_URL: clickhouseUrl,
      INGEST_PORT: "0",
      DATA_DIR: dataDir,
      LOG_LEVEL: "info",
      KAFKA_BROKERS: "",
      ...env,
    },
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
  const port = await portWhen(child, untilListening ? "listening" : "ready", () => lines.join(""));
  const exited = once(child, "exit") as Promise<[number | null]>;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const [code] = await exited;
    await rm(dataDir, { recursive: true, force: true });
    return code;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop: () => end("SIGTERM"),
    kill: async () => void (await end("SIGKILL")),
    log: () => lines.join(""),
  };
}

function portWhen(child: ChildProcess, type: string, log: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on("message", (message: { type: string; port: number }) => {
      if (message.type === type) resolve(message.port);
    });
    child.once("exit", (code) => reject(new Error(`The worker ended with ${code} before it was ${type}: ${log()}`)));
  });
}

export const ingestToken = async (store: Store, token: Partial<NewToken> = {}): Promise<string> =>
  (await createToken(store, { name: "test", scopes: ["ingest"], source: null, ...token }, new Date())).token;

export interface IntakeAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    accepted?: number;
    duplicate?: number;
    deadLettered?: { index: number; reason: string; path: string }[];
    detail?: string;
    errors?: { path: string; message: string }[];
  };
}

export async function post(
  url: string,
  token: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<IntakeAnswer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson", ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) };
}

/** A line of NDJSON: an event of `oms` that names one order. */
export function eventLine(id: string, changes: Record<string, unknown> = {}): string {
  const event = {
    specversion: "1.0",
    id,
    source: "oms",
    type: "order.created",
    time: "2026-11-23T10:15:30.123Z",
    data: { objects: [{ type: "order", id: `SO-${id}` }] },
    ...changes,
  };
  return `${JSON.stringify(event)}\n`;
}

export const eventLines = (count: number, prefix: string): string =>
  Array.from({ length: count }, (_, index) => eventLine(`${prefix}-${index}`)).join("");

/** Polls until the condition holds; the test's own time-out ends it otherwise. */
export async function until<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await read().catch(() => undefined);
    if (value !== undefined && holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
