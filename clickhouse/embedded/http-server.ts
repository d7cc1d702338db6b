import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { quoteString } from "../../lib/clickhouse/sql-text";
import { refusal, toException } from "./exception";
import { type Connection, loadNativeEngine, type NativeEngine } from "./native";
import { readRequest } from "./request";
import { readBody } from "./request-body";
import { Response, type ServerFacts } from "./response";
import { type RunningJob, SessionPool } from "./session-pool";

export interface EmbeddedOptions {
  dataDir: string;
  /** 0 lets the operating system choose. */
  port: number;
  /** Queries that run at once. */
  sessionsMax: number;
  /** Queries that wait for a session; one more is refused with code 202. */
  queueMax: number;
}

export interface EngineServer {
  port: number;
  version: string;
  /** Stops accepting, lets running queries finish for `graceMs`, kills the rest, closes the folder. */
  stop(graceMs: number): Promise<void>;
}

/** ClickHouse's http_max_uri_size; query parameters travel in the URL. */
const HEAD_BYTES_MAX = 1024 * 1024;
/** A kill misses a query that has not begun yet, so it is repeated until the query is gone. */
const KILL_INTERVAL_MS = 200;

/** Opens the folder and serves it on 127.0.0.1. Throws what the engine says when the folder cannot be opened. */
export async function serve(options: EmbeddedOptions): Promise<EngineServer> {
  const engine = loadNativeEngine();
  // Kept for the life of the process: the engine is up as long as one connection is open. Also kills queries.
  const control = engine.CreateConnection(options.dataDir);
  const facts = await readFacts(engine, control);
  const pool = new SessionPool(options);
  pool.warm();
  const kill = (tag: string) => killQuery(engine, control, tag);
  const server = createServer({ maxHeaderSize: HEAD_BYTES_MAX, keepAliveTimeout: 10_000 }, (message, response) => {
    handle({ pool, facts, kill, address: () => server.address() as AddressInfo }, message, response).catch(
      (error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      },
    );
  });
  server.requestTimeout = 0; // a slow upload of a large batch is no error on loopback
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return { port, version: facts.version, stop: (graceMs) => stop({ server, pool, engine, control }, graceMs) };
}

async function readFacts(engine: NativeEngine, control: Connection): Promise<ServerFacts> {
  const result = await engine.QueryAsyncConnection(control, "SELECT version(), timezone()", "TSV");
  const [version = "", timezone = "UTC"] = Buffer.from(result.bytes).toString().trim().split("\t");
  return { version, timezone };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

interface Serving {
  pool: SessionPool;
  facts: ServerFacts;
  kill(tag: string): Promise<void>;
  address(): AddressInfo;
}

async function handle(serving: Serving, message: IncomingMessage, http: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? "/", "http://127.0.0.1");
  if (isFromWebPage(message, serving.address().port)) {
    message.resume();
    http.writeHead(403).end("The embedded ClickHouse serves programs on this machine, not web pages.\n");
    return;
  }
  if (message.method === "GET" && ["/ping", "/replicas_status"].includes(url.pathname)) return void http.end("Ok.\n");
  if (message.method === "GET" && url.pathname === "/" && !url.searchParams.has("query")) return void http.end("Ok.\n");
  let response = new Response(http, serving.facts, { queryId: "", format: "TabSeparated" });
  try {
    if (url.pathname !== "/" || !["GET", "POST"].includes(message.method ?? "")) {
      throw refusal(
        36,
        "BAD_ARGUMENTS",
        `There is no ${message.method} ${url.pathname} here; POST a query to /, or GET /ping`,
      );
    }
    const body = await readBody(message);
    const request = readRequest({ method: message.method ?? "", url, headers: message.headers, body });
    response = new Response(http, serving.facts, { ...request, format: request.job.format });
    const running = serving.pool.submit(request.job, response);
    http.once("close", () => void abandon(serving, running, request.isReadOnly, request.tag));
    await response.finish(await running.finished);
  } catch (error) {
    message.resume();
    if (!http.destroyed) await response.fail(toException(error, serving.facts.version));
  }
}

/**
 * Keeps web pages out: a page in the user's browser can send requests to loopback, and the default user has no password. Browsers
 * name the page's origin on such requests; a page that rebinds its host name to 127.0.0.1 gives itself away by Host.
 */
function isFromWebPage(message: IncomingMessage, port: number): boolean {
  if (message.headers.origin !== undefined || message.headers["sec-fetch-site"] !== undefined) return true;
  return !["127.0.0.1", "localhost", "[::1]"].some((name) =>
    [name, `${name}:${port}`].includes(message.headers.host ?? ""),
  );
}

/** The client has gone. What only reads is stopped; an insert or a change that has begun completes, as on a server. */
async function abandon(serving: Serving, running: RunningJob, isReadOnly: boolean, tag: string): Promise<void> {
  if (!isReadOnly && running.isRunning()) return;
  running.cancel();
  while (running.isRunning()) {
    await serving.kill(tag);
    await delay(KILL_INTERVAL_MS, undefined, { ref: false });
  }
}

async function killQuery(engine: NativeEngine, control: Connection, tag: string): Promise<void> {
  const sql = `KILL QUERY WHERE Settings['log_comment'] = ${quoteString(tag)} ASYNC`;
  await engine.QueryAsyncConnection(control, sql, "Null").catch(() => undefined); // it may have ended meanwhile: nothing to kill then
}

interface Running {
  server: Server;
  pool: SessionPool;
  engine: NativeEngine;
  control: Connection;
}

async function stop({ server, pool, engine, control }: Running, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const isDrained = () => pool.runningCount === 0 && pool.waitingCount === 0;
  const deadline = Date.now() + graceMs;
  while (!isDrained() && Date.now() < deadline) await delay(20);
  if (!isDrained()) {
    const sql = "KILL QUERY WHERE Settings['log_comment'] LIKE '%request:%' SYNC";
    await engine.QueryAsyncConnection(control, sql, "Null").catch(() => undefined);
  }
  server.closeAllConnections();
  await closed;
  const killDeadline = Date.now() + 1_000;
  while (!isDrained() && Date.now() < killDeadline) await delay(20);
  // A connection must not be closed under a running operation; the process ends anyway, and what was acknowledged is on disk.
  if (!isDrained()) return;
  await pool.close();
  engine.CloseConnection(control);
}
