"use client";
import { Download, LoaderCircle } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { handoffHref } from "@/components/ui/href";
import { moneyLabel } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import { sumByCurrency } from "@/lib/domain/handoffs/approval";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { answerAct, untilTakenIn } from "./act-requests";
import { Area, Problem, textOf } from "./form-fields";
import { REASON_LABELS, type ReasonCode, type RuleBook, ruleName } from "./handoff-words";
import { useLiveHandoffs } from "./live";
import { StateBadge } from "./state-badge";

export interface ApprovalEntry {
  readonly actId: string;
  readonly kind: "accept" | "match";
  /** All that the decision is about. */
  readonly handoffs: readonly ListedHandoff[];
  /** Whoever looks made it: somebody else has to answer. */
  readonly isOwn: boolean;
  readonly reasonCode: ReasonCode;
  readonly files: readonly { readonly id: string; readonly name: string }[];
}

interface ApprovalListProps {
  readonly entries: readonly ApprovalEntry[];
  readonly rules: RuleBook;
  readonly mayApprove: boolean;
}

type Asked = { readonly entry: ApprovalEntry; readonly answer: "approve" | "refuse" };

export function ApprovalList({ entries, rules, mayApprove }: ApprovalListProps) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [settling, setSettling] = useState<ReadonlySet<string>>(new Set());
  const router = useRouter();
  useLiveHandoffs("resolution=awaiting_approval");
  const onAnswered = async ({ entry }: Asked) => {
    setSettling((before) => new Set([...before, entry.actId]));
    const [first] = entry.handoffs;
    if (first) await untilTakenIn(first, (resolution) => resolution?.kind !== "awaiting_approval");
    router.refresh();
  };
  return (
    <>
      <ul>
        {entries.map((entry) => (
          <li key={entry.actId} className="border-b border-line px-3 py-3 last:border-b-0">
            <Entry
              entry={entry}
              rules={rules}
              mayApprove={mayApprove}
              isSettling={settling.has(entry.actId)}
              onAnswer={(answer) => setAsked({ entry, answer })}
            />
          </li>
        ))}
      </ul>
      <AnswerDialog asked={asked} onClose={() => setAsked(null)} onAnswered={onAnswered} />
    </>
  );
}

interface EntryProps {
  readonly entry: ApprovalEntry;
  readonly rules: RuleBook;
  readonly mayApprove: boolean;
  readonly isSettling: boolean;
  readonly onAnswer: (answer: "approve" | "refuse") => void;
}

function Entry({ entry, rules, mayApprove, isSettling, onAnswer }: EntryProps) {
  const { handoffs, files, kind } = entry;
  const resolution = handoffs[0]?.resolution;
  const stakes = sumByCurrency(handoffs.map(({ stake, totals }) => ({ amount: stake, currency: totals.currency })));
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-2 text-sm">
      <div className="min-w-0 flex-1 basis-80">
        <p>
          <span className="font-medium">{resolution?.by}</span> {kind === "accept" ? "accepted" : "matched"}{" "}
          {resolution ? <Time at={resolution.at} className="text-ink-muted" /> : null}
        </p>
        {handoffs.map((handoff) => (
          <p key={handoff.key.id} className="flex flex-wrap items-center gap-2">
            <Link href={handoffHref(handoff)} className="text-accent underline-offset-2 hover:underline">
              {ruleName(rules, handoff.rule)}, <span className="font-id">{handoff.key.id}</span>
            </Link>
            <StateBadge handoff={handoff} />
          </p>
        ))}
        <p className="break-words">
          <span className="text-ink-muted">{REASON_LABELS[entry.reasonCode]}:</span> {resolution?.reason}
        </p>
        {resolution?.note ? <p className="whitespace-pre-wrap text-ink-muted">{resolution.note}</p> : null}
        {files.map((file) => (
          <a
            key={file.id}
            href={`/api/v1/attachments/${encodeURIComponent(file.id)}`}
            className="mr-3 inline-flex items-center gap-1 text-accent underline-offset-2 hover:underline"
          >
            <Download aria-hidden className="size-3.5" />
            {file.name}
          </a>
        ))}
      </div>
      <p className="text-right font-medium">
        {stakes.map((stake) => (
          <span key={stake.currency} className="block">
            {moneyLabel(stake)}
          </span>
        ))}
      </p>
      <div className="flex w-52 justify-end gap-2">
        {isSettling ? (
          <span role="status" className="inline-flex items-center gap-1 text-xs text-ink-muted">
            <LoaderCircle aria-hidden className="size-3 animate-spin" />
            Being taken in…
          </span>
        ) : entry.isOwn ? (
          <span className="text-xs text-ink-muted">You decided this; a second person answers.</span>
        ) : mayApprove ? (
          <>
            <Button size="small" tone="danger" onClick={() => onAnswer("refuse")}>
              Refuse…
            </Button>
            <Button size="small" tone="primary" onClick={() => onAnswer("approve")}>
              Approve…
            </Button>
          </>
        ) : (
          <span className="text-xs text-ink-muted">Your role may not approve.</span>
        )}
      </div>
    </div>
  );
}

interface AnswerDialogProps {
  readonly asked: Asked | null;
  readonly onClose: () => void;
  readonly onAnswered: (asked: Asked) => Promise<void>;
}

function AnswerDialog({ asked, onClose, onAnswered }: AnswerDialogProps) {
  const toast = useToast();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const [first] = asked?.entry.handoffs ?? [];
    if (!asked || !first) return;
    const form = new FormData(event.currentTarget);
    const said = { reason: textOf(form, "reason").trim(), note: textOf(form, "note").trim() };
    setBusy(true);
    const answer = await answerAct(first, { action: asked.answer, act: asked.entry.actId, ...said });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    toast({
      tone: "settled",
      text: asked.answer === "approve" ? "Approved: the decision holds." : "Refused: the break is open again.",
    });
    onClose();
    void onAnswered(asked);
  };
  const isRefusal = asked?.answer === "refuse";
  return (
    <Dialog
      open={asked !== null}
      onClose={() => {
        setProblem(null);
        onClose();
      }}
      title={isRefusal ? "Refuse" : "Approve"}
    >
      {asked ? (
        <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
          <p className="text-ink-muted">
            {isRefusal
              ? "The decision never takes hold, and the break is open again. Your name and reason are kept."
              : "The decision takes hold. Your name stands beside that of whoever made it."}
          </p>
          <Area
            label={isRefusal ? "Reason" : "Reason (optional)"}
            name="reason"
            required={isRefusal}
            maxLength={1000}
          />
          <Area label="Note (optional)" name="note" maxLength={4000} />
          <Problem text={problem} />
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button tone={isRefusal ? "danger" : "primary"} type="submit" disabled={isBusy}>
              {isRefusal ? "Refuse" : "Approve"}
            </Button>
          </div>
        </form>
      ) : null}
    </Dialog>
  );
}
