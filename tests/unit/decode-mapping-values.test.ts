import { describe, expect, it } from "vitest";
import { decodeSourceBody } from "@/ingest/decode/decode";
import { isUnreadable } from "@/ingest/decode/decoded";
import { createDecoders } from "@/ingest/decode/decoders";
import { mappingFile } from "@/lib/config/mapping-schema";
import { parseYaml } from "@/lib/config/yaml-file";

/** The events, or the paths of the dead letters, that a mapping makes of these records. */
function decode(yaml: string, ...records: object[]) {
  const mapping = parseYaml(`sources: [x]\nformat: json\n${yaml}`, "test.yaml", mappingFile);
  const decoders = createDecoders([{ name: "test", mapping }], () => null);
  const context = { source: "x", contentType: "application/json", headers: {} };
  const result = decodeSourceBody(Buffer.from(JSON.stringify(records)), context, decoders);
  if (isUnreadable(result)) throw new Error(result.unreadable.reason);
  return result.map((one) => (one.ok ? one.event : { path: one.path, reason: one.reason }));
}

const DATED = "events: [{ type: =t, time: { date: day, clock: clock }, objects: [] }]";
const timeOf = (yaml: string, record: object) => {
  const [event] = decode(yaml, record);
  return event && "time" in event ? event.time : event;
};

describe("a day and a clock beside it", () => {
  it.each([
    ["an object of hours, minutes and seconds", { hours: 11, minutes: 5, seconds: 3 }, "11:05:03"],
    ["numbers as texts, and a part left out", { hours: "11", minutes: "5" }, "11:05:00"],
    ["a text with colons", "11:05:03", "11:05:03"],
    ["a text without seconds", "7:05", "07:05:00"],
    ["six digits", "110503", "11:05:03"],
    ["a duration", "PT11H05M03S", "11:05:03"],
    ["a duration without hours", "PT5M", "00:05:00"],
    ["nothing", null, "00:00:00"],
  ])("is one time: %s", (_, clock, expected) => {
    expect(timeOf(DATED, { day: "2026-11-23", clock })).toBe(`2026-11-23T${expected}.000Z`);
  });

  it("takes the day as it is written, whatever hour and offset stand beside it, and the clock in the mapping's zone", () => {
    const berlin = `zone: Europe/Berlin\n${DATED}`;
    for (const day of ["2026-11-23", "2026-11-23T00:00:00.000Z", "2026-11-23T23:30:00-08:00"])
      expect(timeOf(berlin, { day, clock: "09:00" })).toBe("2026-11-23T08:00:00.000Z");
  });

  it("needs no iso among the formats of the days", () => {
    expect(timeOf(`times: [dd.MM.yyyy]\n${DATED}`, { day: "23.11.2026", clock: "09:00" })).toBe(
      "2026-11-23T09:00:00.000Z",
    );
    expect(
      timeOf(`times: [dd.MM.yyyy]\n${DATED.replace("{ date: day, clock: clock }", "day")}`, { day: "2026-11-23" }),
    ).toMatchObject({ path: "time" });
  });

  it.each([
    [{ hours: 25 }, "clock.hours"],
    [{ hours: 1, minutes: 60 }, "clock.minutes"],
    [{ hours: 1, seconds: -1 }, "clock.seconds"],
    [{ hours: "one" }, "clock.hours"],
    [{ stunden: 1 }, "clock"],
    ["25:00", "clock"],
    ["240000", "clock"],
    ["noon", "clock"],
    [[11, 5], "clock"],
  ])("refuses the clock %j by its field", (clock, path) => {
    const [fault] = decode(DATED, { day: "2026-11-23", clock });
    expect(fault).toMatchObject({ path, reason: expect.stringContaining(path) });
  });

  it("refuses a day that does not exist by its field", () => {
    expect(decode(DATED, { day: "2026-02-30", clock: "09:00" })).toMatchObject([{ path: "day" }]);
    expect(decode(DATED, { day: null, clock: "09:00" })).toMatchObject([{ path: "time" }]);
  });
});

describe("values", () => {
  it("write a day as a period", () => {
    const yaml =
      "events: [{ type: =t, time: at, objects: [], posting: { period: { date: at, as: yyyy-MM } }, attributes: { day: { date: at, as: dd.MM.yyyy } } }]";
    expect(decode(yaml, { at: "2026-11-23T10:00:00Z" })).toMatchObject([
      { data: { posting: { period: "2026-11" }, attributes: { day: "23.11.2026" } } },
    ]);
  });

  it("lose their leading zeros, or get them, and are looked up as they are then written", () => {
    const yaml = `
lookups: { names: { "10": ten } }
events:
  - type: =t
    time: at
    objects: []
    attributes:
      bare: { path: no, strip_leading_zeros: true }
      padded: { path: short, pad: 6 }
      named: { path: no, strip_leading_zeros: true, lookup: names }
      zero: { path: zeros, strip_leading_zeros: true }
      text: { path: text, strip_leading_zeros: true }
`;
    const [event] = decode(yaml, { at: "2026-11-23", no: "000010", short: "10", zeros: "000", text: "00A1" });
    expect(event).toMatchObject({
      data: { attributes: { bare: "10", padded: "000010", named: "ten", zero: "0", text: "00A1" } },
    });
  });

  it.each([
    ["12.50-", "-12.50"],
    ["(12.50)", "-12.50"],
    ["-12.50", "-12.50"],
    ["+12.50", "12.50"],
  ])("read the amount %s", (written, amount) => {
    const yaml = "events: [{ type: =t, time: at, objects: [], amount: amount }]";
    expect(decode(yaml, { at: "2026-11-23", amount: written })).toMatchObject([{ data: { amount } }]);
  });

  it.each(["12.50--", "(12.50", "-(12.50)", "--12", "1 2"])("refuse the amount %s", (amount) => {
    const yaml = "events: [{ type: =t, time: at, objects: [], amount: amount }]";
    expect(decode(yaml, { at: "2026-11-23", amount })).toMatchObject([{ path: "data.amount" }]);
  });

  it("multiply decimals with a comma exactly, and turn a sign round", () => {
    const yaml =
      "decimal_comma: true\nevents: [{ type: =t, time: at, objects: [], amount: { product: [price, quantity, =-1] } }]";
    expect(decode(yaml, { at: "2026-11-23", price: "1.234,05", quantity: "3" })).toMatchObject([
      { data: { amount: "-3702.15" } },
    ]);
    expect(decode(yaml, { at: "2026-11-23", price: "1.234,05-", quantity: "2" })).toMatchObject([
      { data: { amount: "2468.1" } },
    ]);
    expect(decode(yaml, { at: "2026-11-23", price: "much", quantity: "2" })).toMatchObject([{ path: "price" }]);
  });
});

describe("lists", () => {
  const yaml = `
events:
  - type: =t
    time: at
    objects:
      - { each: items, when: [{ path: ref, exists: true }], type: =order, id: ref }
    links:
      - { each: items, when: [{ path: ref, exists: true }], child: { type: =invoice, id: $.no }, parent: { type: =order, id: ref } }
    lines:
      - { each: items, when: [{ path: kind, is: goods }], sku: sku, quantity: qty, amount: net }
      - { each: items, when: [{ path: kind, not: goods }], amount: net }
`;

  it("give an object, a link or a line only for the elements that are meant, and name each object once", () => {
    const items = [
      { kind: "goods", sku: "A", qty: "2", net: "20.00", ref: "SO-1" },
      { kind: "goods", sku: "B", qty: "1", net: "5.00", ref: "SO-1" },
      { kind: "tax", sku: "A", qty: "1", net: "4.75" },
    ];
    expect(decode(yaml, { at: "2026-11-23", no: "I-1", items })).toMatchObject([
      {
        data: {
          objects: [{ type: "order", id: "SO-1" }],
          links: [{ child: { id: "I-1" }, parent: { id: "SO-1" } }],
          lines: [
            { sku: "A", quantity: "2", amount: "20.00" },
            { sku: "B", quantity: "1", amount: "5.00" },
            { amount: "4.75" },
          ],
        },
      },
    ]);
    const [event] = decode(yaml, { at: "2026-11-23", no: "I-1", items });
    expect(event && "data" in event ? event.data.objects : []).toHaveLength(1);
    expect(event && "data" in event ? event.data.lines?.[2] : null).toEqual({ amount: "4.75" });
  });
});
