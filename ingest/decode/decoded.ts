/** What decoding yields: events, and dead letters with their bytes. A stage returns a value; nothing here throws for bad input. */
import type { CanonicalEvent } from "@/lib/domain/event";

/** Where a dead letter fell out. */
export type DeadLetterStep = "parse" | "decode" | "validate" | "correlate" | "store" | "conflict";

/** Something that could not become an event. */
export interface Undecodable {
  readonly ok: false;
  /** Position in the request, the file or the Kafka batch, from 0. */
  readonly index: number;
  readonly step: DeadLetterStep;
  /** What was expected, what came (its shape, never its content), and what to do. */
  readonly reason: string;
  /** The field at fault, "data.objects.0.id"; empty when the whole is. */
  readonly path: string;
  /** The bytes of this item as they came. */
  readonly raw: Uint8Array;
  /** The source the item claims or was sent for; empty when it cannot be told. */
  readonly source: string;
}

export interface DecodedEvent {
  readonly ok: true;
  readonly index: number;
  readonly event: CanonicalEvent;
  /** The canonical event as JSON, as it is stored and shown. */
  readonly payload: string;
  /** SHA-256 (hex) of the canonical JSON with sorted keys: the same content has the same hash. */
  readonly contentHash: string;
}

export type Decoded = DecodedEvent | Undecodable;

/** Why a whole body was refused: it cannot be read (400), holds too many items (413), or has no decoder (415). */
export type UnreadableKind = "syntax" | "too-many" | "unsupported";

/** A body that cannot be read as a whole, as against items in it that fail one by one. */
export interface Unreadable {
  readonly unreadable: { readonly kind: UnreadableKind; readonly reason: string; readonly path: string };
}

export interface DecodeContext {
  /** The source the bytes were sent for (URL, token, topic or --source); null when each event says its own. */
  readonly source: string | null;
  /** Full Content-Type value, or a format name for files ("ocel2", "ndjson", …). */
  readonly contentType: string;
  /**
   * Lower-case header names. CloudEvents binary mode reads `ce-*` (HTTP: percent-encoded values) and `ce_*` (Kafka: UTF-8
   * values as they are).
   */
  readonly headers: Readonly<Record<string, string>>;
  /** True for our own acts (an intake caller with the internal token): they alone may use the source `throughline`. */
  readonly internal?: boolean;
  /** A body with more items than this is refused as a whole. Default: no limit. */
  readonly maxItems?: number;
}

export const isUnreadable = (result: readonly Decoded[] | Unreadable): result is Unreadable => "unreadable" in result;
