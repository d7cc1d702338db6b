/** One worker's parts put together: configuration, fact store, projector, pipeline. Shared by the worker process and the import. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import { correlate } from "@/ingest/correlate/correlate";
import { type Decoders, decodeBody, decodeSourceBody, NO_DECODERS } from "@/ingest/decode/decode";
import type { DecodeContext, Decoded, Unreadable } from "@/ingest/decode/decoded";
import { createDecoders } from "@/ingest/decode/decoders";
import { createRegisteredSources } from "@/ingest/intake/registered-sources";
import { createMetrics, type WorkerMetrics } from "@/ingest/metrics";
import { createPipeline, type Pipeline } from "@/ingest/pipeline";
import { createProjector } from "@/ingest/project/create-projector";
import { keyOf, leavingOutRefused } from "@/ingest/project/derived-rows";
import type { Projector } from "@/ingest/project/projector";
import type { RuleProjectionStore } from "@/ingest/project/rule-projection";
import { createRuleBook, type RuleBook } from "@/ingest/rule-book";
import { createFactStore, type FactStore } from "@/ingest/store";
import { refillReadPaths, slackBefore, unfinishedSince } from "@/ingest/store/read-paths";
import { watchRestarts } from "@/ingest/store/restart-watch";
import { createSweep, type Sweep } from "@/ingest/sweep";
import type { Store } from "@/lib/clickhouse/client";
import { classifyError } from "@/lib/clickhouse/errors";
import type { Environment } from "@/lib/config/environment";
import { loadMappings, type NamedMapping } from "@/lib/config/mappings";
import { loadCatalogue } from "@/lib/config/objects";
import { loadSystems } from "@/lib/config/systems";
import { type ObjectCatalogue, rankOf } from "@/lib/domain/object";
import type { SystemRegistry } from "@/lib/domain/system";

type Decode = (body: Buffer, context: DecodeContext) => Decoded[] | Unreadable;

/** What configuration says, read before anything is started: a mistake in it stops the start. */
export interface WorkerRules {
  readonly catalogue: ObjectCatalogue;
  readonly systems: SystemRegistry;
  readonly decoders: Decoders;
  readonly decode: Decode;
  readonly decodeSource: Decode;
  /** Reads the mappings again, for all that is decoded from now on. One that does not fit any more stays as it was, and is logged. */
  readonly readMappings: () => Decoders;
  /** Where handoffs.yaml and finance.yaml are: followed while the worker runs. */
  readonly configDir: string;
}

/** @throws ConfigurationError with file, line and field. */
export function loadWorkerRules(environment: Environment, logger: Logger): WorkerRules {
  const catalogue = loadCatalogue(environment.configDir);
  const mappings = new Map<string, NamedMapping>();
  const readMappings = (): Decoders => {
    const read = loadMappings(environment.configDir);
    // A wrong mapping must not stop the others, nor what comes as CloudEvents.
    for (const fault of read.faults) logger.error(`This mapping is left out: ${fault}`);
    // One that is gone is gone; one that is wrong may be half written.
    if (read.faults.length === 0) mappings.clear();
    for (const one of read.mappings) mappings.set(one.name, one);
    current = createDecoders([...mappings.values()], (type) => rankOf(catalogue, type));
    return current;
  };
  let current = NO_DECODERS;
  readMappings();
  const decoders = following(() => current);
  return {
    catalogue,
    systems: loadSystems(environment.configDir),
    decoders,
    decode: (body, context) => decodeBody(body, context, decoders),
    decodeSource: (body, context) => decodeSourceBody(body, context, decoders),
    readMappings,
    configDir: environment.configDir,
  };
}

/** Always the decoders of the latest reading. */
const following = (current: () => Decoders): Decoders => ({
  get formats() {
    return current().formats;
  },
  get fileSets() {
    return current().fileSets;
  },
  get items() {
    return current().items;
  },
  decodeTraces: (body, context) => current().decodeTraces(body, context),
  formatOfSource: (source) => current().formatOfSource(source),
});

export interface Worker {
  readonly pipeline: Pipeline;
  readonly facts: FactStore;
  readonly projector: Projector;
  readonly ruleBook: RuleBook;
  readonly sweep: Sweep;
  /** Finishes what was submitted, projects it, closes the checkpoint. */
  close(): Promise<void>;
}

export interface WorkerParts {
  /** Migrated. */
  readonly store: Store;
  readonly rules: WorkerRules;
  readonly logger: Logger;
  readonly metrics?: WorkerMetrics;
}

/** Takes up what dead workers left, then is ready to take in. */
export async function openWorker({ store, rules, logger, metrics = createMetrics() }: WorkerParts): Promise<Worker> {
  const left = await unfinishedSince(store);
  if (left !== null) {
    logger.info({ since: left }, "A worker ended without closing; filling the read paths of what it stored.");
    await refillReadPaths(store, left);
  }
  const facts = createFactStore({
    tables: store,
    classify: classifyError,
    refill: (since) => refillReadPaths(store, since),
    onRetry: (error) => {
      metrics.countStoreRetry();
      logger.warn({ err: error }, "The store did not take a batch; trying again.");
    },
    onFlush: (measure) => metrics.countFlush(measure),
  });
  const now = () => new Date().toISOString();
  const background = inBackground(store, (table, refusals) => {
    metrics.countRefused(table, refusals.length);
    for (const { row, reason } of refusals)
      logger.error({ table, row: keyOf(row), reason }, "The store refuses this row for good; it is left out.");
  });
  const ruleBook = createRuleBook({ store: background, rules, configDir: rules.configDir, logger, now });
  await ruleBook.start(left);
  const sweep = createSweep({ store: background, logger, now, onDue: (due) => metrics.countDue(due) });
  sweep.start();
  const projector = createProjector({
    store: background,
    rules,
    inForce: ruleBook.current,
    workerId: `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
    logger,
  });
  await projector.start();
  const restarts = watchRestarts(
    store,
    () => new Date(),
    (lastSeen) => facts.doubt(slackBefore(lastSeen)),
  );
  metrics.watch(facts, projector);
  const pipeline = createPipeline({
    decode: rules.decode,
    correlate: (event) => correlate(event, rules),
    catalogue: rules.catalogue,
    sources: createRegisteredSources(rules.systems, store, () => performance.now()),
    facts,
    projector,
    now: () => new Date(),
    isStoreAway: (error) => classifyError(error) === "retry",
    onStored: (channel, stored) => metrics.countStored(channel, stored),
  });
  return {
    pipeline,
    facts,
    projector,
    ruleBook,
    sweep,
    async close() {
      restarts.stop();
      await facts.idle();
      await Promise.all([projector.close(), sweep.stop(), ruleBook.stop()]);
    },
  };
}

const COMMAND_TIMEOUT_MS = 600_000;

/** Projection is work in the background: one processor for each of its queries, so that those of intake and pages find another. */
const inBackground = (store: Store, onRefused: Parameters<typeof leavingOutRefused>[1]): RuleProjectionStore => ({
  query: (sql, parameters) => store.query(sql, parameters, { settings: { max_threads: 1 } }),
  insert: leavingOutRefused((table, rows) => store.insert(table, rows, { settings: { max_threads: 1 } }), onRefused),
  // Removing what an older rule found goes over all of the rule.
  command: (sql, parameters) =>
    store.command(sql, parameters, { timeoutMs: COMMAND_TIMEOUT_MS, settings: { max_threads: 1 } }),
});
