import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestStore, type TestStore } from "@/tests/integration/embedded-store";
import { eventLine, startWorker, until, type WorkerProcess } from "@/tests/integration/worker-process";
import { brokerControl, createTopic, kafkaEnv, type Topic } from "./cluster";

const KILLS = 20;
const EVENTS_A_ROUND = 1_500;

let test: TestStore;
let topic: Topic;
let worker: WorkerProcess | null = null;

beforeAll(async () => {
  [test, topic] = await Promise.all([startTestStore(), createTopic()]);
});

afterAll(async () => {
  await worker?.stop();
  await topic?.close();
  await test?.stop();
});

async function counts(): Promise<{ facts: number; distinct: number; findable: number }> {
  const [row] = await test.store.query<{ facts: string; distinct: string; findable: string }>(
    `SELECT (SELECT count() FROM events FINAL) AS facts, (SELECT uniqExact(source, event_id) FROM events) AS distinct,
            (SELECT uniqExact(source, event_id) FROM events_by_object) AS findable`,
  );
  return { facts: Number(row?.facts), distinct: Number(row?.distinct), findable: Number(row?.findable) };
}

it(`${KILLS} kill -9 in mid-batch and a broker that is killed too: no event is lost, none counts twice, offsets are never ahead of the store`, async () => {
  let produced = 0;
  let midBatch = 0;
  for (let round = 0; round < KILLS; round += 1) {
    const messages = Array.from({ length: EVENTS_A_ROUND }, (_, index) => ({
      value: eventLine(`crash-${round}-${index}`),
    }));
    await topic.send(messages);
    produced += messages.length;
    const storedBefore = (await counts()).distinct;
    worker = await startWorker({ clickhouseUrl: test.url, env: kafkaEnv(topic) });
    if (round % 7 === 3 && brokerControl) await fetch(brokerControl, { method: "POST" });
    await until(counts, ({ distinct }) => distinct > storedBefore);
    await worker.kill();
    worker = null;
    const committed = await topic.committed();
    const { distinct } = await counts();
    // One message is one event here, so the two can be compared.
    expect(committed).toBeLessThanOrEqual(distinct);
    if (committed < distinct) midBatch += 1;
  }
  // The window between store and commit was hit, not merely passed by.
  expect(midBatch).toBeGreaterThan(0);

  worker = await startWorker({ clickhouseUrl: test.url, env: kafkaEnv(topic) });
  await until(
    () => topic.committed(),
    (committed) => committed === produced,
  );
  expect(await counts()).toEqual({ facts: produced, distinct: produced, findable: produced });
  expect(await test.store.query("SELECT 1 FROM dead_letters")).toEqual([]);
}, 900_000);

it.runIf(brokerControl)(
  "a broker that is killed under a running worker is found again, and nothing is missed",
  async () => {
    worker ??= await startWorker({ clickhouseUrl: test.url, env: kafkaEnv(topic) });
    const before = (await counts()).distinct;
    await fetch(brokerControl ?? "", { method: "POST" });
    await topic.send(Array.from({ length: 500 }, (_, index) => ({ value: eventLine(`after-broker-${index}`) })));
    await until(counts, ({ distinct }) => distinct === before + 500);
    expect(worker.log()).not.toContain("could not be stored");
  },
  240_000,
);
