import { describe, expect, it } from "vitest";
import { lineStreamResponse } from "@/app/api/line-stream";

const request = (signal?: AbortSignal) => new Request("http://app.test/", signal ? { signal } : {});
const problemOf = (error: unknown) => ({ line: "problem", detail: (error as Error).message });

describe("an answer line by line", () => {
  it("ends when its work is done", async () => {
    const response = lineStreamResponse(
      request(),
      async ({ send }) => {
        for (const n of [1, 2]) send({ n });
      },
      problemOf,
    );
    expect(await response.text()).toBe('{"n":1}\n{"n":2}\n');
  });

  it("says as its last line what went wrong", async () => {
    const failing = async ({ send }: { send(line: object): void }) => {
      send({ n: 1 });
      throw new Error("the store is away");
    };
    const text = await lineStreamResponse(request(), failing, problemOf).text();
    expect(text.trim().split("\n").at(-1)).toBe('{"line":"problem","detail":"the store is away"}');
  });

  it.each(["the reader cancels", "the request is aborted"])("stops its work when %s", async (how) => {
    const aborted = new AbortController();
    let stopped: (() => void) | undefined;
    const whenStopped = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    const response = lineStreamResponse(
      request(aborted.signal),
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            stopped?.();
            reject(signal.reason);
          });
        }),
      problemOf,
    );
    if (how === "the reader cancels") await response.body?.cancel();
    else aborted.abort();
    await whenStopped;
  });
});
