/** How long a person waits for a journey, and whether that grows with the store. */
import { pino } from "pino";
import { loadWorkerRules } from "@/ingest/worker";
import type { Store } from "@/lib/clickhouse/client";
import { loadEnvironment } from "@/lib/config/environment";
import { type JourneyRules, readJourney } from "@/lib/queries/journey";
import { type BenchStore, openBenchStore, partsOf, settleMerges } from "./bench-store";
import { countQueries, median, peakMemoryMb, percentile, processorMs, seededRandom, timeMs } from "./measure";
import { type Figure, machine, type Report, showProgress } from "./report";
import { eventsOf, loadOrders, objectsOf, orderId, ordersFor } from "./synthetic-orders";

const WARM_UPS = 60;
const SAMPLES = 400;
const BLOCK = 20;

export const benchRules = (): JourneyRules =>
  loadWorkerRules(loadEnvironment({ NODE_ENV: "test" }), pino({ level: "silent" }));

export async function benchJourney(sizes: readonly number[]): Promise<Report> {
  const rules = benchRules();
  const bench = await openBenchStore();
  try {
    const figures: Figure[] = [];
    const conditions: Record<string, string | number> = {
      machine: machine(),
      engine: `embedded ClickHouse ${bench.version}`,
    };
    const p95s: number[] = [];
    let orders = 0;
    for (const size of [...sizes].sort((a, b) => a - b)) {
      const label = `${(size / 1e6).toLocaleString("en")} M events`;
      const loadMs = await timeMs(() => loadOrders(bench.store, orders, ordersFor(size)));
      orders = ordersFor(size);
      await checkCount(bench.store, orders);
      await settleMerges(bench.store);
      conditions[label] =
        `${orders} orders, parts after the engine's own merges: ${await partsOf(bench.store)}; loaded in ${Math.round(loadMs / 1000)} s`;
      const measured = await measureAt(bench, rules, orders, label);
      showProgress(
        `${conditions[label]}; p95 ${measured.p95.toFixed(1)} ms, ${measured.processorMs.toFixed(1)} ms of processor time`,
      );
      figures.push(...measured.figures);
      p95s.push(measured.p95);
    }
    const [first = Number.NaN] = p95s;
    const last = p95s.at(-1) ?? Number.NaN;
    if (p95s.length > 1)
      figures.push({
        label: "p95 at the last size / at the first",
        value: last / first,
        unit: "×",
        aim: { atMost: 1.5 },
      });
    figures.push(
      { label: "peak memory, this process", value: await peakMemoryMb(process.pid), unit: "MB" },
      { label: "peak memory, engine (loading included)", value: await peakMemoryMb(bench.pid), unit: "MB" },
    );
    return {
      name: "journey",
      conditions: { ...conditions, journeys: `${SAMPLES} random orders, one after another, after ${WARM_UPS} others` },
      figures,
    };
  } finally {
    await bench.stop();
  }
}

async function checkCount(store: Store, orders: number): Promise<void> {
  const [row] = await store.query<{ events: string }>("SELECT count() AS events FROM events");
  const expected = (orders / 100) * 1_880;
  if (Number(row?.events) !== expected)
    throw new Error(`expected ${expected} events in the store, found ${row?.events}`);
}

async function measureAt({ store, pid }: BenchStore, rules: JourneyRules, orders: number, label: string) {
  const random = seededRandom(20_261_123);
  const reader = countQueries(store);
  for (let sample = 0; sample < WARM_UPS; sample += 1) await readChecked(store, rules, random(orders));
  const used = { journeysMs: 0, floorsMs: 0 };
  const journeysMs: number[] = [];
  const floorsMs: number[] = [];
  // In blocks, so that each block's processor time is one thing's alone.
  for (let block = 0; block < SAMPLES / BLOCK; block += 1) {
    const before = await bothProcessorsMs(pid);
    for (let sample = 0; sample < BLOCK; sample += 1) {
      const order = random(orders);
      journeysMs.push(await timeMs(() => readChecked(reader, rules, order)));
    }
    const between = await bothProcessorsMs(pid);
    for (let sample = 0; sample < BLOCK; sample += 1) floorsMs.push(await timeMs(() => store.query("SELECT 1")));
    const after = await bothProcessorsMs(pid);
    used.journeysMs += between - before;
    used.floorsMs += after - between;
  }
  const [p50, p95, floor] = [median(journeysMs), percentile(journeysMs, 0.95), median(floorsMs)];
  const rounds = reader.rounds / SAMPLES;
  const figures: Figure[] = [
    { label: `${label}: journey p50`, value: p50, unit: "ms" },
    { label: `${label}: journey p95`, value: p95, unit: "ms", aim: { atMost: 50 } },
    { label: `${label}: SELECT 1 p50, the floor of a round trip`, value: floor, unit: "ms" },
    { label: `${label}: SELECT 1 p95`, value: percentile(floorsMs, 0.95), unit: "ms" },
    { label: `${label}: processor time a journey, engine and reader`, value: used.journeysMs / SAMPLES, unit: "ms" },
    { label: `${label}: processor time of SELECT 1`, value: used.floorsMs / SAMPLES, unit: "ms" },
    { label: `${label}: queries a journey`, value: reader.queries / SAMPLES, unit: "" },
    { label: `${label}: round trips one after another`, value: rounds, unit: "" },
    { label: `${label}: share of p50 that is the floor of its round trips`, value: (rounds * floor) / p50, unit: "" },
  ];
  return { figures, p95, processorMs: used.journeysMs / SAMPLES };
}

const bothProcessorsMs = async (enginePid: number): Promise<number> =>
  (await processorMs(enginePid)) + (await processorMs(process.pid));

/** A fast wrong answer is no measurement: every journey is checked for its size. */
export async function readChecked(
  reader: Parameters<typeof readJourney>[0],
  rules: JourneyRules,
  order: number,
  extraEvents = 0,
) {
  const journey = await readJourney(reader, rules, { type: "order", id: orderId(order) });
  const found = `${journey?.events.length} events, ${journey?.objects.length} objects`;
  const expected = `${eventsOf(order) + extraEvents} events, ${objectsOf(order) + extraEvents} objects`;
  if (found !== expected) throw new Error(`${orderId(order)}: expected ${expected}; got ${found}`);
}
