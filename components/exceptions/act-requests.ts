/** What the queue asks the API to do about exceptions. */
import { type Answer, getJson, postJson } from "@/components/handoffs/api-call";
import { filterBody } from "@/components/handoffs/filter-address";
import { type ExceptionSelection, exceptionApiHref } from "@/components/ui/href";
import type { StoredExceptionAct } from "@/lib/domain/exceptions/act";
import type { ListedException } from "@/lib/domain/exceptions/exception";

/** As the API takes it (app/api/v1/exception-schemas.ts). */
export type AskedAct =
  | { readonly action: "acknowledge" | "unassign" | "resolve" | "reopen"; readonly reason: string }
  | { readonly action: "assign"; readonly assignee: string; readonly reason: string }
  | { readonly action: "due"; readonly dueAt: string | null; readonly reason: string }
  | { readonly action: "comment"; readonly comment: string }
  | { readonly action: "tag"; readonly tags: readonly string[]; readonly untag: readonly string[] }
  | { readonly action: "ignore"; readonly reason: string; readonly until?: string };

export interface StoredAct {
  readonly events: readonly { readonly source: string; readonly id: string }[];
  readonly exceptions: number;
  readonly matching: number;
  /** What others did since this person looked. */
  readonly meanwhile: readonly StoredExceptionAct[];
}

/** What somebody is about to act on: these, or with `matching` all that match a filter as it was when they chose. */
export interface ActTarget {
  readonly exceptions: readonly ListedException[];
  readonly matching: { readonly query: string; readonly total: number } | null;
}

export const selectionOf = ({ exceptions, matching }: ActTarget): ExceptionSelection =>
  matching ? { query: matching.query } : { exceptionIds: exceptions.map(({ id }) => id) };

export const countOf = ({ exceptions, matching }: ActTarget): number => matching?.total ?? exceptions.length;

export function actOn(target: ActTarget, act: AskedAct): Promise<Answer<StoredAct>> {
  const [only, second] = target.exceptions;
  if (target.matching === null && only && !second)
    return postJson(`${exceptionApiHref(only.id)}/actions`, { ...act, acts: only.acts });
  const selection = selectionOf(target);
  const which = "query" in selection ? { filter: filterBody(new URLSearchParams(selection.query)) } : { ...selection };
  return postJson("/api/v1/exceptions/actions", { ...which, act });
}

const LOOK_EVERY_MS = 300;
const LOOKS_MAX = 40;

interface Looked {
  readonly exception: ListedException;
  readonly acts: readonly StoredExceptionAct[];
}

/** Waits until the projection has taken in all that stands in the trail. @returns false when it takes too long */
export async function untilTakenIn(id: string, eventIds: readonly string[]): Promise<boolean> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const now = await getJson<Looked>(exceptionApiHref(id));
    if (now.ok) {
      const { exception, acts } = now.value;
      const stands = acts.some((act) => eventIds.includes(act.id));
      if (stands && exception.acts >= acts.length) return true;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return false;
}
