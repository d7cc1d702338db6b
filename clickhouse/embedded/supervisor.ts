import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What the engine process tells its supervisor. */
export type FromEngine = { type: "ready"; port: number; version: string } | { type: "failed"; message: string };

export interface StartOptions {
  /** Absolute or relative to the working directory; created when missing. */
  dataDir: string;
  /** Default 0: one the operating system chooses, kept over restarts. */
  port?: number;
  /** Queries that run at once. Default: two per processor, at least 4, at most 16. */
  sessionsMax?: number;
  /** Queries that wait for a session. Default 256. */
  queueMax?: number;
  /** The folder is removed when the engine process ends, also when it ends because its starter died. For tests. */
  isTemporary?: boolean;
  /** Told what happened to the engine process, in one sentence each. */
  onEvent?(event: EngineEvent): void;
}

export interface EngineEvent {
  kind: "started" | "crashed" | "gave-up" | "stopped" | "output";
  message: string;
}

export interface EmbeddedClickHouse {
  /** For CLICKHOUSE_URL and @clickhouse/client: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  readonly version: string;
  /** Of the engine process now running; undefined while it restarts. */
  readonly pid: number | undefined;
  /** Restarts after a crash since the start. */
  readonly restarts: number;
  /** Ends the process after its running queries (10 s at most). Safe to call again. */
  stop(): Promise<void>;
}

/** The engine process said why it cannot run; `exitCode` 2 means the folder is held by another process. */
export class EmbeddedStartError extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
    this.name = "EmbeddedStartError";
  }
}

const START_TIMEOUT_MS = 60_000;
/** Longer than the grace that the engine process gives its queries. */
const STOP_TIMEOUT_MS = 15_000;
const BACKOFF_FIRST_MS = 100;
const BACKOFF_LAST_MS = 5_000;
/** A process that lived so long was well; its crash starts the back-off anew. */
const HEALTHY_MS = 60_000;
/** About 45 s of trying; then it is no passing crash. */
const RESTARTS_IN_A_ROW_MAX = 15;

/** The folder is held by another process: starting again cannot help. */
const EXIT_LOCKED = 2;

const HERE = path.dirname(fileURLToPath(import.meta.url));

/** Starts the engine in a process of its own, and again whenever it crashes. Resolves when it answers; rejects with EmbeddedStartError. */
export async function startEmbedded(options: StartOptions): Promise<EmbeddedClickHouse> {
  const supervisor = new Supervisor(options);
  await supervisor.start();
  return supervisor;
}

class Supervisor implements EmbeddedClickHouse {
  port: number;
  version = "";
  restarts = 0;
  private child: ChildProcess | undefined;
  private isStopping = false;
  private crashesInARow = 0;
  private startedAtMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: StartOptions) {
    this.port = options.port ?? 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async start(): Promise<void> {
    const child = spawnEngine(this.options, this.port);
    this.child = child;
    this.startedAtMs = Date.now();
    const output = collectOutput(child, (line) => this.tell("output", line));
    try {
      const ready = await waitUntilReady(child, output, path.resolve(this.options.dataDir));
      this.port = ready.port;
      this.version = ready.version;
    } catch (error) {
      this.child = undefined;
      child.kill("SIGKILL");
      throw error;
    }
    this.tell("started", `The embedded ClickHouse ${this.version} (process ${child.pid}) answers at ${this.url}`);
    const exited = (code: number | null, signal: NodeJS.Signals | null) =>
      this.onExit(child, signal ?? `exit code ${code}`);
    // It may have died between saying "ready" and this line.
    if (child.exitCode !== null || child.signalCode !== null) exited(child.exitCode, child.signalCode);
    else child.once("exit", exited);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    const child = this.child;
    if (child === undefined) return;
    await endProcess(child);
    this.child = undefined;
    this.tell("stopped", "The embedded ClickHouse has stopped");
  }

  private onExit(child: ChildProcess, how: string): void {
    if (this.isStopping || this.child !== child) return;
    this.child = undefined;
    if (Date.now() - this.startedAtMs > HEALTHY_MS) this.crashesInARow = 0;
    this.tell("crashed", `The embedded ClickHouse ended unexpectedly (${how})`);
    this.scheduleRestart();
  }

  private scheduleRestart(): void {
    this.crashesInARow++;
    if (this.crashesInARow > RESTARTS_IN_A_ROW_MAX) {
      this.tell(
        "gave-up",
        `The embedded ClickHouse ended ${this.crashesInARow} times in a row and is not started again`,
      );
      return;
    }
    const backoffMs = Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** (this.crashesInARow - 1));
    this.timer = setTimeout(() => void this.restart(), backoffMs);
  }

  private async restart(): Promise<void> {
    if (this.isStopping) return;
    this.restarts++;
    try {
      await this.start();
      if (this.isStopping) await this.stop();
    } catch (error) {
      this.tell("crashed", error instanceof Error ? error.message : String(error));
      if (!this.isStopping) this.scheduleRestart();
    }
  }

  private tell(kind: EngineEvent["kind"], message: string): void {
    this.options.onEvent?.({ kind, message });
  }
}

function spawnEngine(options: StartOptions, port: number): ChildProcess {
  const sessionsMax = options.sessionsMax ?? Math.min(16, Math.max(4, 2 * availableParallelism()));
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const parameters = [
    path.resolve(options.dataDir),
    String(port),
    String(sessionsMax),
    String(options.queueMax ?? 256),
    options.isTemporary === true ? "temporary" : "kept",
  ];
  return spawn(process.execPath, ["--import", tsx, path.join(HERE, "engine-process.ts"), ...parameters], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    cwd: path.resolve(HERE, "../.."),
    // Each running query holds one thread of libuv's pool, which gzip and files need too.
    env: { ...process.env, NODE_OPTIONS: "", UV_THREADPOOL_SIZE: String(sessionsMax + 8) },
  });
}

/** Passes lines on, and keeps the last of them to explain a failed start. */
function collectOutput(child: ChildProcess, onLine: (line: string) => void): { tail(): string } {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split("\n").filter((part) => part.trim() !== "")) {
        lines.push(line);
        if (lines.length > 20) lines.shift();
        onLine(line);
      }
    });
  }
  return { tail: () => lines.join("\n") };
}

/** The engine writes who holds a folder into its file `status`, and locks that file. */
function describeLock(dataDir: string): string {
  let holder = "another process";
  try {
    const status = readFileSync(path.join(dataDir, "status"), "utf8");
    const pid = /PID: (\d+)/.exec(status)?.[1];
    const since = /Started at: (.+)/.exec(status)?.[1];
    if (pid !== undefined) holder = `process ${pid}${since === undefined ? "" : ` (since ${since})`}`;
  } catch {
    // Without the file the sentence is less precise, not wrong.
  }
  return `The data folder ${dataDir} is in use by ${holder}. Stop that process, or set DATA_DIR to another folder.`;
}

function waitUntilReady(
  child: ChildProcess,
  output: { tail(): string },
  dataDir: string,
): Promise<{ port: number; version: string }> {
  return new Promise((resolve, reject) => {
    let reason: string | undefined;
    const timer = setTimeout(
      () =>
        finish(() =>
          reject(new EmbeddedStartError(`The embedded ClickHouse did not answer within ${START_TIMEOUT_MS} ms`, 1)),
        ),
      START_TIMEOUT_MS,
    );
    const onMessage = (message: FromEngine): void => {
      if (message.type === "ready") finish(() => resolve(message));
      else reason = message.message;
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      // The addon only prints this reason; the error it throws does not hold it.
      if (output.tail().includes("Cannot lock file")) {
        finish(() => reject(new EmbeddedStartError(describeLock(dataDir), EXIT_LOCKED)));
        return;
      }
      const fallback = `The embedded ClickHouse ended while starting (${signal ?? `exit code ${code}`}). ${output.tail()}`;
      finish(() => reject(new EmbeddedStartError(reason ?? fallback, code ?? 1)));
    };
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      child.off("message", onMessage).off("close", onExit);
      settle();
    };
    // "close", not "exit": only then has all its output been read.
    child.on("message", onMessage).on("close", onExit);
  });
}

/** Asks the process to end, and ends it by force after STOP_TIMEOUT_MS. */
function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
