import { createRequire } from "node:module";

// The addon that npm package `chdb` loads, used directly. The package's own Session keeps one connection for its life, and defers
// closing it until every other session's work is done; a server needs a fresh connection for each request (opening one on a folder that
// is already open takes 0.2 ms), closed the moment its own work is done. The rule the package guards by that deferral is kept
// here by construction: session-thread.ts closes a connection only after its last operation has settled.

/** Opaque handles of the addon. */
export type Connection = { readonly __connection: unique symbol };
export type ResultStream = { readonly __stream: unique symbol };

export interface BufferedResult {
  bytes: Uint8Array;
  /** Seconds. */
  elapsed: number;
  rowsRead: number;
  bytesRead: number;
}

export interface InsertResult {
  /** Seconds. */
  elapsed: number;
  rowsWritten: number;
  bytesWritten: number;
}

export interface StreamPiece {
  bytes: Uint8Array;
  numRows: number;
  done: boolean;
}

export interface NativeEngine {
  /** Opens the folder, or one more connection to it. Throws when another process holds it. */
  CreateConnection(path: string, engineArguments?: readonly string[]): Connection;
  /** Never call it while an operation is running on the connection: the engine would abort the process. */
  CloseConnection(connection: Connection): void;
  QueryAsyncConnection(connection: Connection, sql: string, format: string): Promise<BufferedResult>;
  InsertRawAsyncConnection(
    connection: Connection,
    prefix: string,
    data: Buffer,
    countLines: boolean,
  ): Promise<InsertResult>;
  /** Plans the query on the calling thread, which scalar subqueries can make long. */
  StreamQuery(connection: Connection, sql: string, format: string): ResultStream;
  StreamFetch(stream: ResultStream): Promise<StreamPiece>;
  StreamCancel(stream: ResultStream): void;
}

const PLATFORM_PACKAGES: Record<string, string> = {
  "darwin-arm64": "@chdb/lib-darwin-arm64",
  "darwin-x64": "@chdb/lib-darwin-x64",
  "linux-x64": "@chdb/lib-linux-x64-gnu",
  "linux-arm64": "@chdb/lib-linux-arm64-gnu",
};

/** Loads the addon. Throws, saying what to do, on a platform for which chDB has no build. */
export function loadNativeEngine(): NativeEngine {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = PLATFORM_PACKAGES[platform];
  if (packageName === undefined) {
    throw new Error(
      `The embedded ClickHouse has no build for ${platform}. Set CLICKHOUSE_URL to a ClickHouse server instead.`,
    );
  }
  const fromChdb = createRequire(createRequire(import.meta.url).resolve("chdb"));
  return fromChdb(packageName) as NativeEngine;
}
