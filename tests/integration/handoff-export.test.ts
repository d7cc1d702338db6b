import { parse } from "csv-parse/sync";
import exceljs from "exceljs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AppUnderTest, startAppUnderTest } from "./app-under-test";
import { handoffRow, resolved } from "./handoff-rows";

let app: AppUnderTest;
let route: (request: Request) => Promise<Response> | Response;

beforeAll(async () => {
  app = await startAppUnderTest();
  await app.store.insert("handoffs", [
    // 23:30 on the 19th in New York, whose day counts; already the 20th in UTC.
    handoffRow("SH-1", { broken_at: "2026-11-20T04:30:00.000Z", stake: "120", expected_amount: "120" }),
    handoffRow("SH-2", {
      state: "mismatched",
      state_when_due: "mismatched",
      stake: "900",
      expected_amount: "1000",
      actual_amount: "100",
      partner: "=HYPERLINK(1)",
      difference: JSON.stringify({ quantity: [{ sku: "A-1", expected: "12", actual: "10" }] }),
      ...resolved("accepted", "act-1"),
    }),
    handoffRow("SH-3", { rule: "shipment-invoice", stake: "5" }),
  ]);
  route = (await import("@/app/api/v1/handoffs/export/route")).GET;
});
afterAll(() => app?.stop());

async function download(query: string): Promise<{ response: Response; bytes: Buffer }> {
  const headers = await app.person("finance");
  const response = await route(new Request(`http://app.test/api/v1/handoffs/export?${query}`, { headers }));
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

const csvOf = (bytes: Buffer): string[][] =>
  parse(bytes, { bom: true, relax_column_count: true, skip_empty_lines: false }) as string[][];

/** The lines above the column names as a record, then the rows as records. */
function read(lines: readonly (readonly string[])[]) {
  const start = lines.findIndex(([first]) => first === "Rule");
  const [columns = [], ...rows] = lines.slice(start);
  const head = Object.fromEntries(lines.slice(0, start).map(([name = "", value = ""]) => [name, value]));
  return { head, rows: rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? ""]))) };
}

describe("the export of handoffs", () => {
  it("says above the columns what it is of, and holds what matches, in order", async () => {
    const { response, bytes } = await download("rule=goods-issue&sort=stake&date=2026-11-25&format=csv");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="handoffs-2026-11-25.csv"');
    const { head, rows } = read(csvOf(bytes));
    expect(head).toMatchObject({ Filter: "rule: goods-issue", "Business date": "2026-11-25", Handoffs: "2" });
    expect(head["Complete through"]).toBe("no source has reported");
    expect(rows.map(({ Key, Variance }) => [Key, Variance])).toEqual([
      ["SH-2", "-900.00"],
      ["SH-1", "-120.00"],
    ]);
    expect(rows[0]).toMatchObject({
      State: "mismatched",
      Open: "no",
      Decision: "accepted",
      "Decided by": "Fin Ance",
      Difference: "A-1: 10 instead of 12",
      Partner: "'=HYPERLINK(1)",
    });
  });

  it("counts ages by the days of the company, as the page does", async () => {
    const { rows } = read(csvOf((await download("q=SH-1&date=2026-11-25")).bytes));
    expect(rows[0]).toMatchObject({ Key: "SH-1", State: "late", "Age in days": "6" });
  });

  it("is a workbook of the same cells", async () => {
    const query = "state=mismatched,late&sort=key&date=2026-11-25";
    const { rows } = read(csvOf((await download(query)).bytes));
    const { response, bytes } = await download(`${query}&format=xlsx`);
    expect(response.headers.get("content-type")).toContain("spreadsheetml.sheet");
    const workbook = new exceljs.Workbook();
    await workbook.xlsx.load(bytes as never);
    const lines: string[][] = [];
    workbook.getWorksheet("Handoffs")?.eachRow((row) => {
      const cells = row.values as unknown as (string | undefined)[];
      lines.push(Array.from({ length: cells.length - 1 }, (_, index) => cells[index + 1] ?? ""));
    });
    const sheet = read(lines);
    expect(sheet.head).toMatchObject({ Filter: "state: mismatched,late", "Business date": "2026-11-25" });
    // A spreadsheet shows text as text; the apostrophe is only for programs that read CSV.
    const plain = rows.map((row) => ({ ...row, Partner: row.Partner?.replace(/^'/, "") }));
    expect(rows.map(({ Key }) => Key)).toEqual(["SH-1", "SH-2", "SH-3"]);
    expect(sheet.rows).toEqual(plain);
  });

  it("refuses a date that is none and a parameter that it does not know, by name", async () => {
    const headers = await app.person("finance");
    const refused = async (query: string) => app.call(route, `/api/v1/handoffs/export?${query}`, { headers });
    expect(await refused("date=2026-13-01")).toMatchObject({ status: 400, errorPaths: ["date"] });
    expect(await refused("colour=red")).toMatchObject({ status: 400, errorPaths: ["colour"] });
  });

  it("is for those who may see reconciliation", async () => {
    const headers = await app.person("customer-service");
    expect((await app.call(route, "/api/v1/handoffs/export", { headers })).status).toBe(403);
  });
});
