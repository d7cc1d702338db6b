/** Whether an order pays for a document that it shares with thousands of others. */
import { projectJourneys } from "@/ingest/project/journeys";
import type { Store } from "@/lib/clickhouse/client";
import { objectKey } from "@/lib/domain/object";
import type { JourneyRules } from "@/lib/queries/journey";
import { openBenchStore, partsOf, settleMerges } from "./bench-store";
import { benchRules, readChecked } from "./journey";
import { countQueries, median, percentile, seededRandom, timeMs } from "./measure";
import { type Figure, machine, type Report } from "./report";
import { loadOrders, orderId, ordersFor } from "./synthetic-orders";

const HUB_ORDERS = 10_000;
const SAMPLES = 100;

export async function benchHub(events: number): Promise<Report> {
  const rules = benchRules();
  const orders = Math.max(ordersFor(events), 2 * HUB_ORDERS);
  const bench = await openBenchStore();
  try {
    await loadOrders(bench.store, 0, orders);
    await bench.store.command(HUB_SQL, { orders: HUB_ORDERS });
    await settleMerges(bench.store);
    const measured = await measure(bench.store, rules, orders);
    const ratio = (name: "readMs" | "projectMs") => median(measured.neighbour[name]) / median(measured.plain[name]);
    const figures: Figure[] = (["plain", "neighbour"] as const).flatMap((kind) => [
      { label: `${kind} order: journey p50`, value: median(measured[kind].readMs), unit: "ms" },
      { label: `${kind} order: journey p95`, value: percentile(measured[kind].readMs, 0.95), unit: "ms" },
      { label: `${kind} order: projection p50`, value: median(measured[kind].projectMs), unit: "ms" },
      { label: `${kind} order: queries a journey`, value: measured[kind].queries / SAMPLES, unit: "" },
    ]);
    return {
      name: "hub",
      conditions: {
        machine: machine(),
        engine: `embedded ClickHouse ${bench.version}`,
        store: `${orders} orders, one invoice for ${HUB_ORDERS} of them; parts: ${await partsOf(bench.store)}`,
        samples: `${SAMPLES} of each, alternating`,
      },
      figures: [
        ...figures,
        { label: "neighbour / plain: reading, p50", value: ratio("readMs"), unit: "×" },
        { label: "neighbour / plain: projecting, p50", value: ratio("projectMs"), unit: "×" },
      ],
    };
  } finally {
    await bench.stop();
  }
}

const newSeries = () => ({ readMs: [] as number[], projectMs: [] as number[], queries: 0 });

async function measure(store: Store, rules: JourneyRules, orders: number) {
  const random = seededRandom(7);
  const series = { plain: newSeries(), neighbour: newSeries() };
  // The first rounds warm both ways alike and do not count.
  for (let sample = -10; sample < SAMPLES; sample += 1) {
    const chosen = { plain: HUB_ORDERS + random(orders - HUB_ORDERS), neighbour: random(HUB_ORDERS) };
    for (const kind of ["plain", "neighbour"] as const) {
      const order = chosen[kind];
      const reader = countQueries(store);
      const readMs = await timeMs(() => readChecked(reader, rules, order, kind === "neighbour" ? 1 : 0));
      const touched = new Set([objectKey({ type: "order", id: orderId(order) })]);
      const projectMs = await timeMs(() => projectJourneys(store, rules, { touched, relinked: new Set() }));
      if (sample < 0) continue;
      series[kind].readMs.push(readMs);
      series[kind].projectMs.push(projectMs);
      series[kind].queries += reader.queries;
    }
  }
  return series;
}

/** A collective invoice: one event, linked to each order it names. */
const HUB_SQL = `
INSERT INTO events (source, event_id, kind, type, occurred_at, received_at, outcome, attempt, objects, links, link_act, content_hash, payload)
WITH arrayMap(n -> concat('SO-', leftPad(toString(n), 9, '0')), range({orders:UInt64})) AS ids
SELECT 'erp', 'hub-invoice', 'posting', 'invoice.posted', '2026-02-01 00:00:00.000', '2026-02-01 00:00:01.000', 'ok', 1,
       arrayConcat([('invoice', 'HUB-1', 'subject')], arrayMap(id -> ('order', id, ''), ids)),
       arrayMap(id -> ('invoice', 'HUB-1', 'order', id), ids), 'stated', 'hub', '{}'`;
