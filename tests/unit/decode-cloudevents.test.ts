import { describe, expect, it } from "vitest";
import { decodeBody } from "@/ingest/decode/decode";
import { type DecodeContext, type Decoded, isUnreadable } from "@/ingest/decode/decoded";

const EVENT = {
  specversion: "1.0",
  id: "e-1",
  source: "oms",
  type: "order.created",
  time: "2026-11-23T10:15:30.123Z",
  data: { objects: [{ type: "order", id: "SO-1" }] },
};

function decode(body: unknown, context: Partial<DecodeContext> = {}): Decoded[] {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const result = decodeBody(bytes, {
    source: null,
    contentType: "application/cloudevents+json",
    headers: {},
    ...context,
  });
  if (isUnreadable(result)) throw new Error(result.unreadable.reason);
  return result;
}

const only = (decoded: Decoded[]): Decoded => {
  expect(decoded).toHaveLength(1);
  return decoded[0] as Decoded;
};

describe("a structured CloudEvent", () => {
  it("becomes a canonical event with its defaults", () => {
    expect(only(decode(EVENT))).toMatchObject({
      ok: true,
      index: 0,
      event: { id: "e-1", source: "oms", data: { kind: "message", outcome: "ok" } },
    });
  });

  it("keeps extension attributes and unknown fields of data, lines and objects in its payload", () => {
    const decoded = only(
      decode({
        ...EVENT,
        traceparent: "00-abc",
        data: {
          objects: [{ type: "order", id: "SO-1", colour: "red" }],
          lines: [{ sku: "A", lot: "L7" }],
          mine: { a: [1] },
        },
      }),
    );
    const payload = decoded.ok ? JSON.parse(decoded.payload) : null;
    expect(payload).toMatchObject({
      traceparent: "00-abc",
      data: { objects: [{ colour: "red" }], lines: [{ lot: "L7" }], mine: { a: [1] } },
    });
  });

  it("treats a null attribute as absent", () => {
    expect(only(decode({ ...EVENT, recordedtime: null, sequence: null }))).toMatchObject({ ok: true });
  });

  it("reads data_base64", () => {
    const { data, ...envelope } = EVENT;
    const encoded = Buffer.from(JSON.stringify(data)).toString("base64");
    expect(only(decode({ ...envelope, data_base64: encoded }))).toMatchObject({ ok: true, event: { data } });
  });

  it("has one content hash whatever the order of its keys, the spelling of its time and of JSON's media type", () => {
    const { id, time: _, ...rest } = EVENT;
    const other = {
      ...rest,
      time: "2026-11-23T12:15:30.123+02:00",
      datacontenttype: "application/json; charset=utf-8",
      id,
    };
    const [left, right] = [only(decode(EVENT)), only(decode(other))];
    expect(left.ok && right.ok && left.contentHash === right.contentHash).toBe(true);
  });

  it("has another content hash when anything it says differs", () => {
    const changed = { ...EVENT, data: { objects: [{ type: "order", id: "SO-2" }] } };
    const [left, right] = [only(decode(EVENT)), only(decode(changed))];
    expect(left.ok && right.ok && left.contentHash !== right.contentHash).toBe(true);
  });

  it("may start with a byte order mark and name UTF-8", () => {
    const body = Buffer.from(`\ufeff${JSON.stringify(EVENT)}`);
    expect(only(decode(body, { contentType: "application/cloudevents+json; charset=UTF-8" }))).toMatchObject({
      ok: true,
    });
  });
});

describe("several events", () => {
  const second = { ...EVENT, id: "e-2" };

  it("come as an array, each with its own bytes when it is refused", () => {
    const body = `[ ${JSON.stringify(EVENT)} , {"id": 5} ,${JSON.stringify(second)}]`;
    const decoded = decode(body, { contentType: "application/cloudevents-batch+json" });
    expect(decoded.map(({ ok, index }) => [ok, index])).toEqual([
      [true, 0],
      [false, 1],
      [true, 2],
    ]);
    expect(decoded[1]?.ok === false && Buffer.from(decoded[1].raw).toString().trim()).toBe('{"id": 5}');
  });

  it("come as lines, with either line ending, blank lines and no end of line at the end", () => {
    const body = `${JSON.stringify(EVENT)}\r\n\n  \nnot json\n${JSON.stringify(second)}`;
    const decoded = decode(body, { contentType: "application/x-ndjson" });
    expect(decoded.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(decoded[1]).toMatchObject({ step: "parse", path: "", index: 1 });
    expect(decoded[1]?.ok === false && Buffer.from(decoded[1].raw).toString()).toBe("not json");
  });

  it("are told by shape under application/json", () => {
    expect(decode([EVENT, second], { contentType: "application/json" })).toHaveLength(2);
    expect(decode(EVENT, { contentType: "application/json" })).toHaveLength(1);
  });

  it("are refused as a whole past the limit", () => {
    for (const [contentType, body] of [
      ["application/x-ndjson", "{}\n{}\n{}"],
      ["application/cloudevents-batch+json", "[{},{},{}]"],
    ] as const) {
      const context = { source: null, contentType, headers: {}, maxItems: 2 };
      expect(decodeBody(Buffer.from(body), context)).toMatchObject({ unreadable: { kind: "too-many" } });
      expect(decodeBody(Buffer.from(body), { ...context, maxItems: 3 })).toHaveLength(3);
    }
  });

  it("may be none", () => {
    expect(decode("[]", { contentType: "application/cloudevents-batch+json" })).toEqual([]);
    expect(decode("\n\n", { contentType: "application/x-ndjson" })).toEqual([]);
  });
});

describe("binary mode", () => {
  const headers = {
    "ce-specversion": "1.0",
    "ce-id": "Z%C3%BCrich %E2%82%AC 100%",
    "ce-source": "oms",
    "ce-type": "order.created",
    "ce-time": "2026-11-23T10:15:30Z",
    "ce-traceparent": '"quoted \\"text\\""',
    host: "example.org",
  };

  it("takes attributes from headers, percent-decoded and unquoted, and data from the body", () => {
    const decoded = only(decode(EVENT.data, { contentType: "application/json", headers }));
    expect(decoded).toMatchObject({
      ok: true,
      event: { id: "Zürich € 100%", traceparent: 'quoted "text"', data: EVENT.data },
    });
  });

  it("takes Kafka's ce_ headers as they are", () => {
    const kafka = { ce_specversion: "1.0", ce_id: "Zürich%20", ce_source: "oms", ce_type: "t", ce_time: EVENT.time };
    expect(only(decode(EVENT.data, { contentType: "application/json", headers: kafka }))).toMatchObject({
      event: { id: "Zürich%20" },
    });
  });

  it("gives the event that structured mode gives", () => {
    const binary = {
      "ce-specversion": "1.0",
      "ce-id": "e-1",
      "ce-source": "oms",
      "ce-type": EVENT.type,
      "ce-time": EVENT.time,
    };
    const left = only(decode(EVENT.data, { contentType: "application/json", headers: binary }));
    const right = only(decode(EVENT));
    expect(left.ok && right.ok && left.contentHash === right.contentHash).toBe(true);
  });
});

describe("the source of an event", () => {
  it("must be the one for which the body was sent", () => {
    expect(only(decode(EVENT, { source: "oms" }))).toMatchObject({ ok: true });
    expect(only(decode(EVENT, { source: "erp" }))).toMatchObject({ ok: false, path: "source", source: "erp" });
  });

  it("is throughline only for our own acts", () => {
    const own = { ...EVENT, source: "throughline", type: "link.retracted" };
    expect(only(decode(own))).toMatchObject({ ok: false, path: "source" });
    expect(only(decode(own, { internal: true }))).toMatchObject({ ok: true });
  });
});

describe("the reason of a dead letter", () => {
  const reasonOf = (body: unknown): string => {
    const decoded = only(decode(body));
    return decoded.ok ? "" : decoded.reason;
  };

  it("names the field, what came and what to do", () => {
    const body = { ...EVENT, data: { objects: [{ type: "order", id: 7 }] } };
    expect(reasonOf(body)).toBe("data.objects.0.id: expected a string, got a number; send it as a JSON string");
  });

  it("names the first field in the order of the event and counts the rest", () => {
    expect(reasonOf({ ...EVENT, id: "", time: "now", data: { objects: 1 } })).toMatch(/^id: .*and 2 more fields/);
  });

  it("names a position in a list by its number, the smallest first", () => {
    const objects = Array.from({ length: 12 }, (_, index) => ({
      type: "order",
      id: index === 2 || index === 10 ? "" : "x",
    }));
    expect(reasonOf({ ...EVENT, data: { objects } })).toMatch(/^data\.objects\.2\.id: /);
  });
});
