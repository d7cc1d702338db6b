import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeSourceBody } from "@/ingest/decode/decode";
import { type DecodeContext, type Decoded, isUnreadable, type Unreadable } from "@/ingest/decode/decoded";
import { createDecoders } from "@/ingest/decode/decoders";
import { mappingFile, type RecordMapping } from "@/lib/config/mapping-schema";
import { loadMappings } from "@/lib/config/mappings";
import { parseYaml } from "@/lib/config/yaml-file";

const shipped = createDecoders(loadMappings("config").mappings, () => null);

function send(
  body: Buffer | string,
  source: string,
  contentType = "application/json",
  decoders = shipped,
): Decoded[] | Unreadable {
  const context: DecodeContext = { source, contentType, headers: {} };
  return decodeSourceBody(Buffer.from(body as string), context, decoders);
}

function decode(body: Buffer | string, source: string, contentType?: string, decoders = shipped): Decoded[] {
  const result = send(body, source, contentType, decoders);
  if (isUnreadable(result)) throw new Error(result.unreadable.reason);
  return result;
}

/** A decoder for one mapping in YAML, for the source "x". */
function decodersOf(yaml: string) {
  const mapping = parseYaml(`sources: [x]\n${yaml}`, "test.yaml", mappingFile) as RecordMapping;
  return createDecoders([{ name: "test", mapping }], () => null);
}

const eventOf = (decoded: Decoded | undefined) => (decoded?.ok ? decoded.event : decoded?.reason);
const pathOf = (decoded: Decoded | undefined) => (decoded && !decoded.ok ? decoded.path : undefined);

const RULE = `
events:
  - type: =order.created
    time: at
    objects: [{ type: =order, id: no }]
`;

describe("a mapping of JSON", () => {
  const minimal = decodersOf(`format: json${RULE}`);

  it("takes one record, a list of them, or the list at a path", () => {
    const record = { no: "1", at: "2026-11-23T10:00:00Z" };
    expect(decode(JSON.stringify(record), "x", undefined, minimal)).toHaveLength(1);
    expect(decode(JSON.stringify([record, record]), "x", undefined, minimal)).toHaveLength(2);
    const nested = decodersOf(`format: json\nrecords: [data.orders, orders]${RULE}`);
    expect(decode(JSON.stringify({ data: { orders: [record] } }), "x", undefined, nested)).toHaveLength(1);
    expect(decode(JSON.stringify({ orders: record }), "x", undefined, nested)).toHaveLength(1);
    expect(send(JSON.stringify({ other: [] }), "x", undefined, nested)).toMatchObject({
      unreadable: { kind: "syntax" },
    });
  });

  it("gives the same id to the same content, and another to another", () => {
    const body = JSON.stringify([
      { no: "1", at: "2026-11-23T10:00:00Z" },
      { at: "2026-11-23T10:00:00Z", no: "1" },
      { no: "1", at: "2026-11-23T10:00:01Z" },
    ]);
    const ids = decode(body, "x", undefined, minimal).map((item) => (item.ok ? item.event.id : item.reason));
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it("keeps numbers of 64 bits digit for digit", () => {
    const [decoded] = decode('{"no": 9007199254740993, "at": "2026-11-23T10:00:00Z"}', "x", undefined, minimal);
    expect(eventOf(decoded)).toMatchObject({
      data: { objects: [{ id: "9007199254740993" }], record: { no: "9007199254740993" } },
    });
  });

  it("refuses a bad record by its field and keeps its neighbours", () => {
    const good = '{"no":"1","at":"2026-11-23T10:00:00Z"}';
    const bad = [
      '{"at":"2026-11-23T10:00:00Z"}',
      '{"no":"1"}',
      '{"no":"1","at":"today"}',
      '{"no":{},"at":"2026-11-23T10:00:00Z"}',
      '{"no":"\\u0000","at":"x"}',
      "7",
    ];
    const decoded = decode(`[${[good, ...bad, good].join()}]`, "x", undefined, minimal);
    expect(decoded.map(({ ok }) => ok)).toEqual([true, ...bad.map(() => false), true]);
    expect(decoded.slice(1, 6).map(pathOf)).toEqual(["data.objects.0.id", "time", "time", "no", "no"]);
  });

  it("is refused as a whole when it is no JSON", () => {
    expect(send('[{"no":1]', "x", undefined, minimal)).toMatchObject({ unreadable: { kind: "syntax" } });
  });

  it("makes a dead letter of a record that no rule matches, unless it says skip", () => {
    const when = "\nevents:\n  - { when: [{ path: kind, is: [a, b] }], type: =t, time: at, objects: [] }";
    const body = '[{"kind":"a","at":"2026-11-23"},{"kind":"c","at":"2026-11-23"}]';
    expect(decode(body, "x", undefined, decodersOf(`format: json${when}`)).map(({ ok }) => ok)).toEqual([true, false]);
    expect(
      decode(body, "x", undefined, decodersOf(`format: json\notherwise: skip${when}`)).map(({ ok }) => ok),
    ).toEqual([true]);
  });

  it("builds values: constants, the first there, joined, looked up, multiplied, from around a list", () => {
    const decoders = decodersOf(`
format: json
lookups: { kinds: { A: order.created } }
decimal_comma: true
events:
  - each: parts
    type: { path: ^.kind, lookup: kinds, default: other }
    time: { first: [missing, $.at] }
    id: { concat: [=p, $.no, no], separator: / }
    amount: { product: [price, "=3"] }
    objects:
      - { type: =order, id: $.no }
      - { each: boxes, type: =package, id: { concat: [^.no, .], separator: "-" } }
      - { type: =sku, id: sku, optional: true }
    links:
      - { each: boxes, child: { type: =package, id: { concat: [^.no, .], separator: "-" } }, parent: { type: =order, id: $.no } }
    lines: { each: lines, quantity: q }
`);
    const body = {
      kind: "A",
      no: "7",
      at: "2026-11-23",
      parts: [{ no: "1", boxes: ["x", "y"], price: "0.1", lines: [{ q: "1.234,5" }] }],
    };
    expect(eventOf(decode(JSON.stringify(body), "x", undefined, decoders)[0])).toMatchObject({
      id: "p/7/1",
      type: "order.created",
      time: "2026-11-23T00:00:00.000Z",
      data: {
        objects: [
          { type: "order", id: "7" },
          { type: "package", id: "1-x" },
          { type: "package", id: "1-y" },
        ],
        links: [{ child: { id: "1-x" }, parent: { id: "7" } }, { child: { id: "1-y" } }],
        lines: [{ quantity: "1234.5" }],
      },
    });
  });
});

describe("a mapping of CSV", () => {
  const HEADER = "shipment_no;order_no;status;status_time;sku;qty;uom;warehouse;tracking_no;carrier\n";
  const row = (shipment: string, rest = "SHIPPED;11/23/2026 10:00;A-1;2;EA;DC;T1;UPS") => `${shipment};O1;${rest}\n`;

  it("reads the shipped example: times in its zone, blank cells as missing, quoted delimiters and line breaks", () => {
    const decoded = decode(`${HEADER}S1;O1;SHIPPED;11/23/2026 10:00;"A;1\nB";2.5;EA;DC;;\n`, "3pl-north", "text/csv");
    expect(decoded).toHaveLength(1);
    expect(eventOf(decoded[0])).toMatchObject({
      source: "3pl-north",
      type: "shipment.confirmed",
      time: "2026-11-23T16:00:00.000Z",
      data: {
        objects: [
          { type: "shipment", id: "S1" },
          { type: "order", id: "O1" },
        ],
        lines: [{ sku: "A;1\nB", quantity: "2.5", location: "DC", direction: "out" }],
      },
    });
  });

  it("spoils no neighbour of a bad line: stray quotes, an unclosed quote, missing cells, an unknown status", () => {
    const bad = [
      'S2;O1;SHIPPED;11/23/2026 10:00;A"x";1;EA;DC;T1;UPS\n',
      row("S3", "LOST;11/23/2026 10:00;A;1;EA;DC;;"),
      "S4;O1\n",
      '"S5;O1;SHIPPED\n',
    ];
    const decoded = decode(HEADER + row("S1") + bad.join("") + row("S9"), "3pl", "text/csv");
    expect(decoded.map(({ ok }) => ok)).toEqual([true, false, false, false, false, true]);
    expect(decoded[1]?.ok === false && Buffer.from(decoded[1].raw).toString()).toBe(bad[0]);
    expect(pathOf(decoded[2])).toBe("status");
  });

  it("may be Latin-1 when the mapping says so, and is told where it is no UTF-8 when not", () => {
    const body = Buffer.from("no,at\nZürich,2026-11-23\n", "latin1");
    const latin = decode(body, "x", "text/csv", decodersOf(`format: csv\nencoding: latin1${RULE}`));
    expect(eventOf(latin[0])).toMatchObject({ data: { objects: [{ id: "Zürich" }] } });
    const refused = send(body, "x", "text/csv", decodersOf(`format: csv${RULE}`));
    expect(isUnreadable(refused) && refused.unreadable.reason).toContain("offset 7");
  });
});

describe("a mapping of lines of JSON", () => {
  it("spoils no neighbour of a bad line", () => {
    const body = '{"no":1,"at":"2026-11-23"}\nnot json\n\n{"no":2,"at":"2026-11-23"}';
    expect(decode(body, "x", "text/plain", decodersOf(`format: jsonl${RULE}`)).map(({ ok }) => ok)).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe("a mapping of XML", () => {
  const decoders = decodersOf(`
format: xml
records: Orders.Order
events:
  - type: =order.created
    time: Date
    objects: [{ type: =order, id: "@no" }]
    lines: { each: Line, sku: Sku, quantity: Qty }
`);

  it("reads attributes, text, namespaces, and lists of one and of many", () => {
    const line = (sku: string) => `<Line><Sku>${sku}</Sku><Qty unit="EA">02</Qty></Line>`;
    const order = (no: string, lines: string) => `<a:Order no="${no}"><Date>2026-11-23</Date>${lines}</a:Order>`;
    const body = `<?xml version="1.0"?><a:Orders xmlns:a="u">${order("007", line("A&amp;B"))}${order("8", line("A") + line("B"))}</a:Orders>`;
    const decoded = decode(body, "x", "application/xml", decoders);
    expect(decoded.map(eventOf)).toMatchObject([
      { data: { objects: [{ id: "007" }], lines: [{ sku: "A&B", quantity: "02" }] } },
      { data: { objects: [{ id: "8" }], lines: [{ sku: "A" }, { sku: "B" }] } },
    ]);
  });

  it.each([
    ["<Orders><Order></Orders>", "syntax"],
    ['<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><Orders><Order no="&e;"/></Orders>', "syntax"],
    [`${"<a>".repeat(500)}${"</a>".repeat(500)}`, "syntax"],
    ["<Other/>", "syntax"],
  ])(
    "is refused as a whole when it is malformed, has a document type, is too deep or holds no records: %#",
    (body, kind) => {
      expect(send(body, "x", "application/xml", decoders)).toMatchObject({ unreadable: { kind } });
    },
  );
});

describe("a source without a mapping", () => {
  it("may send CloudEvents, and is told what to do otherwise", () => {
    const event = {
      specversion: "1.0",
      id: "1",
      source: "erp",
      type: "t",
      time: "2026-11-23T10:00:00Z",
      data: { objects: [] },
    };
    expect(decode(JSON.stringify(event), "erp")).toMatchObject([{ ok: true }]);
    expect(send("a,b", "erp", "text/csv")).toMatchObject({ unreadable: { kind: "unsupported" } });
  });
});

const shopify = join(process.env.THROUGHLINE_SAMPLES ?? "../shared/data", "commerce", "shopify");

describe.skipIf(!existsSync(shopify))("Shopify's own examples (skipped without the samples folder)", () => {
  it("become the order with its lines and total, and the shipment with its tracking number, each linked", () => {
    const body = JSON.stringify(
      (JSON.parse(readFileSync(join(shopify, "order.json"), "utf8")) as { order: unknown }).order,
    );
    const [order, shipment] = decode(body, "shopify").map(eventOf);
    expect(order).toMatchObject({
      type: "order.created",
      time: "2008-01-10T16:00:00.000Z",
      data: { objects: [{ type: "order", id: "#1001" }, { type: "customer" }], amount: "409.94", currency: "USD" },
    });
    expect((order as { data: { lines: unknown[] } }).data.lines).toHaveLength(3);
    expect(shipment).toMatchObject({
      type: "shipment.confirmed",
      data: {
        outcome: "failed",
        links: [
          { child: { type: "shipment", id: "255858046" }, parent: { type: "order", id: "#1001" } },
          { child: { type: "tracking", id: "1Z2345" }, parent: { type: "shipment", id: "255858046" } },
        ],
      },
    });
  });

  it("are found under orders and order too, and anything else is a dead letter", () => {
    expect(decode(readFileSync(join(shopify, "orders.json")), "shopify").every(({ ok }) => ok)).toBe(true);
    expect(decode(readFileSync(join(shopify, "order.json")), "shopify")).toHaveLength(2);
    expect(decode(readFileSync(join(shopify, "refund.json")), "shopify")).toMatchObject([{ ok: false }]);
  });
});
