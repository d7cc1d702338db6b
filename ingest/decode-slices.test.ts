import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeBody } from "@/ingest/decode/decode";
import { isUnreadable } from "@/ingest/decode/decoded";
import { decodeInSlices, SLICE_BYTES, Turns } from "@/ingest/decode-slices";

const CONTEXT = { source: null, contentType: "application/x-ndjson", headers: {} } as const;

const line = (id: string, padding: number): string =>
  JSON.stringify({
    specversion: "1.0",
    id,
    source: "oms",
    type: "order.created",
    time: "2026-11-23T10:15:30.123Z",
    data: { objects: [], attributes: { padding: "x".repeat(padding) } },
  });

it("decoding in slices gives what decoding the whole gives, wherever the lines end and whatever is bad", async () => {
  const anyLine = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(fc.uuid(), fc.integer({ min: 0, max: 60_000 })).map(([id, size]) => line(id, size)),
    },
    { weight: 1, arbitrary: fc.constantFrom("", "  ", "not json", "\uFEFF{}", '{"id": 1}') },
    { weight: 1, arbitrary: fc.constant(line("longer-than-a-slice", SLICE_BYTES * 2)) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 30 }), fc.constantFrom("\n", "\r\n"), async (lines, newline) => {
      const body = Buffer.from(lines.join(newline));
      const whole = decodeBody(body, CONTEXT);
      expect(await decodeInSlices(body, CONTEXT, decodeBody)).toEqual(whole);
    }),
    { numRuns: 60 },
  );
});

it("a byte order mark inside a body is its line's fault, also where a slice would begin with it", async () => {
  const body = Buffer.from([line("first", SLICE_BYTES), "\uFEFF{}", line("last", 0)].join("\n"));
  const whole = decodeBody(body, CONTEXT);
  expect(isUnreadable(whole) ? whole : whole.map((one) => one.ok)).toEqual([true, false, true]);
  expect(await decodeInSlices(body, CONTEXT, decodeBody)).toEqual(whole);
});

it("a body with one item too many is refused with the whole's limit, although the slice was within its own", async () => {
  const body = Buffer.from(Array.from({ length: 2_001 }, (_, index) => line(`e${index}`, 100)).join("\n"));
  expect(body.length).toBeGreaterThan(2 * SLICE_BYTES);
  const refused = await decodeInSlices(body, { ...CONTEXT, maxItems: 2_000 }, decodeBody);
  expect(isUnreadable(refused) && refused.unreadable).toMatchObject({ kind: "too-many" });
  expect(isUnreadable(refused) && refused.unreadable.reason).toMatch(/2[,.]?000/);
  const taken = await decodeInSlices(body, { ...CONTEXT, maxItems: 2_001 }, decodeBody);
  expect(taken).toHaveLength(2_001);
});

it("others run between the slices of a large body, and a small one does not wait for its end", async () => {
  const large = Buffer.from(Array.from({ length: 5_000 }, (_, index) => line(`e${index}`, 200)).join("\n"));
  const turns = new Turns();
  const done: string[] = [];
  const first = turns
    .take(large.length, () => decodeInSlices(large, CONTEXT, decodeBody))
    .then(() => done.push("large"));
  const second = turns
    .take(large.length, () => decodeInSlices(large, CONTEXT, decodeBody))
    .then(() => done.push("second"));
  const small = turns
    .take(100, async () => decodeBody(Buffer.from(line("small", 0)), CONTEXT))
    .then(() => done.push("small"));
  await Promise.all([first, second, small]);
  expect(done).toEqual(["small", "large", "second"]);
});
