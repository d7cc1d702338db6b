/** Asks the API for the payload of one event and says in words what came of it. */
import { z } from "zod";
import { eventHref } from "@/components/ui/href";

export type PayloadAnswer =
  | { readonly state: "shown"; readonly whole: string; readonly body: string | null; readonly masked: boolean }
  | { readonly state: "forbidden" }
  | { readonly state: "failed"; readonly reason: string };

const TIMEOUT_MS = 15_000;

const answerSchema = z.object({ payload: z.unknown(), masked: z.boolean().default(false) });
const problemSchema = z.object({ detail: z.string() });
const sentSchema = z.object({ data: z.object({ message: z.object({ body: z.unknown() }) }) });

export async function fetchPayload(source: string, id: string): Promise<PayloadAnswer> {
  try {
    const response = await fetch(eventHref(source, id), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await response.json();
    if (response.status === 403) return { state: "forbidden" };
    if (response.ok) return readAnswer(body);
    const problem = problemSchema.safeParse(body);
    const fallback = `The payload could not be read (${response.status}). Try again.`;
    return { state: "failed", reason: problem.data?.detail ?? fallback };
  } catch {
    return { state: "failed", reason: "The payload could not be read in time. Try again." };
  }
}

/** @param answer the body of `GET /api/v1/events/{source}/{id}`. */
export function readAnswer(answer: unknown): PayloadAnswer {
  const { payload, masked } = answerSchema.parse(answer);
  const event = typeof payload === "string" ? parsed(payload) : payload;
  const sent = sentSchema.safeParse(event).data?.data.message.body;
  return {
    state: "shown",
    whole: textOf(payload),
    body: sent === undefined || sent === null ? null : textOf(sent),
    masked,
  };
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
