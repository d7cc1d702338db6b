/** Long tables as files that are written as they are read: memory holds a chunk, whatever the table holds. */
import { PassThrough, Readable } from "node:stream";
import { CSV_START, csvLine } from "@/components/ui/sheet";

export interface StreamedSheet {
  readonly name: string;
  /** Lines above the column names: what the file is of. */
  readonly head: readonly (readonly string[])[];
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<readonly string[]>;
}

const CHUNK_CHARS = 64 * 1024;

export function csvStream(sheet: StreamedSheet): ReadableStream<Uint8Array> {
  const chunks = csvChunks(sheet);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    cancel: async () => void (await chunks.return(undefined)),
  });
}

async function* csvChunks({ head, columns, rows }: StreamedSheet): AsyncGenerator<string, void, undefined> {
  let chunk = CSV_START + [...head, columns].map(csvLine).join("");
  for await (const row of rows) {
    chunk += csvLine(row);
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}

const ROWS_BETWEEN_PAUSES = 500;
const COLUMN_WIDTH = 16;

/** Every cell is text, as in sheetToXlsx (components/ui/sheet.ts). A failure in between ends the file short: the reader's program says that it is broken. */
export async function xlsxStream(sheet: StreamedSheet): Promise<ReadableStream<Uint8Array>> {
  const { default: exceljs } = await import("exceljs");
  const target = new PassThrough();
  const workbook = new exceljs.stream.xlsx.WorkbookWriter({ stream: target, useStyles: true });
  const worksheet = workbook.addWorksheet(sheet.name.replaceAll(/[[\]*?/\\:]/g, " ").slice(0, 31), {
    views: [{ state: "frozen", ySplit: sheet.head.length + 1 }],
  });
  worksheet.columns = sheet.columns.map(() => ({ width: COLUMN_WIDTH }));
  const write = async () => {
    for (const line of sheet.head) worksheet.addRow([...line]).commit();
    const names = worksheet.addRow([...sheet.columns]);
    names.font = { bold: true };
    names.commit();
    let written = 0;
    for await (const row of sheet.rows) {
      if (target.destroyed) return;
      worksheet.addRow([...row]).commit();
      written += 1;
      // Committed rows flow out only when the event loop turns.
      if (written % ROWS_BETWEEN_PAUSES === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    worksheet.commit();
    await workbook.commit();
  };
  write().catch((error: unknown) => target.destroy(error as Error));
  return Readable.toWeb(target) as ReadableStream<Uint8Array>;
}
