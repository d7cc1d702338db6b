import exceljs from "exceljs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detailsText } from "@/app/(dashboard)/admin/audit/details-text";
import { eventLabel } from "@/components/journey/event-label";
import { formatPayload, markMatches } from "@/components/journey/payload-format";
import { readAnswer } from "@/components/journey/payload-request";
import { clipped } from "@/components/ui/clipped";
import { decodeSegment, journeyHref, withParameters } from "@/components/ui/href";
import { groupedDecimal, moneyLabel } from "@/components/ui/number-format";
import { inertCell, sheetToCsv, sheetToXlsx } from "@/components/ui/sheet";
import { plainWords, vocabularyOf } from "@/components/ui/vocabulary";
import { onlyRootOf } from "@/lib/queries/search";

describe("a payload on screen", () => {
  it("is indented without a digit changed", () => {
    const raw = '{"qty":12.50,"id":12345678901234567890,"note":"a{b,c:\\"d","none":[],"in":{"x":1e400}}';
    const { format, text } = formatPayload(raw);
    expect(format).toBe("json");
    expect(text).toContain('"qty": 12.50,');
    expect(text).toContain("12345678901234567890");
    expect(text).toContain('"none": []');
  });

  it("says after indenting exactly what it said before", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const raw = JSON.stringify(value);
        const { text } = formatPayload(raw);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(raw)));
      }),
    );
  });

  it("never throws, whatever came", () => {
    fc.assert(fc.property(fc.string(), (raw) => typeof formatPayload(raw).text === "string"));
    expect(formatPayload('{"cut": [1, 2').text).toContain("1,");
  });

  it("puts elements and segments on lines of their own", () => {
    expect(formatPayload("<a><b>1</b><c/></a>").text).toBe("<a>\n  <b>1</b>\n  <c/>\n</a>");
    expect(formatPayload("UNB+UNOA:1'UNH+1'UNT'").text).toBe("UNB+UNOA:1'\nUNH+1'\nUNT'");
    const isa = `ISA*00*${" ".repeat(10)}*00*${" ".repeat(10)}*ZZ*${"A".padEnd(15)}*ZZ*${"B".padEnd(15)}*260101*1200*U*00401*000000001*0*P*>~`;
    expect(formatPayload(`${isa}GS*PO~ST*850~`).text.split("\n").slice(1)).toEqual(["GS*PO~", "ST*850"]);
  });

  it("marks what is sought in any case, and is otherwise whole", () => {
    const { parts, matches } = markMatches("Ship SH-77 and sh-77", "sh-77");
    expect(matches).toBe(2);
    expect(parts.filter((part) => part.found).map((part) => part.text)).toEqual(["SH-77", "sh-77"]);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ maxLength: 3 }), (text, query) => {
        expect(
          markMatches(text, query)
            .parts.map((part) => part.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });

  it("finds the message as it was sent inside the event", () => {
    const payload = { data: { message: { body: '{"delivery":"SH-1"}' } } };
    expect(readAnswer({ payload, masked: true })).toMatchObject({ body: '{"delivery":"SH-1"}', masked: true });
    expect(readAnswer({ payload: JSON.stringify(payload) })).toMatchObject({
      body: '{"delivery":"SH-1"}',
      masked: false,
    });
    expect(readAnswer({ payload: { data: {} } })).toMatchObject({ body: null });
  });
});

describe("a table as a file", () => {
  const sheet = {
    name: "Orders",
    columns: ["Number", "Note"],
    rows: [
      ["0080001234", '=HYPERLINK("http://x")'],
      ["SO-1", 'a "quoted", text'],
      ["-12.50", "@cmd"],
    ],
  };

  it("holds no cell that a spreadsheet would run, and leaves plain numbers alone", () => {
    expect(["=1+1", "+1", "-x", "@a", "\tx", "-12.5", "text"].map(inertCell)).toEqual([
      "'=1+1",
      "'+1",
      "'-x",
      "'@a",
      "'\tx",
      "-12.5",
      "text",
    ]);
  });

  it("quotes as RFC 4180 says and is read as UTF-8", () => {
    expect(sheetToCsv(sheet)).toBe(
      '\uFEFFNumber,Note\r\n0080001234,"\'=HYPERLINK(""http://x"")"\r\nSO-1,"a ""quoted"", text"\r\n-12.50,\'@cmd\r\n',
    );
  });

  it("keeps every cell as text in XLSX: no formula, no lost leading zero", async () => {
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load((await sheetToXlsx(sheet)).buffer);
    const worksheet = workbook.getWorksheet("Orders");
    expect(worksheet?.getCell("A2").value).toBe("0080001234");
    expect(worksheet?.getCell("B2").type).toBe(exceljs.ValueType.String);
    expect(worksheet?.getCell("B2").value).toBe('=HYPERLINK("http://x")');
  });
});

describe("addresses", () => {
  it("hold any number, and give it back", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (id) => {
        const href = journeyHref({ type: "order", id });
        expect(href.split("/").length).toBe(3);
        expect(decodeSegment(href.split("/")[2] ?? "")).toBe(id);
      }),
    );
    expect(journeyHref({ type: "shipment", id: "SH/77" })).toBe("/journeys/shipment/SH%2F77");
    expect(decodeSegment("100%")).toBe("100%");
  });

  it("change one parameter and keep the rest", () => {
    expect(withParameters("a=1&b=2", { b: null, c: "x y" })).toBe("?a=1&c=x+y");
    expect(withParameters("a=1", { a: "" })).toBe("?");
  });
});

describe("figures and names", () => {
  it("are grouped as decimals, never through a float", () => {
    expect(groupedDecimal("12345678901234567890.10", 2)).toBe("12,345,678,901,234,567,890.10");
    expect(groupedDecimal("-0.5")).toBe("−0.5");
    expect(groupedDecimal("1000.000")).toBe("1,000");
    expect(moneyLabel({ amount: "1234.5", currency: "USD" })).toBe("1,234.50 USD");
  });

  it("take a family's name for a source that only its family declares", () => {
    const vocabulary = vocabularyOf({
      systems: [
        { id: "erp", name: "ERP", kind: "erp", prefix: null },
        { id: "wms-*", name: "WMS", kind: "wms", prefix: "wms-" },
      ],
      objectLabels: { order: "Order" },
    });
    expect(["erp", "wms-9", "nobody"].map(vocabulary.system)).toEqual(["ERP", "WMS (wms-9)", "nobody"]);
    expect(vocabulary.kindOf("wms-9")).toBe("wms");
    expect([vocabulary.object("order"), vocabulary.object("goods_note")]).toEqual(["Order", plainWords("goods_note")]);
  });
});

describe("words on screen", () => {
  it("an audit entry names objects and lists as people do, and leaves out what was not given", () => {
    expect(
      detailsText({
        child: { type: "shipment", id: "SH-1" },
        scopes: ["ingest", "read"],
        source: null,
        masked: true,
        reason: "wrong label",
      }),
    ).toBe("child: shipment SH-1 · scopes: ingest, read · masked: yes · reason: wrong label");
  });

  it("a step is not called completed, since one that was rejected has the same type", () => {
    expect(eventLabel("step.completed")).not.toMatch(/completed/i);
  });

  it("a long text from an address is cut between characters, a short one is whole", () => {
    expect(clipped("SO-1001")).toBe("SO-1001");
    expect(clipped("😀".repeat(3_000))).toBe(`${"😀".repeat(80)}…`);
  });
});

describe("a search", () => {
  const found = (exact: boolean, ...orders: string[]) => ({
    exact,
    roots: orders.map((id) => ({ type: "order", id })),
  });

  it("leads on where all that was meant is in one journey: an order beside its own items, or beside longer numbers", () => {
    const order = { type: "order", id: "SO-1" };
    expect(onlyRootOf([found(true, "SO-1"), found(false, "SO-1")])).toEqual(order);
    expect(onlyRootOf([found(true, "SO-1"), found(false, "SO-10"), found(false)])).toEqual(order);
    expect(onlyRootOf([found(false, "SO-1"), found(false, "SO-1")])).toEqual(order);
  });

  it("asks where it is in several, in none, or only begun", () => {
    expect(onlyRootOf([found(true, "SO-1", "SO-2")])).toBeNull();
    expect(onlyRootOf([found(true, "SO-1"), found(true, "SO-2")])).toBeNull();
    expect(onlyRootOf([found(true, "SO-1"), found(true)])).toBeNull();
    expect(onlyRootOf([found(false, "SO-1"), found(false, "SO-2")])).toBeNull();
    expect(onlyRootOf([])).toBeNull();
  });
});
