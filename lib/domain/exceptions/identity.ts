/**
 * Which exception an event belongs to: a function of the event alone, so that every worker gives the same answer in any order. A message is told by
 * its idempotency key, which all its attempts share; without one, by the object it is about.
 */
import { createHash } from "node:crypto";
import type { CanonicalEvent } from "@/lib/domain/event";
import { type NamedObject, type ObjectCatalogue, type ObjectRef, rankOf } from "@/lib/domain/object";
import type { ExceptionKind } from "./exception";

const HEX_CHARS = 24;

/** `ex_` and 96 bits of SHA-256 over what makes it this one and no other. */
export function exceptionIdOf(kind: ExceptionKind, scope: string, subject: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([kind, scope, subject]))
    .digest("hex");
  return `ex_${hash.slice(0, HEX_CHARS)}`;
}

/**
 * Events that report a failure: whatever failed; what was rejected as a call or a posting, or with an error (goods that inspection turns down are a
 * result, no failure); and a message put aside, whatever outcome its event states.
 */
export const isFailure = ({ type, data }: CanonicalEvent): boolean => {
  if (data.outcome === "failed") return true;
  if (data.outcome === "rejected")
    return data.error !== undefined || data.kind === "api_call" || data.kind === "posting";
  return type === "message.dead_lettered" && data.outcome === "ok";
};

/** The key under which a target knows a message, as the event or a header of its message says; '' without one. */
export function messageKeyOf({ data }: CanonicalEvent): string {
  const stated = data.message?.idempotencyKey?.trim();
  if (stated) return stated;
  const headers = data.message?.headers;
  if (typeof headers !== "object" || headers === null) return "";
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() === "idempotency-key" && typeof value === "string") return value.trim();
  }
  return "";
}

/**
 * The object that an event is about: the one it marks as subject, unless that is a mere trace; else the one of lowest rank; a trace last.
 * Of several that would do, the smallest by type and id, so that the order in which they are named has no say.
 */
export function subjectOf(objects: readonly NamedObject[], catalogue: ObjectCatalogue): ObjectRef | null {
  const business = objects.filter(({ type }) => type !== "trace");
  const marked = business.filter(({ qualifier }) => qualifier === "subject");
  const candidates = marked.length > 0 ? marked : lowest(business, catalogue);
  return smallest(candidates.length > 0 ? candidates : objects.filter(({ type }) => type === "trace"));
}

function lowest(objects: readonly NamedObject[], catalogue: ObjectCatalogue): readonly NamedObject[] {
  const ranked = objects.filter(({ type }) => rankOf(catalogue, type) !== null);
  const rank = Math.max(...ranked.map(({ type }) => rankOf(catalogue, type) ?? 0));
  return ranked.filter(({ type }) => rankOf(catalogue, type) === rank);
}

function smallest(objects: readonly ObjectRef[]): ObjectRef | null {
  const [first] = [...objects].sort((a, b) => (a.type < b.type || (a.type === b.type && a.id < b.id) ? -1 : 1));
  return first ? { type: first.type, id: first.id } : null;
}

/** The exception of a failed event; '' when it did not fail. */
export function exceptionIdOfEvent(
  event: CanonicalEvent,
  objects: readonly NamedObject[],
  catalogue: ObjectCatalogue,
): string {
  if (!isFailure(event)) return "";
  // Without an interface, two systems' failures about one object are two.
  const scope = event.data.interface || `${event.source} ${event.type}`;
  const key = messageKeyOf(event);
  if (key) return exceptionIdOf("delivery", scope, `key ${key}`);
  const subject = subjectOf(objects, catalogue);
  if (subject) return exceptionIdOf("delivery", scope, `${subject.type} ${subject.id}`);
  return exceptionIdOf("delivery", scope, `event ${event.source} ${event.id}`);
}
