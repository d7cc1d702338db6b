"use client";
import { Lock } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { FileLinks } from "@/components/ui/file-links";
import { handoffHref } from "@/components/ui/href";
import { countLabel, plural } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { HandoffState } from "@/lib/domain/handoffs/handoff";
import type { Acknowledgement } from "@/lib/domain/handoffs/period-close";
import type { ObjectRef } from "@/lib/domain/object";
import { getJson, postJson } from "./api-call";
import { Area, Problem, textOf } from "./form-fields";
import { type RuleBook, ruleName, stateLabel } from "./handoff-words";
import { openItemText } from "./open-item-text";
import { Panel } from "./panel";

export interface ClosedPeriodProps {
  readonly close: {
    readonly id: string;
    readonly companyCode: string;
    readonly period: string;
    readonly at: string;
    readonly signedBy: string;
    readonly note: string;
    readonly contentHash: string;
    readonly rows: number;
    readonly checklist: { readonly acknowledgements: readonly Acknowledgement[] } | null;
  };
  readonly changes: {
    readonly counts: { readonly changed: number; readonly missing: number; readonly new: number };
    readonly items: readonly Change[];
  };
  readonly rules: RuleBook;
  readonly mayClose: boolean;
}

interface Change {
  readonly kind: "changed" | "missing" | "new";
  readonly rule: string;
  readonly key: ObjectRef;
  readonly was: HandoffState | null;
  readonly is: HandoffState | null;
}

/** A signed period: what was frozen, under which hash, whether that still holds, and what came after. */
export function ClosedPeriod({ close, changes, rules, mayClose }: ClosedPeriodProps) {
  const vocabulary = useVocabulary();
  const [isReopening, setReopening] = useState(false);
  const acknowledged = close.checklist?.acknowledgements ?? [];
  return (
    <Panel title="Closed">
      <div className="flex flex-col gap-3 text-sm">
        <p className="flex items-center gap-2 text-base">
          <Lock aria-hidden className="size-4 text-settled" />
          <span>
            {close.period} of {close.companyCode} was closed by <strong>{close.signedBy}</strong>,{" "}
            <Time at={close.at} form="stamp" />.
          </span>
        </p>
        {close.note ? <p className="text-ink-muted">{close.note}</p> : null}
        <div>
          <p className="text-xs text-ink-muted">SHA-256 over {plural(close.rows, "frozen handoff")}</p>
          <p className="flex items-center gap-1">
            <code className="font-id min-w-0 break-all">{close.contentHash}</code>
            <CopyButton text={close.contentHash} label="the hash" />
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <Verify id={close.id} />
          <FileLinks
            what={`the frozen result of ${close.period}`}
            hrefOf={(format) => `/api/v1/period-closes/${encodeURIComponent(close.id)}/export?format=${format}`}
          />
          {mayClose ? (
            <Button size="small" tone="danger" onClick={() => setReopening(true)}>
              Open again…
            </Button>
          ) : null}
        </div>
        {acknowledged.length > 0 ? (
          <details>
            <summary className="text-ink-muted">{plural(acknowledged.length, "item")} signed as open</summary>
            <ul className="mt-1 list-disc pl-5">
              {acknowledged.map(({ item, count, note }) => (
                <li key={item}>
                  {openItemText({ item, count }, rules, vocabulary)}: <span className="text-ink-muted">{note}</span>
                </li>
              ))}
            </ul>
          </details>
        ) : null}
        <AfterClose changes={changes} rules={rules} />
      </div>
      <ReopenDialog id={close.id} open={isReopening} onClose={() => setReopening(false)} />
    </Panel>
  );
}

function AfterClose({ changes: { counts, items }, rules }: Pick<ClosedPeriodProps, "changes" | "rules">) {
  const all = counts.changed + counts.missing + counts.new;
  if (all === 0) return <p className="text-settled">Nothing has changed since it was signed.</p>;
  return (
    <section aria-labelledby="after-close">
      <h3 id="after-close" className="font-semibold text-attention">
        After close: {countLabel(counts.changed)} changed, {countLabel(counts.new)} new, {countLabel(counts.missing)} no
        longer there
      </h3>
      <ul className="mt-1 flex flex-col gap-0.5">
        {items.map(({ kind, rule, key, was, is }) => (
          <li key={`${rule} ${key.type} ${key.id}`} className="flex flex-wrap gap-x-2">
            <Link href={handoffHref({ rule, key })} className="text-accent underline-offset-2 hover:underline">
              {ruleName(rules, rule)}, <span className="font-id">{key.id}</span>
            </Link>
            <span className="text-ink-muted">{changeText(kind, was, is)}</span>
          </li>
        ))}
      </ul>
      {all > items.length ? <p className="text-xs text-ink-muted">and {countLabel(all - items.length)} more</p> : null}
    </section>
  );
}

function changeText(kind: Change["kind"], was: HandoffState | null, is: HandoffState | null): string {
  if (kind === "new" && is) return `is new: ${stateLabel(is).toLowerCase()}`;
  if (kind === "missing" && was) return `was ${stateLabel(was).toLowerCase()}, and is no longer of this period`;
  if (was && is && was !== is) return `was ${stateLabel(was).toLowerCase()}, is ${stateLabel(is).toLowerCase()}`;
  return "has other events, figures or decisions";
}

interface Verification {
  readonly isIntact: boolean;
  readonly rows: number;
  readonly contentHash: string;
}

function Verify({ id }: { readonly id: string }) {
  const [text, setText] = useState<{ readonly isGood: boolean; readonly text: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const verify = async () => {
    setBusy(true);
    const answer = await getJson<Verification>(`/api/v1/period-closes/${encodeURIComponent(id)}/verify`);
    setBusy(false);
    if (!answer.ok) return setText({ isGood: false, text: answer.problem });
    const { isIntact, rows, contentHash } = answer.value;
    setText({
      isGood: isIntact,
      text: isIntact
        ? `Intact: ${plural(rows, "handoff")} give the same hash.`
        : `Not what was signed: ${plural(rows, "handoff")} give ${contentHash.slice(0, 12)}….`,
    });
  };
  return (
    <>
      <Button size="small" onClick={verify} disabled={isBusy}>
        {isBusy ? "Computing…" : "Verify the hash"}
      </Button>
      <span role="status" className={text?.isGood ? "text-settled" : "text-broken"}>
        {text?.text ?? ""}
      </span>
    </>
  );
}

interface ReopenDialogProps {
  readonly id: string;
  readonly open: boolean;
  readonly onClose: () => void;
}

function ReopenDialog({ id, open, onClose }: ReopenDialogProps) {
  const router = useRouter();
  const toast = useToast();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = textOf(new FormData(event.currentTarget), "reason").trim();
    setBusy(true);
    const answer = await postJson(`/api/v1/period-closes/${encodeURIComponent(id)}/reopen`, { reason });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    toast({ tone: "settled", text: "The period is open again. What was frozen stays, and stays verifiable." });
    onClose();
    router.refresh();
  };
  return (
    <Dialog open={open} onClose={onClose} title="Open the period again">
      <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
        <p className="text-ink-muted">What was signed stays as it is. To close the period anew, sign it again.</p>
        <Area label="Reason" name="reason" required maxLength={1000} />
        <Problem text={problem} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="danger" type="submit" disabled={isBusy}>
            Open again
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
