import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decodeBody } from "@/ingest/decode/decode";
import { type Decoded, isUnreadable, type Unreadable } from "@/ingest/decode/decoded";
import { createDecoders } from "@/ingest/decode/decoders";
import { loadMappings } from "@/lib/config/mappings";

const decoders = createDecoders(loadMappings("config").mappings, () => null);

const send = (body: Buffer | string): Decoded[] | Unreadable =>
  decodeBody(Buffer.from(body as string), { source: "edi", contentType: "x12", headers: {} }, decoders);

function decode(body: Buffer | string): Decoded[] {
  const result = send(body);
  if (isUnreadable(result)) throw new Error(result.unreadable.reason);
  return result;
}

const eventOf = (decoded: Decoded | undefined) => (decoded?.ok ? decoded.event : decoded?.reason);

/** An interchange of sets given as segments with `*` between elements; ST and SE are added. */
function interchange(
  sets: readonly (readonly [code: string, ...segments: string[]])[],
  element = "*",
  terminator = "~\n",
): string {
  const isa = `ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261123*1015*U*00401*000000042*0*P*>`;
  const wrapped = sets.flatMap(([code, ...segments], index) => {
    const control = String(index + 1).padStart(4, "0");
    return [`ST*${code}*${control}`, ...segments, `SE*${segments.length + 2}*${control}`];
  });
  const all = [
    isa,
    "GS*XX*SENDER*RECEIVER*20261123*1015*7*X*004010",
    ...wrapped,
    `GE*${sets.length}*7`,
    "IEA*1*000000042",
  ];
  return all.map((segment) => segment.replaceAll("*", element) + terminator).join("");
}

const ORDER = [
  "850",
  "BEG*00*SA*PO-1**20261123",
  "CUR*BY*USD",
  "PO1*1*5*EA*5.09**VP*A-1*UP*123",
  "DTM*002*20261130",
  "AMT*TT*25.45",
] as const;

const NOTICE = [
  "856",
  "BSN*00*SH-1*20261123*0930",
  "HL*1**S",
  "REF*CN*1Z999",
  "REF*BM*BOL-7",
  "DTM*011*20261123*1000*ES",
  "HL*2*1*O",
  "PRF*PO-1",
  "HL*3*2*P",
  "MAN*GM*00001",
  "HL*4*3*I",
  "LIN*1*VP*A-1",
  "SN1**2*EA",
  "HL*5*1*O",
  "PRF*PO-2",
  "HL*6*5*P",
  "MAN*GM*00002",
  "HL*7*6*I",
  "LIN*1*VP*B-1",
  "SN1**3*EA",
] as const;

const linksOf = (decoded: Decoded | undefined): string[] =>
  decoded?.ok
    ? (decoded.event.data.links ?? [])
        .map(({ child, parent }) => `${child.type} ${child.id} → ${parent.type} ${parent.id}`)
        .sort()
    : [];

describe("an X12 interchange", () => {
  it.each([
    ["*", "~\n"],
    ["|", "~"],
    ["~", "}\r\n"],
    ["\u007f", "\u0015"],
    ["*", "\r\n"],
    ["+", "…\n  "],
  ])("is read whatever its delimiters: %j and %j", (element, terminator) => {
    const decoded = decode(interchange([ORDER], element, terminator));
    expect(decoded.map(eventOf)).toMatchObject([
      { type: "order.created", data: { objects: [{ type: "order", id: "PO-1" }] } },
    ]);
  });

  it("has an item for each set, in several groups and interchanges", () => {
    const text = interchange([ORDER, ["855", "BAK*00*AC*PO-1*20261123"]]) + interchange([NOTICE], "|", "\n");
    expect(decode(text).map((item) => (item.ok ? item.event.type : item.reason))).toEqual([
      "order.created",
      "x12.855",
      "shipment.confirmed",
    ]);
  });

  it("gives the same event for the same interchange, and another for another control number", () => {
    const idOf = (text: string) => decode(text).map((item) => (item.ok ? item.event.id : item.reason));
    expect(idOf(interchange([ORDER]))).toEqual(idOf(interchange([ORDER])));
    expect(idOf(interchange([ORDER]))).not.toEqual(idOf(interchange([ORDER]).replaceAll("000000042", "000000043")));
    expect(new Set(idOf(interchange([ORDER, ORDER]))).size).toBe(2);
  });

  it("refuses a damaged set by the place and keeps its neighbours", () => {
    const text = interchange([
      ORDER,
      ORDER,
      ["850", "BEG*00*SA***20261123"],
      ["850", "BEG*00*SA*PO-9**20261399"],
      ORDER,
    ]);
    const damaged = text.replace("SE*7*0002", "SE*9*0002");
    const decoded = decode(damaged);
    expect(decoded.map(({ ok }) => ok)).toEqual([true, false, false, false, true]);
    expect(decoded.slice(1, 4)).toMatchObject([
      { path: "850.0002.SE.1", step: "parse" },
      { path: "850.0003.BEG.3", step: "decode", reason: expect.stringContaining("segment 2, BEG") },
      { path: "850.0004.BEG.5" },
    ]);
  });

  it("refuses a set that is cut off, with what there is of it", () => {
    const text = interchange([ORDER, ORDER]);
    const decoded = decode(text.slice(0, text.lastIndexOf("PO1")));
    expect(decoded.map(({ ok }) => ok)).toEqual([true, false]);
    expect(decoded[1]).toMatchObject({ path: "850.0002.SE" });
    expect(decoded[1]?.ok === false && Buffer.from(decoded[1].raw).toString()).toMatch(
      /^ISA\*[^~]*~\s*GS\*[^~]*~\s*ST\*850\*0002/,
    );
  });

  it.each(["", "hello", "<xml/>", "ISA*00*", `x${interchange([ORDER])}`])(
    "is refused as a whole when it is none: %#",
    (text) => {
      expect(send(text)).toMatchObject({ unreadable: { kind: "syntax" } });
    },
  );
});

describe("the sets", () => {
  it("850 is an order with its lines, amount and promise", () => {
    expect(eventOf(decode(interchange([ORDER]))[0])).toMatchObject({
      type: "order.created",
      // BEG gives the group's own date, so its time is the group's.
      time: "2026-11-23T10:15:00.000Z",
      data: {
        lines: [{ sku: "A-1", quantity: "5", uom: "EA" }],
        amount: "25.45",
        currency: "USD",
        promisedAt: "2026-11-30T00:00:00.000Z",
      },
    });
  });

  it("856 links each pack to its own order by the HL tree, so that a consolidated shipment mixes nothing up", () => {
    const [decoded] = decode(interchange([NOTICE]));
    expect(eventOf(decoded)).toMatchObject({
      type: "shipment.confirmed",
      time: "2026-11-23T15:00:00.000Z",
      data: {
        lines: [
          { sku: "A-1", quantity: "2" },
          { sku: "B-1", quantity: "3" },
        ],
      },
    });
    expect(linksOf(decoded)).toEqual([
      "package 00001 → order PO-1",
      "package 00001 → shipment SH-1",
      "package 00002 → order PO-2",
      "package 00002 → shipment SH-1",
      "shipment SH-1 → order PO-1",
      "shipment SH-1 → order PO-2",
      "tracking 1Z999 → shipment SH-1",
    ]);
  });

  it("856 links a pack that holds several orders to each of them, and a carton to its pallet", () => {
    const set = [
      "856",
      "BSN*00*SH-2*20261123",
      "HL*1**S",
      "HL*2*1*T",
      "MAN*GM*T1",
      "HL*3*2*P",
      "MAN*GM*C1",
      "HL*4*3*O",
      "PRF*PO-1",
      "HL*5*3*O",
      "PRF*PO-2",
    ] as const;
    expect(linksOf(decode(interchange([set]))[0])).toEqual([
      "package C1 → order PO-1",
      "package C1 → order PO-2",
      "package C1 → package T1",
      "package C1 → shipment SH-2",
      "package T1 → order PO-1",
      "package T1 → order PO-2",
      "package T1 → shipment SH-2",
      "shipment SH-2 → order PO-1",
      "shipment SH-2 → order PO-2",
    ]);
  });

  it("856 finds the parent of a level that names none", () => {
    const set = ["856", "BSN*00*SH-3*20261123", "HL*1**S", "HL*2**O", "PRF*PO-1", "HL*3**P", "MAN*GM*C1"] as const;
    expect(linksOf(decode(interchange([set]))[0])).toContain("package C1 → order PO-1");
  });

  it("810 is an invoice in cents, or a credit memo", () => {
    const bill = (kind: string) =>
      ["810", `BIG*20261123*INV-1**PO-1***${kind}`, "IT1*1*2*EA*10.5**VP*A-1", "TDS*2105"] as const;
    const [invoice, credit] = decode(interchange([bill("DI"), bill("CR")]));
    expect(eventOf(invoice)).toMatchObject({
      type: "invoice.posted",
      data: { kind: "posting", amount: "21.05", lines: [{ sku: "A-1", quantity: "2" }] },
    });
    expect(linksOf(invoice)).toEqual(["invoice INV-1 → order PO-1"]);
    expect(eventOf(credit)).toMatchObject({
      type: "credit_memo.posted",
      data: { objects: [{ type: "credit_memo", id: "INV-1" }, { type: "order" }] },
    });
  });

  it("940 and 945 are the request to the warehouse and its answer", () => {
    const decoded = decode(
      interchange([
        ["940", "W05*N*PO-1*CUST-7", "G62*02*20261130", "W01*12*CA*123*VN*A-1"],
        ["945", "W06*N*PO-1*20261124*SH-9", "W12*CL*12*10**CA**VN*A-1"],
      ]),
    );
    expect(decoded.map(eventOf)).toMatchObject([
      {
        type: "fulfillment.requested",
        data: {
          objects: [{ type: "order", id: "PO-1" }],
          lines: [{ sku: "A-1", quantity: "12" }],
          promisedAt: "2026-11-30T00:00:00.000Z",
        },
      },
      {
        type: "shipment.confirmed",
        time: "2026-11-24T00:00:00.000Z",
        data: { lines: [{ sku: "A-1", quantity: "10", uom: "CA" }] },
      },
    ]);
    expect(linksOf(decoded[1])).toEqual(["shipment SH-9 → order PO-1"]);
  });

  it("204 and 990 are a load offered and taken or declined", () => {
    const decoded = decode(
      interchange([
        ["204", "B2**SCAC**LOAD-1**PP", "L11*PO-1*PO", "L11*PO-1*PO", "L11*PO-2*PO"],
        ["990", "B1*SCAC*LOAD-1**A"],
        ["990", "B1*SCAC*LOAD-1**D"],
      ]),
    );
    expect(decoded.map(eventOf)).toMatchObject([
      { type: "load.tendered" },
      { type: "load.accepted", data: { outcome: "ok", objects: [{ type: "shipment", id: "LOAD-1" }] } },
      { type: "load.declined", data: { outcome: "rejected", error: { class: "business", code: "D" } } },
    ]);
    expect(linksOf(decoded[0])).toEqual(["shipment LOAD-1 → order PO-1", "shipment LOAD-1 → order PO-2"]);
  });

  it("214 is one event per status, in the time zone that it names", () => {
    const set = [
      "214",
      "B10*PRO-1*LOAD-1*SCAC",
      "LX*1",
      "AT7*AF*NS***20261123*0800*PT",
      "MS1*OAKLAND*CA*US",
      "AT7*D1*NS***20261124*0900",
      "AT7*ZZ*NS***20261124*0905*UT",
    ] as const;
    const decoded = decode(interchange([set]));
    expect(decoded.map(eventOf)).toMatchObject([
      {
        type: "carrier.accepted",
        time: "2026-11-23T16:00:00.000Z",
        data: { attributes: { status: "AF", city: "OAKLAND, CA, US" } },
      },
      { type: "carrier.delivered", time: "2026-11-24T09:00:00.000Z" },
      { type: "carrier.status" },
    ]);
    expect(linksOf(decoded[0])).toEqual(["tracking PRO-1 → shipment LOAD-1"]);
  });

  it("997 is an answer for each set that it lists", () => {
    const set = [
      "997",
      "AK1*PO*7",
      "AK2*850*0001",
      "AK5*A",
      "AK2*850*0002",
      "AK3*BEG*2",
      "AK5*R*5",
      "AK9*P*2*2*1",
    ] as const;
    expect(decode(interchange([set])).map(eventOf)).toMatchObject([
      { type: "message.acknowledged", data: { outcome: "ok", attributes: { control: "0001" } } },
      {
        type: "message.acknowledged",
        data: { outcome: "rejected", error: { code: "R" }, attributes: { control: "0002" } },
      },
    ]);
  });
});

const samples = join(process.env.THROUGHLINE_SAMPLES ?? "../shared/data", "x12");

describe.skipIf(!existsSync(samples))("real documents (skipped without the samples folder)", () => {
  const read = (path: string) => decode(readFileSync(join(samples, path)));

  it("of one load meet in it", () => {
    const answer = read("edi-net/990-MGCTLYST-SAMPLE.EDI");
    const status = read("edi-net/214-MGCTLYST-SAMPLE.EDI");
    expect(eventOf(answer[0])).toMatchObject({
      type: "load.accepted",
      data: { objects: [{ type: "shipment", id: "75027674" }] },
    });
    expect(linksOf(status[0])).toEqual(["tracking 1751807 → shipment 75027674"]);
    // The file says 41 segments and has 38.
    expect(read("edi-net/204-MGCTLYST-SAMPLE.EDI")).toMatchObject([{ ok: false, path: "204.178780001.SE.1" }]);
  });

  it("with a byte order mark, indentation, odd terminators, and without ISA16 are read", () => {
    expect(linksOf(read("x12parser/_856/Example3.txt")[0])).toEqual([
      "shipment 146940 → order 5500005194",
      "tracking 0123456789 → shipment 146940",
    ]);
    expect(eventOf(read("x12parser/_850/Example3_Adobe_CLP.txt")[0])).toMatchObject({
      data: { objects: [{ id: "ANSI-X12-CLP" }] },
    });
    // Its first set says 87 segments and has 86; its second is whole.
    expect(read("edi-net/x12.850.issue135.edi")).toMatchObject([{ ok: false, path: "850.0001.SE.1" }, { ok: true }]);
    expect(read("omniparser/canadapost-214.edi").filter(({ ok }) => ok)).toHaveLength(19);
  });
});
