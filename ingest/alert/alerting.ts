/** Looks every few seconds what holds, decides what begins and ends, and delivers. One worker of the installation does it: the one that holds the lease. */
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { decide } from "@/lib/domain/alerts/decide";
import type { Alerts } from "@/lib/domain/alerts/rule";
import {
  type AlertStore,
  type OpenDelivery,
  queueDeliveries,
  readOpenDeliveries,
  readStanding,
  recordAttempt,
  storeAlerts,
} from "./alert-store";
import { readOccurrences } from "./occurrences";
import { type SendNotice, sendNotice } from "./sender";

const RECORD_RETRY_MS = 500;

export interface Alerting {
  start(): void;
  /** One look and one round of deliveries. */
  tick(): Promise<void>;
  /** Finishes the delivery in hand. */
  stop(): Promise<void>;
}

export interface AlertingOptions {
  readonly store: AlertStore;
  /** What `config/alerts.yaml` says now: asked at every look. */
  readonly alerts: () => Alerts;
  /** Only while this says so is anything decided or sent. */
  readonly holdsLease: () => boolean;
  readonly logger: Logger;
  readonly now: () => Date;
  readonly send?: SendNotice;
}

export function createAlerting(options: AlertingOptions): Alerting {
  const { store, holdsLease, logger, now, send = sendNotice } = options;
  let alerts = options.alerts();
  const ending = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function tick(): Promise<void> {
    if (!holdsLease()) return;
    alerts = options.alerts();
    const at = now().toISOString();
    const occurrences = await readOccurrences(store, alerts.rules, at);
    await storeAlerts(store, decide(alerts, occurrences, await readStanding(store), at));
    await queueDeliveries(store, at);
    const due = (await readOpenDeliveries(store)).filter((delivery) => isDue(delivery, alerts.retry, now()));
    const named = [...new Set(due.map(({ channel }) => channel))];
    await Promise.all(named.map((name) => deliverInTurn(due.filter(({ channel }) => channel === name))));
  }

  /** Of one channel one after the other; one that fails ends its turn, so that a receiver that is away is not waited for again and again. */
  async function deliverInTurn(deliveries: readonly OpenDelivery[]): Promise<void> {
    for (const delivery of deliveries) {
      if (ending.signal.aborted || !holdsLease()) return;
      if (!(await deliver(delivery))) return;
    }
  }

  async function deliver(delivery: OpenDelivery): Promise<boolean> {
    const attempt = delivery.attempts + 1;
    const channel = alerts.channels.find(({ id }) => id === delivery.channel);
    const outcome = channel
      ? await send(channel, delivery, now())
      : ({ state: "gone", detail: "this channel is no longer configured" } as const);
    const isLast = outcome.state === "gone" || attempt >= alerts.retry.attempts;
    const state = outcome.state === "delivered" ? "delivered" : isLast ? "given_up" : "failed";
    if (state === "given_up")
      logger.error(
        { delivery: delivery.id, channel: delivery.channel, detail: outcome.detail },
        "An alert was given up.",
      );
    await recordInsistently(delivery, attempt, state, outcome.detail);
    return outcome.state === "delivered";
  }

  /** What was answered is not asked for again: while it cannot be stored, nothing else is sent to this channel. Tried once though we are stopping. */
  async function recordInsistently(...[delivery, attempt, state, detail]: RecordParts): Promise<void> {
    const at = now().toISOString();
    do {
      try {
        return await recordAttempt(store, delivery, attempt, state, detail, at);
      } catch (error) {
        logger.warn({ err: error }, "The store did not take how a delivery went; trying again.");
        await delay(RECORD_RETRY_MS, undefined, { signal: ending.signal }).catch(() => {});
      }
    } while (!ending.signal.aborted);
  }

  async function run(): Promise<void> {
    while (!ending.signal.aborted) {
      await tick().catch((error: unknown) => logger.warn({ err: error }, "Alerts not looked at; the next look will."));
      await delay(alerts.check_every, undefined, { signal: ending.signal, ref: false }).catch(() => {});
    }
  }

  return {
    tick,
    start() {
      running = run();
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}

type RecordParts = [
  delivery: OpenDelivery,
  attempt: number,
  state: Parameters<typeof recordAttempt>[3],
  detail: string,
];

function isDue({ attempts, lastAt }: OpenDelivery, retry: Alerts["retry"], now: Date): boolean {
  if (attempts === 0) return true;
  const waitMs = Math.min(retry.first * retry.factor ** (attempts - 1), retry.longest);
  return Date.parse(lastAt) + waitMs <= now.getTime();
}
