// What the server's main thread and a session thread say to each other. One job at a time runs on a thread.

/** One request, ready for the engine. */
export interface SessionJob {
  /** USE this database first. */
  database?: string;
  /** SET these first: settings under their names, query parameters as `param_name`, still escaped as HTTP carried them. */
  assignments: ReadonlyArray<readonly [name: string, value: string]>;
  /** The statement; for an insert, the part before its data. */
  sql: string;
  format: string;
  /**
   * `stream` yields pieces of bounded size while the query runs; only for formats whose pieces may simply be joined.
   * `buffer` yields the whole result as one piece. `insert` takes `data`.
   */
  mode: "stream" | "buffer" | "insert";
  data?: Uint8Array;
}

export interface JobStatistics {
  rowsRead: number;
  bytesRead: number;
  rowsWritten: number;
  bytesWritten: number;
  resultRows: number;
}

export type ToSession =
  | { type: "run"; job: SessionJob }
  /** The main thread has passed one piece on; the session may send one more. */
  | { type: "more" }
  | { type: "cancel" };

export type FromSession =
  | { type: "piece"; bytes: Uint8Array; statistics?: JobStatistics }
  | { type: "done"; statistics: JobStatistics }
  | { type: "failed"; message: string };

/** Where the pieces of a result go. A piece is taken when `onPiece` has settled: that is the back-pressure. */
export interface JobSink {
  /** With `statistics` when the piece is the whole result. */
  onPiece(bytes: Uint8Array, statistics?: JobStatistics): Promise<void>;
}

/** Pieces a session may have sent that the client has not yet taken: bounds memory per stream (a piece is one block, about 65 k rows). */
export const PIECES_AHEAD_MAX = 2;
