import { parentPort, workerData } from "node:worker_threads";
import { quoteName } from "../../lib/clickhouse/sql-text";
import { type Connection, loadNativeEngine } from "./native";
import {
  type FromSession,
  type JobStatistics,
  PIECES_AHEAD_MAX,
  type SessionJob,
  type ToSession,
} from "./session-messages";
import { setStatement } from "./statement";

// One thread of the pool. Threads, because the addon plans a streamed query on the thread that asks for it: a scalar subquery of seven seconds
// would stop the whole server for seven seconds. Each job gets a connection of its own, so no setting, database or temporary table
// of one request is ever seen by another.

const { dataDir } = workerData as { dataDir: string };
const port = parentPort;
if (port === null)
  throw new Error("session-thread.ts runs as a worker thread of the embedded ClickHouse, not by itself");

/** ClickHouse's default max_query_size, in bytes; a character takes at most three of them here. */
const QUERY_SIZE_DEFAULT = 262_144;
const SET_LENGTH_SAFE = QUERY_SIZE_DEFAULT / 3;

const engine = loadNativeEngine();
let isCancelled = false;
let piecesAllowed = 0;
let wake: (() => void) | undefined;

const send = (message: FromSession, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

port.on("message", (message: ToSession) => {
  if (message.type === "run") void run(message.job);
  else {
    if (message.type === "more") piecesAllowed++;
    else isCancelled = true;
    wake?.();
  }
});

async function run(job: SessionJob): Promise<void> {
  isCancelled = false;
  piecesAllowed = PIECES_AHEAD_MAX;
  let connection: Connection | undefined;
  let outcome: FromSession;
  try {
    connection = engine.CreateConnection(dataDir);
    outcome = { type: "done", statistics: await execute(connection, job) };
  } catch (error) {
    outcome = { type: "failed", message: error instanceof Error ? error.message : String(error) };
  }
  // Closed before the answer: the next job on this thread must not find this one's connection half alive.
  if (connection !== undefined) engine.CloseConnection(connection);
  send(outcome);
}

async function execute(connection: Connection, job: SessionJob): Promise<JobStatistics> {
  if (job.database !== undefined)
    await engine.QueryAsyncConnection(connection, `USE ${quoteName(job.database)}`, "Null");
  await assign(connection, job.assignments);
  throwIfCancelled();
  if (job.mode === "insert") return insert(connection, job);
  if (job.mode === "stream") {
    const streamed = await stream(connection, job);
    if (streamed !== undefined) return streamed;
  }
  const result = await engine.QueryAsyncConnection(connection, job.sql, job.format);
  const known = statistics({ rowsRead: result.rowsRead, bytesRead: result.bytesRead });
  if (result.bytes.length > 0) sendPiece(result.bytes, known);
  return known;
}

async function assign(connection: Connection, assignments: SessionJob["assignments"]): Promise<void> {
  const set = setStatement(assignments);
  if (set === undefined) return;
  if (set.length <= SET_LENGTH_SAFE) return void (await engine.QueryAsyncConnection(connection, set, "Null"));
  // A parameter may be long (thousands of identifiers), and the limit on the length of a query holds for SET too: lift it for SET only.
  await engine.QueryAsyncConnection(connection, `SET max_query_size = ${2 ** 30}`, "Null");
  const restored = assignments.some(([name]) => name === "max_query_size")
    ? ""
    : `, max_query_size = ${QUERY_SIZE_DEFAULT}`;
  await engine.QueryAsyncConnection(connection, set + restored, "Null");
}

async function insert(connection: Connection, job: SessionJob): Promise<JobStatistics> {
  const data = job.data ?? new Uint8Array();
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const { rowsWritten, bytesWritten } = await engine.InsertRawAsyncConnection(connection, job.sql, bytes, false);
  return statistics({ rowsWritten, bytesWritten });
}

/** Streams the result; undefined when the engine cannot stream this kind of statement (nothing has run then). */
async function stream(connection: Connection, job: SessionJob): Promise<JobStatistics | undefined> {
  let handle: ReturnType<typeof engine.StreamQuery>;
  try {
    handle = engine.StreamQuery(connection, job.sql, job.format);
  } catch (error) {
    if (error instanceof Error && error.message.includes("Streaming query is not supported")) return undefined;
    throw error;
  }
  let resultRows = 0;
  try {
    for (;;) {
      while (piecesAllowed === 0 && !isCancelled) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      throwIfCancelled();
      const piece = await engine.StreamFetch(handle);
      if (piece.done) return statistics({ resultRows });
      resultRows += piece.numRows;
      if (piece.bytes.length > 0) {
        piecesAllowed--;
        sendPiece(piece.bytes);
      }
    }
  } finally {
    engine.StreamCancel(handle);
  }
}

function sendPiece(bytes: Uint8Array, known?: JobStatistics): void {
  // The addon allocates each result for itself, so its memory can be handed over instead of copied.
  const owned = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
  send({ type: "piece", bytes: owned, statistics: known }, [owned.buffer as ArrayBuffer]);
}

function throwIfCancelled(): void {
  if (isCancelled) throw new Error("Code: 394. DB::Exception: Query was cancelled. (QUERY_WAS_CANCELLED)");
}

function statistics(known: Partial<JobStatistics>): JobStatistics {
  return { rowsRead: 0, bytesRead: 0, rowsWritten: 0, bytesWritten: 0, resultRows: 0, ...known };
}
