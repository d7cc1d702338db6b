"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useToast } from "@/components/ui/toast";
import { postJson } from "../api-call";
import { Area, Problem, textOf } from "../form-fields";
import { diffLines } from "./line-diff";
import { Diff } from "./rule-history";
import { ruleHref, rulesApi } from "./rule-view";

/** What is about to be done, as it was when the button was pressed. */
export type RuleAct =
  | {
      readonly kind: "publish";
      readonly rule: string;
      readonly base: number;
      readonly before: string;
      readonly text: string;
    }
  | { readonly kind: "withdraw"; readonly rule: string; readonly base: number };

interface PublishDialogProps {
  readonly act: RuleAct | null;
  readonly onClose: () => void;
  /** It is done: what was edited is published. */
  readonly onDone: () => void;
}

export function PublishDialog({ act, onClose, onDone }: PublishDialogProps) {
  const router = useRouter();
  const toast = useToast();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const close = () => {
    setProblem(null);
    onClose();
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!act) return;
    const note = textOf(new FormData(event.currentTarget), "note").trim();
    setBusy(true);
    const answer = await send(act, note);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    const { rule, version } = answer.value;
    const done = act.kind === "publish" ? "published: history is judged by it from now on" : "withdrawn";
    toast({ tone: "settled", text: `Version ${version} of ${rule} is ${done}.` });
    onDone();
    close();
    router.push(ruleHref(rule));
    router.refresh();
  };
  const isPublish = act?.kind === "publish";
  return (
    <Dialog open={act !== null} onClose={close} title={isPublish ? "Publish" : "Withdraw"} wide>
      {act ? (
        <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
          <p className="text-ink-muted">{sentenceOf(act)}</p>
          {act.kind === "publish" ? <Diff label="What changes" lines={diffLines(act.before, act.text)} /> : null}
          <Area label="Why" name="note" required maxLength={1000} />
          <Problem text={problem} />
          <div className="flex justify-end gap-2">
            <Button onClick={close}>Cancel</Button>
            <Button tone={isPublish ? "primary" : "danger"} type="submit" disabled={isBusy}>
              {isPublish ? `Publish version ${act.base + 1}` : "Withdraw"}
            </Button>
          </div>
        </form>
      ) : null}
    </Dialog>
  );
}

const send = (act: RuleAct, note: string) =>
  act.kind === "publish"
    ? postJson<{ rule: string; version: number }>(rulesApi, { definition: act.text, baseVersion: act.base, note })
    : postJson<{ rule: string; version: number }>(`${rulesApi}/${encodeURIComponent(act.rule)}/withdraw`, {
        baseVersion: act.base,
        note,
      });

function sentenceOf(act: RuleAct): string {
  if (act.kind === "withdraw")
    return `The handoffs of ${act.rule} go, and it judges nothing more. A later version brings it back.`;
  return act.base === 0
    ? `${act.rule} is a new rule. It judges all of history from now on.`
    : `All handoffs of ${act.rule} are judged anew, also those of the past; what people decided holds where both sides stay as they were.`;
}
