import { refusal } from "./exception";

/**
 * The parts of a multipart/form-data body by name (RFC 7578), as @clickhouse/client sends large query parameters. File parts, which
 * ClickHouse takes for external tables, are refused.
 */
export function parseMultipart(body: Buffer, contentType: string): Map<string, string> {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw refusal(36, "BAD_ARGUMENTS", "multipart/form-data without a boundary");
  const parts = new Map<string, string>();
  const delimiter = Buffer.from(`--${boundary}`);
  let at = body.indexOf(delimiter);
  while (at !== -1) {
    const partStart = at + delimiter.length + 2; // "\r\n", or "--" after the last part
    const next = body.indexOf(`\r\n--${boundary}`, partStart - 2);
    if (next === -1) break;
    const headersEnd = body.indexOf("\r\n\r\n", partStart);
    if (headersEnd === -1 || headersEnd > next) break;
    const headers = body.toString("utf8", partStart, headersEnd);
    const name = /;\s*name="([^"]*)"/i.exec(headers)?.[1];
    if (name === undefined) throw refusal(36, "BAD_ARGUMENTS", "a multipart part without a name");
    if (/;\s*filename=/i.test(headers)) {
      throw refusal(
        48,
        "NOT_IMPLEMENTED",
        "external tables in multipart requests are not supported by the embedded ClickHouse",
      );
    }
    parts.set(name, body.toString("utf8", headersEnd + 4, next));
    at = next + 2;
  }
  return parts;
}
