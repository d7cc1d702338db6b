/** Clocks, percentiles, and what a process and a reader used. */
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { FactReader } from "@/lib/queries/fact-reader";

/** Nearest-rank percentile; `share` from 0 to 1. NaN without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** Runs the tasks with at most `atOnce` under way. Rejects with the first failure. */
export async function runAll<Task>(tasks: readonly Task[], atOnce: number, run: (task: Task) => Promise<void>) {
  const queue = tasks.values();
  const lane = async () => {
    for (const task of queue) await run(task);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

/** Peak resident memory of a process in MB since `forgetPeak`, or since its start; NaN where /proc is missing. */
export async function peakMemoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** The peak starts anew from what is resident now, so that preparing a benchmark does not count. */
export const forgetPeak = (pid: number): Promise<void> =>
  writeFile(`/proc/${pid}/clear_refs`, "5").catch(() => undefined);

/** Processor time a process has used, in ms, in steps of 10; NaN where /proc is missing. Unlike a wall clock it says the same on a busy machine. */
export async function processorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // Fields 14 and 15 of proc(5), in ticks of 1/100 s.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export interface Measured {
  readonly p50: number;
  readonly p95: number;
  /** Of the engine and this process, a question. */
  readonly processorMs: number;
}

/** One question after another; `enginePid` is the engine's process. */
export async function measureQuestion(
  enginePid: number,
  { warmUps, samples }: { readonly warmUps: number; readonly samples: number },
  ask: (index: number) => Promise<unknown>,
): Promise<Measured> {
  for (let index = 0; index < warmUps; index += 1) await ask(index);
  const before = (await processorMs(enginePid)) + (await processorMs(process.pid));
  const times: number[] = [];
  for (let index = 0; index < samples; index += 1) times.push(await timeMs(() => ask(index)));
  const used = (await processorMs(enginePid)) + (await processorMs(process.pid)) - before;
  return { p50: median(times), p95: percentile(times, 0.95), processorMs: used / samples };
}

/** The same numbers on every run. xorshift32. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

export interface CountingReader extends FactReader {
  queries: number;
  /** Times that a query began while none was under way: round trips one after another. */
  rounds: number;
}

export function countQueries(reader: FactReader): CountingReader {
  let underWay = 0;
  const counting: CountingReader = {
    queries: 0,
    rounds: 0,
    async query<Row>(sql: string, parameters?: Record<string, unknown>): Promise<Row[]> {
      counting.queries += 1;
      if (underWay === 0) counting.rounds += 1;
      underWay += 1;
      try {
        return await reader.query<Row>(sql, parameters);
      } finally {
        underWay -= 1;
      }
    },
  };
  return counting;
}

/** Asks every 100 ms. Rejects when it is still not so after `timeoutMs`. */
export async function waitUntil(isSo: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const startedMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedMs > timeoutMs) throw new Error(`waited ${timeoutMs} ms in vain`);
    await delay(100);
  }
}
