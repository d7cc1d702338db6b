/** Addresses inside the product. One place, because a link that is built twice is wrong once. */
import type { ObjectRef } from "@/lib/domain/object";

const segment = (value: string): string => encodeURIComponent(value).replaceAll("'", "%27");

/** The journey of an object. A page whose object is no root leads on to its root, or asks which. */
export const journeyHref = (object: ObjectRef): string =>
  object.type === "order" ? `/orders/${segment(object.id)}` : `/journeys/${segment(object.type)}/${segment(object.id)}`;

export const searchHref = (query: string): string => `/orders?${new URLSearchParams({ q: query })}`;

export const liveHref = (root: ObjectRef): string => `/api/v1/journeys/${segment(root.type)}/${segment(root.id)}/live`;

export const eventHref = (source: string, id: string): string => `/api/v1/events/${segment(source)}/${segment(id)}`;

export interface HandoffName {
  readonly rule: string;
  readonly key: ObjectRef;
}

const handoffPath = ({ rule, key }: HandoffName): string => [rule, key.type, key.id].map(segment).join("/");

/** One handoff in the workbench: both sides, what differs, what was decided. */
export const handoffHref = (handoff: HandoffName): string => `/reconciliation/handoffs/${handoffPath(handoff)}`;

export const handoffApiHref = (handoff: HandoffName): string => `/api/v1/handoffs/${handoffPath(handoff)}`;

/** One exception: what failed, whom it holds up, what was done about it. */
export const exceptionHref = (id: string): string => `/exceptions/${segment(id)}`;

/** The exceptions of one cause. */
export const exceptionGroupHref = (group: string): string => `/exceptions?${new URLSearchParams({ group })}`;

export const exceptionApiHref = (id: string): string => `/api/v1/exceptions/${segment(id)}`;

/** Which exceptions an act or a replay is about: these, or all that match a filter of the queue (its address as parameters). */
export type ExceptionSelection = { readonly exceptionIds: readonly string[] } | { readonly query: string };

/** Where a replay of them is planned: `?exception=…` for each of these, or `?filter=` with the queue's filter as one parameter. */
export function replayPlanHref(selection: ExceptionSelection): string {
  const parameters = new URLSearchParams();
  if ("query" in selection) parameters.set("filter", selection.query);
  else for (const id of selection.exceptionIds) parameters.append("exception", id);
  return `/replays/new?${parameters}`;
}

/** The job of a replay. */
export const replayHref = (jobId: string): string => `/replays/${segment(jobId)}`;

/** An event in its journey: the journey opened at it. `key`: of the event (components/journey/event-label.ts). */
export const journeyEventHref = (root: ObjectRef, key: string): string =>
  `${journeyHref(root)}?${new URLSearchParams({ event: key })}`;

/** The same address with some parameters changed; null or "" takes one away. */
export function withParameters(
  current: URLSearchParams | string,
  changes: Readonly<Record<string, string | null | undefined>>,
): string {
  const parameters = new URLSearchParams(current);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") parameters.delete(name);
    else parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === "" ? "?" : `?${text}`;
}

/**
 * A path segment as a page receives it. Next hands over the encoded form; a bare "%" that somebody typed is kept as it is.
 */
export function decodeSegment(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
