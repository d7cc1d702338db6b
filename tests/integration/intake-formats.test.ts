import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestStore, type TestStore } from "./embedded-store";
import { eventLine, ingestToken, post, startWorker, type WorkerProcess } from "./worker-process";

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

const idsLike = async (prefix: string): Promise<string[]> =>
  (
    await test.store.query<{ event_id: string }>(
      "SELECT event_id FROM events FINAL WHERE startsWith(event_id, {prefix:String}) ORDER BY event_id",
      { prefix },
    )
  ).map(({ event_id }) => event_id);

describe("POST /v1/events", () => {
  it("takes one event, an array and lines by their content types", async () => {
    const events = `${worker.url}/v1/events`;
    const type = (name: string) => ({ "content-type": name });
    await post(events, token, eventLine("form-1"), type("application/cloudevents+json"));
    await post(
      events,
      token,
      `[${eventLine("form-2")},${eventLine("form-3")}]`,
      type("application/cloudevents-batch+json"),
    );
    await post(events, token, eventLine("form-4") + eventLine("form-5"), type("application/x-ndjson; charset=utf-8"));
    expect(await idsLike("form-")).toEqual(["form-1", "form-2", "form-3", "form-4", "form-5"]);
  });

  it("takes binary mode, whose headers are percent-encoded", async () => {
    const answer = await post(`${worker.url}/v1/events`, token, JSON.stringify({ objects: [] }), {
      "content-type": "application/json",
      "ce-specversion": "1.0",
      "ce-id": "binary-%C3%A9",
      "ce-source": "oms",
      "ce-type": "order.created",
      "ce-time": "2026-11-23T10:15:30Z",
    });
    expect(answer.body).toEqual({ accepted: 1, duplicate: 0, deadLettered: [] });
    expect(await idsLike("binary-")).toEqual(["binary-é"]);
  });
});

describe("POST /v1/sources/{source}", () => {
  it("takes CloudEvents of that source, and turns away those of another", async () => {
    const answer = await post(
      `${worker.url}/v1/sources/oms`,
      token,
      eventLine("own-source") + eventLine("other-source", { source: "erp" }),
    );
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ accepted: 1, deadLettered: [{ index: 1, path: "source" }] });
  });

  it("is 415 for a format that no mapping reads", async () => {
    const answer = await post(`${worker.url}/v1/sources/oms`, token, "ISA*00*", {
      "content-type": "application/edi-x12",
    });
    expect(answer.status).toBe(415);
    expect(answer.body.detail).toContain("config/mappings");
  });
});

describe("POST /v1/traces", () => {
  const span = {
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: "eee19b7ec3c1b174",
    name: "POST /goods-issues",
    kind: 3,
    startTimeUnixNano: "1763892930000000000",
    endTimeUnixNano: "1763892930231000000",
    attributes: [{ key: "order.id", value: { stringValue: "SO-TRACED" } }],
  };
  const traces = (service: string, ...spans: unknown[]): string =>
    JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
          scopeSpans: [{ spans }],
        },
      ],
    });

  it("takes spans as API calls and answers 200 with nothing to say", async () => {
    const answer = await post(`${worker.url}/v1/traces`, token, traces("gateway", span), {
      "content-type": "application/json",
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({});
    const rows = await test.store.query("SELECT type, kind, duration_ms FROM events FINAL WHERE source = 'gateway'");
    expect(rows).toEqual([{ type: "api.called", kind: "api_call", duration_ms: 231 }]);
  });

  it("says in partialSuccess how many spans were not taken and why, and takes the others", async () => {
    const bad = { ...span, spanId: "not hex" };
    const good = { ...span, spanId: "eee19b7ec3c1b175" };
    const answer = await post(`${worker.url}/v1/traces`, token, traces("gateway", bad, good), {
      "content-type": "application/json",
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ partialSuccess: { rejectedSpans: "1" } });
    expect((answer.body as { partialSuccess?: { errorMessage: string } }).partialSuccess?.errorMessage).toContain(
      "spanId",
    );
    const stranger = await post(
      `${worker.url}/v1/traces`,
      token,
      traces("nobody", { ...span, spanId: "eee19b7ec3c1b176" }),
      {
        "content-type": "application/json",
      },
    );
    expect(JSON.stringify(stranger.body)).toContain("registered source");
  });

  it("answers protobuf with protobuf, and what is neither with 415 or 400", async () => {
    const send = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
      fetch(`${worker.url}/v1/traces`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": type },
        body,
      });
    // An empty ExportTraceServiceRequest is no bytes at all.
    const empty = await send(new Uint8Array(), "application/x-protobuf");
    expect(empty.status).toBe(200);
    expect(empty.headers.get("content-type")).toBe("application/x-protobuf");
    expect((await send("{", "application/json")).status).toBe(400);
    expect((await send("<spans/>", "application/xml")).status).toBe(415);
  });
});

it("/metrics tells Prometheus what was taken in, by channel and result", async () => {
  const response = await fetch(`${worker.url}/metrics`);
  expect(response.headers.get("content-type")).toContain("text/plain");
  const text = await response.text();
  expect(text).toMatch(/throughline_intake_events_total\{channel="http",result="accepted"\} [1-9]/);
  expect(text).toMatch(/throughline_http_request_seconds_count\{route="\/v1\/events",status="202"\} [1-9]/);
  for (const name of [
    "store_queue_items",
    "store_queue_bytes",
    "projection_backlog_events",
    "store_flush_seconds_count",
  ]) {
    expect(text).toContain(`throughline_${name}`);
  }
  // Every name that docs/operations.md explains exists.
  const documented = readFileSync("docs/operations.md", "utf8").match(/throughline_[a-z_]+/g) ?? [];
  expect(documented.length).toBeGreaterThan(5);
  for (const name of documented) expect(text).toContain(name);
});
