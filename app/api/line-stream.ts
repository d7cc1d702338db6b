/** An answer that comes line by line, each a JSON object (application/x-ndjson): for work that takes minutes. */

export interface LineStream {
  send(line: object): void;
  /** Aborted when the client has gone away. */
  readonly signal: AbortSignal;
}

/** `work` ends the answer by returning; when it throws although the client is there, `problemOf` says what the last line is. */
export function lineStreamResponse(
  request: Request,
  work: (stream: LineStream) => Promise<void>,
  problemOf: (error: unknown) => object,
): Response {
  const encoder = new TextEncoder();
  const gone = new AbortController();
  const leave = () => gone.abort(new Error("the client went away"));
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (request.signal.aborted) leave();
      request.signal.addEventListener("abort", leave, { once: true });
      const send = (line: object) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      };
      work({ send, signal: gone.signal })
        .catch((error: unknown) => {
          if (!gone.signal.aborted) send(problemOf(error));
        })
        .finally(() => {
          request.signal.removeEventListener("abort", leave);
          if (!gone.signal.aborted) controller.close();
        });
    },
    cancel: leave,
  });
  return new Response(body, {
    headers: {
      "content-type": "application/x-ndjson; charset=utf-8",
      // Compressed, lines would wait for each other.
      "cache-control": "no-cache, no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
