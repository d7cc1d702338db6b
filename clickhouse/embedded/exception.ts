/** An exception in the words of ClickHouse's HTTP interface. */
export interface EngineException {
  code: number;
  httpStatus: number;
  /** `Code: 60. DB::Exception: … (UNKNOWN_TABLE) (version …)`, the form every ClickHouse client parses. */
  text: string;
}

const CODE = /Code: (\d+)\. DB::(?:Exception|NetException|ParsingException|ErrnoException)/;

/** 1001 is ClickHouse's own code for an exception that is not its own (STD_EXCEPTION). */
const STD_EXCEPTION = 1001;

// The statuses of ClickHouse's exceptionCodeToHTTPStatus for the codes that occur here; every other code is a 500.
const HTTP_STATUS: Record<number, number> = {
  6: 400, // CANNOT_PARSE_TEXT
  26: 400, // CANNOT_PARSE_QUOTED_STRING
  27: 400, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  33: 400, // CANNOT_READ_ALL_DATA
  36: 400, // BAD_ARGUMENTS
  38: 400, // CANNOT_PARSE_DATE
  41: 400, // CANNOT_PARSE_DATETIME
  43: 400, // ILLEGAL_TYPE_OF_ARGUMENT
  46: 404, // UNKNOWN_FUNCTION
  47: 404, // UNKNOWN_IDENTIFIER
  48: 501, // NOT_IMPLEMENTED
  50: 404, // UNKNOWN_TYPE
  53: 400, // TYPE_MISMATCH
  56: 404, // UNKNOWN_STORAGE
  60: 404, // UNKNOWN_TABLE
  62: 400, // SYNTAX_ERROR
  69: 400, // ARGUMENT_OUT_OF_BOUND
  70: 400, // CANNOT_CONVERT_TYPE
  72: 400, // CANNOT_PARSE_NUMBER
  81: 404, // UNKNOWN_DATABASE
  115: 404, // UNKNOWN_SETTING
  117: 400, // INCORRECT_DATA
  130: 400, // CANNOT_READ_ARRAY_FROM_TEXT
  159: 408, // TIMEOUT_EXCEEDED
  202: 503, // TOO_MANY_SIMULTANEOUS_QUERIES
  307: 413, // TOO_MANY_BYTES
  456: 400, // UNKNOWN_QUERY_PARAMETER
  457: 400, // BAD_QUERY_PARAMETER
  516: 403, // AUTHENTICATION_FAILED
};

/** Reads the message of an error that the engine or the pool raised. */
export function toException(error: unknown, version: string): EngineException {
  const message = error instanceof Error ? error.message : String(error);
  const code = Number(CODE.exec(message)?.[1] ?? STD_EXCEPTION);
  const named = CODE.test(message) ? message : `Code: ${STD_EXCEPTION}. DB::Exception: ${message}. (STD_EXCEPTION)`;
  return { code, httpStatus: HTTP_STATUS[code] ?? 500, text: `${named.trimEnd()} (version ${version} (embedded))\n` };
}

/** A refusal by the HTTP layer itself, in the same form as the engine's. */
export function refusal(code: number, name: string, message: string): Error {
  return new Error(`Code: ${code}. DB::Exception: ${message}. (${name})`);
}

/**
 * The end of a response whose query failed after the first bytes had gone out: ClickHouse's `__exception__` block, which clients
 * recognise by the tag from the X-ClickHouse-Exception-Tag header.
 */
export function exceptionTrailer(exception: EngineException, tag: string): string {
  const length = Buffer.byteLength(exception.text);
  return `\r\n__exception__\r\n${tag}\r\n${exception.text}${length} ${tag}\r\n__exception__\r\n`;
}
