import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStore, type TestStore } from "@/tests/integration/embedded-store";
import { eventLine, startWorker, until, type WorkerProcess } from "@/tests/integration/worker-process";
import { createTopic, kafkaEnv, type Topic } from "./cluster";

let test: TestStore;
let topic: Topic;
let worker: WorkerProcess;

beforeAll(async () => {
  test = await startTestStore();
  topic = await createTopic(1);
  worker = await startWorker({ clickhouseUrl: test.url, env: kafkaEnv(topic) });
});

afterAll(async () => {
  await worker?.stop();
  await topic?.close();
  await test?.stop();
});

const eventIds = async (): Promise<string[]> =>
  (await test.store.query<{ event_id: string }>("SELECT event_id FROM events FINAL ORDER BY event_id")).map(
    ({ event_id }) => event_id,
  );

describe("messages that cannot become events", () => {
  it("are dead letters with topic, partition and offset; their neighbours are stored and the partition goes on", async () => {
    const garbage = Buffer.from([0xff, 0x00, 0x7b]);
    await topic.send([
      { value: eventLine("before") },
      { value: garbage },
      { value: '{"specversion":"1.0"}' },
      { value: eventLine("stranger", { source: "nobody-registered" }) },
      { value: garbage },
      { value: null },
      { value: eventLine("after") },
    ]);
    await until(eventIds, (ids) => ids.includes("after"));
    expect(await eventIds()).toEqual(["after", "before"]);
    await until(
      () => topic.committed(),
      (committed) => committed === 7,
    );
    const letters = await test.store.query<{
      origin: string;
      step: string;
      path: string;
      channel: string;
      raw_hex: string;
    }>("SELECT origin, step, path, channel, hex(raw) AS raw_hex FROM dead_letters FINAL ORDER BY origin");
    expect(letters.map(({ origin }) => origin)).toEqual([1, 2, 3, 4].map((offset) => `${topic.name}/0/${offset}`));
    expect(letters.every(({ channel }) => channel === "kafka")).toBe(true);
    expect(letters[0]).toMatchObject({ step: "parse", raw_hex: garbage.toString("hex").toUpperCase() });
    expect(letters[2]).toMatchObject({ path: "source" });
  });

  it("while every form of a CloudEvent is read: one, an array, lines, and binary mode with its headers", async () => {
    const {
      id: _id,
      source: _source,
      type: _type,
      time: _time,
      specversion: _version,
      ...rest
    } = JSON.parse(eventLine("x"));
    await topic.send([
      {
        value: `[${eventLine("form-array-1")},${eventLine("form-array-2")}]`,
        headers: { "content-type": "application/cloudevents-batch+json" },
      },
      {
        value: eventLine("form-line-1") + eventLine("form-line-2"),
        headers: { "Content-Type": "application/x-ndjson" },
      },
      { value: eventLine("form-one"), headers: { "content-type": "application/cloudevents+json; charset=UTF-8" } },
      {
        value: JSON.stringify(rest.data),
        headers: {
          ce_specversion: "1.0",
          ce_id: "form-binary",
          ce_source: "oms",
          ce_type: "order.created",
          ce_time: "2026-11-23T10:15:30.123Z",
          "content-type": "application/json",
        },
      },
    ]);
    const ids = await until(eventIds, (found) => found.includes("form-binary"));
    expect(ids.filter((id) => id.startsWith("form-"))).toEqual([
      "form-array-1",
      "form-array-2",
      "form-binary",
      "form-line-1",
      "form-line-2",
      "form-one",
    ]);
  });
});

it("a topic that belongs to a source takes only that source's events", async () => {
  const own = await createTopic(1);
  const reader = await startWorker({ clickhouseUrl: test.url, env: kafkaEnv(own, "erp") });
  try {
    await own.send([{ value: eventLine("own-no") }, { value: eventLine("own-yes", { source: "erp" }) }]);
    // Dead letters are stored after the events, offsets committed after both.
    await until(
      () => own.committed(),
      (committed) => committed === 2,
    );
    expect(await eventIds()).toContain("own-yes");
    expect(await eventIds()).not.toContain("own-no");
    const letters = await test.store.query<{ path: string }>(
      "SELECT path FROM dead_letters FINAL WHERE startsWith(origin, {topic:String})",
      { topic: own.name },
    );
    expect(letters).toEqual([{ path: "source" }]);
  } finally {
    await reader.stop();
    await own.close();
  }
});
