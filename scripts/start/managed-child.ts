/** A child process that is kept running: started again after a crash with a growing pause, given up when it crashes all the time. */
import { type ChildProcess, fork } from "node:child_process";

export interface ChildCommand {
  /** For messages: "The ingest worker". */
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Time to stop by itself after SIGTERM. */
  readonly stopMsMax: number;
  readonly onLine: (line: string) => void;
  readonly onMessage?: (message: unknown) => void;
  /** One plain sentence: it crashed and is started again. */
  readonly onCrash: (sentence: string) => void;
  /** It cannot be kept running; `exitCode` is its last. */
  readonly onGivenUp: (sentence: string, exitCode: number | null) => void;
}

const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 10_000;
/** Having run so long it counts as well, and the next crash as the first. */
const HEALTHY_MS = 60_000;
const CRASHES_IN_A_ROW_MAX = 5;
/** Our programs exit with 2 for a mistake that starting again does not mend. */
const EXIT_MISTAKE = 2;

// Its own process group, so that Ctrl-C in the terminal reaches only us and we stop things in order; so when we are gone without
// having stopped it, it must notice by itself.
const END_WITH_PARENT = "data:text/javascript,process.on('disconnect',()=>process.kill(process.pid,'SIGTERM'))";

export class ManagedChild {
  private child: ChildProcess | null = null;
  private stopping = false;
  private crashesInARow = 0;
  private startedMs = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly command: ChildCommand) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const { script, args = [], cwd, env, onLine, onMessage } = this.command;
    this.startedMs = performance.now();
    const child = fork(script, [...args], {
      cwd,
      env,
      detached: true,
      execArgv: [...(script.endsWith(".ts") ? ["--import", "tsx"] : []), "--import", END_WITH_PARENT],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) forEachLine(stream, onLine);
    if (onMessage) child.on("message", onMessage);
    child.once("exit", (code, signal) => this.onExit(code, signal));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), this.command.stopMsMax);
    await exited;
    clearTimeout(force);
  }

  /** Ends it without asking. */
  kill(): void {
    this.stopping = true;
    this.child?.kill("SIGKILL");
  }

  private onExit(code: number | null, signal: NodeJS.Signals | null): void {
    this.child = null;
    if (this.stopping) return;
    const { name, onCrash, onGivenUp } = this.command;
    const how = `${name} ended unexpectedly (${signal ?? `exit code ${code}`})`;
    if (performance.now() - this.startedMs > HEALTHY_MS) this.crashesInARow = 0;
    this.crashesInARow += 1;
    if (code === EXIT_MISTAKE || this.crashesInARow > CRASHES_IN_A_ROW_MAX) {
      onGivenUp(code === EXIT_MISTAKE ? `${name} cannot run` : `${how} ${this.crashesInARow} times in a row`, code);
      return;
    }
    const pauseMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (this.crashesInARow - 1));
    onCrash(`${how}; starting it again in ${pauseMs / 1000} s.`);
    this.timer = setTimeout(() => this.start(), pauseMs);
  }
}

export function forEachLine(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = "";
  stream?.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") onLine(line);
  });
  stream?.on("end", () => {
    if (rest.trim() !== "") onLine(rest);
  });
}
