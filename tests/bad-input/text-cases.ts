/** Text that is no JSON, or JSON that is too deep or says a thing twice. */
import {
  amongNeighbours,
  BATCH,
  type BadInputCase,
  deadStructured,
  goodEvent,
  json,
  LINES,
  STRUCTURED,
  withRawAttribute,
  withValue,
} from "./case";

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

export const TEXT_CASES: readonly BadInputCase[] = [...truncated(), ...bodies(), ...depths(), ...keys()];
