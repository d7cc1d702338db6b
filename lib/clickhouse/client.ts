import { Readable } from "node:stream";
import { ClickHouseLogLevel, type ClickHouseSettings, createClient } from "@clickhouse/client";
import { StoreTimeoutError } from "./errors";

export interface StoreConfig {
  /** `http://host:8123`, with user and password if any; a path names the database. */
  url: string;
  database?: string;
  /** Default for query, insert, command. 30,000 when not given. */
  timeoutMs?: number;
  /** Default for stream, from the first byte to the last. 600,000 when not given. */
  streamTimeoutMs?: number;
  /** Requests in flight at once; more wait in the client. 16 when not given. */
  connectionsMax?: number;
  /** gzip both ways. Costs processor time, so only for a server at a distance. */
  compression?: boolean;
}

export type QueryParams = Readonly<Record<string, unknown>>;

export interface CallOptions {
  settings?: ClickHouseSettings;
  signal?: AbortSignal;
  timeoutMs?: number;
}

export interface InsertOptions extends CallOptions {
  /** A second insert under one token is dropped whole, by tables that keep a deduplication window, and by the views that read them. */
  dedupToken?: string;
}

/**
 * The only way to ClickHouse. Values of rows as they come back: Decimal, Int64 and UInt64 (and wider) are strings, so that no digit is lost;
 * DateTime and DateTime64 are ISO 8601 in UTC; NULL is null. Every method rejects with ClickHouse's error or StoreTimeoutError;
 * classifyError says what to do about it.
 */
export interface Store {
  query<Row>(sql: string, params?: QueryParams, options?: CallOptions): Promise<Row[]>;
  /** Rows one by one, in memory only a block at a time. Leaving the loop early stops the query. */
  stream<Row>(sql: string, params?: QueryParams, options?: CallOptions): AsyncGenerator<Row, void, undefined>;
  /**
   * Stored when it resolves. Rows are objects by column name (times in any form ClickHouse reads), or ready lines of JSON as bytes.
   * At most about a million rows at once, so that they are one block: all or none.
   */
  insert(table: string, rows: readonly object[] | Uint8Array, options?: InsertOptions): Promise<void>;
  command(sql: string, params?: QueryParams, options?: CallOptions): Promise<void>;
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

const QUERY_SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_named_tuples_as_objects: 1,
  date_time_output_format: "iso",
};

const INSERT_SETTINGS: ClickHouseSettings = {
  date_time_input_format: "best_effort",
  // On by default since 26.x; it would merge batches of different tokens and acknowledge them by another's fate.
  async_insert: 0,
  // A misspelt column must not vanish.
  input_format_skip_unknown_fields: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  wait_end_of_query: 1,
};

export function createStore(config: StoreConfig): Store {
  const timeoutMs = config.timeoutMs ?? 30_000;
  const streamTimeoutMs = config.streamTimeoutMs ?? 600_000;
  const client = createClient({
    url: config.url,
    database: config.database,
    // Silence of the socket; the deadlines below are the real limits.
    request_timeout: Math.max(timeoutMs, streamTimeoutMs),
    max_open_connections: config.connectionsMax ?? 16,
    compression: { request: config.compression ?? false, response: config.compression ?? false },
    // Large parameters (thousands of identifiers) go in the body instead of the URL.
    use_multipart_params_auto: true,
    // What goes wrong is thrown; the caller logs it.
    log: { level: ClickHouseLogLevel.OFF },
  });

  return {
    async query<Row>(sql: string, params?: QueryParams, options: CallOptions = {}): Promise<Row[]> {
      return withDeadline("a query", options, timeoutMs, async ({ signal, settings }) => {
        const result = await client.query({
          query: sql,
          format: "JSONEachRow",
          query_params: { ...params },
          clickhouse_settings: { ...QUERY_SETTINGS, ...settings },
          abort_signal: signal,
        });
        return result.json<Row>();
      });
    },

    async *stream<Row>(sql: string, params?: QueryParams, options: CallOptions = {}) {
      const deadline = startDeadline("a streamed query", options, streamTimeoutMs);
      try {
        const result = await client.query({
          query: sql,
          format: "JSONEachRow",
          query_params: { ...params },
          clickhouse_settings: { ...QUERY_SETTINGS, ...deadline.settings },
          abort_signal: deadline.signal,
        });
        const rows = result.stream<Row>();
        const destroy = () => rows.destroy(new StoreTimeoutError("a streamed query", deadline.timeoutMs));
        deadline.signal.addEventListener("abort", destroy, { once: true });
        try {
          for await (const batch of rows) for (const row of batch) yield row.json<Row>();
        } finally {
          deadline.signal.removeEventListener("abort", destroy);
          result.close();
        }
      } catch (error) {
        throw deadline.explain(error);
      } finally {
        deadline.end();
      }
    },

    async insert(table: string, rows: readonly object[] | Uint8Array, options: InsertOptions = {}): Promise<void> {
      if (rows.length === 0) return;
      const token = options.dedupToken === undefined ? {} : { insert_deduplication_token: options.dedupToken };
      await withDeadline(`an insert into ${table}`, options, timeoutMs, async ({ signal, settings }) => {
        const shared = { clickhouse_settings: { ...INSERT_SETTINGS, ...token, ...settings }, abort_signal: signal };
        if (rows instanceof Uint8Array) {
          // The client's insert takes objects only in this format; exec passes bytes through.
          const query = `INSERT INTO ${table} FORMAT JSONEachRow`;
          const { stream } = await client.exec({
            query,
            values: Readable.from([rows], { objectMode: false }),
            ...shared,
          });
          stream.resume();
        } else {
          await client.insert({ table, values: [...rows], format: "JSONEachRow", ...shared });
        }
      });
    },

    async command(sql: string, params?: QueryParams, options: CallOptions = {}): Promise<void> {
      await withDeadline("a command", options, timeoutMs, async ({ signal, settings }) => {
        await client.command({
          query: sql,
          query_params: { ...params },
          clickhouse_settings: { wait_end_of_query: 1, ...settings },
          abort_signal: signal,
        });
      });
    },

    async ping(): Promise<boolean> {
      const result = await client.ping();
      return result.success;
    },

    close: () => client.close(),
  };
}

interface Deadline {
  signal: AbortSignal;
  timeoutMs: number;
  /** The caller's settings, and the same limit for the server, so that it does not go on for nobody. */
  settings: ClickHouseSettings;
  /** The timeout, when that is why the call was cut off; else the error itself. */
  explain(error: unknown): unknown;
  end(): void;
}

function startDeadline(operation: string, options: CallOptions, defaultTimeoutMs: number): Deadline {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const expiry = new AbortController();
  const timer = setTimeout(() => expiry.abort(), timeoutMs);
  const signal = options.signal === undefined ? expiry.signal : AbortSignal.any([options.signal, expiry.signal]);
  return {
    signal,
    timeoutMs,
    settings: { max_execution_time: Math.max(1, Math.ceil(timeoutMs / 1000)), ...options.settings },
    explain: (error) => (expiry.signal.aborted ? new StoreTimeoutError(operation, timeoutMs) : error),
    end: () => clearTimeout(timer),
  };
}

async function withDeadline<Result>(
  operation: string,
  options: CallOptions,
  defaultTimeoutMs: number,
  run: (deadline: Deadline) => Promise<Result>,
): Promise<Result> {
  const deadline = startDeadline(operation, options, defaultTimeoutMs);
  try {
    // The client stops listening to the signal once the head of the answer has come; the race covers the body.
    return await Promise.race([run(deadline), rejectWhenAborted(deadline.signal)]);
  } catch (error) {
    throw deadline.explain(error);
  } finally {
    deadline.end();
  }
}

function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason instanceof Error ? signal.reason : new Error("aborted by the caller"));
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
}
