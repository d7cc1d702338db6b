"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { OpenItem } from "@/lib/domain/handoffs/period-close";
import { postJson } from "./api-call";
import { Area, Field, fieldClass, Problem, textOf } from "./form-fields";
import type { RuleBook } from "./handoff-words";
import { openItemText } from "./open-item-text";
import { Panel } from "./panel";

interface CloseFormProps {
  readonly of: { readonly companyCode: string; readonly period: string };
  /** What must be settled, or acknowledged with a note. */
  readonly items: readonly OpenItem[];
  readonly rules: RuleBook;
  readonly personName: string;
  readonly mayClose: boolean;
}

/** Signs the period off: every open item with a note, and the name of whoever signs. */
export function CloseForm({ of, items, rules, personName, mayClose }: CloseFormProps) {
  const router = useRouter();
  const toast = useToast();
  const vocabulary = useVocabulary();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const repeatFirstNote = () => {
    const notes = [...(form.current?.querySelectorAll<HTMLInputElement>("input[data-note]") ?? [])];
    const said = notes.find(({ value }) => value.trim() !== "")?.value ?? "";
    for (const note of notes) if (note.value.trim() === "") note.value = said;
  };
  if (!mayClose)
    return <p className="text-sm text-ink-muted">Your role may look at the checklist, not close the period.</p>;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    if (textOf(given, "signature").trim() !== personName.trim()) {
      setProblem(`Sign with your name as it stands in your account: ${personName}.`);
      return;
    }
    setBusy(true);
    const acknowledgements = items.map(({ item, count }) => ({
      item,
      count,
      note: textOf(given, `note ${item}`).trim(),
    }));
    const answer = await postJson("/api/v1/period-closes", {
      ...of,
      note: textOf(given, "note").trim(),
      acknowledgements,
    });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return router.refresh();
    toast({ tone: "settled", text: `${of.period} of ${of.companyCode} is closed.` });
    router.refresh();
  };
  return (
    <Panel title="Sign off">
      <form ref={form} onSubmit={submit} className="flex flex-col gap-3 text-sm">
        {items.length === 0 ? (
          <p className="text-settled">Nothing is open. The period can be signed.</p>
        ) : (
          <fieldset className="flex flex-col gap-2">
            <legend className="mb-2 text-ink-muted">
              What is open is signed with it, in the number that stands here. Settle it first, or say why it may stay.
            </legend>
            {items.map((each) => (
              <ItemNote key={each.item} item={each.item} label={openItemText(each, rules, vocabulary)} />
            ))}
            {items.length > 1 ? (
              <Button size="small" className="self-start" onClick={repeatFirstNote}>
                Say the first note for all that have none
              </Button>
            ) : null}
          </fieldset>
        )}
        <Area label="Note (optional)" name="note" maxLength={4000} />
        <Field label={`Your name, as signature: ${personName}`} className="max-w-sm">
          {(id) => <input id={id} name="signature" required autoComplete="off" className={fieldClass} />}
        </Field>
        <Problem text={problem} />
        <Button tone="primary" type="submit" disabled={isBusy} className="self-start">
          {isBusy ? "Freezing…" : `Close ${of.period} of ${of.companyCode}`}
        </Button>
      </form>
    </Panel>
  );
}

function ItemNote({ item, label }: { readonly item: string; readonly label: string }) {
  const id = useId();
  return (
    <div className="grid grid-cols-1 items-center gap-x-4 gap-y-1 sm:grid-cols-[minmax(0,22rem)_minmax(0,1fr)]">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        data-note
        name={`note ${item}`}
        required
        minLength={3}
        maxLength={4000}
        placeholder="Why it may stay open"
        autoComplete="off"
        className={fieldClass}
      />
    </div>
  );
}
