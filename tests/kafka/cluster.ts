/** The Kafka under test, seen from a test. */
import { randomUUID } from "node:crypto";
import { type Admin, Kafka, logLevel, type Message, type Producer } from "kafkajs";

const brokers = (process.env.KAFKA_BROKERS ?? "").split(",").filter(Boolean);
export const brokerControl = process.env.TEST_BROKER_CONTROL ?? null;

export interface Topic {
  readonly name: string;
  readonly group: string;
  /** In the order given, spread over the partitions by key, else in turn. */
  send(messages: readonly Message[]): Promise<void>;
  /** Messages whose offsets the group has committed, in all partitions. */
  committed(): Promise<number>;
  members(): Promise<number>;
  close(): Promise<void>;
}

/** A topic and a group of their own, so that tests do not meet. */
export async function createTopic(partitions = 6): Promise<Topic> {
  if (brokers.length === 0) throw new Error("KAFKA_BROKERS is not set: run `npm run test:kafka`.");
  const kafka = new Kafka({
    clientId: "test",
    brokers,
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, initialRetryTime: 200 },
  });
  const [admin, producer]: [Admin, Producer] = [
    kafka.admin(),
    kafka.producer({ idempotent: true, maxInFlightRequests: 1 }),
  ];
  await Promise.all([admin.connect(), producer.connect()]);
  const name = `throughline-${randomUUID()}`;
  const group = `group-${randomUUID()}`;
  await admin.createTopics({ topics: [{ topic: name, numPartitions: partitions }], waitForLeaders: true });
  let turn = 0;
  return {
    name,
    group,
    async send(messages) {
      for (let from = 0; from < messages.length; from += 500) {
        const part = messages.slice(from, from + 500).map((message) => {
          turn += 1;
          return message.key === undefined ? { ...message, partition: turn % partitions } : message;
        });
        await producer.send({ topic: name, messages: part, acks: -1 });
      }
    },
    async committed() {
      const offsets = await admin.fetchOffsets({ groupId: group, topics: [name] });
      return offsets
        .flatMap(({ partitions: all }) => all)
        .reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
    },
    async members() {
      const { groups } = await admin.describeGroups([group]);
      return groups[0]?.members.length ?? 0;
    },
    async close() {
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
  };
}

/** The environment of a worker that reads the topic. */
export const kafkaEnv = (topic: Topic, source?: string): Record<string, string> => ({
  KAFKA_BROKERS: brokers.join(","),
  KAFKA_TOPICS: source === undefined ? topic.name : `${topic.name}=${source}`,
  KAFKA_GROUP: topic.group,
});
