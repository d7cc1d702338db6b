/**
 * Bad (and merely ugly) input, as data. The unit tests run it against decodeBody, the intake tests over HTTP. Each case says what must
 * come of it; in every case the process lives on and the good neighbours in the same request are stored.
 */

export interface BadInputCase {
  readonly name: string;
  /** Default POST. */
  readonly method?: string;
  /** Default /v1/events. */
  readonly path?: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Buffer | (() => Buffer);
  /**
   * `accepted`: every item is stored as an event. `dead-letter`: 202 with at least one entry in deadLettered, whose path matches. Numbers:
   * one of these HTTP statuses, and nothing is stored.
   */
  readonly expect: "accepted" | { readonly status: "dead-letter" | readonly number[]; readonly path?: RegExp };
  /** How many good events stand in the same request. */
  readonly neighbours?: number;
  /** What decoding alone cannot judge: sizes on the wire, tokens, registered sources, routes. */
  readonly intakeOnly?: boolean;
}

/** The source that every good event of these cases reports for; it must be registered. */
export const BAD_INPUT_SOURCE = "wms-east";

type Json = Record<string, unknown>;

const STRUCTURED = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";
const LINES = "application/x-ndjson";

let serial = 0;

/** A full, valid event with an id of its own. */
export function goodEvent(): Json {
  serial += 1;
  return {
    specversion: "1.0",
    id: `bad-input-${serial}`,
    source: BAD_INPUT_SOURCE,
    type: "shipment.confirmed",
    time: "2026-11-23T10:15:30.123Z",
    recordedtime: "2026-11-23T10:15:31.000Z",
    sequence: "1042",
    dataschema: "https://example.org/shipment.confirmed/1",
    data: {
      kind: "message",
      objects: [
        { type: "shipment", id: `SH-BAD-${serial}`, qualifier: "subject", issuer: BAD_INPUT_SOURCE },
        { type: "order", id: `SO-BAD-${serial}` },
      ],
      links: [
        { child: { type: "shipment", id: `SH-BAD-${serial}` }, parent: { type: "order", id: `SO-BAD-${serial}` } },
      ],
      outcome: "failed",
      interface: "wms-to-erp.shipment-confirmation",
      error: { class: "technical", code: "503", message: "unavailable" },
      attempt: 1,
      durationMs: 231,
      lines: [
        {
          sku: "A-1",
          location: "DC-EAST",
          quantity: "12",
          uom: "EA",
          amount: "120.00",
          currency: "USD",
          direction: "out",
        },
      ],
      amount: "120.00",
      currency: "USD",
      posting: { companyCode: "1000", period: "2026-11", reverses: "4900000001" },
      promisedAt: "2026-11-25T00:00:00.000Z",
      message: {
        channel: "http",
        method: "POST",
        path: "/goods-issues",
        headers: {},
        body: "{}",
        idempotencyKey: "k-1",
      },
      attributes: { note: "free form" },
    },
  };
}

/** A copy with the value at a dotted path replaced; `undefined` removes it. */
function withValue(event: Json, path: string, value: unknown): Json {
  const copy = structuredClone(event);
  const parts = path.split(".");
  const last = parts.pop() ?? "";
  const holder = parts.reduce((at, part) => at[part] as Json, copy);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const escapeDots = (path: string): RegExp => new RegExp(`^${path.replaceAll(".", "\\.")}`);

function deadStructured(name: string, body: Buffer | (() => Buffer), path?: RegExp): BadInputCase {
  return { name, contentType: STRUCTURED, body, expect: { status: "dead-letter", ...(path ? { path } : {}) } };
}

/** The JSON text of an event whose attributes hold this raw JSON text under `probe`. */
function withRawAttribute(raw: string): Buffer {
  const text = JSON.stringify(withValue(goodEvent(), "data.attributes", { probe: "@@" }));
  return Buffer.from(text.replace('"@@"', raw));
}

/** A bad item between two good ones. */
function amongNeighbours(name: string, bad: Buffer, path?: RegExp): BadInputCase[] {
  const expect = { status: "dead-letter", ...(path ? { path } : {}) } as const;
  const [first, last] = [json(goodEvent()), json(goodEvent())];
  const lines = Buffer.concat([first, Buffer.from("\n"), bad, Buffer.from("\n"), last]);
  const batch = Buffer.concat([
    Buffer.from("["),
    first,
    Buffer.from(","),
    bad,
    Buffer.from(","),
    last,
    Buffer.from("]"),
  ]);
  return [
    { name: `${name}, as a line among good ones`, contentType: LINES, body: lines, expect, neighbours: 2 },
    { name: `${name}, in an array among good ones`, contentType: BATCH, body: batch, expect, neighbours: 2 },
  ];
}

function truncated(): BadInputCase[] {
  const whole = json(goodEvent());
  const cuts = [
    1,
    2,
    5,
    10,
    20,
    40,
    60,
    90,
    130,
    170,
    220,
    280,
    340,
    410,
    480,
    560,
    640,
    720,
    800,
    880,
    960,
    whole.length - 1,
  ];
  return cuts.flatMap((cut): BadInputCase[] => {
    const part = whole.subarray(0, cut);
    const neighbour = json(goodEvent());
    return [
      { name: `an event cut off after ${cut} bytes`, contentType: STRUCTURED, body: part, expect: { status: [400] } },
      {
        name: `an array cut off after ${cut} bytes of its second event`,
        contentType: BATCH,
        body: Buffer.concat([Buffer.from("["), neighbour, Buffer.from(","), part]),
        expect: { status: [400] },
      },
      {
        name: `a last line cut off after ${cut} bytes`,
        contentType: LINES,
        body: Buffer.concat([neighbour, Buffer.from("\n"), part]),
        expect: { status: "dead-letter" },
        neighbours: 1,
      },
    ];
  });
}

const WRONG_VALUES: readonly (readonly [name: string, value: unknown])[] = [
  ["a number", 12.5],
  ["true", true],
  ["an object", { a: 1 }],
  ["an array", [1, 2]],
];

/** Fields that must be strings, and (last) those that must not be. */
function wrongTypes(): BadInputCase[] {
  const stringFields = [
    "id",
    "source",
    "type",
    "time",
    "recordedtime",
    "sequence",
    "dataschema",
    "specversion",
    "data.kind",
    "data.outcome",
    "data.interface",
    "data.amount",
    "data.currency",
    "data.promisedAt",
    "data.objects.0.type",
    "data.objects.0.id",
    "data.objects.1.id",
    "data.objects.0.qualifier",
    "data.objects.0.issuer",
    "data.links.0.child.id",
    "data.links.0.parent.type",
    "data.error.class",
    "data.error.code",
    "data.error.message",
    "data.lines.0.sku",
    "data.lines.0.quantity",
    "data.lines.0.amount",
    "data.lines.0.direction",
    "data.posting.companyCode",
    "data.posting.period",
    "data.posting.reverses",
    "data.message.channel",
    "data.message.idempotencyKey",
  ];
  const strings = stringFields.flatMap((path) =>
    WRONG_VALUES.map(([name, value]) =>
      deadStructured(`${path} is ${name}`, json(withValue(goodEvent(), path, value)), escapeDots(path)),
    ),
  );
  const others: readonly (readonly [path: string, value: unknown])[] = [
    ["data", "text"],
    ["data", []],
    ["data", 1],
    ["data.objects", {}],
    ["data.objects", "SO-1"],
    ["data.objects.0", "SO-1"],
    ["data.objects.0", null],
    ["data.objects.0", []],
    ["data.links", {}],
    ["data.links.0", "SH-1"],
    ["data.links.0.child", "SH-1"],
    ["data.lines", "A-1"],
    ["data.lines.0", null],
    ["data.error", "failed"],
    ["data.posting", []],
    ["data.message", "text"],
    ["data.attributes", "text"],
    ["data.attributes", []],
    ["data.attempt", "1"],
    ["data.attempt", 0],
    ["data.attempt", 1.5],
    ["data.attempt", 70_000],
    ["data.durationMs", "231"],
    ["data.durationMs", -1],
    ["data.durationMs", 5_000_000_000],
  ];
  const rest = others.map(([path, value]) =>
    deadStructured(`${path} is ${JSON.stringify(value)}`, json(withValue(goodEvent(), path, value)), escapeDots(path)),
  );
  return [...strings, ...rest];
}

function missingAndEmpty(): BadInputCase[] {
  const required = ["id", "source", "type", "time", "data", "data.objects", "data.objects.0.type", "data.objects.0.id"];
  const identifiers = ["id", "source", "type", "data.objects.0.type", "data.objects.0.id", "data.links.0.child.id"];
  return [
    ...required.map((path) =>
      deadStructured(`${path} is missing`, json(withValue(goodEvent(), path, undefined)), escapeDots(path)),
    ),
    ...required.map((path) =>
      deadStructured(`${path} is null`, json(withValue(goodEvent(), path, null)), escapeDots(path)),
    ),
    ...identifiers.flatMap((path) =>
      ["", "   ", "\t\n"].map((blank) =>
        deadStructured(
          `${path} is ${JSON.stringify(blank)}`,
          json(withValue(goodEvent(), path, blank)),
          escapeDots(path),
        ),
      ),
    ),
    deadStructured("id is longer than 512 characters", json(withValue(goodEvent(), "id", "x".repeat(513))), /^id$/),
    deadStructured(
      "type is longer than 128 characters",
      json(withValue(goodEvent(), "type", "x".repeat(129))),
      /^type$/,
    ),
  ];
}

function timesAndNumbers(): BadInputCase[] {
  const times = [
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
    "1969-12-31T23:59:59.999Z",
    "2200-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-11-23T25:00:00Z",
    "2026-11-23T10:15:30",
    "2026-11-23",
    "23.11.2026 10:15",
    "1700000000",
    "now",
    "2026-11-23T10:15:30+99:99",
    "+012026-11-23T10:15:30Z",
  ];
  const decimals = [
    "1e5",
    "0x10",
    "12,5",
    "1.",
    ".5",
    "--1",
    "NaN",
    "Infinity",
    " 1",
    "1_000",
    "9".repeat(30),
    `0.${"1".repeat(10)}`,
    "0".repeat(100_000),
  ];
  const numbers = [
    "9007199254740993",
    "-9007199254740993",
    "1e400",
    "-1e400",
    "1e-400",
    "123456789012345678901234567890",
    "0.1234567890123456789",
    "1.7976931348623159e308",
  ];
  return [
    ...times.map((time) => deadStructured(`time is ${time}`, json(withValue(goodEvent(), "time", time)), /^time$/)),
    deadStructured(
      "promisedAt is in year 9999",
      json(withValue(goodEvent(), "data.promisedAt", times[0])),
      /^data\.promisedAt$/,
    ),
    ...decimals.map((text) =>
      deadStructured(
        `amount is ${text.slice(0, 40)} (${text.length} characters)`,
        json(withValue(goodEvent(), "data.amount", text)),
        /^data\.amount$/,
      ),
    ),
    ...numbers.map((text) =>
      deadStructured(
        `a free-form number that a double would change, ${text}`,
        withRawAttribute(text),
        /^data\.attributes\.probe$/,
      ),
    ),
    ...numbers
      .slice(0, 2)
      .flatMap((text) => amongNeighbours(`a number that would change, ${text}`, withRawAttribute(text), /probe$/)),
  ];
}

function strings(): BadInputCase[] {
  const places = ["id", "type", "data.objects.0.id", "data.error.message", "data.message.body", "data.attributes.note"];
  const bad: readonly (readonly [name: string, raw: string])[] = [
    ["U+0000", '"a\\u0000b"'],
    ["a lone high surrogate", '"a\\ud83d"'],
    ["a lone low surrogate", '"\\ude00b"'],
    ["surrogates in the wrong order", '"\\ude00\\ud83d"'],
  ];
  const cases = places.flatMap((path) =>
    bad.map(([name, raw]) => {
      const text = JSON.stringify(withValue(goodEvent(), path, "@@")).replace('"@@"', raw);
      return deadStructured(`${path} holds ${name}`, Buffer.from(text), escapeDots(path));
    }),
  );
  return [
    ...cases,
    deadStructured("a key holds U+0000", withRawAttribute('{"a\\u0000b":1}'), /^data\.attributes\.probe/),
    deadStructured("a key holds a lone surrogate", withRawAttribute('{"\\ud83d":1}'), /^data\.attributes\.probe/),
    ...amongNeighbours("U+0000 in a free-form string", withRawAttribute('"a\\u0000b"'), /probe$/),
    ...amongNeighbours("a lone surrogate in a free-form string", withRawAttribute('"\\ud83d"'), /probe$/),
  ];
}

function keys(): BadInputCase[] {
  return [
    deadStructured("a __proto__ key in attributes", withRawAttribute('{"__proto__":{"polluted":true}}'), /__proto__$/),
    deadStructured("an escaped __proto__ key", withRawAttribute('{"\\u005f_proto__":{"polluted":true}}'), /__proto__$/),
    deadStructured(
      "a __proto__ key at the top",
      Buffer.from(JSON.stringify(goodEvent()).replace("{", '{"__proto__":{"id":"x"},')),
      /^__proto__$/,
    ),
    ...amongNeighbours("a __proto__ key", withRawAttribute('{"__proto__":{"polluted":true}}'), /__proto__$/),
    {
      name: "keys named constructor and prototype are plain keys",
      contentType: STRUCTURED,
      body: withRawAttribute('{"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":2}'),
      expect: "accepted",
    },
    deadStructured("one key twice in attributes", withRawAttribute('{"a":1,"a":2}'), /^data\.attributes\.probe\.a$/),
    deadStructured(
      "one key twice, once escaped",
      withRawAttribute('{"a":1,"\\u0061":2}'),
      /^data\.attributes\.probe\.a$/,
    ),
    deadStructured("the id twice", Buffer.from(JSON.stringify(goodEvent()).replace("{", '{"id":"other",')), /^id$/),
    ...amongNeighbours("one key twice", withRawAttribute('{"a":1,"a":2}'), /probe\.a$/),
    deadStructured("an attribute name in upper case", json({ ...goodEvent(), traceParent: "x" }), /^traceParent$/),
    deadStructured("an attribute name with a dash", json({ ...goodEvent(), "my-field": "x" }), /^my-field$/),
    deadStructured(
      "an extension attribute that is an object",
      json({ ...goodEvent(), extension: { a: 1 } }),
      /^extension$/,
    ),
  ];
}

function depths(): BadInputCase[] {
  const nested = (depth: number, open: string, close: string) => () =>
    withRawAttribute(`${open.repeat(depth)}1${close.repeat(depth)}`);
  return [
    deadStructured("65 levels", nested(63, "[", "]"), /^data\.attributes\.probe/),
    deadStructured("10,000 arrays deep", nested(10_000, "[", "]"), /^data\.attributes\.probe/),
    deadStructured("10,000 objects deep", nested(10_000, '{"a":', "}"), /^data\.attributes\.probe/),
    deadStructured("1,000,000 arrays deep", nested(1_000_000, "[", "]"), /^data\.attributes\.probe/),
    { name: "64 levels are within the limit", contentType: STRUCTURED, body: nested(61, "[", "]"), expect: "accepted" },
    ...amongNeighbours("10,000 levels", withRawAttribute(`${"[".repeat(10_000)}${"]".repeat(10_000)}`), /probe/),
    {
      name: "10,000 open brackets and no end",
      contentType: BATCH,
      body: () => Buffer.alloc(10_000, "["),
      expect: { status: [400] },
    },
    {
      name: "10,000,000 open brackets and no end",
      contentType: STRUCTURED,
      body: () => Buffer.alloc(10_000_000, "["),
      expect: { status: "dead-letter" },
    },
  ];
}

function bodies(): BadInputCase[] {
  const whole = (name: string, contentType: string, body: Buffer | string): BadInputCase => ({
    name,
    contentType,
    body: Buffer.from(body),
    expect: { status: [400] },
  });
  const utf16 = Buffer.from(`\ufeff${JSON.stringify(goodEvent())}`, "utf16le");
  const latin1 = Buffer.from(JSON.stringify(withValue(goodEvent(), "data.attributes.note", "Zürich")), "latin1");
  return [
    whole("an empty body", STRUCTURED, ""),
    whole("white space only", STRUCTURED, " \n\t "),
    whole("an empty body where an array belongs", BATCH, ""),
    whole("plain text", STRUCTURED, "hello"),
    whole("XML", STRUCTURED, "<event/>"),
    whole("one quote", STRUCTURED, '"'),
    whole("single quotes", STRUCTURED, "{'id':'1'}"),
    whole("a comment", STRUCTURED, "// no\n{}"),
    whole("a comma too many", STRUCTURED, '{"id":"1",}'),
    whole("NaN", STRUCTURED, '{"id":NaN}'),
    whole("a raw NUL in a string", STRUCTURED, '{"id":"a\u0000b"}'),
    whole("a raw line break in a string", STRUCTURED, '{"id":"a\nb"}'),
    whole("a bad escape", STRUCTURED, '{"id":"\\x41"}'),
    whole("two objects one after another", STRUCTURED, "{}{}"),
    whole("brackets of different kinds", STRUCTURED, '{"id":[1}'),
    whole("an array with a comma too many", BATCH, "[{},]"),
    whole("an array with nothing between commas", BATCH, "[{},,{}]"),
    whole("an array that closes with a brace", BATCH, "[{}}"),
    whole("an array that never closes", BATCH, "[{}"),
    whole("an array followed by more", BATCH, "[] []"),
    whole("an object where an array belongs", BATCH, "{}"),
    whole("UTF-16", STRUCTURED, utf16),
    whole("Latin-1 letters", STRUCTURED, latin1),
    whole(
      "overlong UTF-8",
      STRUCTURED,
      Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    ),
    whole(
      "a surrogate in UTF-8",
      STRUCTURED,
      Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
    ),
    whole("random bytes", STRUCTURED, Buffer.from([0xff, 0xfe, 0x00, 0x9c, 0x1f, 0x8b])),
    {
      name: "a line of Latin-1 among good lines",
      contentType: LINES,
      body: Buffer.concat([json(goodEvent()), Buffer.from("\n"), latin1, Buffer.from("\n"), json(goodEvent())]),
      expect: { status: "dead-letter" },
      neighbours: 2,
    },
    ...["null", "true", "12", '"text"', "[]"].map((text) => deadStructured(`the event is ${text}`, Buffer.from(text))),
    ...["null", "true", "12", '"text"', "[]", "{}"].flatMap((text) =>
      amongNeighbours(`an event that is ${text}`, Buffer.from(text)),
    ),
    {
      name: "no content type that we read",
      contentType: "text/plain",
      body: json(goodEvent()),
      expect: { status: [415] },
    },
    {
      name: "XML by its content type",
      contentType: "application/xml",
      body: Buffer.from("<a/>"),
      expect: { status: [415] },
    },
    {
      name: "a charset we do not read",
      contentType: `${STRUCTURED}; charset=utf-16`,
      body: utf16,
      expect: { status: [415] },
    },
  ];
}

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

export const BAD_INPUT_CASES: readonly BadInputCase[] = [
  ...truncated(),
  ...wrongTypes(),
  ...missingAndEmpty(),
  ...timesAndNumbers(),
  ...strings(),
  ...keys(),
  ...depths(),
  ...bodies(),
  ...cloudEvents(),
  ...sources(),
  ...hostileText(),
  ...wire(),
];
