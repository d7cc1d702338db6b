"use client";
/** The acts of the queue and of an exception's page, and what happens after one: the page is read again once the projection has taken it in. */
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { useToast } from "@/components/ui/toast";
import { ActDialog, type PendingAct } from "./act-dialog";
import { type ActTarget, type AskedAct, actOn, type StoredAct, untilTakenIn } from "./act-requests";
import { type ActKind, doneText } from "./act-words";

export interface Acts {
  readonly act: (kind: ActKind, target: ActTarget) => void;
  /** Exceptions whose act is stored and not yet shown. */
  readonly settling: ReadonlySet<string>;
  readonly dialog: ReactNode;
}

/** What reopening takes back. */
const UNDOABLE: readonly AskedAct["action"][] = ["resolve", "ignore"];

export function useActs(people: readonly string[]): Acts {
  const router = useRouter();
  const toast = useToast();
  const [pending, setPending] = useState<PendingAct | null>(null);
  const [settling, setSettling] = useState<ReadonlySet<string>>(new Set());

  const run = async (act: AskedAct, target: ActTarget): Promise<void> => {
    const answer = await actOn(target, act);
    if (answer.ok) await onStored(act, target, answer.value);
    else toast({ tone: "broken", text: answer.problem });
  };
  const onStored = async (act: AskedAct, target: ActTarget, stored: StoredAct): Promise<void> => {
    // Of all that matched, nobody can say afterwards which they were; their tab shows them.
    const isUndoable = UNDOABLE.includes(act.action) && target.matching === null;
    const undo = { label: "Undo", act: () => void run({ action: "reopen", reason: "Undone" }, seenBy(target)) };
    toast({ tone: "settled", text: doneText(act.action, stored), ...(isUndoable ? { action: undo } : {}) });
    const ids = target.exceptions.map(({ id }) => id);
    const [first] = ids;
    const events = stored.events.map(({ id }) => id);
    setSettling((before) => new Set([...before, ...ids]));
    const isShown = first !== undefined && (await untilTakenIn(first, events));
    if (!isShown) toast({ tone: "settled", text: "Stored. The page follows as soon as it is taken in." });
    router.refresh();
    setSettling((before) => new Set([...before].filter((id) => !ids.includes(id))));
  };

  return {
    // Seen is seen: one key, one click. Of more than is on the page, it is asked first.
    act: (kind, target) =>
      kind === "acknowledge" && target.matching === null
        ? void run({ action: "acknowledge", reason: "" }, target)
        : setPending({ kind, target }),
    settling,
    dialog: (
      <ActDialog
        pending={pending}
        people={people}
        onClose={() => setPending(null)}
        onStored={(...stored) => void onStored(...stored)}
      />
    ),
  };
}

/** Whoever undoes has seen the act that they undo. */
const seenBy = (target: ActTarget): ActTarget => ({
  ...target,
  exceptions: target.exceptions.map((exception) => ({ ...exception, acts: exception.acts + 1 })),
});
