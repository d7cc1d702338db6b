import { quoteString, tokens } from "../../lib/clickhouse/sql-text";

/** What the HTTP layer must know about one statement before it hands it to the engine. */
export interface Statement {
  kind: "select" | "insert-data" | "other";
  /** The output format (select, other) or the input format (insert-data) the text itself names. */
  format?: string;
  /** For insert-data: offset in the text after which the data begins. */
  dataOffset?: number;
  /** WITH TOTALS occurs; such a result is more than rows, so it cannot be streamed in pieces. */
  hasTotals: boolean;
  /** A second statement follows. ClickHouse's HTTP interface runs one statement a request. */
  isMultiple: boolean;
}

const FORMAT_NAME = /^[A-Za-z][A-Za-z0-9]*$/;

/** Classifies `sql`. For an INSERT with data it reads no further than the data, which may be anything at all. */
export function classify(sql: string): Statement {
  let first: string | undefined;
  let previous = "";
  let format: string | undefined;
  let pendingFormat: string | undefined;
  let hasTotals = false;
  let ended = false;
  for (const token of tokens(sql)) {
    if (ended) return { kind: kindOf(first), format, hasTotals, isMultiple: true };
    const text = sql.slice(token.start, token.end);
    const word = token.kind === "word" ? text.toUpperCase() : text;
    if (first === undefined) {
      if (text === "(") continue;
      first = word;
    }
    if (first === "INSERT" && token.depth === 0) {
      if (word === "VALUES" && token.kind === "word" && previous !== "INTO" && previous !== "TABLE") {
        return { kind: "insert-data", format: "Values", dataOffset: token.end, hasTotals, isMultiple: false };
      }
      if (previous === "FORMAT" && token.kind === "word") {
        return { kind: "insert-data", format: text, dataOffset: token.end, hasTotals, isMultiple: false };
      }
    }
    // FORMAT X is the output format only where the statement ends, or goes on to SETTINGS: `SELECT format FROM t` is not.
    if (pendingFormat !== undefined && (text === ";" || word === "SETTINGS")) format = pendingFormat;
    pendingFormat = previous === "FORMAT" && token.kind === "word" && FORMAT_NAME.test(text) ? text : undefined;
    if (word === "TOTALS" && previous === "WITH") hasTotals = true;
    ended = text === ";" && token.depth === 0;
    previous = token.kind === "word" ? word : text;
  }
  return { kind: kindOf(first), format: pendingFormat ?? format, hasTotals, isMultiple: false };
}

function kindOf(first: string | undefined): Statement["kind"] {
  return first === "SELECT" || first === "WITH" || first === "FROM" ? "select" : "other";
}

/** `SET a = 'x', b = 'y'` for settings and query parameters alike, or undefined when there is nothing to set. */
export function setStatement(entries: ReadonlyArray<readonly [name: string, value: string]>): string | undefined {
  if (entries.length === 0) return undefined;
  return `SET ${entries.map(([name, value]) => `${name} = ${quoteString(value)}`).join(", ")}`;
}
