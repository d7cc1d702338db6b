/** A back-test as the page runs it: lines of the API's answer, as they come. */
import type { BackTestProgress, BackTestResult } from "@/lib/domain/handoffs/back-test";
import { rulesApi } from "./rule-view";

export interface BackTestQuestion {
  readonly definition: string;
  /** RFC 3339; absent: all of history. */
  readonly from?: string;
  readonly to?: string;
}

type Line =
  | ({ readonly line: "progress" } & BackTestProgress)
  | { readonly line: "result"; readonly result: BackTestResult }
  | { readonly line: "problem"; readonly detail: string };

export type BackTestOutcome =
  | { readonly state: "done"; readonly result: BackTestResult }
  | { readonly state: "failed"; readonly problem: string }
  | { readonly state: "cancelled" };

const BROKEN_OFF = "The answer broke off. Try the back-test again.";

export async function runBackTest(
  question: BackTestQuestion,
  signal: AbortSignal,
  onProgress: (progress: BackTestProgress) => void,
): Promise<BackTestOutcome> {
  try {
    const response = await fetch(`${rulesApi}/back-test`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question),
      signal,
    });
    if (!response.ok || !response.body) {
      const { detail } = (await response.json().catch(() => ({}))) as { detail?: string };
      return { state: "failed", problem: detail ?? `The back-test did not begin (${response.status}).` };
    }
    for await (const line of linesOf(response.body)) {
      if (line.line === "progress") onProgress(line);
      else if (line.line === "result") return { state: "done", result: line.result };
      else return { state: "failed", problem: line.detail };
    }
    return { state: "failed", problem: BROKEN_OFF };
  } catch {
    return signal.aborted ? { state: "cancelled" } : { state: "failed", problem: BROKEN_OFF };
  }
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Line> {
  // Safari has no async iteration over streams.
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const parts = (rest + (value ?? "")).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) if (part !== "") yield JSON.parse(part) as Line;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
