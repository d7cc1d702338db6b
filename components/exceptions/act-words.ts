/** What acts on exceptions are called, and when they make sense. Pure. */
import { plural } from "@/components/ui/number-format";
import type { StoredExceptionAct } from "@/lib/domain/exceptions/act";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import type { AskedAct } from "./act-requests";
import { ACT_LABELS, stateAt, tabOf } from "./exception-words";

export type ActKind = Exclude<AskedAct["action"], "unassign">;

export const ACT_TITLES: Readonly<Record<ActKind, string>> = {
  acknowledge: "Acknowledge",
  assign: "Assign",
  due: "Set due date",
  comment: "Comment",
  tag: "Tag",
  resolve: "Resolve",
  ignore: "Ignore",
  reopen: "Reopen",
};

export const ACT_MEANINGS: Readonly<Record<ActKind, string>> = {
  acknowledge: "Says that you have seen it. It stays open.",
  assign: "Names who works on it. Empty takes the name back.",
  due: "Replaces the date that the SLA gives. Empty goes back to that one.",
  comment: "Stays in the trail, for whoever comes next.",
  tag: "Tags can be filtered by.",
  resolve: "Says that nothing more needs to be done. Should it fail again, it comes back as regressed.",
  ignore: "Takes it out of the open ones.",
  reopen: "Puts it back among the open ones. What was said stays in the trail.",
};

const DONE: Readonly<Record<AskedAct["action"], string>> = {
  acknowledge: "acknowledged",
  assign: "assigned",
  unassign: "taken back from whoever had it",
  due: "given a due date",
  comment: "commented on",
  tag: "tagged",
  resolve: "resolved",
  ignore: "ignored",
  reopen: "open again",
};

/** The acts that make sense for exceptions in these states. */
export function sensibleActs(exceptions: readonly ListedException[], nowMs: number): readonly ActKind[] {
  const states = exceptions.map((exception) => stateAt(exception, nowMs));
  const isSome = (fits: (state: ListedException["state"]) => boolean) => states.some(fits);
  const closing: ActKind[] = isSome((state) => tabOf(state) === "open" || state === "replaying")
    ? ["resolve", "ignore"]
    : [];
  return [
    ...(isSome((state) => state === "open" || state === "regressed") ? (["acknowledge"] as const) : []),
    "assign",
    ...closing,
    ...(isSome((state) => state === "resolved" || state === "ignored") ? (["reopen"] as const) : []),
    "due",
    "comment",
    "tag",
  ];
}

/** "3 exceptions resolved." and, of one, what others did meanwhile: both acts are kept. */
export function doneText(action: AskedAct["action"], { exceptions, matching, meanwhile }: StoredTold): string {
  const cut = matching > exceptions ? ` ${plural(matching - exceptions, "more")} match: do it again for them.` : "";
  const others = meanwhile.map(({ type, act }) => `${act.actor}: ${ACT_LABELS[type].toLowerCase()}`);
  const told = others.length === 0 ? "" : ` Meanwhile, ${others.join("; ")}. Both are kept.`;
  return `${plural(exceptions, "exception")} ${DONE[action]}.${cut}${told}`;
}

interface StoredTold {
  readonly exceptions: number;
  readonly matching: number;
  readonly meanwhile: readonly StoredExceptionAct[];
}
