/** Fields of a wrong type, missing, empty, or with a value that cannot be. */
import {
  amongNeighbours,
  type BadInputCase,
  deadStructured,
  escapeDots,
  goodEvent,
  json,
  withRawAttribute,
  withValue,
} from "./case";

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

export const FIELD_CASES: readonly BadInputCase[] = [
  ...wrongTypes(),
  ...missingAndEmpty(),
  ...timesAndNumbers(),
  ...strings(),
];
