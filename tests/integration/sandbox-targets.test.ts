import { afterAll, beforeAll, expect, it } from "vitest";
import { simulate } from "@/sandbox/simulation";
import { reportToIntake } from "@/sandbox/targets/effect-reporter";
import { startTargets, type Targets } from "@/sandbox/targets/server";
import { startTestStore, type TestStore } from "./embedded-store";
import { ingestToken, post, startWorker, until, type WorkerProcess } from "./worker-process";

/** The circle that a replay closes: the message that a failed event carries, the ERP that takes it, its event feed, and the books that agree again. */

const RULE = "goods-issue";

let test: TestStore;
let worker: WorkerProcess;
let targets: Targets;

beforeAll(async () => {
  test = await startTestStore();
  worker = await startWorker({ clickhouseUrl: test.url });
  const intake = { url: worker.url, token: await ingestToken(test.store) };
  targets = await startTargets({ report: reportToIntake(() => intake), reportDelayMs: 10 });
});
afterAll(async () => {
  await targets?.close();
  await worker?.stop();
  await test?.stop();
});

const stateOf = async (shipment: string): Promise<string | undefined> => {
  const [row] = await test.store.query<{ state: string }>(
    `SELECT if(state = 'pending' AND due_at <= now64(3), state_when_due, state) AS state
     FROM handoffs FINAL WHERE rule = {rule:String} AND key_id = {shipment:String}`,
    { rule: RULE, shipment },
  );
  return row?.state;
};

it("a failed goods issue's own message, sent to the ERP as it is, makes the late handoff matched", async () => {
  const { feed } = simulate({ orders: 150, days: 5, seed: "targets", faults: 15 });
  const events = [...new Map(feed.map(({ event }) => [`${event.source} ${event.id}`, event])).values()];
  const posted = new Set(
    events
      .filter(({ type }) => type === "goods_issue.posted")
      .flatMap(({ data }) => data.objects.map(({ id }) => id.trim())),
  );
  const failed = events.flatMap(({ type, data }) => {
    const shipment = data.objects.find((object) => object.type === "shipment")?.id;
    if (type !== "message.dead_lettered" || data.message === undefined || shipment === undefined) return [];
    return posted.has(shipment) ? [] : [{ shipment, message: data.message }];
  });
  expect(failed.length).toBeGreaterThan(2);
  targets.learn(events);
  const token = await ingestToken(test.store);
  const body = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  expect((await post(`${worker.url}/v1/events`, token, body)).status).toBe(202);
  for (const { shipment } of failed) {
    await until(
      () => stateOf(shipment),
      (state) => state === "late",
    );
  }

  for (const { message } of failed) {
    const { method, headers, path } = message;
    const answer = await fetch(`${targets.url}${path}`, { method, headers, body: message.body });
    expect(answer.status).toBe(201);
  }
  for (const { shipment } of failed) {
    await until(
      () => stateOf(shipment),
      (state) => state === "matched",
    );
  }
  expect(targets.postings().map(({ subject }) => subject)).toEqual(failed.map(({ shipment }) => shipment));
});
