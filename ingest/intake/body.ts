/** Reads a request's bytes: bounded in size, also after inflating, and in what all requests together may hold. */
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { ProblemError } from "@/ingest/intake/problem";

export const BODY_BYTES_MAX = 16 * 1024 * 1024;
/** All bodies in flight together; at 16 MiB each, eight of the largest. Past it a request is told to come again. */
export const BODIES_BYTES_MAX = 128 * 1024 * 1024;
// A sender that is still sending does not read our answer: so much more, and so long, is read and dropped before we answer 413.
const DISCARD_BYTES_MAX = 64 * 1024 * 1024;
const DISCARD_MS_MAX = 10_000;

/** Counts the bytes that requests hold. */
export class BodyBudget {
  private held = 0;
  constructor(private readonly bytesMax: number = BODIES_BYTES_MAX) {}

  get heldBytes(): number {
    return this.held;
  }

  /** A part of the budget that grows as a body is read and is given back whole. */
  lease(): { grow(bytes: number): boolean; release(): void } {
    let leased = 0;
    return {
      grow: (bytes) => {
        if (this.held + bytes > this.bytesMax) return false;
        this.held += bytes;
        leased += bytes;
        return true;
      },
      release: () => {
        this.held -= leased;
        leased = 0;
      },
    };
  }
}

export type BodyLease = ReturnType<BodyBudget["lease"]>;

/**
 * The body, inflated when it is gzip. The lease holds its bytes until the caller releases it.
 * @throws ProblemError 413, 415 (encoding), 400 (broken gzip, cut off) or 503 (budget).
 */
export async function readBody(request: IncomingMessage, lease: BodyLease, bytesMax = BODY_BYTES_MAX): Promise<Buffer> {
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding !== "identity" && encoding !== "gzip" && encoding !== "x-gzip") {
    await discard(request);
    throw new ProblemError({
      status: 415,
      detail: "Content-Encoding: expected gzip or none, got another encoding; send gzip or plain bytes.",
      headers: { "accept-encoding": "gzip" },
    });
  }
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) {
    await discard(request);
    throw tooLarge(bytesMax);
  }
  try {
    return encoding === "identity" ? await collect(request, lease, bytesMax) : await inflate(request, lease, bytesMax);
  } catch (error) {
    if (error instanceof ProblemError) await discard(request);
    throw error;
  }
}

async function collect(stream: Readable, lease: BodyLease, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Not `for await` on the request itself: leaving that loop destroys the socket, and with it our answer.
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bytesMax) throw tooLarge(bytesMax);
    if (!lease.grow(chunk.length)) throw overBudget();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

async function inflate(request: IncomingMessage, lease: BodyLease, bytesMax: number): Promise<Buffer> {
  const gunzip = createGunzip();
  // A sender that goes away ends the inflating too.
  const abandon = (error: Error) => gunzip.destroy(error);
  request.on("error", abandon);
  request.on("aborted", () => abandon(new Error("The sender went away.")));
  request.pipe(gunzip);
  try {
    return await collect(gunzip, lease, bytesMax);
  } catch (error) {
    request.unpipe(gunzip);
    if (error instanceof ProblemError) throw error;
    throw new ProblemError({
      status: 400,
      detail:
        "body: expected gzip as Content-Encoding says, got bytes that cannot be inflated; compress the whole body.",
    });
  } finally {
    gunzip.destroy();
  }
}

/** Reads on without keeping anything, so that the sender gets to our answer. */
async function discard(request: IncomingMessage): Promise<void> {
  let dropped = 0;
  const drained = new Promise<void>((resolve) => {
    request.on("data", (chunk: Buffer) => {
      dropped += chunk.length;
      if (dropped > DISCARD_BYTES_MAX) resolve();
    });
    request.once("end", resolve);
    request.once("close", resolve);
    if (request.readableEnded || request.destroyed) resolve();
  });
  request.resume();
  const timer = new AbortController();
  await Promise.race([drained, delay(DISCARD_MS_MAX, undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}

const tooLarge = (bytesMax: number): ProblemError =>
  new ProblemError({
    status: 413,
    detail: `body: expected at most ${bytesMax} bytes (after inflating), got more; send it in several requests.`,
    headers: { connection: "close" },
  });

const overBudget = (): ProblemError =>
  new ProblemError({
    status: 503,
    detail: "Too many large requests at once; send again later.",
    retryAfterSeconds: 1,
    headers: { connection: "close" },
  });
