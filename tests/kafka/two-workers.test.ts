import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestStore, type TestStore } from "@/tests/integration/embedded-store";
import { eventLine, startWorker, until, type WorkerProcess } from "@/tests/integration/worker-process";
import { createTopic, kafkaEnv, type Topic } from "./cluster";

let test: TestStore;
let topic: Topic;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  [test, topic] = await Promise.all([startTestStore(), createTopic()]);
});

afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await topic?.close();
  await test?.stop();
});

const stored = async (): Promise<number> => {
  const [row] = await test.store.query<{ events: string }>("SELECT count() AS events FROM events FINAL");
  return Number(row?.events);
};

async function takenBy(worker: WorkerProcess): Promise<number> {
  const text = await (await fetch(`${worker.url}/metrics`)).text();
  return Number(/events_total\{channel="kafka",result="accepted"\} (\d+)/.exec(text)?.[1] ?? 0);
}

it("two workers of one group share the load; when one dies the other takes its part, and each event is there once", async () => {
  for (let index = 0; index < 2; index += 1) {
    workers.push(await startWorker({ clickhouseUrl: test.url, env: kafkaEnv(topic) }));
  }
  await until(
    () => topic.members(),
    (members) => members === 2,
  );
  let sent = 0;
  // The second may still be joining: more is sent until both have taken some.
  await until(
    async () => {
      await topic.send(Array.from({ length: 600 }, (_, index) => ({ value: eventLine(`shared-${sent + index}`) })));
      sent += 600;
      return Promise.all(workers.map(takenBy));
    },
    (taken) => taken.length === 2 && taken.every((events) => events > 0),
  );
  await until(stored, (events) => events === sent);

  await workers.shift()?.kill();
  await topic.send(Array.from({ length: 600 }, (_, index) => ({ value: eventLine(`alone-${index}`) })));
  await until(stored, (events) => events === sent + 600);
  await until(
    () => topic.committed(),
    (committed) => committed === sent + 600,
  );
  const [row] = await test.store.query<{ rows: string }>("SELECT uniqExact(source, event_id) AS rows FROM events");
  expect(Number(row?.rows)).toBe(sent + 600);
}, 180_000);
