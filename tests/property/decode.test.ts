import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBody } from "@/ingest/decode/decode";
import { type Decoded, isUnreadable, type Unreadable } from "@/ingest/decode/decoded";
import { parseJson } from "@/ingest/decode/json";
import { canonicalJson } from "@/lib/domain/canonical-json";

const CONTENT_TYPES = [
  "application/cloudevents+json",
  "application/cloudevents-batch+json",
  "application/x-ndjson",
  "application/json",
  "cloudevents",
];

const decode = (body: Buffer, contentType: string): Decoded[] | Unreadable =>
  decodeBody(body, { source: null, contentType, headers: {} });

const event = fc.record({
  id: fc.string({ minLength: 1, unit: "grapheme" }).map((text) => `id${text}`),
  source: fc.constantFrom("oms", "erp"),
  type: fc.constantFrom("order.created", "shipment.confirmed"),
  time: fc
    .date({ min: new Date("1990-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  data: fc.record({
    objects: fc.array(fc.record({ type: fc.constant("order"), id: fc.constantFrom("1", "2") })),
    note: fc.jsonValue(),
  }),
});
/** Events, other JSON, and text that is none. */
const line = fc.oneof(
  event.map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string().map((text) => `x${text.replace(/[\r\n]/g, "")}`),
);

/** What a result says, without positions. */
const meaning = (decoded: Decoded): string =>
  decoded.ok ? decoded.contentHash : `${decoded.reason}|${Buffer.from(decoded.raw).toString("base64")}`;

describe("decoding", () => {
  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...CONTENT_TYPES), (bytes, contentType) => {
        expect(decode(Buffer.from(bytes), contentType)).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });

  it("never throws, whatever is changed in a good body", () => {
    const mutated = fc.tuple(fc.array(event, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(255));
    fc.assert(
      fc.property(mutated, fc.constantFrom(...CONTENT_TYPES), ([events, position, byte], contentType) => {
        const body = Buffer.from(JSON.stringify(events));
        body[position % body.length] = byte;
        expect(decode(body, contentType)).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });

  it("gives one result per line: events and dead letters together are the items", () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const result = decode(Buffer.from(lines.join("\n")), "application/x-ndjson");
        if (isUnreadable(result)) throw new Error(result.unreadable.reason);
        expect(result.map(({ index }) => index)).toEqual(lines.map((_, index) => index));
      }),
    );
  });

  it("gives the same set for any permutation of the lines", () => {
    const shuffled = fc
      .array(line, { maxLength: 12 })
      .chain((lines) => fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })));
    fc.assert(
      fc.property(shuffled, ([lines, permutation]) => {
        const meanings = [lines, permutation].map((some) => {
          const result = decode(Buffer.from(some.join("\n")), "application/x-ndjson");
          return isUnreadable(result) ? null : result.map(meaning).sort();
        });
        expect(meanings[0]).not.toBeNull();
        expect(meanings[1]).toEqual(meanings[0]);
      }),
    );
  });

  it("gives an array's events as it gives its lines", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), (events) => {
        const texts = events.map((value) => JSON.stringify(value));
        const asLines = decode(Buffer.from(texts.join("\n")), "application/x-ndjson");
        const asArray = decode(Buffer.from(`[${texts.join(" , ")}]`), "application/cloudevents-batch+json");
        if (isUnreadable(asLines) || isUnreadable(asArray)) throw new Error("not readable");
        const hashes = (results: Decoded[]) =>
          results.map((result) => (result.ok ? result.contentHash : result.reason));
        expect(hashes(asArray)).toEqual(hashes(asLines));
      }),
    );
  });
});

describe("JSON as evidence", () => {
  it("gives the value that JSON.parse gives, or refuses", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const parsed = parseJson(Buffer.from(text));
        if (parsed.ok) expect(parsed.value).toEqual(JSON.parse(text));
      }),
    );
  });

  it("accepts every double and safe integer as JavaScript writes it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()), (number) => {
        expect(parseJson(Buffer.from(`[${JSON.stringify(number)}]`)).ok).toBe(true);
      }),
    );
  });

  it("refuses every integer that a double would round", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }), (integer) => {
        expect(parseJson(Buffer.from(`{"a":${integer}}`)).ok).toBe(parsesTo(integer));
      }),
    );
  });

  it("has one canonical spelling for a value, and the spelling means the value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

/** The digits of the double's own spelling are those of the integer, as in 1e21. */
const parsesTo = (integer: bigint): boolean => {
  const [mantissa = "", exponent = "0"] = String(Number(integer)).split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return BigInt(whole + fraction) * 10n ** BigInt(Number(exponent) - fraction.length) === integer;
};
