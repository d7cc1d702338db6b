/** CSV → records. A bad line spoils only itself. */
import { CsvError, parse } from "csv-parse/sync";
import type { CsvOptions } from "@/lib/config/record-mapping";
import type { Fault } from "./fault";
import type { SourceRecord } from "./source-record";

type CsvLine =
  | { readonly ok: true; readonly cells: readonly string[]; readonly raw: Buffer }
  | { readonly ok: false; readonly code: string; readonly raw: Buffer };

export function readCsv(body: Buffer, options: CsvOptions): SourceRecord[] | Fault {
  const all = parseWhole(body, options) ?? parseLineByLine(body, options);
  const lines = all.slice(options.skip_lines);
  if (options.header !== true) return lines.map((line) => recordOf(line, options.header as readonly string[]));
  const [header, ...rows] = lines;
  if (!header) return [];
  if (!header.ok) {
    return {
      path: "",
      reason: `expected a header line of CSV, got one that is not (${header.code}); check its quotes`,
    };
  }
  const columns = header.cells.map((name) => name.trim());
  return rows.map((line) => recordOf(line, columns));
}

function recordOf(line: CsvLine, columns: readonly string[]): SourceRecord {
  const { raw } = line;
  if (!line.ok) {
    const reason = `expected a line of CSV, got one that is not (${line.code}); check its quotes`;
    return { ok: false, fault: { path: "", reason }, step: "parse", raw };
  }
  if (line.cells.length !== columns.length) {
    const reason = `expected ${columns.length} columns, got ${line.cells.length}; check the line's delimiters and quotes`;
    return { ok: false, fault: { path: "", reason }, step: "parse", raw };
  }
  return { ok: true, value: Object.fromEntries(columns.map((column, index) => [column, line.cells[index]])), raw };
}

/** All lines at once, or null when one of them is bad: the parser cannot say where the next good one starts. */
function parseWhole(body: Buffer, options: CsvOptions): CsvLine[] | null {
  try {
    return parseStrictly(body, options);
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

function parseLineByLine(body: Buffer, options: CsvOptions): CsvLine[] {
  return splitLines(body, options.quote).flatMap((raw): CsvLine[] => {
    try {
      return parseStrictly(raw, options);
    } catch (error) {
      if (error instanceof CsvError) return [{ ok: false, code: error.code, raw }];
      throw error;
    }
  });
}

/** @throws CsvError at the first bad line. */
function parseStrictly(body: Buffer, { delimiter, quote }: CsvOptions): CsvLine[] {
  // With `raw`, each record comes with its text; the library's types do not follow that option.
  const parsed = parse(body, { delimiter, quote, raw: true, relax_column_count: true, skip_empty_lines: true });
  const lines = parsed as unknown as readonly { readonly record: readonly string[]; readonly raw: string }[];
  return lines.map(({ record, raw }) => ({ ok: true, cells: record, raw: Buffer.from(raw) }));
}

/**
 * Lines of text; a quoted line break does not end one. A quote that is never closed would swallow everything after it: such a line stands
 * alone, and the next one starts afresh.
 */
function splitLines(body: Buffer, quote: string): Buffer[] {
  const physical: Buffer[] = [];
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(0x0a, start);
    const end = newline === -1 ? body.length : newline + 1;
    physical.push(body.subarray(start, end));
    start = end;
  }
  const lines: Buffer[] = [];
  for (let first = 0; first < physical.length; ) {
    let last = first;
    let quotes = countOf(physical[first], quote);
    while (quotes % 2 === 1 && last + 1 < physical.length) {
      last += 1;
      quotes += countOf(physical[last], quote);
    }
    if (quotes % 2 === 1) last = first;
    lines.push(Buffer.concat(physical.slice(first, last + 1)));
    first = last + 1;
  }
  return lines;
}

function countOf(line: Buffer | undefined, quote: string): number {
  const code = quote.charCodeAt(0);
  return line?.reduce((count, byte) => count + (byte === code ? 1 : 0), 0) ?? 0;
}
