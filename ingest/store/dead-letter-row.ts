/** A dead letter as a row of `dead_letters`. The bytes are kept as they came, whatever they are. */
import { createHash } from "node:crypto";
import type { DeadLetterStep } from "@/ingest/decode/decoded";
import { EVENT_LIMITS } from "@/lib/domain/event";

export type Channel = "http" | "kafka" | "file";

export interface DeadLetter {
  readonly source: string;
  /** RFC 3339 UTC. */
  readonly receivedAt: string;
  readonly channel: Channel;
  /** "topic/partition/offset", "file:line" or the request id. */
  readonly origin: string;
  readonly contentType: string;
  readonly step: DeadLetterStep;
  readonly reason: string;
  readonly path: string;
  readonly raw: Uint8Array;
}

/**
 * SHA-256 of source, place and bytes: the same letter received again is the same row. An HTTP request has no place that
 * survives its retry (its id is new each time), so there source and bytes alone decide.
 */
export function deadLetterId(letter: DeadLetter): string {
  const place = letter.channel === "http" ? "" : letter.origin;
  return createHash("sha256")
    .update(`${letter.source}\u0000${letter.channel}\u0000${place}\u0000`)
    .update(letter.raw)
    .digest("hex");
}

/** A JSONEachRow line as bytes, newline included. */
export function deadLetterLine(letter: DeadLetter): Buffer {
  const head = JSON.stringify({
    dead_letter_id: deadLetterId(letter),
    source: wellFormed(letter.source, EVENT_LIMITS.sourceChars),
    received_at: letter.receivedAt,
    channel: letter.channel,
    origin: wellFormed(letter.origin, 1024),
    content_type: wellFormed(letter.contentType, 256),
    step: letter.step,
    reason: wellFormed(letter.reason, 4096),
    path: wellFormed(letter.path, 1024),
  });
  return Buffer.concat([Buffer.from(`${head.slice(0, -1)},"raw":"`), escapeBytes(letter.raw), Buffer.from('"}\n')]);
}

/** What a stranger claims may be any text; the columns hold UTF-8 of bounded length. */
const wellFormed = (text: string, maxChars: number): string => text.slice(0, maxChars).toWellFormed();

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = "0123456789abcdef";

/**
 * Bytes inside a JSON string. ClickHouse copies bytes above 0x7f as they are, so bytes that are no UTF-8 survive, which
 * a JavaScript string could not hold.
 */
export function escapeBytes(raw: Uint8Array): Buffer {
  let extra = 0;
  for (const byte of raw) extra += byte < 0x20 ? 5 : byte === QUOTE || byte === BACKSLASH ? 1 : 0;
  if (extra === 0) return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const escaped = Buffer.allocUnsafe(raw.length + extra);
  let at = 0;
  for (const byte of raw) {
    if (byte < 0x20) {
      at += escaped.write(`\\u00${byte >> 4}${HEX[byte & 15]}`, at, "latin1");
    } else {
      if (byte === QUOTE || byte === BACKSLASH) escaped[at++] = BACKSLASH;
      escaped[at++] = byte;
    }
  }
  return escaped;
}
