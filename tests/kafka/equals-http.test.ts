import { afterAll, beforeAll, expect, it } from "vitest";
import { simulate } from "@/sandbox/simulation";
import { startTestStore, type TestStore } from "@/tests/integration/embedded-store";
import { ingestToken, post, startWorker, until, type WorkerProcess } from "@/tests/integration/worker-process";
import { createTopic, kafkaEnv, type Topic } from "./cluster";

const FACTS = [
  "SELECT source, event_id, kind, type, occurred_at, recorded_at, outcome, objects, links, link_act, quantity, amount, currency, promised_at, content_hash, payload FROM events FINAL ORDER BY source, event_id",
  "SELECT object_type, object_id, source, event_id FROM events_by_object FINAL ORDER BY object_type, object_id, occurred_at, source, event_id",
  "SELECT child_type, child_id, parent_type, parent_id, source, event_id, act FROM links_by_child FINAL ORDER BY ALL",
  "SELECT search_key, object_type, object_id FROM objects_by_search_key FINAL ORDER BY ALL",
  "SELECT source, step, reason, path, raw FROM dead_letters FINAL ORDER BY ALL",
];
const JOURNEYS = "SELECT * FROM journeys FINAL ORDER BY root_type, root_id";

let overHttp: TestStore;
let overKafka: TestStore;
let topic: Topic;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  [overHttp, overKafka, topic] = await Promise.all([startTestStore(), startTestStore(), createTopic()]);
});

afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await topic?.close();
  await Promise.all([overHttp?.stop(), overKafka?.stop()]);
});

/** A fixed shuffle: partitions give no order between them, so neither may the result depend on one. */
function shuffled<Item>(items: readonly Item[]): Item[] {
  let state = 42;
  return items
    .map((item) => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return { item, key: state };
    })
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

it("the same feed over Kafka, shuffled and delivered partly twice, ends in the same facts and the same journeys as over HTTP", async () => {
  const { feed } = simulate({ orders: 120, days: 3, seed: "kafka" });
  const events = feed.map(({ event }) => JSON.stringify(event));
  expect(events.length).toBeGreaterThan(2_000);

  const token = await ingestToken(overHttp.store);
  const http = await startWorker({ clickhouseUrl: overHttp.url });
  workers.push(http);
  const answer = await post(`${http.url}/v1/events`, token, events.join("\n"));
  expect(answer.status).toBe(202);
  expect(answer.body.deadLettered).toEqual([]);

  const messages = shuffled([...events, ...events.slice(0, 500)]).map((value) => ({ value }));
  await topic.send(messages);
  const kafka = await startWorker({ clickhouseUrl: overKafka.url, env: kafkaEnv(topic) });
  workers.push(kafka);
  await until(
    () => topic.committed(),
    (committed) => committed === messages.length,
  );

  for (const sql of FACTS) {
    const expected = await overHttp.store.query(sql);
    expect(await overKafka.store.query(sql)).toEqual(expected);
  }
  expect(await overHttp.store.query(FACTS[0] ?? "")).not.toHaveLength(0);

  // A clean stop projects what is left.
  for (const worker of workers.splice(0)) expect(await worker.stop()).toBe(0);
  const journeys = await overHttp.store.query(JOURNEYS);
  expect(journeys.length).toBeGreaterThan(120);
  expect(await overKafka.store.query(JOURNEYS)).toEqual(journeys);
}, 240_000);
