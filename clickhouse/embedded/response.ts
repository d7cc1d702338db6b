import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createGzip, type Gzip } from "node:zlib";
import { type EngineException, exceptionTrailer } from "./exception";
import type { EngineRequest } from "./request";
import type { JobSink, JobStatistics } from "./session-messages";

export interface ServerFacts {
  version: string;
  timezone: string;
}

const CONTENT_TYPES: ReadonlyArray<[RegExp, string]> = [
  [/^(JSONEachRow|JSONLines|NDJSON|JSON\w*EachRow)$/, "application/x-ndjson; charset=UTF-8"],
  [/^JSON/, "application/json; charset=UTF-8"],
  [/^(TSV|TabSeparated)/, "text/tab-separated-values; charset=UTF-8"],
  [/^CSV/, "text/csv; charset=UTF-8; header=absent"],
  [/^(Native|RowBinary|Parquet|Arrow|ORC|Avro)/, "application/octet-stream"],
];

/**
 * Answers one request: head and status with the first piece, so that a query failing before it has produced anything is an
 * HTTP error, and one failing later ends in the `__exception__` block.
 */
export class Response implements JobSink {
  private gzip?: Gzip;
  private hasBegun = false;
  private readonly exceptionTag = randomBytes(8).toString("hex");
  private readonly startedNs = process.hrtime.bigint();

  constructor(
    private readonly http: ServerResponse,
    private readonly facts: ServerFacts,
    private readonly request: Pick<EngineRequest, "queryId" | "gzipLevel"> & { format: string },
  ) {}

  async onPiece(bytes: Uint8Array, statistics?: JobStatistics): Promise<void> {
    this.begin(statistics);
    await this.write(bytes);
  }

  async finish(statistics: JobStatistics): Promise<void> {
    if (!this.hasBegun) this.begin(statistics);
    await this.end();
  }

  async fail(exception: EngineException): Promise<void> {
    if (this.hasBegun) {
      await this.write(Buffer.from(exceptionTrailer(exception, this.exceptionTag)));
      return this.end();
    }
    this.hasBegun = true;
    this.http.writeHead(exception.httpStatus, {
      ...this.commonHeaders(),
      "Content-Type": "text/plain; charset=UTF-8",
      "X-ClickHouse-Exception-Code": String(exception.code),
    });
    this.http.end(exception.text);
  }

  private begin(statistics: JobStatistics | undefined): void {
    if (this.hasBegun) return;
    this.hasBegun = true;
    const { format, gzipLevel } = this.request;
    const contentType = CONTENT_TYPES.find(([pattern]) => pattern.test(format))?.[1] ?? "text/plain; charset=UTF-8";
    this.http.writeHead(200, {
      ...this.commonHeaders(),
      "Content-Type": contentType,
      "X-ClickHouse-Format": format,
      "X-ClickHouse-Exception-Tag": this.exceptionTag,
      "X-ClickHouse-Summary": this.summary(statistics),
      ...(gzipLevel === undefined ? {} : { "Content-Encoding": "gzip" }),
    });
    if (gzipLevel === undefined) return;
    this.gzip = createGzip({ level: gzipLevel });
    this.gzip.pipe(this.http);
  }

  private async write(bytes: Uint8Array): Promise<void> {
    const target = this.gzip ?? this.http;
    if (this.http.destroyed) throw new Error("the client has gone");
    if (target.write(bytes)) return;
    // A client that goes away never drains; waiting for its end too keeps the session from waiting for ever.
    const gone = new AbortController();
    try {
      await Promise.race([
        once(target, "drain", { signal: gone.signal }),
        once(this.http, "close", { signal: gone.signal }),
      ]);
    } finally {
      gone.abort();
    }
    if (this.http.destroyed) throw new Error("the client has gone");
  }

  private async end(): Promise<void> {
    (this.gzip ?? this.http).end();
    if (!this.http.writableFinished && !this.http.destroyed) await once(this.http, "close");
  }

  private commonHeaders(): Record<string, string> {
    return {
      "X-ClickHouse-Query-Id": this.request.queryId,
      "X-ClickHouse-Server-Display-Name": "embedded",
      "X-ClickHouse-Timezone": this.facts.timezone,
    };
  }

  /** Sent with the head, so for a streamed result it is the state before the first piece, as a server's is. All strings, as a server's. */
  private summary(known: JobStatistics | undefined): string {
    return JSON.stringify({
      read_rows: String(known?.rowsRead ?? 0),
      read_bytes: String(known?.bytesRead ?? 0),
      written_rows: String(known?.rowsWritten ?? 0),
      written_bytes: String(known?.bytesWritten ?? 0),
      total_rows_to_read: "0",
      result_rows: String(known?.resultRows ?? 0),
      result_bytes: "0",
      elapsed_ns: String(process.hrtime.bigint() - this.startedNs),
    });
  }
}
