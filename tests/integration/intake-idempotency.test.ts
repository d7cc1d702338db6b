import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStore, type TestStore } from "./embedded-store";
import { eventLine, eventLines, ingestToken, post, startWorker, type WorkerProcess } from "./worker-process";

let test: TestStore;
let worker: WorkerProcess;
let token: string;

beforeAll(async () => {
  test = await startTestStore();
  token = await ingestToken(test.store);
  worker = await startWorker({ clickhouseUrl: test.url });
});

afterAll(async () => {
  await worker?.stop();
  await test?.stop();
});

const send = (body: string) => post(`${worker.url}/v1/events`, token, body);

describe("source and id identify an event for ever", () => {
  it("so sending a request again adds nothing and says so", async () => {
    const body = eventLines(50, "again");
    expect((await send(body)).body).toEqual({ accepted: 50, duplicate: 0, deadLettered: [] });
    expect((await send(body)).body).toEqual({ accepted: 0, duplicate: 50, deadLettered: [] });
    const [row] = await test.store.query<{ rows: string }>(
      "SELECT count() AS rows FROM events FINAL WHERE startsWith(event_id, 'again-')",
    );
    expect(Number(row?.rows)).toBe(50);
  });

  it("so a repeat inside one request, or in several at once, is a duplicate", async () => {
    const line = eventLine("twice");
    expect((await send(line + line)).body).toEqual({ accepted: 1, duplicate: 1, deadLettered: [] });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(eventLine("ten-at-once"))));
    expect(answers.reduce((sum, { body }) => sum + (body.accepted ?? 0), 0)).toBe(1);
    expect(answers.reduce((sum, { body }) => sum + (body.duplicate ?? 0), 0)).toBe(9);
  });

  it("whatever the order of the fields is", async () => {
    await send(eventLine("fields"));
    const { id, ...rest } = JSON.parse(eventLine("fields")) as Record<string, unknown>;
    const turned = Object.fromEntries(Object.entries({ ...rest, id }).reverse());
    expect((await send(`${JSON.stringify(turned)}\n`)).body).toEqual({ accepted: 0, duplicate: 1, deadLettered: [] });
  });

  it("while the same id from another source is another event", async () => {
    await send(eventLine("shared-id"));
    expect((await send(eventLine("shared-id", { source: "erp" }))).body.accepted).toBe(1);
  });

  it("and other content under a stored id counts as duplicate, is kept as a dead letter, and changes nothing", async () => {
    await send(eventLine("changed"));
    const other = eventLine("changed", { type: "order.cancelled" });
    expect((await send(other)).body).toEqual({ accepted: 0, duplicate: 1, deadLettered: [] });
    expect((await send(other)).body).toEqual({ accepted: 0, duplicate: 1, deadLettered: [] });
    const [event] = await test.store.query<{ type: string }>(
      "SELECT type FROM events FINAL WHERE event_id = 'changed'",
    );
    expect(event?.type).toBe("order.created");
    const letters = await test.store.query<{ step: string; path: string; raw: string }>(
      "SELECT step, path, raw FROM dead_letters FINAL WHERE position(raw, '\"changed\"') > 0",
    );
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({ step: "conflict", path: "id" });
    expect(JSON.parse(letters[0]?.raw ?? "{}")).toMatchObject({ id: "changed", type: "order.cancelled" });
  });
});
