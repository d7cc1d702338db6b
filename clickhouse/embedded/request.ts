import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { refusal } from "./exception";
import { parseMultipart } from "./multipart";
import type { SessionJob } from "./session-messages";
import { classify, type Statement } from "./statement";

/** An HTTP request, its body already read and decompressed. */
export interface RawRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What to run and how to answer. */
export interface EngineRequest {
  job: SessionJob;
  queryId: string;
  /** Marks the query in system.processes (as log_comment), because chDB chooses the query_id itself. */
  tag: string;
  gzipLevel?: number;
  /** A disconnected client's query may be killed: it only reads. */
  isReadOnly: boolean;
}

// Parameters of the HTTP interface itself; every other one that is not a param_ is a setting.
const OWN_PARAMETERS = new Set([
  ...[
    "query",
    "database",
    "default_format",
    "query_id",
    "user",
    "password",
    "quota_key",
    "wait_end_of_query",
    "buffer_size",
  ],
  ...[
    "session_id",
    "session_timeout",
    "session_check",
    "role",
    "compress",
    "decompress",
    "stacktrace",
    "close_session",
  ],
]);

// Formats whose pieces are whole rows (or blocks) without head or tail, so that they may simply be joined.
const STREAMABLE = new Set([
  ...["JSONEachRow", "JSONLines", "NDJSON", "JSONCompactEachRow", "JSONStringsEachRow", "JSONCompactStringsEachRow"],
  ...["TabSeparated", "TSV", "TabSeparatedRaw", "TSVRaw", "CSV", "RowBinary", "Native"],
]);
/** These settings give even such a result a head or a tail. */
const WHOLE_RESULT_SETTINGS = ["output_format_json_array_of_rows", "extremes"];

// implicit_select: chDB's command-line convenience, by which `bad` means `SELECT bad`. async_insert: on by default, and it would acknowledge
// rows by the settings of another insert; one insert is one part here unless the client asks otherwise.
const DEFAULT_SETTINGS: ReadonlyArray<readonly [string, string]> = [
  ["implicit_select", "0"],
  ["async_insert", "0"],
];

/** Bytes of a joined body in which an INSERT's data must begin; a longer head is decoded whole. */
const HEAD_BYTES = 256 * 1024;

/** Reads a request. Throws a refusal in ClickHouse's form for what this server does not do. */
export function readRequest(raw: RawRequest): EngineRequest {
  const parameters = raw.url.searchParams;
  refuseUnsupported(parameters);
  authenticate(raw);
  const { sqlBytes, extraParameters } = queryBytes(raw);
  const { statement, sql, data } = separateData(sqlBytes);
  if (statement.isMultiple) throw refusal(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)");
  if (sql.trim() === "") throw refusal(62, "SYNTAX_ERROR", "Syntax error: Empty query");

  const queryId = header(raw.headers, "x-clickhouse-query-id") ?? (parameters.get("query_id") || randomUUID());
  const format =
    statement.kind !== "insert-data" && statement.format !== undefined
      ? statement.format
      : (parameters.get("default_format") ?? header(raw.headers, "x-clickhouse-format") ?? "TabSeparated");
  const assignments = new Map<string, string>(DEFAULT_SETTINGS);
  for (const [name, value] of [...parameters, ...extraParameters])
    if (!OWN_PARAMETERS.has(name)) assignments.set(name, value);
  const tag = [assignments.get("log_comment"), `request:${queryId}:${randomUUID()}`].filter(Boolean).join(" ");
  assignments.set("log_comment", tag);
  // A GET can be caused by any link, so it may only read. Set last: nothing may be set after it.
  if (raw.method === "GET") assignments.set("readonly", "2");
  const mayStream =
    statement.kind === "select" && STREAMABLE.has(format) && parameters.get("wait_end_of_query") !== "1";
  const isWhole = statement.hasTotals || WHOLE_RESULT_SETTINGS.some((name) => isOn(assignments.get(name)));
  const job: SessionJob = {
    database: parameters.get("database") || header(raw.headers, "x-clickhouse-database"),
    assignments: [...assignments],
    sql,
    format,
    mode: data !== undefined ? "insert" : mayStream && !isWhole ? "stream" : "buffer",
    data,
  };
  const isReadOnly = statement.kind === "select";
  return { job, queryId, tag, gzipLevel: gzipLevel(raw.headers, parameters), isReadOnly };
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "0" && value !== "false";
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function refuseUnsupported(parameters: URLSearchParams): void {
  const unsupported = [
    ["session_id", "sessions over several requests"],
    ["role", "roles"],
    ["compress", "native block compression of responses (use enable_http_compression)"],
    ["decompress", "native block compression of requests (use Content-Encoding: gzip)"],
  ] as const;
  for (const [name, what] of unsupported) {
    if (isOn(parameters.get(name) || undefined)) {
      throw refusal(48, "NOT_IMPLEMENTED", `${what} (${name}) are not supported by the embedded ClickHouse`);
    }
  }
}

/** Only `default` without a password exists; the server listens on loopback only. */
function authenticate(raw: RawRequest): void {
  let user = header(raw.headers, "x-clickhouse-user") ?? raw.url.searchParams.get("user") ?? "default";
  let password = header(raw.headers, "x-clickhouse-key") ?? raw.url.searchParams.get("password") ?? "";
  const basic = /^Basic (.+)$/.exec(raw.headers.authorization ?? "")?.[1];
  if (basic !== undefined) {
    const credentials = Buffer.from(basic, "base64").toString();
    const colon = credentials.indexOf(":");
    user = credentials.slice(0, colon === -1 ? undefined : colon) || "default";
    password = colon === -1 ? "" : credentials.slice(colon + 1);
  }
  if (user !== "default" || password !== "") {
    throw refusal(
      516,
      "AUTHENTICATION_FAILED",
      `${user}: Authentication failed: the embedded ClickHouse knows only user default, without a password`,
    );
  }
}

/** ClickHouse reads the `query` parameter and then the body, as one text. */
function queryBytes(raw: RawRequest): { sqlBytes: Buffer[]; extraParameters: Array<[string, string]> } {
  const contentType = raw.headers["content-type"] ?? "";
  const urlQuery = raw.url.searchParams.get("query") ?? "";
  if (!contentType.startsWith("multipart/form-data"))
    return { sqlBytes: [Buffer.from(urlQuery), raw.body], extraParameters: [] };
  const parts = parseMultipart(raw.body, contentType);
  const sqlBytes = [Buffer.from(urlQuery), Buffer.from(parts.get("query") ?? "")];
  return { sqlBytes, extraParameters: [...parts].filter(([name]) => name !== "query") };
}

interface Separated {
  statement: Statement;
  sql: string;
  data?: Buffer;
}

/** Parts an INSERT from its data, which is bytes and need not be text. Every other statement is text as a whole. */
function separateData([head = Buffer.alloc(0), body = Buffer.alloc(0)]: Buffer[]): Separated {
  // latin1 keeps one character a byte, so that offsets in the text are offsets in the bytes.
  const inHead = classify(head.toString("latin1"));
  if (inHead.kind === "insert-data") return cut(inHead, head, body);
  const joined = head.length === 0 ? body : Buffer.concat([head, body]);
  const inFirstBytes = joined.length > HEAD_BYTES ? classify(joined.toString("latin1", 0, HEAD_BYTES)) : undefined;
  const statement = inFirstBytes?.kind === "insert-data" ? inFirstBytes : classify(joined.toString("latin1"));
  if (statement.kind === "insert-data") return cut(statement, joined, Buffer.alloc(0));
  return { statement, sql: joined.toString("utf8") };
}

function cut(statement: Statement, text: Buffer, rest: Buffer): Separated {
  const offset = statement.dataOffset ?? text.length;
  const prefix = text.toString("utf8", 0, offset);
  const inline = text.subarray(offset);
  const isBlank = inline.toString("latin1").trim() === "";
  // After the format's name ClickHouse skips white space up to one line end; inline data follows it.
  const lineEnd = /^[ \t\r]*\n?/.exec(inline.toString("latin1", 0, 64))?.[0].length ?? 0;
  const data = isBlank
    ? rest
    : rest.length === 0
      ? inline.subarray(lineEnd)
      : Buffer.concat([inline.subarray(lineEnd), rest]);
  if (data.length > 0) return { statement, sql: prefix, data };
  // No data is no error: the server inserts nothing. chDB calls it one, in most formats; an empty line of JSON is nothing too.
  const emptyPrefix = prefix.replace(/(FORMAT\s+\w+|VALUES)$/i, "FORMAT JSONEachRow");
  return { statement, sql: emptyPrefix, data: Buffer.from("\n") };
}

function gzipLevel(headers: IncomingHttpHeaders, parameters: URLSearchParams): number | undefined {
  const accepted = /\bgzip\b/i.test(String(headers["accept-encoding"] ?? ""));
  if (!accepted || !isOn(parameters.get("enable_http_compression") ?? undefined)) return undefined;
  const level = Number(parameters.get("http_zlib_compression_level") ?? 3);
  return Number.isInteger(level) && level >= 1 && level <= 9 ? level : 3;
}
