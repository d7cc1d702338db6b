/** CloudEvents, sources, sizes and routes; and text that is only text here. */
import {
  amongNeighbours,
  BAD_INPUT_SOURCE,
  BATCH,
  type BadInputCase,
  deadStructured,
  goodEvent,
  type Json,
  json,
  LINES,
  STRUCTURED,
  withValue,
} from "./case";

function cloudEvents(): BadInputCase[] {
  const { data: _, ...envelope } = goodEvent();
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const headers = (changed: Record<string, string>): Record<string, string> => ({
    "ce-specversion": "1.0",
    "ce-id": `binary-${Object.keys(changed).join("-") || "plain"}`,
    "ce-source": BAD_INPUT_SOURCE,
    "ce-type": "shipment.confirmed",
    "ce-time": "2026-11-23T10:15:30Z",
    ...changed,
  });
  const binary = (
    name: string,
    changed: Record<string, string>,
    path: RegExp,
    body = '{"objects":[]}',
  ): BadInputCase => ({
    name: `binary mode: ${name}`,
    contentType: "application/json",
    headers: headers(changed),
    body: Buffer.from(body),
    expect: { status: "dead-letter", path },
  });
  return [
    deadStructured("specversion 0.3", json({ ...goodEvent(), specversion: "0.3" }), /^specversion$/),
    deadStructured("specversion 2.0", json({ ...goodEvent(), specversion: "2.0" }), /^specversion$/),
    deadStructured("data and data_base64", json({ ...goodEvent(), data_base64: "e30=" }), /^data_base64$/),
    deadStructured("data_base64 is no base64", json({ ...envelope, data_base64: "*" }), /^data_base64$/),
    deadStructured("data_base64 is a number", json({ ...envelope, data_base64: 1 }), /^data_base64$/),
    deadStructured("data_base64 holds no JSON", json({ ...envelope, data_base64: base64("<a/>") }), /^data_base64/),
    deadStructured("data_base64 holds no objects", json({ ...envelope, data_base64: base64("{}") }), /^data\.objects$/),
    deadStructured(
      "data is XML",
      json({ ...envelope, datacontenttype: "text/xml", data: "<a/>" }),
      /^datacontenttype$/,
    ),
    binary("an empty id", { "ce-id": "" }, /^id$/),
    binary("no time that exists", { "ce-time": "yesterday" }, /^time$/),
    binary("percent-encoding that is not UTF-8", { "ce-id": "%C3%28" }, /^ce-id$/),
    binary("percent-encoded U+0000", { "ce-id": "a%00b" }, /^id$/),
    binary("the version of another specification", { "ce-specversion": "0.2" }, /^specversion$/),
    binary("a body cut off", {}, /^data/, '{"objects":['),
    binary("an empty body", { "ce-type": "empty" }, /^data/, ""),
    binary("a body that is an array", { "ce-type": "array" }, /^data/, "[]"),
  ];
}

function sources(): BadInputCase[] {
  return [
    ...["throughline", "Throughline", " throughline "].map((source) =>
      deadStructured(`the reserved source ${JSON.stringify(source)}`, json({ ...goodEvent(), source }), /^source$/),
    ),
    {
      ...deadStructured("an unknown source", json({ ...goodEvent(), source: "nobody-registered-this" }), /^source$/),
      intakeOnly: true,
    },
    ...amongNeighbours("an unknown source", json({ ...goodEvent(), source: "nobody-registered-this" }), /^source$/).map(
      (unknown) => ({ ...unknown, intakeOnly: true }),
    ),
  ];
}

/** Text that is an attack somewhere else is only text here: it is stored and shown as it came. */
function hostileText(): BadInputCase[] {
  const texts: readonly (readonly [name: string, text: string])[] = [
    ["SQL", "'; DROP TABLE events; --"],
    ["ClickHouse escapes", "\\N \\' {x:String} \\t"],
    ["HTML", "<script>alert(1)</script><img src=x onerror=alert(1)>"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the braces are the attack
    ["a template", "{{constructor.constructor('return 1')()}} ${7*7}"],
    ["a formula", '=HYPERLINK("http://example.org","x")'],
    ["direction marks and emoji", "\u202eabc\u202c 👩‍👩‍👧 \u{1f4e6}"],
    ["a path", "../../../etc/passwd"],
    ["line breaks", "a\r\nSet-Cookie: x=1\r\n\r\nb"],
  ];
  return texts.map(([name, text]) => {
    const event = goodEvent();
    const id = `${String(event.id)} ${text}`;
    const data = event.data as Json;
    return {
      name: `${name} in every string is text`,
      contentType: STRUCTURED,
      body: json({
        ...event,
        id,
        type: text,
        sequence: text,
        dataschema: text,
        extension: text,
        data: {
          ...data,
          interface: text,
          objects: [{ type: text, id, qualifier: text, issuer: text }],
          links: [{ child: { type: text, id }, parent: { type: "order", id } }],
          error: { class: "business", code: text, message: text },
          lines: [{ sku: text, location: text, quantity: "1", uom: "EA" }],
          posting: { companyCode: text.slice(0, 64), period: text.slice(0, 32), reverses: text },
          message: { channel: "http", path: text, headers: { [text]: text }, body: text, idempotencyKey: text },
          attributes: { [text]: text, nested: [text] },
        },
      }),
      expect: "accepted",
    };
  });
}

function wire(): BadInputCase[] {
  const mebibyte = 1024 * 1024;
  const intake = (name: string, rest: Omit<BadInputCase, "name" | "intakeOnly">): BadInputCase => ({
    name,
    intakeOnly: true,
    ...rest,
  });
  return [
    intake("a body of 20 MiB", {
      contentType: STRUCTURED,
      body: () => Buffer.alloc(20 * mebibyte, " "),
      expect: { status: [413] },
    }),
    intake("a string of 20 MiB", {
      contentType: STRUCTURED,
      body: () => json(withValue(goodEvent(), "data.attributes.note", "x".repeat(20 * mebibyte))),
      expect: { status: [413] },
    }),
    intake("10,001 events", {
      contentType: LINES,
      body: () => Buffer.from(Array.from({ length: 10_001 }, () => "{}").join("\n")),
      expect: { status: [413] },
    }),
    intake("10,001 events in an array", {
      contentType: BATCH,
      body: () => Buffer.from(`[${Array.from({ length: 10_001 }, () => "{}").join(",")}]`),
      expect: { status: [413] },
    }),
    intake("a content encoding that we do not read", {
      contentType: STRUCTURED,
      headers: { "content-encoding": "compress" },
      body: json(goodEvent()),
      expect: { status: [415] },
    }),
    intake("gzip that is none", {
      contentType: STRUCTURED,
      headers: { "content-encoding": "gzip" },
      body: json(goodEvent()),
      expect: { status: [400] },
    }),
    intake("GET", { method: "GET", contentType: STRUCTURED, body: Buffer.alloc(0), expect: { status: [404, 405] } }),
    intake("a route that does not exist", {
      path: "/v1/nothing",
      contentType: STRUCTURED,
      body: json(goodEvent()),
      expect: { status: [404] },
    }),
    intake("traces that are no JSON", {
      path: "/v1/traces",
      contentType: "application/json",
      body: Buffer.from("{"),
      expect: { status: [400] },
    }),
    intake("traces that are no protobuf", {
      path: "/v1/traces",
      contentType: "application/x-protobuf",
      body: Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]),
      expect: { status: [400] },
    }),
    intake("traces in another content type", {
      path: "/v1/traces",
      contentType: "text/csv",
      body: Buffer.from("a"),
      expect: { status: [415] },
    }),
    intake("a source without a configured format", {
      path: "/v1/sources/wms-east",
      contentType: "text/csv",
      body: Buffer.from("a,b\n1,2"),
      expect: { status: [415] },
    }),
  ];
}

export const PROTOCOL_CASES: readonly BadInputCase[] = [...cloudEvents(), ...sources(), ...hostileText(), ...wire()];
