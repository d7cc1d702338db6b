import { request } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BadInputCase } from "@/tests/bad-input/case";
import { BAD_INPUT_CASES } from "@/tests/bad-input/cases";
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

const bytesOf = ({ body }: BadInputCase): Buffer<ArrayBuffer> =>
  Buffer.from(typeof body === "function" ? body() : body);

const countOf = async (table: "events" | "dead_letters"): Promise<number> => {
  const [row] = await test.store.query<{ rows: string }>(`SELECT count() AS rows FROM ${table} FINAL`);
  return Number(row?.rows);
};

async function sendCase(badCase: BadInputCase) {
  const method = badCase.method ?? "POST";
  const response = await fetch(`${worker.url}${badCase.path ?? "/v1/events"}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": badCase.contentType, ...badCase.headers },
    ...(method === "GET" ? {} : { body: bytesOf(badCase) }),
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get("content-type") ?? "", body: JSON.parse(text) };
}

describe("bad input over HTTP", () => {
  it.each(BAD_INPUT_CASES.map((badCase) => ({ badCase, name: badCase.name })))("$name", async ({ badCase }) => {
    const { status, type, body } = await sendCase(badCase);
    const wanted = badCase.expect;
    if (wanted === "accepted") {
      expect(status).toBe(202);
      expect(body.deadLettered).toEqual([]);
      expect(body.accepted + body.duplicate).toBeGreaterThan(0);
    } else if (wanted.status === "dead-letter") {
      expect(status).toBe(202);
      expect(body.deadLettered).toHaveLength(1);
      expect(body.deadLettered[0].path).toMatch(wanted.path ?? /^/);
      expect(body.accepted + body.duplicate).toBe(badCase.neighbours ?? 0);
    } else {
      expect(status).toBeOneOf([...wanted.status]);
      expect(type).toContain("application/problem+json");
      expect(body).toMatchObject({ type: "about:blank", status });
      expect(body.title.length).toBeGreaterThan(0);
      expect(body.detail.length).toBeGreaterThan(10);
    }
  });

  it("leaves the process alive, and its dead letters hold the bytes as they came", async () => {
    expect((await post(`${worker.url}/v1/events`, token, eventLine("still-alive"))).body.accepted).toBe(1);
    const raw = Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x22, 0x5c, 0xc3, 0x28, 0x7d]);
    const before = await countOf("dead_letters");
    const lines = Buffer.concat([Buffer.from(eventLine("beside-bytes")), raw, Buffer.from("\n")]);
    const answer = await post(`${worker.url}/v1/events`, token, lines);
    expect(answer.body).toMatchObject({ accepted: 1, deadLettered: [{ index: 1 }] });
    expect(await countOf("dead_letters")).toBe(before + 1);
    const found = await test.store.query<{ origin: string; channel: string }>(
      "SELECT origin, channel FROM dead_letters FINAL WHERE raw = unhex({hex:String})",
      { hex: raw.toString("hex") },
    );
    expect(found).toHaveLength(1);
    expect(found[0]?.channel).toBe("http");
    // Sent again it is the same dead letter, although the request is another.
    await post(`${worker.url}/v1/events`, token, lines);
    expect(await countOf("dead_letters")).toBe(before + 1);
  });

  it("an event of a source that nobody registered is a dead letter that says what to do", async () => {
    const answer = await post(`${worker.url}/v1/events`, token, eventLine("stranger", { source: "never-heard-of" }));
    expect(answer.status).toBe(202);
    expect(answer.body.deadLettered?.[0]?.path).toBe("source");
    expect(answer.body.deadLettered?.[0]?.reason).toContain("config/systems.yaml");
    expect(answer.body.deadLettered?.[0]?.reason).toContain("npm run token");
  });
});

describe("limits", () => {
  const TOO_LARGE = 17 * 1024 * 1024;

  it("a body past 16 MiB is 413 when its length says so", async () => {
    const answer = await post(`${worker.url}/v1/events`, token, Buffer.alloc(TOO_LARGE, 0x20));
    expect(answer.status).toBe(413);
    expect(answer.body.detail).toContain("16777216");
  });

  it("a body past 16 MiB is 413 when it comes in chunks without a length", async () => {
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const stream = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent < TOO_LARGE; sent += chunk.length) controller.enqueue(chunk);
        controller.close();
      },
    });
    const response = await fetch(`${worker.url}/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" },
      body: stream,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  it("a small gzip that inflates past 16 MiB is 413", async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024, 0x20));
    const answer = await post(`${worker.url}/v1/events`, token, bomb, { "content-encoding": "gzip" });
    expect(answer.status).toBe(413);
  });

  it("gzip is taken; broken gzip is 400; another encoding is 415 and names what is taken", async () => {
    const body = gzipSync(eventLine("zipped"));
    const headers = { "content-encoding": "gzip" };
    expect((await post(`${worker.url}/v1/events`, token, body, headers)).body.accepted).toBe(1);
    const broken = body.subarray(0, body.length - 12);
    expect((await post(`${worker.url}/v1/events`, token, broken, headers)).status).toBe(400);
    const other = await post(`${worker.url}/v1/events`, token, body, { "content-encoding": "zstd" });
    expect(other.status).toBe(415);
    expect(other.headers.get("accept-encoding")).toBe("gzip");
  });

  it("10,000 events are taken and 10,001 are 413 that says how many", async () => {
    expect((await post(`${worker.url}/v1/events`, token, eventLines(10_000, "full"))).body.accepted).toBe(10_000);
    const answer = await post(`${worker.url}/v1/events`, token, eventLines(10_001, "over"));
    expect(answer.status).toBe(413);
    expect(answer.body.detail).toMatch(/10[,.]?000/);
  });

  it("an unknown address is 404, a wrong method 405 with Allow, both as problems", async () => {
    const unknown = await fetch(`${worker.url}/v2/events`);
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get("content-type")).toContain("application/problem+json");
    const wrong = await fetch(`${worker.url}/v1/events`, { method: "DELETE" });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("POST");
    expect(wrong.headers.get("content-type")).toContain("application/problem+json");
    const address = await fetch(`${worker.url}/v1/sources/%ff`, { method: "POST" });
    expect(address.status).toBe(400);
    expect(address.headers.get("content-type")).toContain("application/problem+json");
  });

  it("what is no HTTP gets an answer that is, and a sender that goes away in mid-body harms nobody", async () => {
    const { port } = new URL(worker.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1", () => socket.write("HELLO\r\n\r\n"));
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk.toString();
      });
      socket.on("close", () => resolve(text));
    });
    expect(answer).toContain("400");
    expect(answer).toContain("application/problem+json");
    await new Promise<void>((resolve) => {
      const leaving = request(`${worker.url}/v1/events`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/x-ndjson",
          "content-length": "100000",
        },
      });
      leaving.on("error", () => resolve());
      leaving.write(eventLine("half"), () => leaving.destroy());
      leaving.on("close", () => resolve());
    });
    expect((await post(`${worker.url}/v1/events`, token, eventLine("after-half"))).body.accepted).toBe(1);
    expect(await test.store.query("SELECT 1 FROM events WHERE event_id = 'half'")).toEqual([]);
  });
});
