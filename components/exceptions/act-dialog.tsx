"use client";
import { type FormEvent, useState } from "react";
import { Problem } from "@/components/handoffs/form-fields";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { countLabel, plural } from "@/components/ui/number-format";
import { usePreferences } from "@/components/ui/preferences";
import { ActFields, readAct } from "./act-fields";
import { type ActTarget, type AskedAct, actOn, countOf, type StoredAct } from "./act-requests";
import { ACT_MEANINGS, ACT_TITLES, type ActKind } from "./act-words";

/** What somebody is about to do. */
export interface PendingAct {
  readonly kind: ActKind;
  readonly target: ActTarget;
}

export interface ActDialogProps {
  readonly pending: PendingAct | null;
  readonly people: readonly string[];
  readonly onClose: () => void;
  readonly onStored: (act: AskedAct, target: ActTarget, stored: StoredAct) => void;
}

export function ActDialog({ pending, onClose, ...rest }: ActDialogProps) {
  return (
    <Dialog open={pending !== null} onClose={onClose} title={pending ? ACT_TITLES[pending.kind] : ""}>
      {pending ? <ActForm {...pending} onClose={onClose} {...rest} /> : null}
    </Dialog>
  );
}

function ActForm({ kind, target, people, onClose, onStored }: PendingAct & Omit<ActDialogProps, "pending">) {
  const { zone } = usePreferences();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const act = readAct(kind, new FormData(event.currentTarget), zone);
    if (act === null) return setProblem("This is no time.");
    setBusy(true);
    setProblem(null);
    const answer = await actOn(target, act);
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem);
    onStored(act, target, answer.value);
    onClose();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
      <p className="text-ink-muted">{ACT_MEANINGS[kind]}</p>
      <p className="rounded-md bg-sunken px-3 py-2 font-medium break-words">{nameOf(target)}</p>
      <ActFields kind={kind} target={target} people={people} />
      <Problem text={problem} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button tone="primary" type="submit" disabled={isBusy}>
          {isBusy ? "One moment…" : buttonText(kind, target)}
        </Button>
      </div>
    </form>
  );
}

const buttonText = (kind: ActKind, target: ActTarget): string =>
  countOf(target) === 1 ? ACT_TITLES[kind] : `${ACT_TITLES[kind]}: ${countLabel(countOf(target))}`;

function nameOf({ exceptions, matching }: ActTarget): string {
  if (matching) return `All ${plural(matching.total, "exception")} that match the filter of the page`;
  const [only] = exceptions;
  if (only && exceptions.length === 1) return only.message || only.cause;
  return plural(exceptions.length, "selected exception");
}
