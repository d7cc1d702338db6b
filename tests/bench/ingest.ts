/** What intake costs beside the bare insert of the rows it makes. */
import { pino } from "pino";
import { correlate } from "@/ingest/correlate/correlate";
import { createRegisteredSources } from "@/ingest/intake/registered-sources";
import { createPipeline, type Pipeline } from "@/ingest/pipeline";
import { DirtySet } from "@/ingest/project/dirty-set";
import { projectJourneys } from "@/ingest/project/journeys";
import type { Projector, Touched } from "@/ingest/project/projector";
import { createFactStore } from "@/ingest/store";
import { eventLine } from "@/ingest/store/event-row";
import { loadWorkerRules, openWorker, type WorkerRules } from "@/ingest/worker";
import type { Store } from "@/lib/clickhouse/client";
import { classifyError } from "@/lib/clickhouse/errors";
import { loadEnvironment } from "@/lib/config/environment";
import { feedOf } from "@/sandbox/simulation";
import { ingestToken, post, startWorker } from "@/tests/integration/worker-process";
import { type BenchStore, openBenchStore } from "./bench-store";
import { forgetPeak, median, peakMemoryMb, processorMs, runAll, timeMs } from "./measure";
import { type Figure, machine, type Report, showProgress } from "./report";

const EVENTS_PER_REQUEST = 2_000;
const REQUESTS_AT_ONCE = 12;
/** What a flush of the fact store holds at most, so both sides insert the same pieces. */
const ROWS_PER_RAW_INSERT = 10_000;
/** Each way this often, in turns, so that a disturbance on the machine meets all alike; the median counts. */
const TURNS = 3;

/** Events of one pass where projection is measured alone. */
const EVENTS_PER_PASS = 10_000;

const silent = pino({ level: "silent" });

interface Feed {
  readonly deliveries: number;
  /** NDJSON as it would arrive. */
  readonly requests: readonly Buffer[];
  /** The rows that intake makes of it, without repeats, as JSONEachRow. */
  readonly inserts: readonly Buffer[];
  readonly rows: number;
}

export async function benchIngest(events: number): Promise<Report> {
  const rules = loadWorkerRules(loadEnvironment({ NODE_ENV: "test" }), silent);
  const feed = makeFeed(events, rules);
  const ways = {
    "raw insert, one at a time": (bench: BenchStore) => rawInsert(bench, feed, 1),
    "raw insert, two at a time": (bench: BenchStore) => rawInsert(bench, feed, 2),
    "whole path, stored": (bench: BenchStore) => wholePath(bench, feed, rules),
    "whole path, stored and projected": (bench: BenchStore) => projectedPath(bench, feed, rules),
    "projection alone": (bench: BenchStore) => projectionAlone(bench, feed, rules),
    "worker process over HTTP, answered": (bench: BenchStore) => httpPath(bench, feed),
  };
  const results = new Map<string, Taken[]>(Object.keys(ways).map((way) => [way, []]));
  let version = "";
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [way, run] of Object.entries(ways)) {
      const taken = await inFreshStore(feed.rows, run, (bench) => {
        version = bench.version;
      });
      results.get(way)?.push(taken);
      showProgress(
        `turn ${turn + 1} of ${TURNS}, ${way}: ${Math.round(feed.rows / (taken.ms / 1_000))} rows/s, processor s ${taken.engineCpuMs / 1_000} + ${taken.workerCpuMs / 1_000}, MB ${Math.round(taken.engineMb)} + ${Math.round(taken.workerMb)}`,
      );
    }
  }
  return reportOf(feed, results, version);
}

interface Taken {
  readonly ms: number;
  /** Of the engine, and of the process that takes in, from the first request to the last answer. */
  readonly engineCpuMs: number;
  readonly workerCpuMs: number;
  readonly engineMb: number;
  readonly workerMb: number;
}

interface Run {
  readonly ms: number;
  readonly workerCpuMs: number;
  /** Where the run did something before that does not count. */
  readonly engineCpuMs?: number;
  readonly workerMb?: number;
}

/** Wall time of the work, and the processor time that a process spent meanwhile. */
async function timeWith(pid: number, work: () => Promise<unknown>): Promise<Run> {
  const before = await processorMs(pid);
  const ms = await timeMs(work);
  return { ms, workerCpuMs: (await processorMs(pid)) - before };
}

async function inFreshStore(
  rows: number,
  run: (bench: BenchStore) => Promise<Run>,
  onOpen: (bench: BenchStore) => void,
): Promise<Taken> {
  const bench = await openBenchStore();
  try {
    onOpen(bench);
    await forgetPeak(process.pid);
    const engineBeforeMs = await processorMs(bench.pid);
    const { ms, workerCpuMs, workerMb, engineCpuMs: counted } = await run(bench);
    const engineCpuMs = counted ?? (await processorMs(bench.pid)) - engineBeforeMs;
    const taken = {
      ms,
      engineCpuMs,
      workerCpuMs,
      engineMb: await peakMemoryMb(bench.pid),
      workerMb: workerMb ?? (await peakMemoryMb(process.pid)),
    };
    const [count] = await bench.store.query<{ rows: string }>("SELECT count() AS rows FROM events");
    if (Number(count?.rows) !== rows) throw new Error(`expected ${rows} events stored, found ${count?.rows}`);
    return taken;
  } finally {
    await bench.stop();
  }
}

function makeFeed(events: number, rules: WorkerRules): Feed {
  const requests: Buffer[] = [];
  const seen = new Set<string>();
  const rows: string[] = [];
  let lines: string[] = [];
  let deliveries = 0;
  const flush = () => {
    if (lines.length > 0) requests.push(Buffer.from(lines.join("\n")));
    lines = [];
  };
  // About 30 deliveries an order; asked for more than needed and cut.
  for (const { event } of feedOf({ orders: Math.ceil(events / 15), days: 14, seed: "bench", complete: true })) {
    lines.push(JSON.stringify(event));
    deliveries += 1;
    if (lines.length === EVENTS_PER_REQUEST) flush();
    if (deliveries === events) break;
  }
  flush();
  const receivedAt = new Date().toISOString();
  for (const request of requests) {
    for (const one of decodeAll(request, rules)) {
      const key = `${one.event.source}\u0000${one.event.id}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const correlated = correlate(one, rules);
      if ("fault" in correlated) throw new Error(`the feed has an event that cannot be correlated: ${key}`);
      rows.push(eventLine(correlated, receivedAt, rules.catalogue));
    }
  }
  const inserts: Buffer[] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_RAW_INSERT) {
    inserts.push(Buffer.from(rows.slice(start, start + ROWS_PER_RAW_INSERT).join("")));
  }
  return { deliveries, requests, inserts, rows: rows.length };
}

const CONTEXT = { source: null, contentType: "application/x-ndjson", headers: {} };

function decodeAll(body: Buffer, rules: WorkerRules) {
  const decoded = rules.decode(body, CONTEXT);
  if ("unreadable" in decoded) throw new Error(decoded.unreadable.reason);
  return decoded.map((one) => {
    if (!one.ok) throw new Error(`the feed has an event that cannot be decoded: ${one.reason}`);
    return one;
  });
}

async function rawInsert({ store }: BenchStore, feed: Feed, atOnce: number) {
  return timeWith(process.pid, () => runAll(feed.inserts, atOnce, (lines) => store.insert("events", lines)));
}

async function takeAll(pipeline: Pipeline, feed: Feed): Promise<void> {
  let stored = 0;
  await runAll(feed.requests, REQUESTS_AT_ONCE, async (body) => {
    const answers = await pipeline.take([
      { body, context: CONTEXT, channel: "http", origin: (index) => `bench:${index}`, keepUnreadable: false },
    ]);
    if ("unavailable" in answers) throw new Error(answers.detail);
    for (const answer of answers) if (!("unreadable" in answer)) stored += answer.accepted + answer.duplicate;
  });
  if (stored !== feed.deliveries) throw new Error(`expected ${feed.deliveries} taken, got ${stored}`);
}

const NO_PROJECTOR: Projector = { touch: () => {}, backlog: () => 0, drain: async () => {}, close: async () => {} };

async function wholePath({ store }: BenchStore, feed: Feed, rules: WorkerRules) {
  return timeWith(process.pid, () => takeAll(pipelineWith(NO_PROJECTOR, store, rules), feed));
}

/** The same passes on every machine: how often an order is projected must not depend on how fast that is. */
async function projectionAlone({ store, pid }: BenchStore, feed: Feed, rules: WorkerRules): Promise<Run> {
  const touched: Touched[] = [];
  const keeping: Projector = { ...NO_PROJECTOR, touch: (events) => void touched.push(...events) };
  await takeAll(pipelineWith(keeping, store, rules), feed);
  const dirty = new DirtySet();
  const engineBeforeMs = await processorMs(pid);
  const run = await timeWith(process.pid, async () => {
    for (let start = 0; start < touched.length; start += EVENTS_PER_PASS) {
      for (const one of touched.slice(start, start + EVENTS_PER_PASS)) dirty.add(one, new Date().toISOString());
      await projectJourneys(store, rules, dirty.take());
      dirty.settle();
    }
  });
  return { ...run, engineCpuMs: (await processorMs(pid)) - engineBeforeMs };
}

/** openWorker's pipeline with another projector. */
function pipelineWith(projector: Projector, store: Store, rules: WorkerRules): Pipeline {
  return createPipeline({
    decode: rules.decode,
    correlate: (event) => correlate(event, rules),
    catalogue: rules.catalogue,
    sources: createRegisteredSources(rules.systems, store, () => performance.now()),
    facts: createFactStore({ tables: store, classify: classifyError, refill: noRefill }),
    projector,
    now: () => new Date(),
    isStoreAway: (error) => classifyError(error) === "retry",
  });
}

const noRefill = async (): Promise<void> => {
  throw new Error("the store failed during the benchmark");
};

async function projectedPath({ store }: { store: Store }, feed: Feed, rules: WorkerRules) {
  const worker = await openWorker({ store, rules, logger: silent });
  try {
    return await timeWith(process.pid, async () => {
      await takeAll(worker.pipeline, feed);
      await worker.projector.drain();
    });
  } finally {
    await worker.close();
  }
}

async function httpPath({ store, url }: BenchStore, feed: Feed) {
  const token = await ingestToken(store);
  const worker = await startWorker({ clickhouseUrl: url, env: { LOG_LEVEL: "silent" } });
  try {
    const run = await timeWith(worker.pid, () =>
      runAll(feed.requests, REQUESTS_AT_ONCE, async (body) => {
        const answer = await post(`${worker.url}/v1/events`, token, new Uint8Array(body));
        if (answer.status !== 202) throw new Error(`the worker answered ${answer.status}: ${answer.body.detail}`);
      }),
    );
    return { ...run, workerMb: await peakMemoryMb(worker.pid) };
  } finally {
    await worker.stop();
  }
}

function reportOf(feed: Feed, results: ReadonlyMap<string, readonly Taken[]>, version: string): Report {
  const rate = (way: string) => feed.rows / (median((results.get(way) ?? []).map(({ ms }) => ms)) / 1000);
  const peak = (way: string, of: "engineMb" | "workerMb") =>
    Math.max(...(results.get(way) ?? []).map((taken) => taken[of]));
  const cpu = (way: string, of: "engineCpuMs" | "workerCpuMs") =>
    median((results.get(way) ?? []).map((taken) => taken[of])) / (feed.rows / 1_000);
  const taker = (way: string) => (way.startsWith("worker") ? "the worker" : "this process");
  const ways = [...results.keys()];
  const raw = Math.max(...ways.filter((way) => way.startsWith("raw")).map(rate));
  const others = ways.filter((way) => !way.startsWith("raw"));
  const figures: Figure[] = [
    ...ways.map((way) => ({ label: way, value: rate(way), unit: "rows/s" })),
    ...others.map((way) => ({
      label: `${way} / the faster raw insert`,
      value: rate(way) / raw,
      unit: "",
      ...(way === "whole path, stored" ? { aim: { atLeast: 0.5 } } : {}),
    })),
    ...ways.flatMap((way) => [
      { label: `${way}: processor time of the engine`, value: cpu(way, "engineCpuMs"), unit: "ms per 1,000 rows" },
      { label: `${way}: processor time of ${taker(way)}`, value: cpu(way, "workerCpuMs"), unit: "ms per 1,000 rows" },
      { label: `${way}: peak memory of the engine`, value: peak(way, "engineMb"), unit: "MB" },
      {
        label: `${way}: peak memory of ${taker(way)}`,
        value: peak(way, "workerMb"),
        unit: "MB",
      },
    ]),
  ];
  const bytes = (buffers: readonly Buffer[]) => Math.round(buffers.reduce((sum, { length }) => sum + length, 0) / 1e6);
  return {
    name: "ingest",
    conditions: {
      machine: machine(),
      engine: `embedded ClickHouse ${version}`,
      feed: `sandbox, ${feed.deliveries} deliveries of ${feed.rows} events; ${bytes(feed.requests)} MB as sent and ${bytes(feed.inserts)} MB as rows are held by this process`,
      requests: `${EVENTS_PER_REQUEST} events each, ${REQUESTS_AT_ONCE} at once; raw inserts of ${ROWS_PER_RAW_INSERT} rows`,
      "projection alone": `of stored events, in passes of ${EVENTS_PER_PASS}`,
      turns: `${TURNS}, each way in a fresh store; medians, peaks over all`,
    },
    figures,
  };
}
