/**
 * The sandbox's ERP, OMS and WMS over HTTP, as real ones answer: they post, can be asked what they have posted, refuse, limit their rate, fail on demand,
 * and report what they did later, by their event feed. Their ledger is the judge of whoever sends to them.
 *
 *   POST <endpoint>                   does it; honours idempotency-key where the endpoint is idempotent
 *   GET  <endpoint>?<lookup>=NUMBER   what it has done for this number: { items: [{ document, subject, idempotencyKey, postedAt }] }
 *   GET  <endpoint>?idempotencyKey=K  the same by key
 *   PUT  /faults  [fault, …]          sets what goes wrong (fault.ts); [] clears;  GET shows it
 *   GET  /ledger?entry=posting&…      the judge's book, filtered by any of its fields
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import type { CanonicalEvent } from "../event";
import { DeliveryBook } from "./delivery-book";
import { EffectReporter, type Report } from "./effect-reporter";
import type { EndpointMode } from "./endpoint";
import { ERP_ENDPOINTS } from "./erp";
import { type Fault, Faults } from "./fault";
import { Ledger, type LedgerEntry, type LedgerFilter, type Posting } from "./ledger";
import { OMS_ENDPOINTS } from "./oms";
import { RateLimit } from "./rate-limit";
import { type Answer, parseJson, TargetEndpoint } from "./target-endpoint";
import { WMS_ENDPOINTS } from "./wms";

const BODY_BYTES_MAX = 5_000_000;

export interface TargetsOptions {
  /** 0, the default: one that the system gives. */
  readonly port?: number;
  /** Where the ledger is kept, so that it outlives the process. */
  readonly ledgerFile?: string;
  /** By path, where it is not the endpoint's own: goods issues verifiable, all others idempotent. */
  readonly modes?: Readonly<Record<string, EndpointMode>>;
  /** Requests a second that each endpoint takes; more are answered 429. */
  readonly perSecond?: number;
  /** Gets each effect until it says that it has taken it; without it nothing is reported. */
  readonly report?: Report;
  /** How long after a posting it is reported. */
  readonly reportDelayMs?: number;
  readonly reportRetryMs?: number;
}

export interface Targets {
  readonly url: string;
  /** Everything in order, or what fits. */
  ledger(filter?: LedgerFilter): readonly LedgerEntry[];
  postings(): readonly Posting[];
  setFaults(faults: readonly Fault[]): void;
  /** Of the sandbox's feed: what has left and what is posted otherwise. */
  learn(events: Iterable<CanonicalEvent>): void;
  close(): Promise<void>;
}

export async function startTargets(options: TargetsOptions = {}): Promise<Targets> {
  const ledger = new Ledger(options.ledgerFile);
  const faults = new Faults();
  const book = new DeliveryBook();
  const reporter =
    options.report &&
    new EffectReporter(ledger, options.report, options.reportDelayMs ?? 500, options.reportRetryMs ?? 250);
  const endpoints = new Map(
    [...ERP_ENDPOINTS, ...OMS_ENDPOINTS, ...WMS_ENDPOINTS].map((endpoint) => [
      endpoint.path,
      new TargetEndpoint({
        endpoint,
        mode: options.modes?.[endpoint.path] ?? endpoint.mode,
        ledger,
        faults,
        book,
        limit: options.perSecond === undefined ? null : new RateLimit(options.perSecond, performance.now()),
        onPosting: () => reporter?.wake(),
      }),
    ]),
  );

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? "/", "http://targets");
    const query = Object.fromEntries(url.searchParams);
    const { method } = request;
    if (method === "GET" && url.pathname === "/ledger") return { status: 200, body: { items: ledger.find(query) } };
    if (method === "GET" && url.pathname === "/faults") return { status: 200, body: faults.inForce };
    if (method === "PUT" && url.pathname === "/faults") return setFaults(await bodyOf(request));
    const endpoint = endpoints.get(url.pathname);
    if (endpoint === undefined) return { status: 404, body: { message: `Nothing is at ${url.pathname}` } };
    if (method === "GET") return endpoint.lookUp(query);
    if (method !== "POST") return { status: 405, body: { message: "POST, or GET to look up" } };
    const key = request.headers["idempotency-key"];
    const body = await bodyOf(request);
    return body === null
      ? { status: 413, body: { message: `At most ${BODY_BYTES_MAX} bytes` } }
      : endpoint.take(typeof key === "string" ? key.trim() : "", body);
  }

  function setFaults(body: string | null): Answer {
    const parsed = parseJson(body ?? "");
    try {
      faults.set(parsed as readonly Fault[]);
      return { status: 200, body: faults.inForce };
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      return { status: 400, body: { message: z.prettifyError(error) } };
    }
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (given) => write(given, request, response),
      (error: unknown) => {
        // The client went away while it was sending: nobody is left to answer.
        if (request.destroyed && !request.complete) return;
        write({ status: 500, body: { message: String(error) } }, request, response);
      },
    );
  });
  await new Promise<void>((done, refuse) => {
    server.once("error", refuse);
    server.listen(options.port ?? 0, "127.0.0.1", done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ledger: (filter) => (filter === undefined ? ledger.entries : ledger.find(filter)),
    postings: () => ledger.postings,
    setFaults: (list) => faults.set(list),
    learn: (events) => book.learn(events),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await reporter?.close();
    },
  };
}

function write(answer: Answer, request: IncomingMessage, response: ServerResponse): void {
  if (answer === "reset") {
    request.socket.resetAndDestroy();
    return;
  }
  // The connection stays open until the client, or our end, closes it.
  if (answer === "silence") return;
  const headers = { "content-type": "application/json", ...answer.headers };
  response.writeHead(answer.status, headers).end(JSON.stringify(answer.body));
}

/** Null when it is too large. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
