/** How long finance waits for the matrix and the list of breaks, beside PostgreSQL; and whether the sweep costs by what is due. */
import { readDue } from "@/ingest/sweep";
import type { Store } from "@/lib/clickhouse/client";
import type { HandoffFilter } from "@/lib/queries/handoff-filter";
import { listHandoffs } from "@/lib/queries/handoffs";
import { readMatrix } from "@/lib/queries/reconciliation";
import { type BenchStore, openBenchStore, settleMerges } from "./bench-store";
import { type Measured, measureQuestion, median, peakMemoryMb, percentile, seededRandom, timeMs } from "./measure";
import type { Postgres } from "./postgres";
import { checkSameMatrix, countSql, loadPeer, matrixSql, type PeerFilter, pageSql } from "./reconcile-postgres";
import { type Figure, machine, type Report, showProgress } from "./report";
import { BENCH_NOW, DUE_FROM, DUE_THROUGH, loadDue, loadHandoffs, loadSuperseded } from "./synthetic-handoffs";

const WARM_UPS = 10;
const SAMPLES = 120;
/** The peer adds up the whole table in seconds; a quarter of the samples is an hour less. */
const PEER_MATRIX_SAMPLES = 30;
const DUE = 1_000;
const AIM_MS = 300;

export async function benchReconcile(handoffs: number): Promise<Report> {
  const bench = await openBenchStore();
  let peer: Postgres | null = null;
  try {
    await loadDue(bench.store, DUE);
    await loadHandoffs(bench.store, handoffs, "tenth");
    await settleMerges(bench.store);
    const sweptSmall = await measureSweep(bench);
    showProgress(`sweep at ${handoffs / 10}: ${sweptSmall.p50.toFixed(1)} ms`);
    const loadMs = await timeMs(() => loadHandoffs(bench.store, handoffs, "rest"));
    await settleMerges(bench.store);
    await loadSuperseded(bench.store, handoffs);
    const stored = await describeStore(bench.store);
    showProgress(`${stored}; loaded in ${Math.round(loadMs / 1000)} s`);
    const sweptLarge = await measureSweep(bench);
    const cells = await readMatrix(bench.store, {}, BENCH_NOW);
    checkCells(cells, handoffs + DUE);
    const ours = await measureQuestions(bench);
    peer = await loadPeer(bench);
    if (peer) await checkSameMatrix(peer, cells);
    const theirs = peer ? await measurePeer(peer) : null;
    return {
      name: "reconcile",
      conditions: {
        machine: machine(),
        engine: `embedded ClickHouse ${bench.version}`,
        store: stored,
        questions: `${SAMPLES} each, one after another, after ${WARM_UPS} others; a list is a page of 50 with its exact total; filtered: a random company code and period each time`,
        peer: peer
          ? `PostgreSQL ${peer.version}, the same rows without outdated versions, primary key and partial indexes on open breaks, analysed; ${PEER_MATRIX_SAMPLES} samples of its matrix`
          : "PostgreSQL is not installed: nothing to compare with",
      },
      figures: [
        ...ours.flatMap((question) => figuresOf(question, theirs?.get(question.name))),
        ...sweepFigures(handoffs, sweptSmall, sweptLarge),
        { label: "peak memory, engine (loading included)", value: await peakMemoryMb(bench.pid), unit: "MB" },
      ],
    };
  } finally {
    await peer?.stop();
    await bench.stop();
  }
}

interface Question extends Measured {
  readonly name: string;
}

const OPEN: HandoffFilter = { open: true };

async function measureQuestions(bench: BenchStore): Promise<Question[]> {
  const { store } = bench;
  const filters = randomFilters();
  const list = (filter: HandoffFilter) => listHandoffs(store, filter, { now: BENCH_NOW });
  const questions: [string, (filter: HandoffFilter) => Promise<unknown>][] = [
    ["matrix", () => readMatrix(store, {}, BENCH_NOW)],
    ["matrix, filtered", (filter) => readMatrix(store, filter, BENCH_NOW)],
    ["break list", () => list(OPEN)],
    ["break list, filtered", (filter) => list({ ...filter, ...OPEN })],
    ["SELECT 1", () => store.query("SELECT 1")],
  ];
  const measured: Question[] = [];
  for (const [name, ask] of questions) {
    const result = await measure(bench, (index) => ask(filters[index % filters.length] ?? {}));
    showProgress(`${name}: p50 ${result.p50.toFixed(0)}, p95 ${result.p95.toFixed(0)} ms`);
    measured.push({ name, ...result });
  }
  return measured;
}

const measure = (bench: BenchStore, ask: (index: number) => Promise<unknown>): Promise<Measured> =>
  measureQuestion(bench.pid, { warmUps: WARM_UPS, samples: SAMPLES }, ask);

function randomFilters(): { companyCode: string; period: string }[] {
  const random = seededRandom(20_261_125);
  return Array.from({ length: SAMPLES }, () => {
    const monthsBack = random(23);
    const month = new Date(Date.UTC(2026, 10 - monthsBack, 1)).toISOString().slice(0, 7);
    return { companyCode: `${1 + random(4)}000`, period: month };
  });
}

/** By question; the clock is psql's own, over a socket. */
async function measurePeer(peer: Postgres): Promise<Map<string, { readonly p50: number; readonly p95: number }>> {
  const filters: PeerFilter[] = randomFilters();
  const all: PeerFilter[] = filters.map(() => null);
  const ask = async (sql: (filter: PeerFilter) => string, over: readonly PeerFilter[]) => {
    await peer.timesMs(over.slice(0, WARM_UPS).map(sql));
    return peer.timesMs(over.map(sql));
  };
  const summed = (left: readonly number[], right: readonly number[]) => left.map((ms, at) => ms + (right[at] ?? 0));
  const times = new Map<string, number[]>();
  times.set("matrix", await ask(matrixSql, all.slice(0, PEER_MATRIX_SAMPLES)));
  times.set("matrix, filtered", await ask(matrixSql, filters));
  times.set("break list", summed(await ask(pageSql, all), await ask(countSql, all)));
  times.set("break list, filtered", summed(await ask(pageSql, filters), await ask(countSql, filters)));
  times.set("SELECT 1", await ask(() => "SELECT 1", all));
  return new Map([...times].map(([name, ms]) => [name, { p50: median(ms), p95: percentile(ms, 0.95) }]));
}

function figuresOf(ours: Question, theirs: { readonly p50: number; readonly p95: number } | undefined): Figure[] {
  const { name, p50, p95 } = ours;
  const aim = name === "SELECT 1" ? {} : { aim: { atMost: AIM_MS } };
  return [
    { label: `${name}: p50`, value: p50, unit: "ms" },
    { label: `${name}: p95`, value: p95, unit: "ms", ...aim },
    { label: `${name}: processor time, engine and reader`, value: ours.processorMs, unit: "ms" },
    ...(theirs
      ? [
          { label: `${name}: PostgreSQL p50`, value: theirs.p50, unit: "ms" },
          { label: `${name}: PostgreSQL p95`, value: theirs.p95, unit: "ms" },
          { label: `${name}: p50 / PostgreSQL's`, value: p50 / theirs.p50, unit: "×" },
        ]
      : []),
  ];
}

async function measureSweep(bench: BenchStore): Promise<Measured> {
  return measure(bench, async () => {
    const { due } = await readDue(bench.store, DUE_FROM, DUE_THROUGH);
    if (due.length !== DUE) throw new Error(`expected ${DUE} handoffs to be due, got ${due.length}`);
  });
}

function sweepFigures(handoffs: number, small: Measured, large: Measured): Figure[] {
  const name = (count: number) => `sweep of ${DUE} due among ${count.toLocaleString("en")}`;
  return [
    { label: `${name(handoffs / 10)}: p50`, value: small.p50, unit: "ms" },
    { label: `${name(handoffs)}: p50`, value: large.p50, unit: "ms" },
    { label: `${name(handoffs / 10)}: processor time`, value: small.processorMs, unit: "ms" },
    { label: `${name(handoffs)}: processor time`, value: large.processorMs, unit: "ms" },
    {
      label: "sweep: processor time at ten times the handoffs",
      value: large.processorMs / small.processorMs,
      unit: "×",
      aim: { atMost: 1.5 },
    },
  ];
}

async function describeStore(store: Store): Promise<string> {
  const [row] = await store.query<{ handoffs: string; rows: string; parts: string }>(
    `SELECT (SELECT count() FROM handoffs FINAL) AS handoffs, (SELECT count() FROM handoffs) AS rows,
       (SELECT count() FROM system.parts WHERE active AND database = currentDatabase() AND table = 'handoffs') AS parts`,
  );
  return `${row?.handoffs} handoffs in ${row?.rows} rows, ${row?.parts} parts`;
}

function checkCells(cells: readonly { readonly count: number }[], expected: number): void {
  const total = cells.reduce((sum, { count }) => sum + count, 0);
  if (total !== expected) throw new Error(`expected a matrix of ${expected} handoffs, got ${total}`);
}
