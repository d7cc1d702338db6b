/** One thing that a target can be asked to do over HTTP: how its request is read, and what becomes of it. */
import type { CanonicalEvent, EventData } from "../event";
import type { DeliveryBook } from "./delivery-book";
import type { RejectionReason } from "./fault";

export const ENDPOINT_MODES = [
  /** Takes a message with a known idempotency key once. */
  "idempotent",
  /** Takes it as often as it comes, and can be asked what it has. */
  "verifiable",
  /** Takes it as often as it comes, and cannot be asked. */
  "unsafe",
] as const;
export type EndpointMode = (typeof ENDPOINT_MODES)[number];

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** A request that can be done. */
export interface Request {
  /** The number of the object that it is about. */
  readonly subject: string;
  /** The event by which the target tells of it; without id and times. */
  effect(document: string): { readonly source: string; readonly type: string; readonly data: EventData };
  /** As this target words it. */
  refusal(reason: RejectionReason): Refusal;
}

export interface Endpoint {
  /** Its path too. */
  readonly path: string;
  readonly mode: EndpointMode;
  /** What a request is about, by the query parameter of a look-up. */
  readonly lookup: string;
  readonly okStatus: number;
  /** `count` from 1: the number of a new document. */
  documentNumber(count: number): string;
  read(body: unknown, book: DeliveryBook): Request | Refusal;
}

export function effectEvent(request: Request, document: string, at: string): CanonicalEvent {
  const { source, type, data } = request.effect(document);
  return {
    specversion: "1.0",
    // From the document, so that a report made twice is one event.
    id: `${source}-${document}`,
    source,
    type,
    time: at,
    recordedtime: at,
    dataschema: `https://schemas.example.com/${type}/1`,
    data,
  };
}

export const isRefusal = (read: Request | Refusal): read is Refusal => "status" in read;

export const malformed = (message: string): Refusal => ({ status: 400, code: "BAD_REQUEST", message });
