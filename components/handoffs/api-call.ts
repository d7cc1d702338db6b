/** Calls to our own API from a page: every answer as a value, every refusal in words that say what to do. */

const TIMEOUT_MS = 60_000;

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly status: number; readonly problem: string };

export const getJson = <Value>(href: string): Promise<Answer<Value>> => call<Value>(href, { method: "GET" });

export const postJson = <Value>(href: string, body: object): Promise<Answer<Value>> =>
  call<Value>(href, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

export const postFile = <Value>(href: string, file: Blob, mediaType: string): Promise<Answer<Value>> =>
  call<Value>(href, { method: "POST", headers: { "content-type": mediaType }, body: file });

async function call<Value>(href: string, init: RequestInit): Promise<Answer<Value>> {
  try {
    const response = await fetch(href, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.ok) return { ok: true, value: (await response.json()) as Value };
    const { detail } = (await response.json().catch(() => ({}))) as { detail?: string };
    return {
      ok: false,
      status: response.status,
      problem: detail ?? `It was not done (${response.status}). Try again.`,
    };
  } catch {
    return { ok: false, status: 0, problem: "No answer in time. Look whether it was done before you try again." };
  }
}
