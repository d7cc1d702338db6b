/** The projector of one worker: takes what the store has acknowledged, projects it in the background, and keeps its checkpoint. */
import type { Logger } from "pino";
import type { RulesInForce } from "@/lib/domain/handoffs/rules-in-force";
import type { JourneyRules } from "@/lib/queries/journey";
import { HEARTBEAT_MS, readOrphans, readTouchedSince, writeCheckpoint } from "./checkpoints";
import { DirtySet } from "./dirty-set";
import { projectHandoffs } from "./handoffs";
import { type ProjectionStore, projectJourneys, type TouchedFacts } from "./journeys";
import type { Projector, Touched } from "./projector";

/** After a failed pass: 0.2 s, doubling to 10 s, for as long as the worker lives; intake is held back meanwhile. */
const RETRY_FIRST_MS = 200;
const RETRY_MAX_MS = 10_000;
/** A clean stop waits this long for the rest; what is left is caught up from the checkpoint. */
const CLOSE_TIMEOUT_MS = 30_000;

export interface ProjectorOptions {
  readonly store: ProjectionStore;
  readonly rules: JourneyRules;
  /** What handoffs are judged by, asked for at each pass. */
  readonly inForce: () => RulesInForce;
  readonly workerId: string;
  readonly logger: Logger;
  /** The clock, RFC 3339. */
  readonly now?: () => string;
}

export function createProjector(options: ProjectorOptions): Projector & { start(): Promise<void> } {
  const { store, rules, inForce, workerId, logger } = options;
  const now = options.now ?? (() => new Date().toISOString());
  const dirty = new DirtySet();
  let inPass: { events: number; oldestReceivedAt: string | null } | null = null;
  let running: Promise<void> | null = null;
  let closing = false;
  let heartbeat: NodeJS.Timeout | null = null;
  let beating: Promise<void> = Promise.resolve();

  async function project(touched: TouchedFacts): Promise<number> {
    const journeys = await projectJourneys(store, rules, touched);
    return journeys + (await projectHandoffs(store, rules, inForce(), touched));
  }

  async function run(): Promise<void> {
    let retryMs = RETRY_FIRST_MS;
    while (dirty.events > 0) {
      const taken = dirty.take();
      inPass = taken;
      try {
        const rows = await project(taken);
        dirty.settle();
        retryMs = RETRY_FIRST_MS;
        logger.debug({ events: taken.events, rows }, "journeys and handoffs projected");
      } catch (error) {
        dirty.putBack(taken);
        inPass = null;
        if (closing) throw error;
        logger.warn({ err: error, retryMs }, "projection failed; it will be tried again");
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
      }
      inPass = null;
    }
  }

  function wake(): Promise<void> {
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  }

  /** The oldest thing not yet projected, else now. */
  function projectedThrough(): string {
    const waiting = [inPass?.oldestReceivedAt, dirty.oldestReceivedAt].filter((time): time is string => !!time);
    return waiting.sort()[0] ?? now();
  }

  async function beat(closed: boolean): Promise<void> {
    await writeCheckpoint(store, { workerId, projectedThrough: projectedThrough(), heartbeatAt: now(), closed });
  }

  async function adoptOrphans(): Promise<void> {
    for (const orphan of await readOrphans(store, workerId, now())) {
      logger.info({ orphan: orphan.workerId, since: orphan.projectedThrough }, "catching up a worker that fell silent");
      for await (const touched of readTouchedSince(store, orphan.projectedThrough)) {
        await project(touched);
      }
      await writeCheckpoint(store, { ...orphan, heartbeatAt: now(), closed: true });
    }
  }

  return {
    /** Opens the checkpoint and begins to look for workers that died. Resolves after the first look. */
    async start() {
      await beat(false);
      await adoptOrphans();
      heartbeat = setInterval(() => {
        // One at a time: a slow store must not pile them up.
        beating = beating
          .then(() => beat(false))
          .then(adoptOrphans)
          .catch((error: unknown) => logger.warn({ err: error }, "checkpoint not written; the next one will be"));
      }, HEARTBEAT_MS);
      heartbeat.unref();
    },
    touch(events: readonly Touched[]) {
      const receivedAt = now();
      for (const event of events) dirty.add(event, receivedAt);
      // Its failures are logged and tried again inside; only a closing projector rejects, and close() hears of it.
      wake().catch(() => undefined);
    },
    backlog: () => dirty.events + (inPass?.events ?? 0),
    async drain() {
      while (dirty.events > 0 || inPass !== null) await wake();
    },
    async close() {
      closing = true;
      if (heartbeat) clearInterval(heartbeat);
      await beating;
      const rest = running ?? Promise.resolve();
      const timeout = new Promise<"timeout">((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS, "timeout").unref());
      const finished = await Promise.race([rest.then(() => "done" as const).catch(() => "failed" as const), timeout]);
      // Not closed, the checkpoint tells the next worker where to go on.
      await beat(finished === "done" && dirty.events === 0).catch(() => undefined);
    },
  };
}
