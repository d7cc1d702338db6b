/** What the worker counts about itself, for Prometheus. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Stored } from "@/ingest/pipeline";
import type { Projector } from "@/ingest/project/projector";
import type { FactStore, FlushMeasure } from "@/ingest/store";
import type { Channel } from "@/ingest/store/dead-letter-row";
import type { DueHandoff } from "@/ingest/sweep";

export interface WorkerMetrics {
  readonly registry: Registry;
  countStored(channel: Channel, stored: Stored): void;
  countFlush(measure: FlushMeasure): void;
  countStoreRetry(): void;
  /** Derived rows that the store refused for good. */
  countRefused(table: string, rows: number): void;
  countRequest(route: string, status: number, seconds: number): void;
  countDue(due: readonly DueHandoff[]): void;
  /** Gauges that are read when Prometheus asks. */
  watch(facts: FactStore, projector: Projector): void;
}

const LATENCY_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): WorkerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const events = new Counter({
    name: "throughline_intake_events_total",
    help: "Items taken in, by channel and by what became of them.",
    labelNames: ["channel", "result"],
    registers,
  });
  const flushSeconds = new Histogram({
    name: "throughline_store_flush_seconds",
    help: "Time of one group commit, from taking the items to all stored.",
    buckets: LATENCY_BUCKETS_SECONDS,
    registers,
  });
  const flushItems = new Histogram({
    name: "throughline_store_flush_items",
    help: "Items in one group commit.",
    buckets: [1, 10, 100, 1_000, 5_000, 10_000],
    registers,
  });
  const retries = new Counter({
    name: "throughline_store_retries_total",
    help: "Calls of the store that were repeated because it was away or busy.",
    registers,
  });
  const refused = new Counter({
    name: "throughline_projection_rows_refused_total",
    help: "Derived rows that the store refused for good and that were left out, by table.",
    labelNames: ["table"],
    registers,
  });
  const requestSeconds = new Histogram({
    name: "throughline_http_request_seconds",
    help: "Time from a request's first byte to the last of its answer.",
    labelNames: ["route", "status"],
    buckets: LATENCY_BUCKETS_SECONDS,
    registers,
  });
  const overdue = new Counter({
    name: "throughline_handoffs_overdue_total",
    help: "Handoffs that fell due while open, by rule and by what they became.",
    labelNames: ["rule", "state"],
    registers,
  });
  return {
    registry,
    countStored(channel, stored) {
      events.inc({ channel, result: "accepted" }, stored.accepted);
      events.inc({ channel, result: "duplicate" }, stored.duplicate);
      events.inc({ channel, result: "dead_lettered" }, stored.deadLettered.length);
    },
    countFlush({ items, seconds }) {
      flushSeconds.observe(seconds);
      flushItems.observe(items);
    },
    countStoreRetry: () => retries.inc(),
    countRefused: (table, rows) => refused.inc({ table }, rows),
    countRequest: (route, status, seconds) => requestSeconds.observe({ route, status: String(status) }, seconds),
    countDue(due) {
      for (const { rule, state } of due) overdue.inc({ rule, state });
    },
    watch(facts, projector) {
      gauge(registry, "throughline_store_queue_items", "Items that wait for a group commit.", () => facts.queuedItems);
      gauge(registry, "throughline_store_queue_bytes", "Bytes that wait for a group commit.", () => facts.queuedBytes);
      gauge(
        registry,
        "throughline_projection_backlog_events",
        "Stored events whose journeys wait to be projected.",
        () => projector.backlog(),
      );
    },
  };
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
