import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestStore, type TestStore } from "./embedded-store";
import { eventLine, eventLines, ingestToken, post, startWorker, type WorkerProcess } from "./worker-process";

let test: TestStore;
let worker: WorkerProcess;
let token: string;

beforeAll(async () => {
  test = await startTestStore();
  // Stands for whatever a later version of the table may refuse: a rule that decoding does not know.
  await test.store.command("ALTER TABLE events ADD CONSTRAINT no_poison CHECK sequence != 'poison'");
  token = await ingestToken(test.store);
  worker = await startWorker({ clickhouseUrl: test.url });
});

afterAll(async () => {
  await worker?.stop();
  await test?.stop();
});

it("a batch that the store refuses is halved until only the bad rows are dead letters, with their bytes and the store's reason", async () => {
  const poison = (id: string): string => eventLine(id, { sequence: "poison" });
  const body = eventLines(300, "left") + poison("bad-1") + eventLines(300, "right") + poison("bad-2");
  const answer = await post(`${worker.url}/v1/events`, token, body);
  expect(answer.status).toBe(202);
  expect(answer.body.accepted).toBe(600);
  expect(answer.body.deadLettered?.map(({ index }) => index)).toEqual([300, 601]);
  const [row] = await test.store.query<{ events: string }>("SELECT count() AS events FROM events FINAL");
  expect(Number(row?.events)).toBe(600);
  const letters = await test.store.query<{ step: string; reason: string; raw: string }>(
    "SELECT step, reason, raw FROM dead_letters FINAL ORDER BY raw",
  );
  expect(letters.map(({ step, raw }) => [step, (JSON.parse(raw) as { id: string }).id])).toEqual([
    ["store", "bad-1"],
    ["store", "bad-2"],
  ]);
  expect(letters[0]?.reason).toContain("no_poison");
  // Sent again: the good ones are known, the bad ones the same dead letters.
  const again = await post(`${worker.url}/v1/events`, token, body);
  expect(again.body).toMatchObject({ accepted: 0, duplicate: 600 });
  expect(again.body.deadLettered).toHaveLength(2);
  expect(await test.store.query("SELECT 1 FROM dead_letters FINAL")).toHaveLength(2);
});
