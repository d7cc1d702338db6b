/** What a replay of some exceptions would send, and what it leaves out and why. Pure. */
import { createHash } from "node:crypto";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import type { Interface, Interfaces } from "@/lib/domain/interface";
import { type ObjectCatalogue, type ObjectRef, objectKey, rankOf } from "@/lib/domain/object";
import type { ReplayItem, SkipReason } from "./job";

/** The interface of dead letters: what is replayed is the intake of their bytes. */
export const INTAKE_INTERFACE = "intake";

export interface Skipped {
  readonly exceptionId: string;
  readonly reason: SkipReason;
}

export interface PlannedItems {
  readonly items: readonly ReplayItem[];
  readonly skipped: readonly Skipped[];
  /** Why a second person must approve; empty when nobody need. */
  readonly approvalReasons: readonly string[];
}

export interface PlanTerms {
  readonly interfaces: Interfaces;
  readonly catalogue: ObjectCatalogue;
  readonly edit: ReplayItem["edit"];
  /** What a business refused is sent again as it is: what it refers to has changed. */
  readonly includeBusiness: boolean;
}

/** `asked` in the order asked; `found` is what of it there is. */
export function planItems(asked: readonly string[], found: readonly ListedException[], terms: PlanTerms): PlannedItems {
  const exceptions = new Map(found.map((exception) => [exception.id, exception]));
  const skipped: Skipped[] = [];
  const going: ListedException[] = [];
  for (const id of new Set(asked)) {
    const exception = exceptions.get(id);
    const reason = exception ? skipReasonOf(exception, terms) : "unknown";
    if (reason !== null) skipped.push({ exceptionId: id, reason });
    else if (exception) going.push(exception);
  }
  const items = inCausalOrder(going, terms.catalogue).flatMap((exception, position) =>
    exception.failedEvent === null ? [] : [itemOf(exception, exception.failedEvent, position, terms.edit)],
  );
  return { items, skipped, approvalReasons: approvalReasonsOf(items, terms.interfaces) };
}

/** Null: it goes. */
export function skipReasonOf(
  exception: ListedException,
  { interfaces, edit, includeBusiness }: Pick<PlanTerms, "interfaces" | "edit" | "includeBusiness">,
): SkipReason | null {
  if (exception.kind === "handoff") return "no-message-of-its-own";
  if (exception.state === "replaying") return "in-another-replay";
  if (exception.state === "ignored") return "ignored";
  if (exception.state === "resolved") return exception.resolution === "person" ? "not-failed" : "already-applied";
  if (exception.failedEvent === null) return "no-message";
  if (exception.kind === "dead_letter") return null;
  if (!interfaces.get(exception.interface)?.channel) return "no-channel";
  return exception.category === "business" && edit === null && !includeBusiness ? "needs-edit" : null;
}

/** As they arose; of one moment, the order before its shipment before its posting. */
function inCausalOrder(exceptions: readonly ListedException[], catalogue: ObjectCatalogue): ListedException[] {
  const rank = ({ subject }: ListedException) => rankOf(catalogue, subject.type) ?? Number.MAX_SAFE_INTEGER;
  return [...exceptions].sort(
    (a, b) => textOrder(a.firstFailedAt, b.firstFailedAt) || rank(a) - rank(b) || textOrder(a.id, b.id),
  );
}

const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function itemOf(
  exception: ListedException,
  failedEvent: ReplayItem["failedEvent"],
  position: number,
  edit: ReplayItem["edit"],
): ReplayItem {
  const { id, roots, subject, messageKey, firstFailedAt } = exception;
  return {
    exceptionId: id,
    position,
    interface: exception.kind === "dead_letter" ? INTAKE_INTERFACE : exception.interface,
    chain: smallest(roots),
    causedAt: firstFailedAt,
    subject,
    roots,
    messageKey,
    failedEvent,
    edit,
  };
}

function smallest(roots: readonly ObjectRef[]): ObjectRef | null {
  const [first] = [...roots].sort((a, b) => textOrder(objectKey(a), objectKey(b)));
  return first ?? null;
}

function approvalReasonsOf(items: readonly ReplayItem[], interfaces: Interfaces): string[] {
  const used = [...new Set(items.map((item) => item.interface))].sort();
  const isUncheckable = (declared: Interface | undefined) => declared?.safety === "unsafe" && declared.finance;
  return used
    .filter((id) => isUncheckable(interfaces.get(id)))
    .map(
      (id) =>
        `${id} posts to finance and cannot be asked what it has: sent twice, it may post twice, and nothing shows it.`,
    );
}

/** The body of a stored message as text: as it was sent, or, where it was kept as JSON, written out without blanks. */
export const bodyText = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body ?? null));

/** SHA-256, hex. Says of which original an edited body was made. */
export const bodyHash = (text: string): string => createHash("sha256").update(text).digest("hex");
