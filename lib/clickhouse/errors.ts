// What to do about an error of the store. The lists are closed: a code that is on none of them is fatal, which stops the work and shows
// the error, rather than retrying something that will never go or giving up rows that might.

/**
 * `retry`: the same request may succeed later; the data is not at fault.
 * `refused`: this data will never go in (or this query never run); retrying it is useless, splitting a batch finds the row.
 * `fatal`: neither; a person must look (wrong credentials, missing table, disk failure, a bug).
 */
export type ErrorClass = "retry" | "refused" | "fatal";

/** No answer came in time. The outcome is unknown: an insert may have happened, so retry it under the same deduplication token. */
export class StoreTimeoutError extends Error {
  override readonly name = "StoreTimeoutError";
  constructor(
    readonly operation: string,
    readonly timeoutMs: number,
  ) {
    super(`ClickHouse did not answer ${operation} within ${timeoutMs} ms`);
  }
}

/** ClickHouse's own codes (src/Common/ErrorCodes.cpp) for passing states of the server or the way to it. */
export const RETRY_CODES: Readonly<Record<number, string>> = {
  3: "UNEXPECTED_END_OF_FILE", // the connection was cut while the request was being read
  32: "ATTEMPT_TO_READ_AFTER_EOF", // the same, seen by another reader
  159: "TIMEOUT_EXCEEDED",
  198: "DNS_ERROR",
  202: "TOO_MANY_SIMULTANEOUS_QUERIES",
  203: "NO_FREE_CONNECTION",
  209: "SOCKET_TIMEOUT",
  210: "NETWORK_ERROR",
  225: "NO_ZOOKEEPER",
  236: "ABORTED", // the server is shutting down
  241: "MEMORY_LIMIT_EXCEEDED",
  242: "TABLE_IS_READ_ONLY", // a replica without its keeper session
  252: "TOO_MANY_PARTS",
  254: "NO_ACTIVE_REPLICAS",
  265: "NO_AVAILABLE_REPLICA",
  279: "ALL_CONNECTION_TRIES_FAILED",
  285: "TOO_FEW_LIVE_REPLICAS",
  286: "UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE",
  289: "REPLICA_IS_NOT_IN_QUORUM",
  319: "UNKNOWN_STATUS_OF_INSERT",
  394: "QUERY_WAS_CANCELLED",
  425: "SYSTEM_ERROR",
  439: "CANNOT_SCHEDULE_TASK",
  473: "DEADLOCK_AVOIDED",
  499: "S3_ERROR",
  574: "DISTRIBUTED_TOO_MANY_PENDING_BYTES",
  999: "KEEPER_EXCEPTION",
};

/** Codes that blame the data: the row as sent cannot become a row of the table. */
export const REFUSED_CODES: Readonly<Record<number, string>> = {
  6: "CANNOT_PARSE_TEXT",
  7: "INCORRECT_NUMBER_OF_COLUMNS",
  16: "NO_SUCH_COLUMN_IN_TABLE",
  20: "NUMBER_OF_COLUMNS_DOESNT_MATCH",
  25: "CANNOT_PARSE_ESCAPE_SEQUENCE",
  26: "CANNOT_PARSE_QUOTED_STRING",
  27: "CANNOT_PARSE_INPUT_ASSERTION_FAILED",
  33: "CANNOT_READ_ALL_DATA",
  38: "CANNOT_PARSE_DATE",
  41: "CANNOT_PARSE_DATETIME",
  53: "TYPE_MISMATCH",
  69: "ARGUMENT_OUT_OF_BOUND",
  70: "CANNOT_CONVERT_TYPE",
  72: "CANNOT_PARSE_NUMBER",
  117: "INCORRECT_DATA", // also an unknown column of the row
  128: "TOO_LARGE_ARRAY_SIZE",
  130: "CANNOT_READ_ARRAY_FROM_TEXT",
  131: "TOO_LARGE_STRING_SIZE",
  190: "SIZES_OF_ARRAYS_DONT_MATCH",
  306: "TOO_DEEP_RECURSION",
  307: "TOO_MANY_BYTES", // the embedded engine: the batch is too large as a whole
  321: "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
  349: "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN",
  376: "CANNOT_PARSE_UUID",
  407: "DECIMAL_OVERFLOW",
  441: "CANNOT_PARSE_DOMAIN_VALUE_FROM_STRING",
  467: "CANNOT_PARSE_BOOL",
  469: "VIOLATED_CONSTRAINT",
  632: "UNEXPECTED_DATA_AFTER_PARSED_VALUE",
  675: "CANNOT_PARSE_IPV4",
  676: "CANNOT_PARSE_IPV6",
  691: "UNKNOWN_ELEMENT_OF_ENUM",
};

/** Node's codes for a connection that did not come about or was lost. */
const RETRY_NETWORK = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENETDOWN"],
  ...["ENOTFOUND", "EAI_AGAIN", "ERR_STREAM_PREMATURE_CLOSE", "UND_ERR_SOCKET"],
]);

/** Messages with which Node and the client report the same without a code. */
const RETRY_MESSAGES = ["socket hang up", "Timeout error.", "aborted", "Premature close"];

/** Classifies whatever a call of the store may reject with. Pure. */
export function classifyError(error: unknown): ErrorClass {
  if (error instanceof StoreTimeoutError) return "retry";
  if (!(error instanceof Error)) return "fatal";
  const code = "code" in error ? error.code : undefined;
  if (typeof code === "string" && RETRY_NETWORK.has(code)) return "retry";
  const number = Number(code);
  if (code !== undefined && code !== "" && Number.isInteger(number)) {
    if (number in RETRY_CODES) return "retry";
    return number in REFUSED_CODES ? "refused" : "fatal";
  }
  return RETRY_MESSAGES.includes(error.message) ? "retry" : "fatal";
}
