/**
 * The Kafka intake: one consumer group, at least once. A message's offset is committed only after its rows are stored, so what
 * is not stored is delivered again, and what is delivered twice is a duplicate.
 *
 * When the store is away a partition is paused (its offset does not move, the fetched batch is let go, heartbeats go on) and
 * fetched again later: nothing is dropped and memory stays flat.
 */
import { type Consumer, type EachBatchPayload, Kafka, type KafkaMessage, logLevel, type SASLOptions } from "kafkajs";
import type { Logger } from "pino";
import type { DecodeContext, Decoded, Unreadable } from "@/ingest/decode/decoded";
import type { Delivery, Pipeline } from "@/ingest/pipeline";
import type { KafkaSecurity } from "@/lib/config/environment";

export interface KafkaTopic {
  readonly topic: string;
  /** The source that all its messages are from; null when each says its own. */
  readonly source: string | null;
}

/** The messages of one partition that are stored together. */
const MESSAGES_AT_ONCE = 2_000;
const BYTES_AT_ONCE = 8 * 1024 * 1024;
/** A member that is silent so long is dead, and its partitions go to others. */
const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_INTERVAL_MS = 2_000;
const RECONNECT_DELAY_MS = 5_000;
/** After something that should not happen: long enough not to spin, short enough to carry on unattended. */
const BROKEN_PAUSE_MS = 5_000;

/**
 * `orders=oms, wms.events` → two topics, the first all from `oms`.
 * @throws Error naming the part that cannot be read.
 */
export function parseKafkaTopics(text: string): KafkaTopic[] {
  const topics = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [topic = "", source, ...rest] = part.split("=").map((piece) => piece.trim());
      if (topic === "" || source === "" || rest.length > 0 || !/^[A-Za-z0-9._-]{1,249}$/.test(topic)) {
        throw new Error(`KAFKA_TOPICS: expected TOPIC or TOPIC=SOURCE, got ${JSON.stringify(part)}.`);
      }
      return { topic, source: source ?? null };
    });
  const names = topics.map(({ topic }) => topic);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new Error(`KAFKA_TOPICS: the topic ${repeated} is named twice; name each once.`);
  if (topics.length === 0) throw new Error("KAFKA_TOPICS: expected at least one topic when KAFKA_BROKERS is set.");
  return topics;
}

export interface KafkaIntakeOptions {
  readonly brokers: readonly string[];
  readonly security: KafkaSecurity;
  readonly topics: readonly KafkaTopic[];
  readonly groupId: string;
  readonly clientId: string;
  readonly pipeline: Pipeline;
  /** Decodes a message of a topic with a source, which may be in that source's own format. */
  readonly decodeSource: (body: Buffer, context: DecodeContext) => Decoded[] | Unreadable;
  readonly logger: Logger;
}

export interface KafkaIntake {
  /** True while this worker is a member of the group. */
  isJoined(): boolean;
  /** Finishes the messages in hand, commits them, leaves the group. */
  stop(): Promise<void>;
}

export function startKafkaIntake(options: KafkaIntakeOptions): KafkaIntake {
  const intake = new KafkaConsumer(options);
  void intake.start();
  return intake;
}

class KafkaConsumer implements KafkaIntake {
  private consumer: Consumer | null = null;
  private joined = false;
  private stopping = false;
  private restart: NodeJS.Timeout | null = null;
  private readonly resumes = new Set<NodeJS.Timeout>();

  constructor(private readonly options: KafkaIntakeOptions) {}

  isJoined(): boolean {
    return this.joined;
  }

  async start(): Promise<void> {
    const { brokers, clientId, groupId, logger, security, topics } = this.options;
    const kafka = new Kafka({
      clientId,
      brokers: [...brokers],
      ssl: security.ssl,
      ...(security.sasl ? { sasl: saslOf(security.sasl) } : {}),
      // A broker that has just started says "coordinator is loading" for some seconds; that is among what is retried.
      retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 12 },
      logLevel: logLevel.WARN,
      logCreator: () => (entry) => logger.warn({ kafka: entry.namespace, ...logFields(entry.log) }, entry.log.message),
    });
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_INTERVAL_MS,
      maxBytesPerPartition: BYTES_AT_ONCE,
      retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 12, restartOnFailure: async () => !this.stopping },
    });
    this.consumer = consumer;
    consumer.on("consumer.group_join", () => {
      this.joined = true;
    });
    consumer.on("consumer.rebalancing", () => {
      this.joined = false;
    });
    consumer.on("consumer.crash", ({ payload }) => {
      this.joined = false;
      // kafkajs starts again by itself what it holds for passing; what it does not, we do, from a new connection.
      if (!payload.restart) this.startLater(payload.error);
    });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: topics.map(({ topic }) => topic), fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        // Partitions share a group commit; more than a few add nothing.
        partitionsConsumedConcurrently: 4,
        eachBatch: (payload) => this.takeBatch(payload),
      });
    } catch (error) {
      this.startLater(error);
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.restart) clearTimeout(this.restart);
    for (const timer of this.resumes) clearTimeout(timer);
    await this.consumer?.disconnect();
    this.joined = false;
  }

  private startLater(error: unknown): void {
    if (this.stopping || this.restart) return;
    this.options.logger.warn({ err: error }, `Kafka is away; connecting again in ${RECONNECT_DELAY_MS / 1000} s.`);
    const old = this.consumer;
    this.consumer = null;
    this.restart = setTimeout(async () => {
      this.restart = null;
      await old?.disconnect().catch(() => {});
      if (!this.stopping) await this.start();
    }, RECONNECT_DELAY_MS);
  }

  private async takeBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    for (const messages of chunksOf(batch.messages)) {
      if (!payload.isRunning() || payload.isStale()) return;
      const pauseMs = await this.storeMessages(messages, payload);
      if (pauseMs > 0) {
        this.pauseFor(pauseMs, payload.pause());
        return;
      }
      const last = messages.at(-1);
      if (!last) return;
      payload.resolveOffset(last.offset);
      // Rejects when the group has moved on without us; kafkajs then joins again, and the partition's new owner finds duplicates.
      await payload.commitOffsetsIfNecessary(offsetsAfter(batch.topic, batch.partition, last));
      await payload.heartbeat();
    }
  }

  /** 0 once stored, else how long to wait before trying the same messages again. */
  private async storeMessages(messages: readonly KafkaMessage[], payload: EachBatchPayload): Promise<number> {
    const { topic, partition } = payload.batch;
    const deliveries = messages.flatMap((message) => this.deliveryOf(topic, partition, message) ?? []);
    const beat = setInterval(() => void payload.heartbeat().catch(() => {}), HEARTBEAT_INTERVAL_MS);
    try {
      const answers = await this.options.pipeline.take(deliveries);
      if (!("unavailable" in answers)) return 0;
      this.options.logger.warn({ topic, partition, detail: answers.detail }, "The store is away; the partition waits.");
      return answers.retryAfterSeconds * 1000;
    } catch (error) {
      this.options.logger.error(
        { err: error, topic, partition, offset: messages[0]?.offset },
        "Messages could not be stored; the partition waits.",
      );
      return BROKEN_PAUSE_MS;
    } finally {
      clearInterval(beat);
    }
  }

  private pauseFor(pauseMs: number, resume: () => void): void {
    const timer = setTimeout(() => {
      this.resumes.delete(timer);
      resume();
    }, pauseMs);
    this.resumes.add(timer);
  }

  private deliveryOf(topic: string, partition: number, message: KafkaMessage): Delivery | null {
    // A tombstone of a compacted topic says that a key has no value any more; it carries nothing.
    if (message.value === null) return null;
    const source = this.options.topics.find((candidate) => candidate.topic === topic)?.source ?? null;
    const headers = textHeaders(message);
    const place = `${topic}/${partition}/${message.offset}`;
    return {
      body: message.value,
      context: { source, contentType: headers["content-type"] ?? "application/json", headers },
      channel: "kafka",
      origin: (index) => (index === 0 ? place : `${place}#${index}`),
      keepUnreadable: true,
      ...(source === null ? {} : { decode: this.options.decodeSource }),
    };
  }
}

// kafkajs tells the mechanisms apart by their literal names.
function saslOf({ mechanism, ...credentials }: NonNullable<KafkaSecurity["sasl"]>): SASLOptions {
  if (mechanism === "plain") return { mechanism, ...credentials };
  return mechanism === "scram-sha-256" ? { mechanism, ...credentials } : { mechanism, ...credentials };
}

const offsetsAfter = (topic: string, partition: number, last: KafkaMessage) => ({
  topics: [{ topic, partitions: [{ partition, offset: (BigInt(last.offset) + 1n).toString() }] }],
});

function* chunksOf(messages: readonly KafkaMessage[]): Generator<KafkaMessage[]> {
  let chunk: KafkaMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    chunk.push(message);
    bytes += message.value?.length ?? 0;
    if (chunk.length >= MESSAGES_AT_ONCE || bytes >= BYTES_AT_ONCE) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
  }
  if (chunk.length > 0) yield chunk;
}

/** Lower-case names, UTF-8 values; of a repeated header the last. */
function textHeaders(message: KafkaMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) headers[name.toLowerCase()] = last.toString();
  }
  return headers;
}

// kafkajs puts stacks and whole requests into its log; these fields say enough.
const logFields = (log: Record<string, unknown>) => ({ broker: log.broker, groupId: log.groupId, error: log.error });
