import { Worker } from "node:worker_threads";
import type { FromSession, JobSink, JobStatistics, SessionJob, ToSession } from "./session-messages";

// A thread does not inherit the TypeScript loader of the process that starts it.
const BOOTSTRAP = `
  const { workerData } = require("node:worker_threads");
  import(workerData.loader).then(({ register }) => { register(); return import(workerData.script); });
`;
const SCRIPT = new URL("./session-thread.ts", import.meta.url).href;
const LOADER = import.meta.resolve("tsx/esm/api");

export interface RunningJob {
  finished: Promise<JobStatistics>;
  /** Gives up a waiting job at once, and asks a running one to stop between two pieces. `kill` stops it within a piece. */
  cancel(): void;
  isRunning(): boolean;
}

interface Waiting {
  job: SessionJob;
  sink: JobSink;
  resolve(statistics: JobStatistics): void;
  reject(error: Error): void;
  thread?: Thread;
  isDone: boolean;
}

interface Thread {
  worker: Worker;
  current?: Waiting;
}

export interface SessionPoolOptions {
  dataDir: string;
  sessionsMax: number;
  queueMax: number;
}

/** Runs jobs on at most `sessionsMax` threads, first come first served. Threads start when first needed and stay. */
export class SessionPool {
  private readonly threads = new Set<Thread>();
  private readonly queue: Waiting[] = [];
  private isClosed = false;

  constructor(private readonly options: SessionPoolOptions) {}

  /** Starts one thread ahead, so that the first request does not wait for it. */
  warm(): void {
    this.startThread();
  }

  get runningCount(): number {
    return [...this.threads].filter((thread) => thread.current !== undefined).length;
  }

  get waitingCount(): number {
    return this.queue.length;
  }

  submit(job: SessionJob, sink: JobSink): RunningJob {
    let waiting!: Waiting; // assigned below, synchronously, by the promise's executor
    const finished = new Promise<JobStatistics>((resolve, reject) => {
      waiting = { job, sink, resolve, reject, isDone: false };
    });
    if (this.isClosed)
      waiting.reject(new Error("Code: 210. DB::Exception: The embedded ClickHouse is stopping. (NETWORK_ERROR)"));
    else if (this.queue.length >= this.options.queueMax) waiting.reject(this.tooMany());
    else {
      this.queue.push(waiting);
      this.dispatch();
    }
    return {
      finished,
      cancel: () => this.cancel(waiting),
      isRunning: () => waiting.thread !== undefined && !waiting.isDone,
    };
  }

  /** Ends the threads. Jobs still running are lost, so let them finish or kill them first. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.threads].map((thread) => thread.worker.terminate()));
  }

  private tooMany(): Error {
    const { sessionsMax, queueMax } = this.options;
    return new Error(
      `Code: 202. DB::Exception: Too many simultaneous queries: ${sessionsMax} run and ${queueMax} wait in the embedded ClickHouse. Retry later, or name a ClickHouse server by CLICKHOUSE_URL. (TOO_MANY_SIMULTANEOUS_QUERIES)`,
    );
  }

  private dispatch(): void {
    while (this.queue.length > 0) {
      const thread = this.idleThread();
      if (thread === undefined) return;
      const waiting = this.queue.shift();
      if (waiting === undefined) return;
      thread.current = waiting;
      waiting.thread = thread;
      const data = waiting.job.data;
      const transfer =
        data !== undefined && data.byteLength === data.buffer.byteLength ? [data.buffer as ArrayBuffer] : [];
      thread.worker.postMessage({ type: "run", job: waiting.job } satisfies ToSession, transfer);
    }
  }

  private idleThread(): Thread | undefined {
    for (const thread of this.threads) if (thread.current === undefined) return thread;
    return this.threads.size < this.options.sessionsMax ? this.startThread() : undefined;
  }

  private startThread(): Thread {
    const worker = new Worker(BOOTSTRAP, {
      eval: true,
      workerData: { dataDir: this.options.dataDir, script: SCRIPT, loader: LOADER },
    });
    const thread: Thread = { worker };
    this.threads.add(thread);
    worker.on("message", (message: FromSession) => this.receive(thread, message));
    worker.on("error", (error) => this.lose(thread, error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => this.lose(thread, new Error("a session thread of the embedded ClickHouse ended")));
    return thread;
  }

  private receive(thread: Thread, message: FromSession): void {
    const current = thread.current;
    if (current === undefined) return;
    if (message.type === "piece") {
      current.sink.onPiece(message.bytes, message.statistics).then(
        () => thread.worker.postMessage({ type: "more" } satisfies ToSession),
        () => thread.worker.postMessage({ type: "cancel" } satisfies ToSession),
      );
      return;
    }
    this.settle(current, message.type === "done" ? message.statistics : new Error(message.message));
    thread.current = undefined;
    this.dispatch();
  }

  private lose(thread: Thread, error: Error): void {
    if (!this.threads.delete(thread)) return;
    if (thread.current !== undefined)
      this.settle(thread.current, new Error(`Code: 49. DB::Exception: ${error.message}. (LOGICAL_ERROR)`));
    if (!this.isClosed) this.dispatch();
  }

  private settle(waiting: Waiting, outcome: JobStatistics | Error): void {
    waiting.isDone = true;
    if (outcome instanceof Error) waiting.reject(outcome);
    else waiting.resolve(outcome);
  }

  private cancel(waiting: Waiting): void {
    if (waiting.isDone) return;
    const position = this.queue.indexOf(waiting);
    if (position >= 0) {
      this.queue.splice(position, 1);
      this.settle(waiting, new Error("Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)"));
    } else waiting.thread?.worker.postMessage({ type: "cancel" } satisfies ToSession);
  }
}
