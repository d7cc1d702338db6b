/** How long operations waits for the queue and its groups, beside PostgreSQL. */

import { OPEN_STATES } from "@/lib/domain/exceptions/exception";
import type { ExceptionFilter } from "@/lib/queries/exception-filter";
import { listExceptionGroups } from "@/lib/queries/exception-groups";
import { listExceptions } from "@/lib/queries/exceptions";
import { type BenchStore, openBenchStore, settleMerges } from "./bench-store";
import {
  checkSameGroups,
  countSql,
  groupsSql,
  loadExceptionPeer,
  type PeerQuestion,
  pageSql,
} from "./exceptions-postgres";
import { measureQuestion, median, peakMemoryMb, percentile, seededRandom, timeMs } from "./measure";
import type { Postgres } from "./postgres";
import { type Figure, machine, type Report, showProgress } from "./report";
import { CAUSES, INTERFACES, loadExceptions, loadSupersededExceptions } from "./synthetic-exceptions";
import { BENCH_NOW } from "./synthetic-handoffs";

const WARM_UPS = 5;
const SAMPLES = 60;
/** Where the peer takes a second, a quarter of the samples says enough. */
const PEER_SAMPLES = 15;
const AIM_MS = 200;

const OPEN: Asked = { states: OPEN_STATES };

/** What both stores understand. */
type Asked = Pick<ExceptionFilter, "states"> & PeerQuestion;

interface Question {
  readonly name: string;
  readonly ask: (index: number) => Promise<unknown>;
  /** The same in PostgreSQL; several statements are one question. */
  readonly peer: ((index: number) => readonly string[]) | null;
}

export async function benchExceptions(exceptions: number): Promise<Report> {
  const bench = await openBenchStore();
  let peer: Postgres | null = null;
  try {
    const loadMs = await timeMs(() => loadExceptions(bench.store, exceptions));
    await settleMerges(bench.store);
    await loadSupersededExceptions(bench.store, exceptions);
    const stored = await describeStore(bench);
    showProgress(`${stored}; loaded in ${Math.round(loadMs / 1000)} s`);
    peer = await loadExceptionPeer(bench);
    if (peer)
      await checkSameGroups(peer, (await listExceptionGroups(bench.store, OPEN, { limit: 500, now: BENCH_NOW })).items);
    const figures: Figure[] = [];
    for (const question of questionsOf(bench)) figures.push(...(await measure(bench, peer, question)));
    return {
      name: "exceptions",
      conditions: {
        machine: machine(),
        engine: `embedded ClickHouse ${bench.version}`,
        store: stored,
        questions: `${SAMPLES} each, one after another, after ${WARM_UPS} others; the queue is a page of 50 with its exact total, by rank; filtered: a random interface each time; searched: part of a random message or order number`,
        peer: peer
          ? `PostgreSQL ${peer.version}, the same rows without outdated versions, primary key and indexes by state, interface, group; analysed; ${PEER_SAMPLES} samples`
          : "PostgreSQL is not installed: nothing to compare with",
      },
      figures: [
        ...figures,
        { label: "peak memory, engine (loading included)", value: await peakMemoryMb(bench.pid), unit: "MB" },
      ],
    };
  } finally {
    await peer?.stop();
    await bench.stop();
  }
}

function questionsOf({ store }: BenchStore): Question[] {
  const random = seededRandom(20_261_125);
  const picks = Array.from({ length: SAMPLES }, () => ({
    cause: random(CAUSES),
    interface: random(INTERFACES),
    order: random(300_000),
  }));
  const pick = (index: number) => picks[index % picks.length] ?? { cause: 0, interface: 0, order: 0 };
  const filtered = (index: number): Asked => ({
    ...OPEN,
    interface: `interface-${pick(index).interface}`,
  });
  const words = (index: number): Asked => ({
    ...OPEN,
    q: `condition ${pick(index).cause} is`,
  });
  const number = (index: number): Asked => ({
    ...OPEN,
    q: `SO${String(pick(index).order).padStart(9, "0")}`,
  });
  const list = (of: (index: number) => Asked) => (index: number) =>
    listExceptions(store, of(index), { now: BENCH_NOW });
  const groups = (of: (index: number) => Asked) => (index: number) =>
    listExceptionGroups(store, of(index), { now: BENCH_NOW });
  const peerList = (of: (index: number) => PeerQuestion) => (index: number) => [
    pageSql(of(index)),
    countSql(of(index)),
  ];
  const peerGroups = (of: (index: number) => PeerQuestion) => (index: number) => [groupsSql(of(index))];
  const open = (): Asked => OPEN;
  return [
    { name: "queue", ask: list(open), peer: peerList(open) },
    { name: "queue, filtered", ask: list(filtered), peer: peerList(filtered) },
    { name: "queue, searched by words", ask: list(words), peer: peerList(words) },
    { name: "queue, searched by order", ask: list(number), peer: peerList(number) },
    { name: "groups", ask: groups(open), peer: peerGroups(open) },
    { name: "groups, filtered", ask: groups(filtered), peer: peerGroups(filtered) },
    { name: "SELECT 1", ask: () => store.query("SELECT 1"), peer: () => ["SELECT 1"] },
  ];
}

async function measure(bench: BenchStore, peer: Postgres | null, question: Question): Promise<Figure[]> {
  const { name, ask } = question;
  const ours = await measureQuestion(bench.pid, { warmUps: WARM_UPS, samples: SAMPLES }, ask);
  showProgress(`${name}: p50 ${ours.p50.toFixed(0)}, p95 ${ours.p95.toFixed(0)} ms`);
  const aim = name === "SELECT 1" ? {} : { aim: { atMost: AIM_MS } };
  return [
    { label: `${name}: p50`, value: ours.p50, unit: "ms" },
    { label: `${name}: p95`, value: ours.p95, unit: "ms", ...aim },
    { label: `${name}: processor time, engine and reader`, value: ours.processorMs, unit: "ms" },
    ...(peer && question.peer ? await measurePeer(peer, question.peer, name, ours.p50) : []),
  ];
}

/** The clock is psql's own, over a socket. */
async function measurePeer(
  peer: Postgres,
  sql: (index: number) => readonly string[],
  name: string,
  ourP50: number,
): Promise<Figure[]> {
  const statements = Array.from({ length: PEER_SAMPLES }, (_, index) => sql(index));
  const parts = statements[0]?.length ?? 1;
  await peer.timesMs(statements.slice(0, 2).flat());
  const times = await peer.timesMs(statements.flat());
  const summed = statements.map((_, index) =>
    times.slice(index * parts, (index + 1) * parts).reduce((sum, ms) => sum + ms, 0),
  );
  const p50 = median(summed);
  return [
    { label: `${name}: PostgreSQL p50`, value: p50, unit: "ms" },
    { label: `${name}: PostgreSQL p95`, value: percentile(summed, 0.95), unit: "ms" },
    { label: `${name}: p50 / PostgreSQL's`, value: ourP50 / p50, unit: "×" },
  ];
}

async function describeStore({ store }: BenchStore): Promise<string> {
  const [row] = await store.query<{ exceptions: string; rows: string; parts: string }>(
    `SELECT (SELECT count() FROM exceptions FINAL) AS exceptions, (SELECT count() FROM exceptions) AS rows,
       (SELECT count() FROM system.parts WHERE active AND database = currentDatabase() AND table = 'exceptions') AS parts`,
  );
  return `${row?.exceptions} exceptions in ${row?.rows} rows, ${row?.parts} parts, ${CAUSES} causes`;
}
