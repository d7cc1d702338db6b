/** The canonical event, as the public contract fixes it: CloudEvents 1.0 with the product's `data`. */

export interface ObjectRef {
  readonly type: string;
  readonly id: string;
  readonly qualifier?: string;
  /** The system that gave the number, where it is not the event's source. */
  readonly issuer?: string;
}

export interface Link {
  readonly child: ObjectRef;
  readonly parent: ObjectRef;
}

/** Decimals are strings; `direction` is seen from the location. */
export interface Line {
  readonly sku: string;
  readonly location?: string;
  readonly quantity: string;
  readonly uom: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly direction?: "in" | "out";
}

export interface Message {
  readonly channel: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly idempotencyKey: string;
}

export interface EventData {
  readonly kind?: "api_call" | "message" | "step" | "posting";
  readonly objects: readonly ObjectRef[];
  readonly links?: readonly Link[];
  readonly outcome?: "ok" | "failed" | "rejected" | "skipped";
  readonly interface?: string;
  readonly error?: { readonly class: "technical" | "business"; readonly code: string; readonly message: string };
  readonly attempt?: number;
  readonly durationMs?: number;
  readonly lines?: readonly Line[];
  readonly amount?: string;
  readonly currency?: string;
  readonly posting?: { readonly companyCode: string; readonly period: string; readonly reverses?: string };
  readonly promisedAt?: string;
  readonly message?: Message;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export interface CanonicalEvent {
  readonly specversion: "1.0";
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** RFC 3339, by the clock of the source. */
  readonly time: string;
  /** When the source wrote it, by the clock of the source. */
  readonly recordedtime: string;
  /** Position in the source's own log, without gaps; only where the source keeps one. */
  sequence?: string;
  readonly dataschema: string;
  readonly data: EventData;
}

/** One delivery of one event. `deliverAt` is in epoch milliseconds of the true clock. */
export interface FeedRecord {
  readonly deliverAt: number;
  readonly event: CanonicalEvent;
}

export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Whole cents as a decimal string: 12005 → "120.05". */
export function money(cents: number): string {
  if (!Number.isSafeInteger(cents)) throw new Error(`money: expected whole cents, got ${cents}`);
  const sign = cents < 0 ? "-" : "";
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
