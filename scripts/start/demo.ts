/** The demo: a simulated enterprise's last 14 days, then its live traffic, sent through the intake like anyone's events. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ConfigurationError } from "@/lib/config/environment";
import type { FeedRecord } from "@/sandbox/event";
import { liveTraffic, simulateStream } from "@/sandbox/simulation";
import type { DemoTargets } from "./demo-targets";

/** About 80,000 events: what two cores take in and project in about a minute. */
const ORDERS = 3_000;
const DAYS = 14;
const SEED = "demo";
const LIVE_ORDERS_PER_MINUTE = 2;
const EVENTS_AT_ONCE = 2_000;
const RETRY_MS = 1_000;
/** So many tries in a row may fail before it is said, and said again. */
const TRIES_UNTOLD = 30;
const LIVE_TICK_MS = 1_000;
/** Marks a folder that we made for the demo, and so may empty. */
const MARKER = ".throughline-demo";

/** Empties the demo's folder, or makes it. @throws ConfigurationError when the folder holds something else. */
export function prepareDemoFolder(dataDir: string): void {
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    if (!existsSync(join(dataDir, MARKER))) {
      throw new ConfigurationError(
        `DATA_DIR: ${dataDir} is not a demo folder (it has no ${MARKER}), so it is left alone. Set DATA_DIR to a new folder, or leave it unset for data/demo.`,
      );
    }
    rmSync(dataDir, { recursive: true, force: true });
  }
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, MARKER), "Made by npm run demo, which empties this folder each time it starts.\n");
}

export interface DemoTarget {
  readonly ingestUrl: () => string | null;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly say: (sentence: string) => void;
  readonly targets: DemoTargets;
}

/** Runs until the signal. The newest day goes in first, so that what is under way now is seen at once. */
export async function runDemo(target: DemoTarget): Promise<void> {
  const end = new Date();
  const startedMs = performance.now();
  const live = playLive(end, target);
  const sent = await loadHistory(end, target);
  if (!target.signal.aborted) {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    target.say(
      `Demo: ${sent.toLocaleString("en")} events of the last ${DAYS} days are in (${seconds} s); live traffic goes on.`,
    );
  }
  await live;
}

async function loadHistory(end: Date, target: DemoTarget): Promise<number> {
  const records: FeedRecord[] = [];
  for await (const record of simulateStream({ orders: ORDERS, days: DAYS, seed: SEED, end: end.toISOString() }))
    records.push(record);
  // All of it before any is sent: a replay of the newest may come before the oldest are in.
  target.targets.learn(records);
  let sent = 0;
  for (let to = records.length; to > 0 && !target.signal.aborted; to -= EVENTS_AT_ONCE) {
    const part = records.slice(Math.max(0, to - EVENTS_AT_ONCE), to);
    await sendInsistently(part, target);
    sent += part.length;
  }
  return sent;
}

async function playLive(from: Date, target: DemoTarget): Promise<void> {
  const traffic = liveTraffic({
    seed: SEED,
    from: from.toISOString(),
    ratePerMinute: LIVE_ORDERS_PER_MINUTE,
    history: { orders: ORDERS, days: DAYS },
  });
  let next = traffic.next();
  while (!target.signal.aborted && !next.done) {
    const due: FeedRecord[] = [];
    while (!next.done && next.value.deliverAt <= Date.now() && due.length < EVENTS_AT_ONCE) {
      due.push(next.value);
      next = traffic.next();
    }
    const still = target.targets.withoutWhatIsPosted(due);
    target.targets.learn(still);
    if (still.length > 0) await sendInsistently(still, target);
    await delay(LIVE_TICK_MS, undefined, { signal: target.signal }).catch(() => {});
  }
}

/** Until it is stored, or the demo stops. */
async function sendInsistently(records: readonly FeedRecord[], target: DemoTarget): Promise<void> {
  const body = records.map(({ event }) => `${JSON.stringify(event)}\n`).join("");
  for (let tries = 1; !target.signal.aborted; tries += 1) {
    const refusal = await send(body, target);
    if (refusal === null) return;
    if (tries % TRIES_UNTOLD === 0) target.say(`Demo: nothing goes in since ${tries} tries (${refusal}); trying on.`);
    await delay(RETRY_MS, undefined, { signal: target.signal }).catch(() => {});
  }
}

/** Null when it is done with; else why it must be sent again. */
async function send(body: string, { ingestUrl, token, signal, say }: DemoTarget): Promise<string | null> {
  const url = ingestUrl();
  if (url === null) return "the ingest worker is not ready";
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" };
  const response = await fetch(`${url}/v1/events`, { method: "POST", headers, body, signal }).catch(reasonOf);
  if (typeof response === "string") return response;
  if (response.status === 503 || response.status === 429) return `the intake answers ${response.status}`;
  if (response.status !== 202) {
    say(`Demo: the intake answered ${response.status}; these events are left out.`);
  }
  await response.arrayBuffer().catch(() => undefined);
  return null;
}

/** fetch itself only says "fetch failed". */
const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
};
