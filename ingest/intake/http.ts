/**
 * The HTTP intake (docs/operations.md, "Sending events"): who sends, may they, their bytes, the pipeline, the answer. Every answer that is not a
 * success is a problem document, also where the framework or the parser of HTTP itself says no.
 */
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type HTTPMethods } from "fastify";
import type { Logger } from "pino";
import type { DecodeContext, Decoded, Unreadable } from "@/ingest/decode/decoded";
import { type AccessRules, authorise, type Sender } from "@/ingest/intake/access";
import { BODY_BYTES_MAX, BodyBudget, readBody } from "@/ingest/intake/body";
import { PROBLEM_CONTENT_TYPE, type Problem, ProblemError, problemBody, problemHeaders } from "@/ingest/intake/problem";
import { type RateLimit, RateLimiter } from "@/ingest/intake/rate-limit";
import type { Answer, Pipeline, Stored } from "@/ingest/pipeline";

export const EVENTS_PER_REQUEST_MAX = 10_000;
/** A request that has not arrived whole by then is cut off: a slow sender must not hold a connection for ever. */
const REQUEST_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const CONNECTIONS_MAX = 2_000;

export interface HttpIntakeParts {
  readonly pipeline: Pipeline;
  readonly access: AccessRules;
  /** Decodes the body of POST /v1/sources/{source}. */
  readonly decodeSource: (body: Buffer, context: DecodeContext) => Decoded[] | Unreadable;
  /** POST /v1/traces; the spans' decoder and the answer in the request's own encoding. */
  readonly traces: TraceFormat;
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: () => Promise<{ contentType: string; body: string }>;
  readonly onResponse: (route: string, status: number, seconds: number) => void;
  readonly logger: Logger;
  readonly nowMs: () => number;
  readonly rateLimit: RateLimit;
  readonly budget?: BodyBudget;
}

export interface TraceFormat {
  decode(body: Buffer, context: DecodeContext): Decoded[] | Unreadable;
  answer(stored: Stored, contentType: string): { contentType: string; body: string | Buffer };
}

export interface Readiness {
  readonly ready: boolean;
  /** What is missing, by name; empty when ready. */
  readonly waitingFor: readonly string[];
}

type Read = (body: Buffer, context: DecodeContext) => Decoded[] | Unreadable;
type Send = (reply: FastifyReply, stored: Stored) => FastifyReply;

export function createHttpIntake(parts: HttpIntakeParts): FastifyInstance {
  const app = fastify({
    logger: false,
    genReqId: () => randomUUID(),
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // While it stops, requests that were already sent on open connections are still served; the answer closes the connection.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error, _request, reply) => void sendProblem(reply as FastifyReply, frameworkProblem(error)),
    clientErrorHandler: answerBrokenHttp,
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  // Bytes are read by us (body.ts), whatever their type.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof ProblemError) return sendProblem(reply, error.problem);
    if (isClientFault(error)) return sendProblem(reply, frameworkProblem(error));
    parts.logger.error(
      { err: error, requestId: request.id, route: request.routeOptions.url },
      "A request failed inside.",
    );
    return sendProblem(reply, {
      status: 500,
      detail: `Something broke here, not in your request; send it again. Request ${request.id}.`,
    });
  });
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, {
      status: 404,
      detail: "Nothing is here; events go to POST /v1/events, /v1/sources/{source} or /v1/traces.",
    }),
  );
  app.addHook("onResponse", async (request, reply) => {
    parts.onResponse(request.routeOptions.url ?? "(unknown)", reply.statusCode, reply.elapsedTime / 1000);
  });
  closeConnectionsWhenStopping(app);
  addIntakeRoutes(app, parts);
  addOperationRoutes(app, parts);
  return app;
}

/** A connection that is kept alive would hold the stop for as long as its sender likes. */
function closeConnectionsWhenStopping(app: FastifyInstance): void {
  let stopping = false;
  app.addHook("preClose", async () => {
    stopping = true;
  });
  app.addHook("onSend", async (_request, reply) => {
    if (stopping) reply.header("connection", "close");
  });
}

function addIntakeRoutes(app: FastifyInstance, parts: HttpIntakeParts): void {
  const limiter = new RateLimiter(parts.rateLimit, parts.nowMs);
  const budget = parts.budget ?? new BodyBudget();
  const senders = new WeakMap<FastifyRequest, Sender>();

  // Before a byte of the body is read.
  const admit = async (request: FastifyRequest): Promise<void> => {
    const sender = await authorise(request.headers.authorization, parts.access);
    const waitSeconds = limiter.take(sender.tokenId);
    if (waitSeconds > 0) {
      throw new ProblemError({
        status: 429,
        detail: "This token sends too many requests; put more events into each.",
        retryAfterSeconds: waitSeconds,
      });
    }
    senders.set(request, sender);
  };

  const takeIn = async (
    request: FastifyRequest,
    reply: FastifyReply,
    source: string | null,
    decode: Read | null,
    send: Send,
  ) => {
    const sender = senders.get(request);
    if (!sender) throw new Error("A request came past authorisation.");
    if (sender.source !== null && source !== null && sender.source !== source) {
      throw new ProblemError({ status: 403, detail: `This token may report for the source ${sender.source} only.` });
    }
    const lease = budget.lease();
    try {
      const body = await readBody(request.raw, lease, BODY_BYTES_MAX);
      const context: DecodeContext = {
        source: source ?? sender.source,
        contentType: request.headers["content-type"] ?? "",
        headers: textHeaders(request),
        internal: sender.internal,
        maxItems: EVENTS_PER_REQUEST_MAX,
      };
      const delivery = { body, context, channel: "http", origin: () => request.id, keepUnreadable: false } as const;
      const answers = await parts.pipeline.take([decode ? { ...delivery, decode } : delivery]);
      if ("unavailable" in answers) {
        const { detail, retryAfterSeconds } = answers;
        throw new ProblemError({ status: 503, detail, retryAfterSeconds });
      }
      return send(reply, storedOf(answers[0]));
    } finally {
      lease.release();
    }
  };

  addRoute(app, "POST", "/v1/events", admit, (request, reply) => takeIn(request, reply, null, null, sendStored));
  addRoute(app, "POST", "/v1/sources/:source", admit, (request, reply) => {
    const { source } = request.params as { source: string };
    return takeIn(request, reply, source, parts.decodeSource, sendStored);
  });
  addRoute(app, "POST", "/v1/traces", admit, (request, reply) =>
    takeIn(request, reply, null, parts.traces.decode, (to, stored) => {
      const { contentType, body } = parts.traces.answer(stored, request.headers["content-type"] ?? "");
      return to.code(200).header("content-type", contentType).send(body);
    }),
  );
}

function addOperationRoutes(app: FastifyInstance, parts: HttpIntakeParts): void {
  const open = async (): Promise<void> => {};
  addRoute(app, "GET", "/healthz", open, async (_request, reply) => reply.send({ status: "ok" }));
  addRoute(app, "GET", "/readyz", open, async (_request, reply) => {
    const readiness = await parts.readiness();
    if (readiness.ready) return reply.send({ status: "ready" });
    return sendProblem(reply, {
      status: 503,
      detail: `Not ready: waiting for ${readiness.waitingFor.join(", ")}.`,
      retryAfterSeconds: 1,
    });
  });
  addRoute(app, "GET", "/metrics", open, async (_request, reply) => {
    const { contentType, body } = await parts.metrics();
    return reply.header("content-type", contentType).send(body);
  });
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** One method at one address; every other method there is 405. */
function addRoute(
  app: FastifyInstance,
  method: HTTPMethods,
  url: string,
  onRequest: (request: FastifyRequest) => Promise<void>,
  handler: Handler,
): void {
  app.route({ method, url, onRequest, handler });
  const others = app.supportedMethods.filter((other) => other !== method) as HTTPMethods[];
  app.route({
    method: others,
    url,
    handler: (request, reply) =>
      sendProblem(reply, {
        status: 405,
        detail: `${url} takes ${method}, not ${request.method}.`,
        headers: { allow: method },
      }),
  });
}

const sendStored: Send = (reply, { accepted, duplicate, deadLettered }) =>
  reply.code(202).send({ accepted, duplicate, deadLettered });

function storedOf(answer: Answer | undefined): Stored {
  if (!answer) throw new Error("The pipeline gave no answer.");
  if (!("unreadable" in answer)) return answer;
  const { kind, reason, path } = answer.unreadable;
  const status = { syntax: 400, "too-many": 413, unsupported: 415 }[kind];
  throw new ProblemError({ status, detail: reason, errors: [{ path, message: reason }] });
}

function textHeaders(request: FastifyRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === "string") headers[name] = value;
  }
  return headers;
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problemHeaders(problem))
    .header("content-type", PROBLEM_CONTENT_TYPE)
    .send(JSON.stringify(problemBody(problem)));
}

interface ClientFault extends Error {
  readonly statusCode: number;
}

const isClientFault = (error: unknown): error is ClientFault =>
  error instanceof Error && "statusCode" in error && typeof error.statusCode === "number" && error.statusCode < 500;

// The framework's own messages quote what was sent; ours does not.
const FRAMEWORK_DETAILS: Readonly<Record<number, string>> = {
  400: "The request cannot be read; check its address and headers.",
  413: `body: expected at most ${BODY_BYTES_MAX} bytes, got more; send it in several requests.`,
  414: "The address is too long; a source has at most 128 characters.",
  415: "Content-Type: expected a media type like application/cloudevents+json, got something else.",
};

function frameworkProblem(error: Error & { statusCode?: number | undefined }): Problem {
  const status = error.statusCode ?? 400;
  return { status, detail: FRAMEWORK_DETAILS[status] ?? "The request cannot be taken." };
}

/** Bytes that are no HTTP, headers past Node's 16 KiB, a request that took too long: there is no reply object yet. */
function answerBrokenHttp(error: NodeJS.ErrnoException, socket: Socket & { _httpMessage?: ServerResponse }): void {
  if (error.code === "ECONNRESET" || !socket.writable || socket._httpMessage?.headersSent) {
    socket.destroy();
    return;
  }
  const status = error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : error.code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
  const body = JSON.stringify(problemBody({ status, detail: "The request cannot be read as HTTP, or took too long." }));
  socket.end(
    `HTTP/1.1 ${status} Error\r\nContent-Type: ${PROBLEM_CONTENT_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
