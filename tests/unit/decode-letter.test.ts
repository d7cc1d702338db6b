import { describe, expect, test } from "vitest";
import { decodeSourceBody } from "@/ingest/decode/decode";
import { type Decoded, isUnreadable, type Unreadable } from "@/ingest/decode/decoded";
import { createDecoders } from "@/ingest/decode/decoders";
import { decodeLetter } from "@/ingest/decode/letter";
import { mappingFile } from "@/lib/config/mapping-schema";
import { parseYaml } from "@/lib/config/yaml-file";

const rule = (time: string) => `
events:
  - type: =order.created
    id: no
    time: ${time}
    objects: [{ type: =order, id: no }]`;

const decodersOf = (head: string, time: string) =>
  createDecoders(
    [{ name: "test", mapping: parseYaml(`sources: [x]\n${head}${rule(time)}`, "test.yaml", mappingFile) }],
    () => null,
  );

const read = (result: Decoded[] | Unreadable): Decoded[] => {
  if (isUnreadable(result)) throw new Error(result.unreadable.reason);
  return result;
};

/** Decoded by a mapping that reads a field that is not there; what falls out, decoded again by one that reads the right one. */
function again(head: string, body: string | Buffer) {
  const context = { source: "x", contentType: "application/json", headers: {} };
  const fell = read(decodeSourceBody(Buffer.from(body as string), context, decodersOf(head, "not_there")));
  const mended = decodersOf(head, "at");
  return fell.map((one) => {
    if (one.ok) throw new Error("it was to fall out");
    return decodeLetter(
      { step: one.step, contentType: "application/json", raw: Buffer.from(one.raw), source: "x" },
      mended,
    );
  });
}

const idsOf = (results: readonly (Decoded[] | Unreadable)[]) =>
  results.flatMap((result) => read(result).map((one) => (one.ok ? one.event.id : one.reason)));

describe("one record of a larger body, decoded alone", () => {
  const records = [
    { no: "1", at: "2026-11-23T10:00:00Z" },
    { no: "2", at: "2026-11-23T11:00:00Z" },
  ];

  test.each([
    ["JSON at a path", "format: json\nrecords: [data.orders]", JSON.stringify({ data: { orders: records } })],
    ["JSON that is a list", "format: json", JSON.stringify(records)],
    ["a line of JSON", "format: jsonl", records.map((one) => JSON.stringify(one)).join("\n")],
    [
      "a line of CSV whose columns the mapping names",
      "format: csv\ncsv: { header: [no, at], skip_lines: 1 }",
      "a title\n1,2026-11-23T10:00:00Z\n2,2026-11-23T11:00:00Z\n",
    ],
    [
      "an element of XML",
      "format: xml\nrecords: [orders.order]",
      `<orders>${records.map(({ no, at }) => `<order><no>${no}</no><at>${at}</at></order>`).join("")}</orders>`,
    ],
    [
      "Latin-1, which was kept as UTF-8",
      "format: json\nencoding: latin1",
      Buffer.from(JSON.stringify(records.map((one) => ({ ...one, by: "Müller" }))), "latin1"),
    ],
  ])("%s", (_, head, body) => {
    expect(idsOf(again(head, body))).toEqual(["1", "2"]);
  });

  test("a line of CSV whose columns stand in the file is refused with what to do", () => {
    const [first] = again("format: csv", "no,at\n1,2026-11-23T10:00:00Z\n");
    expect(first).toMatchObject({ unreadable: { reason: expect.stringContaining("import the file again") } });
  });

  test("a record that has the path of its list within itself is still read as a record", () => {
    const record = { no: "1", at: "2026-11-23T10:00:00Z", orders: [{ no: "9", at: "2026-11-23T12:00:00Z" }] };
    expect(idsOf(again("format: json\nrecords: [orders]", JSON.stringify({ orders: [record] })))).toEqual(["1"]);
  });
});

test("a body that could not be parsed as a whole is read as a whole", () => {
  const raw = Buffer.from(
    '{"data":{"orders":[{"no":"1","at":"2026-11-23T10:00:00Z"},{"no":"2","at":"2026-11-23T10:00:00Z"}]}}',
  );
  const mended = decodersOf("format: json\nrecords: [data.orders]", "at");
  expect(idsOf([decodeLetter({ step: "parse", contentType: "application/json", raw, source: "x" }, mended)])).toEqual([
    "1",
    "2",
  ]);
});

test("an event that was put aside after its record was decoded is read as an event, whatever its source sends", () => {
  const event = {
    specversion: "1.0",
    id: "e",
    source: "x",
    type: "order.created",
    time: "2026-11-23T10:00:00Z",
    data: { objects: [] },
  };
  const letter = {
    step: "correlate" as const,
    contentType: "application/json",
    raw: Buffer.from(JSON.stringify(event)),
    source: "x",
  };
  expect(idsOf([decodeLetter(letter, decodersOf("format: json\nrecords: [data.orders]", "at"))])).toEqual(["e"]);
});

test("a set of X12 carries its envelope, so sender and control numbers are the same when it is decoded again", () => {
  const decoders = (check: boolean) =>
    createDecoders(
      [
        {
          name: "x12",
          mapping: parseYaml(`format: x12\nsources: [x]\ncheck_segment_count: ${check}`, "x12.yaml", mappingFile),
        },
      ],
      () => null,
    );
  const isa =
    "ISA*00*          *00*          *ZZ*ACME           *ZZ*US             *261123*1015*U*00401*000000042*0*P*>~";
  const body = `${isa}GS*PO*ACME*US*20261123*1015*7*X*004010~ST*850*0001~BEG*00*SA*PO-1**20261123~SE*9*0001~GE*1*7~IEA*1*000000042~`;
  const context = { source: "x", contentType: "application/edi-x12", headers: {} };
  const [fell] = read(decodeSourceBody(Buffer.from(body), context, decoders(true)));
  if (!fell || fell.ok) throw new Error("its count of segments is wrong, so it was to fall out");
  const letter = { step: fell.step, contentType: context.contentType, raw: Buffer.from(fell.raw), source: "x" };
  const alone = read(decodeLetter(letter, decoders(false)));
  const whole = read(decodeSourceBody(Buffer.from(body), context, decoders(false)));
  expect(alone[0]?.ok && alone[0].event).toEqual(whole[0]?.ok && whole[0].event);
  expect(alone[0]?.ok && alone[0].event.data.attributes).toMatchObject({
    x12: { sender: "ACME", interchangeControl: "000000042" },
  });
});
