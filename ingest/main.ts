/**
 * The worker process: takes in over HTTP, and over Kafka when KAFKA_BROKERS is set, and projects.
 *
 * It listens before the store answers (and says 503 until it does), so that whoever watches /readyz sees what it waits for.
 * SIGTERM or SIGINT, or the end of the process that started it: requests in hand are answered, the rest is projected, then it exits.
 * Exit codes: 0 stopped as asked, 1 broken or not stopped in time, 2 a mistake in configuration, a port in use.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import pino, { type Logger } from "pino";
import { type Alerting, createAlerting } from "@/ingest/alert/alerting";
import { createHttpIntake, type Readiness } from "@/ingest/intake/http";
import { type KafkaIntake, type KafkaTopic, parseKafkaTopics, startKafkaIntake } from "@/ingest/intake/kafka";
import { traceFormat } from "@/ingest/intake/traces";
import { createMetrics, type WorkerMetrics } from "@/ingest/metrics";
import { MIGRATIONS_DIR, withoutPassword } from "@/ingest/store-access";
import { WatchedFile } from "@/ingest/watched-file";
import { loadWorkerRules, openWorker, type Worker, type WorkerRules } from "@/ingest/worker";
import { internalToken } from "@/lib/auth/internal-token";
import { createTokenVerifier } from "@/lib/auth/tokens";
import { createStore, type Store } from "@/lib/clickhouse/client";
import { classifyError } from "@/lib/clickhouse/errors";
import { migrate } from "@/lib/clickhouse/migrate";
import { alertsPath, loadAlerts } from "@/lib/config/alerts";
import { ConfigurationError, clickhouseUrlOf, type Environment, loadEnvironment } from "@/lib/config/environment";
import type { Alerts } from "@/lib/domain/alerts/rule";

/** Longer than a request may retry its store (15 s) and a projector drain (30 s) take together. */
const STOP_MS_MAX = 50_000;
const STORE_RETRY_MS = 500;
/** Other machines report to us; who may is a matter of tokens. */
const LISTEN_HOST = "0.0.0.0";

/** What the process says to the one that started it with a channel. */
export interface WorkerMessage {
  readonly type: "listening" | "ready";
  readonly port: number;
}

async function main(): Promise<void> {
  const environment = loadEnvironment();
  const logger = pino({ level: environment.logLevel, name: "worker" }, pino.destination({ dest: 2, sync: true }));
  const rules = loadWorkerRules(environment, logger);
  const topics = kafkaTopicsOf(environment);
  const worker = new WorkerProcess(environment, rules, topics, loadAlerts(environment.configDir), logger);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => worker.stop(signal));
  // The one that started us is gone, so nobody would stop us.
  process.on("disconnect", () => worker.stop("the parent process ended"));
  await worker.run();
}

class WorkerProcess {
  private readonly metrics: WorkerMetrics = createMetrics();
  private readonly store: Store;
  private http: FastifyInstance | null = null;
  private kafka: KafkaIntake | null = null;
  private worker: Worker | null = null;
  private alerting: Alerting | null = null;
  private stopping: string | null = null;

  constructor(
    private readonly environment: Environment,
    private readonly rules: WorkerRules,
    private readonly topics: readonly KafkaTopic[],
    private readonly alerts: Alerts,
    private readonly logger: Logger,
  ) {
    this.store = createStore({ url: clickhouseUrlOf(environment) });
  }

  async run(): Promise<void> {
    const port = await this.listen();
    tellParent({ type: "listening", port });
    const worker = await this.openWhenStoreAnswers();
    if (!worker) return;
    this.worker = worker;
    const { kafkaBrokers, kafkaGroup, kafkaSecurity } = this.environment;
    if (this.topics.length > 0) {
      this.kafka = startKafkaIntake({
        brokers: kafkaBrokers,
        security: kafkaSecurity,
        topics: this.topics,
        groupId: kafkaGroup,
        clientId: `throughline-${process.pid}`,
        pipeline: worker.pipeline,
        decodeSource: this.rules.decodeSource,
        logger: this.logger,
      });
    }
    this.startAlerting();
    this.logger.info({ port }, "The worker takes in.");
    tellParent({ type: "ready", port });
  }

  /** One worker alone may tell. Over Kafka there may be several, and nothing says yet which one it is. */
  private startAlerting(): void {
    if (this.topics.length > 0) {
      if (this.alerts.rules.length > 0) this.logger.warn("Alerts are not evaluated by workers that read from Kafka.");
      return;
    }
    this.alerting = createAlerting({
      store: this.store,
      alerts: this.followAlerts(),
      holdsLease: () => true,
      logger: this.logger,
      now: () => new Date(),
    });
    this.alerting.start();
  }

  /** The file as it was last saved and fitted. */
  private followAlerts(): () => Alerts {
    const { configDir } = this.environment;
    const file = new WatchedFile(alertsPath(configDir));
    let alerts = this.alerts;
    return () => {
      alerts = file.changed(() => loadAlerts(configDir), this.logger) ?? alerts;
      return alerts;
    };
  }

  stop(why: string): void {
    if (this.stopping !== null) {
      this.logger.warn("Asked to stop again: stopping at once. What was stored is projected by the next worker.");
      process.exit(1);
    }
    this.stopping = why;
    this.logger.info({ why }, "Stopping: answering what is in hand.");
    const tooLate = delay(STOP_MS_MAX, "too late", { ref: false });
    Promise.race([this.close(), tooLate]).then(
      (outcome) => {
        if (outcome === "too late")
          this.logger.error(`Not stopped within ${STOP_MS_MAX / 1000} s; the next worker projects the rest.`);
        process.exit(outcome === "too late" ? 1 : 0);
      },
      (error: unknown) => {
        this.logger.error({ err: error }, "Stopping failed; the next worker projects the rest.");
        process.exit(1);
      },
    );
  }

  private async close(): Promise<void> {
    await Promise.all([this.http?.close(), this.kafka?.stop(), this.alerting?.stop()]);
    await this.worker?.close();
    await this.store.close();
  }

  private async listen(): Promise<number> {
    const { ingestPort, ingestRequestsPerSecond } = this.environment;
    this.http = createHttpIntake({
      pipeline: { take: async (deliveries) => (await this.requireWorker()).take(deliveries) },
      access: {
        verify: createTokenVerifier(this.store, () => performance.now()),
        internalToken: internalToken(this.environment),
        // Until it is migrated the table of tokens may be missing, which is as good as away.
        isStoreAway: (error) => this.worker === null || classifyError(error) === "retry",
      },
      decodeSource: this.rules.decodeSource,
      traces: traceFormat(this.rules.decoders),
      readiness: () => this.readiness(),
      metrics: async () => ({
        contentType: this.metrics.registry.contentType,
        body: await this.metrics.registry.metrics(),
      }),
      onResponse: (route, status, seconds) => this.metrics.countRequest(route, status, seconds),
      logger: this.logger,
      nowMs: () => performance.now(),
      rateLimit: { perSecond: ingestRequestsPerSecond, burst: 5 * ingestRequestsPerSecond },
    });
    try {
      const address = await this.http.listen({ port: ingestPort, host: LISTEN_HOST });
      return Number(new URL(address).port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
      throw new ConfigurationError(
        `INGEST_PORT: port ${ingestPort} is in use by another program; stop it, or set INGEST_PORT to a free port.`,
      );
    }
  }

  private async requireWorker(): Promise<Worker["pipeline"]> {
    if (this.worker) return this.worker.pipeline;
    return {
      take: async () => ({
        unavailable: "away",
        detail: "The worker is starting and waits for the store.",
        retryAfterSeconds: 1,
      }),
    };
  }

  private async readiness(): Promise<Readiness> {
    const waitingFor: string[] = [];
    if (!(await this.store.ping())) waitingFor.push("the store");
    else if (!this.worker) waitingFor.push("migrations");
    if (this.topics.length > 0 && !this.kafka?.isJoined()) waitingFor.push("Kafka");
    if (this.stopping !== null) waitingFor.push("the end (it is stopping)");
    return { ready: waitingFor.length === 0, waitingFor };
  }

  /** Null when asked to stop meanwhile. */
  private async openWhenStoreAnswers(): Promise<Worker | null> {
    for (let told = false; this.stopping === null; ) {
      try {
        await migrate(this.store, { directory: MIGRATIONS_DIR });
        const { store, rules, logger, metrics } = this;
        return await openWorker({ store, rules, logger, metrics });
      } catch (error) {
        if (classifyError(error) !== "retry") throw error;
        if (!told) this.logger.warn(`Waiting for the store at ${withoutPassword(clickhouseUrlOf(this.environment))}.`);
        told = true;
        await delay(STORE_RETRY_MS);
      }
    }
    return null;
  }
}

/** @throws ConfigurationError */
function kafkaTopicsOf({ kafkaBrokers, kafkaTopics }: Environment): KafkaTopic[] {
  if (kafkaBrokers.length === 0) return [];
  try {
    return parseKafkaTopics(kafkaTopics ?? "");
  } catch (error) {
    throw new ConfigurationError((error as Error).message);
  }
}

function tellParent(message: WorkerMessage): void {
  process.send?.(message);
}

main().catch((error: unknown) => {
  const isMistake = error instanceof ConfigurationError;
  console.error(isMistake ? error.message : error);
  process.exit(isMistake ? 2 : 1);
});
