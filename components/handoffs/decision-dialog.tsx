"use client";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { plural } from "@/components/ui/number-format";
import { useToast } from "@/components/ui/toast";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { objectKey } from "@/lib/domain/object";
import {
  type BulkResult,
  carryOut,
  type Decided,
  decideTogether,
  type Plan,
  planDecision,
  type Said,
  type Scope,
} from "./act-requests";
import { PlanStep, ResultStep } from "./bulk-steps";
import { DecisionFields, readSaid, type Which } from "./decision-fields";
import { Problem } from "./form-fields";
import { SelectionSum } from "./selection-sum-view";

export type DecisionKind = "match" | "match-with-note" | "accept" | "reopen";

/** What somebody is about to decide. */
export interface Decision {
  readonly kind: DecisionKind;
  readonly handoffs: readonly ListedHandoff[];
  /** All that match the page's filter, as the other choice; absent where there is no list. */
  readonly matching?: { readonly total: number; readonly filter: Readonly<Record<string, string | readonly string[]>> };
}

const TITLES: Readonly<Record<DecisionKind, string>> = {
  match: "Match by hand",
  "match-with-note": "Match with a note",
  accept: "Accept once",
  reopen: "Reopen",
};
const MEANINGS: Readonly<Record<DecisionKind, string>> = {
  match: "Both sides count as settled, for the reason you give. It holds as long as no other event joins them.",
  "match-with-note": "Both sides count as settled. Your note and files stay with the decision.",
  accept: "The break is taken as it is, this once. Should other events join it, it is a break again.",
  reopen: "Takes back what was decided. What was said stays in the history.",
};

export interface DecisionDialogProps {
  readonly decision: Decision | null;
  readonly onClose: () => void;
  readonly onDecided: (decided: Decided) => void;
  /** Something of a plan was carried out. */
  readonly onCarriedOut: () => void;
}

export function DecisionDialog({ decision, onClose, ...rest }: DecisionDialogProps) {
  return (
    <Dialog
      open={decision !== null}
      onClose={onClose}
      title={decision ? TITLES[decision.kind] : ""}
      wide={(decision?.handoffs.length ?? 0) > 1}
    >
      {decision ? <Steps decision={decision} onClose={onClose} {...rest} /> : null}
    </Dialog>
  );
}

type Step =
  | { readonly at: "form" }
  | { readonly at: "plan"; readonly plan: Plan }
  | { readonly at: "result"; readonly plan: Plan; readonly result: BulkResult };

/** One act at once; many as a plan that is shown first. */
function Steps({ decision, onClose, onDecided, onCarriedOut }: DecisionDialogProps & { readonly decision: Decision }) {
  const [step, setStep] = useState<Step>({ at: "form" });
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const toast = useToast();
  const action = decision.kind === "match-with-note" ? "match" : decision.kind;

  const run = async (work: () => Promise<string | null>) => {
    setBusy(true);
    setProblem(null);
    setProblem(await work());
    setBusy(false);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const said = readSaid(form);
    const which = whichOf(form, decision);
    const files = form.getAll("files").filter((file): file is File => file instanceof File && file.size > 0);
    void run(() => (which === "together" ? decide(said, files) : plan(which, said)));
  };
  const decide = async (said: Said, files: readonly File[]) => {
    const answer = await decideTogether(action, decision.handoffs, said, files);
    if (!answer.ok) return answer.problem;
    toast({ tone: "settled", text: resultText(decision, answer.value) });
    onDecided(answer.value);
    onClose();
    return null;
  };
  const plan = async (which: Which, said: Said) => {
    const answer = await planDecision(action, scopeOf(which, decision), said);
    if (answer.ok) setStep({ at: "plan", plan: answer.value });
    return answer.ok ? null : answer.problem;
  };
  const execute = (planned: Plan) =>
    run(async () => {
      const answer = await carryOut(planned);
      if (!answer.ok) return answer.problem;
      setStep({ at: "result", plan: planned, result: answer.value });
      onCarriedOut();
      return null;
    });

  if (step.at === "plan")
    return (
      <PlanStep
        plan={step.plan}
        isBusy={isBusy}
        problem={problem}
        onBack={() => setStep({ at: "form" })}
        onCarryOut={() => execute(step.plan)}
      />
    );
  if (step.at === "result")
    return (
      <ResultStep
        result={step.result}
        isBusy={isBusy}
        problem={problem}
        onAgain={() => execute(step.plan)}
        onClose={onClose}
      />
    );
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
      <p className="text-ink-muted">{MEANINGS[decision.kind]}</p>
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1 rounded-md bg-sunken px-3 py-2">
        <span className="font-medium">{namesOf(decision.handoffs)}</span>
        <SelectionSum handoffs={decision.handoffs} />
      </div>
      <DecisionFields decision={decision} />
      <Problem text={problem} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button tone="primary" type="submit" disabled={isBusy}>
          {isBusy ? "One moment…" : decision.handoffs.length > 1 ? "Continue" : TITLES[decision.kind]}
        </Button>
      </div>
    </form>
  );
}

const NAMED_MAX = 3;

function namesOf(handoffs: readonly ListedHandoff[]): string {
  if (handoffs.length > NAMED_MAX) return plural(handoffs.length, "handoff");
  return handoffs.map(({ key }) => key.id).join(", ");
}

function whichOf(form: FormData, { handoffs }: Decision): Which {
  const given = form.get("which");
  if (given === "each" || given === "matching" || given === "together") return given;
  return handoffs.length > 1 ? "each" : "together";
}

function scopeOf(which: Which, { handoffs, matching }: Decision): Scope {
  if (which === "matching" && matching) return { filter: matching.filter };
  return { keys: handoffs.map(({ rule, key, evidence }) => ({ rule, key, evidence })) };
}

function resultText({ kind }: Decision, { handoffs, approval }: Decided): string {
  const names = [...new Set(handoffs.map(({ key }) => objectKey(key)))].length === 1 ? handoffs[0]?.key.id : "They";
  if (approval === "required")
    return `Noted. ${names === "They" ? "The amount" : `The amount of ${names}`} needs a second person: it waits under Awaiting approval.`;
  const done = { match: "matched", "match-with-note": "matched", accept: "accepted", reopen: "open again" }[kind];
  return names === "They" ? `They are ${done} together.` : `${names} is ${done}.`;
}
