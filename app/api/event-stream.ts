/** Server-sent events (WHATWG HTML, section 9.2): the bytes, the heartbeat, and the end. */

export const HEARTBEAT_MS = 15_000;
/** Then the client connects again: no stream outlives a deployment, a proxy's patience or a forgotten tab by much. */
export const STREAM_MS_MAX = 15 * 60_000;
export const RETRY_MS = 2_000;

export interface StreamMessage {
  readonly event: string;
  readonly id?: string;
  readonly data: object;
}

export interface Stream {
  send(message: StreamMessage): void;
  end(): void;
}

/**
 * Answers with a stream that `start` feeds. `start` returns what to do when the stream is over, whoever ended it: the client by going away, `end`,
 * `keep` answering false at a heartbeat, or time.
 */
export function eventStreamResponse(
  request: Request,
  parts: {
    readonly start: (stream: Stream) => () => void;
    /** Asked at every heartbeat: may this client still listen? */
    readonly keep: () => Promise<boolean>;
  },
): Response {
  const encoder = new TextEncoder();
  let finish: () => void = () => undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let isOver = false;
      let release: () => void = () => undefined;
      const write = (text: string) => {
        if (!isOver) controller.enqueue(encoder.encode(text));
      };
      const heartbeat = setInterval(() => {
        // A client that stopped reading fills the buffer; it is let go, and catches up when it connects again.
        if ((controller.desiredSize ?? 0) < -256) return finish();
        write(": alive\n\n");
        parts.keep().then(
          (mayListen) => mayListen || finish(),
          () => finish(),
        );
      }, HEARTBEAT_MS);
      const limit = setTimeout(() => finish(), STREAM_MS_MAX);
      finish = () => {
        if (isOver) return;
        isOver = true;
        clearInterval(heartbeat);
        clearTimeout(limit);
        request.signal.removeEventListener("abort", finish);
        release();
        try {
          controller.close();
        } catch {
          // The client cancelled first; closed is what we want.
        }
      };
      request.signal.addEventListener("abort", finish, { once: true });
      write(`retry: ${RETRY_MS}\n\n`);
      release = parts.start({ send: (message) => write(textOf(message)), end: () => finish() });
      if (isOver) release();
      else if (request.signal.aborted) finish();
    },
    cancel: () => finish(),
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-store, no-transform",
      // nginx buffers answers unless told not to.
      "x-accel-buffering": "no",
    },
  });
}

// JSON has no raw line ends, so one data line is enough.
const textOf = ({ event, id, data }: StreamMessage): string =>
  `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
