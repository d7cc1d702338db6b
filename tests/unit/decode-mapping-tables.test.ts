import { describe, expect, it } from "vitest";
import { decodeSourceBody } from "@/ingest/decode/decode";
import { isUnreadable } from "@/ingest/decode/decoded";
import { createDecoders } from "@/ingest/decode/decoders";
import { mappingFile } from "@/lib/config/mapping-schema";
import { parseYaml } from "@/lib/config/yaml-file";

function decodersOf(yaml: string) {
  const mapping = parseYaml(`sources: [x]\n${yaml}`, "test.yaml", mappingFile);
  return createDecoders([{ name: "test", mapping }], () => null);
}

const context = { source: "x", contentType: "test", headers: {} };
const lines = (...rows: (object | string)[]) =>
  rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n");

/** What a set of files becomes: type and quantities of each event, and place, path and reason of each dead letter. */
function decodeFiles(yaml: string, files: Record<string, string>) {
  const decoder = decodersOf(yaml).fileSets.get("test");
  const names = Object.keys(files);
  const read = decoder?.decode(
    names.map((name) => ({ name, body: Buffer.from(files[name] ?? "") })),
    context,
  );
  if (!read || "unreadable" in read) throw new Error(read?.unreadable.reason ?? "no tables");
  return Array.from(read.results, ({ record, decoded: one }) => {
    const { file, place } = read.placeOf(record);
    if (one.ok)
      return `${one.event.type} ${one.event.id}: ${(one.event.data.lines ?? []).map(({ sku, quantity }) => `${quantity} ${sku}`).join(", ")}`;
    return { at: `${names[file]} ${place}`, path: one.path, reason: one.reason };
  });
}

const RULES = `
events:
  - table: note
    id: no
    type: =shipment.confirmed
    time: at
    objects: [{ type: =shipment, id: no }]
    lines: { each: items, sku: product.0.code, quantity: qty }
`;
const TABLES = `
format: jsonl
tables:
  note: { file: notes, with: { items: { table: item, on: no } } }
  item:
    file: note_items
    with:
      product: { table: product, on: { own: { path: article, strip_leading_zeros: true }, other: id } }
  product: { file: "product*" }
${RULES}`;

const NOTES = lines({ no: "N1", at: "2026-11-23" }, { no: "N2", at: "2026-11-24" });
const ITEMS = lines(
  { no: "N1", article: "007", qty: "2" },
  { no: "N1", article: "8", qty: "1" },
  { no: "N2", article: "7", qty: "5" },
);
const PRODUCTS = lines({ id: "7", code: "A-7" }, { id: "8", code: "A-8" });

describe("a mapping of several tables", () => {
  it("joins items to their header, and further tables to the items, in whatever order the files come", () => {
    const expected = ["shipment.confirmed N1: 2 A-7, 1 A-8", "shipment.confirmed N2: 5 A-7"];
    expect(
      decodeFiles(TABLES, { "notes.jsonl": NOTES, "note_items.jsonl": ITEMS, "products.jsonl": PRODUCTS }),
    ).toEqual(expected);
    expect(
      decodeFiles(TABLES, { "products.jsonl": PRODUCTS, "note_items.jsonl": ITEMS, "notes.jsonl": NOTES }),
    ).toEqual(expected);
  });

  it("tells the table by the file's name, with or without its ending, or by its folder; the file's own name wins", () => {
    for (const path of [
      "notes",
      "notes.jsonl",
      "notes.jsonl.gz",
      "export/notes.jsonl",
      "notes/part-1.jsonl",
      "products/notes.jsonl",
    ])
      expect(
        decodeFiles(TABLES, { [path]: NOTES, "note_items/a.jsonl": ITEMS, "product-list.jsonl": PRODUCTS }),
      ).toHaveLength(2);
    const { fileSets } = decodersOf(TABLES.replace("tables:", "otherwise: skip\ntables:"));
    expect(fileSets.get("test")?.takes("notes/a.jsonl")).toBe(true);
    expect(fileSets.get("test")?.takes("other/my-notes.jsonl")).toBe(false);
  });

  it("tells the table by the fields that a record has, also in one body", () => {
    const yaml = TABLES.replace("file: notes", "has: at")
      .replace("file: note_items", "has: [no, article]")
      .replace('file: "product*"', "has: code");
    const context = { source: "x", contentType: "", headers: {} };
    const result = decodeSourceBody(Buffer.from([PRODUCTS, ITEMS, NOTES].join("\n")), context, decodersOf(yaml));
    expect(isUnreadable(result) ? result : result.map((one) => one.ok && one.event.id)).toEqual(["N1", "N2"]);
  });

  it("makes an item without its header a dead letter, by its line and key, and takes its neighbours", () => {
    const items = lines(...ITEMS.split("\n"), { no: "N3", article: "7", qty: "1" }, { article: "7", qty: "1" });
    expect(
      decodeFiles(TABLES, { "notes.jsonl": NOTES, "note_items.jsonl": items, "products.jsonl": PRODUCTS }),
    ).toEqual([
      "shipment.confirmed N1: 2 A-7, 1 A-8",
      "shipment.confirmed N2: 5 A-7",
      {
        at: "note_items.jsonl line 4",
        path: "no",
        reason: expect.stringMatching(/^no: expected a record of the table note /),
      },
      { at: "note_items.jsonl line 5", path: "no", reason: expect.any(String) },
    ]);
  });

  it("makes a header that must have items and has none a dead letter, unless they are optional", () => {
    const notes = lines(...NOTES.split("\n"), { no: "N3", at: "2026-11-25" });
    const files = { "notes.jsonl": notes, "note_items.jsonl": ITEMS, "products.jsonl": PRODUCTS };
    expect(decodeFiles(TABLES, files)[2]).toMatchObject({
      at: "notes.jsonl line 3",
      path: "no",
      reason: expect.stringContaining("item"),
    });
    const optional = TABLES.replace("table: item, on: no", "table: item, on: no, optional: true");
    expect(decodeFiles(optional, files)[2]).toBe("shipment.confirmed N3: ");
  });

  it("names the way to what is missing deeper down, and does not blame the items for it", () => {
    const files = { "notes.jsonl": NOTES, "note_items.jsonl": ITEMS, "products.jsonl": PRODUCTS.split("\n")[0] ?? "" };
    expect(decodeFiles(TABLES, files)).toEqual([
      {
        at: "notes.jsonl line 1",
        path: "items.1.article",
        reason: expect.stringMatching(/^items\.1\.article: expected a record of the table product/),
      },
      "shipment.confirmed N2: 5 A-7",
    ]);
  });

  it("keeps lines that are no JSON, or no record, apart", () => {
    const notes = lines("7", ...NOTES.split("\n"), '{"no":"N4"', "", '"N5"');
    const found = decodeFiles(TABLES, { "notes.jsonl": notes, "note_items.jsonl": ITEMS, "products.jsonl": PRODUCTS });
    expect(found).toHaveLength(5);
    expect(found.filter((one) => typeof one === "object").map(({ at }) => at)).toEqual([
      "notes.jsonl line 1",
      "notes.jsonl line 4",
      "notes.jsonl line 6",
    ]);
  });

  it("refuses the whole when a file cannot be read at all: what is joined would lack parts", () => {
    const decoder = decodersOf(TABLES).fileSets.get("test");
    const files = [
      { name: "notes.jsonl", body: Buffer.from(NOTES) },
      { name: "note_items.jsonl", body: Buffer.from([0xff, 0xfe]) },
    ];
    expect(decoder?.decode(files, context)).toMatchObject({
      unreadable: { kind: "syntax", reason: expect.stringContaining("note_items.jsonl: expected UTF-8") },
    });
  });

  it("reads tables of one XML document, and several of CSV", () => {
    const xml = `
format: xml
tables:
  note: { records: export.Note, with: { items: { table: item, on: "@no" } } }
  item: { records: export.Item }
events:
  - { table: note, id: "@no", type: =t, time: "@at", objects: [], lines: { each: items, sku: "@sku", quantity: "@qty" } }
`;
    const document =
      '<export><Item no="N1" sku="A" qty="2"/><Note no="N1" at="2026-11-23"/><Item no="N1" sku="B" qty="3"/></export>';
    expect(decodeFiles(xml, { "export.xml": document })).toEqual(["t N1: 2 A, 3 B"]);
    const csv = `
format: csv
tables:
  note: { file: head, with: { items: { table: item, on: no } } }
  item: { file: items }
events:
  - { table: note, id: no, type: =t, time: at, objects: [], lines: { each: items, sku: sku, quantity: qty } }
`;
    expect(
      decodeFiles(csv, { "head.csv": "no,at\nN1,2026-11-23\n", "items.csv": "no,sku,qty\nN1,A,2\nN2,B,1\n" }),
    ).toEqual(["t N1: 2 A", { at: "items.csv item 2", path: "no", reason: expect.any(String) }]);
  });

  it("makes records of no table dead letters, or skips them when the mapping says so", () => {
    const files = {
      "notes.jsonl": NOTES,
      "note_items.jsonl": ITEMS,
      "products.jsonl": PRODUCTS,
      "else.jsonl": lines({ a: 1 }),
    };
    expect(decodeFiles(TABLES, files)[2]).toMatchObject({
      at: "else.jsonl line 1",
      reason: expect.stringContaining("a record of a table"),
    });
    expect(decodeFiles(TABLES.replace("tables:", "otherwise: skip\ntables:"), files)).toHaveLength(2);
  });
});

describe("a mapping whose tables do not fit", () => {
  it.each([
    [
      "a rule for no table",
      TABLES.replace("table: note\n", "table: notes\n"),
      /^test\.yaml:12: events\.0\.table: must be one of tables: note, item, product/,
    ],
    ["a rule without one", TABLES.replace("table: note\n    id", "id"), /events\.0\.table: must be one of tables/],
    ["a rule for a table where there are none", `format: jsonl${RULES}`, /events\.0\.table: must be left out/],
    [
      "a join to no table",
      TABLES.replace("table: item,", "table: items,"),
      /^test\.yaml:4: tables\.note\.with\.items\.table: must be one of/,
    ],
    [
      "a join in a circle",
      TABLES.replace('{ file: "product*" }', '{ file: "product*", with: { notes: { table: note, on: id } } }'),
      /must not lead back to/,
    ],
    [
      "a table that nothing tells",
      TABLES.replace('file: "product*"', "with: {}"),
      /tables\.product: must say how its records are told/,
    ],
    [
      "a key of neither kind",
      TABLES.replace("on: no", "on: { own: no }"),
      /tables\.note\.with\.items\.on: must be a field/,
    ],
    ["records by a path in lines", TABLES.replace("file: notes", "records: a.b"), /tables\.note/],
    [
      "a clock without a day",
      TABLES.replace("time: at", "time: { path: at, clock: at }"),
      /events\.0\.time: must have date beside clock/,
    ],
    [
      "a period of more than days",
      TABLES.replace("time: at", "time: { date: at, as: yyyy-HH }"),
      /events\.0\.time: must have as made of yyyy/,
    ],
    ["a wrong field in one of several lines", TABLES.replace("lines: {", "lines: { skuu: a,"), /events\.0\.lines\.0/],
  ])("is refused by line and field: %s", (_, yaml, message) => {
    expect(() => parseYaml(yaml, "test.yaml", mappingFile)).toThrow(message);
  });
});
