/** A table as a file: CSV and XLSX of the same cells. Pure but for the lazy import of the XLSX writer. */

export interface Sheet {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

// A spreadsheet runs a cell that begins like this as a formula; numbers from partners can begin so by malice or by accident.
const FORMULA_START = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/;

/** The cell as text a spreadsheet will not run: led by an apostrophe where it could be a formula. Plain numbers stay. */
export const inertCell = (value: string): string =>
  FORMULA_START.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value;

const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** One record of RFC 4180, with its line end. */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => quoted(inertCell(cell))).join(",")}\r\n`;

/** A file of CSV begins with it, so that spreadsheets read UTF-8. */
export const CSV_START = "\uFEFF";

export const sheetToCsv = (sheet: Sheet): string =>
  `${CSV_START}${[sheet.columns, ...sheet.rows].map(csvLine).join("")}`;

/** Every cell is stored as text (type string), which no spreadsheet evaluates and which keeps leading zeros and long numbers. */
export async function sheetToXlsx(sheet: Sheet): Promise<Uint8Array<ArrayBuffer>> {
  // Imported on use: the writer is as large as a page.
  const { default: exceljs } = await import("exceljs");
  const workbook = new exceljs.Workbook();
  const worksheet = workbook.addWorksheet(sheet.name.replaceAll(/[[\]*?/\\:]/g, " ").slice(0, 31), {
    views: [{ state: "frozen", ySplit: 1 }],
  });
  worksheet.columns = sheet.columns.map((header, index) => ({ header, width: widthOf(sheet, index) }));
  worksheet.getRow(1).font = { bold: true };
  for (const row of sheet.rows) worksheet.addRow([...row]);
  const buffer = await workbook.xlsx.writeBuffer();
  return new Uint8Array(buffer as ArrayBuffer);
}

function widthOf(sheet: Sheet, column: number): number {
  const lengths = [sheet.columns, ...sheet.rows.slice(0, 200)].map((row) => row[column]?.length ?? 0);
  return Math.min(60, Math.max(8, ...lengths) + 2);
}

export const SHEET_TYPES = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const;
export type SheetFormat = keyof typeof SHEET_TYPES;
