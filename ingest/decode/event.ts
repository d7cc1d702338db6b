/** The end of every decoder: a candidate becomes a canonical event, or a dead letter that names the field. */

import { contentHashOf } from "@/lib/domain/canonical-json";
import { type CanonicalEvent, canonicalEvent, EVENT_LIMITS } from "@/lib/domain/event";
import { OWN_SOURCE } from "@/lib/domain/system";
import type { DeadLetterStep, DecodeContext, Decoded, Undecodable } from "./decoded";
import { type Fault, faultOfIssues } from "./fault";
import { inspectValue } from "./json";

/** Where an item stands in its body, and its bytes. */
export interface Item {
  readonly index: number;
  readonly raw: Uint8Array;
}

/** Checks a candidate whose strings are already known to be storable (parseJson saw to it). */
export function decodeEvent(candidate: unknown, item: Item, context: DecodeContext): Decoded {
  const parsed = canonicalEvent.safeParse(candidate);
  if (!parsed.success) {
    return deadLetter("validate", faultOfIssues(parsed.error.issues, candidate), item, context, candidate);
  }
  const fault = faultOfSource(parsed.data, context);
  if (fault) return deadLetter("validate", fault, item, context, candidate);
  const event = parsed.data;
  return { ok: true, index: item.index, event, payload: JSON.stringify(event), contentHash: contentHashOf(event) };
}

/** Checks a candidate that a decoder put together from text of another format. */
export function decodeBuiltEvent(candidate: unknown, item: Item, context: DecodeContext): Decoded {
  const { fault } = inspectValue(candidate);
  if (fault) return deadLetter("decode", fault, item, context, candidate);
  return decodeEvent(candidate, item, context);
}

export function deadLetter(
  step: DeadLetterStep,
  fault: Fault,
  item: Item,
  context: DecodeContext,
  candidate?: unknown,
): Undecodable {
  const source = context.source ?? claimedSource(candidate);
  return { ok: false, index: item.index, step, reason: fault.reason, path: fault.path, raw: item.raw, source };
}

function claimedSource(candidate: unknown): string {
  if (typeof candidate !== "object" || candidate === null || !Object.hasOwn(candidate, "source")) return "";
  const { source } = candidate as { source: unknown };
  if (typeof source !== "string" || source.length > EVENT_LIMITS.sourceChars) return "";
  return source.isWellFormed() && !source.includes("\u0000") ? source : "";
}

function faultOfSource(event: CanonicalEvent, context: DecodeContext): Fault | null {
  if (context.internal !== true && event.source.trim().toLowerCase() === OWN_SOURCE) {
    const reason = `source: "${OWN_SOURCE}" is reserved for acts done in Throughline itself; send the name of the reporting system`;
    return { path: "source", reason };
  }
  if (context.source !== null && event.source !== context.source) {
    const reason = `source: expected "${context.source}", for which this was sent, got another; send the events of each source with its own token or address`;
    return { path: "source", reason };
  }
  return null;
}
