"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { moneyLabel } from "@/components/ui/number-format";
import { usePreferences } from "@/components/ui/preferences";
import { EmptyState } from "@/components/ui/states";
import { type Column, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import type { StandingAcceptance } from "@/lib/domain/handoffs/standing-acceptance";
import { AcceptanceDialog, type AcceptanceStart } from "./acceptance-dialog";
import { postJson } from "./api-call";
import { Area, Problem, textOf } from "./form-fields";
import { type RuleBook, ruleName, stateLabel } from "./handoff-words";

export interface ListedAcceptance extends StandingAcceptance {
  /** Empty unless somebody withdrew it; `expiresAt` is then when. */
  readonly withdrawnBy: string;
}

interface AcceptanceListProps {
  readonly acceptances: readonly ListedAcceptance[];
  readonly rules: RuleBook;
  /** That of a new one. */
  readonly currency: string;
  readonly mayChange: boolean;
}

export function AcceptanceList({ acceptances, rules, currency, mayChange }: AcceptanceListProps) {
  const router = useRouter();
  const { nowMs } = usePreferences();
  const [start, setStart] = useState<AcceptanceStart | null>(null);
  const [withdrawn, setWithdrawn] = useState<ListedAcceptance | null>(null);
  const [rule = ""] = Object.keys(rules);
  const blank: AcceptanceStart = {
    rule,
    states: ["late"],
    companyCode: "",
    location: "",
    partner: "",
    amountMax: "0.00",
    currency,
  };
  return (
    <>
      {mayChange ? (
        <Button className="self-start" onClick={() => setStart(blank)}>
          Accept another kind…
        </Button>
      ) : null}
      <section aria-label="Standing acceptances" className="rounded-lg border border-line bg-surface">
        {acceptances.length === 0 ? (
          <EmptyState title="Nothing is accepted always">
            Choose breaks in the list and “Accept always”, when their kind needs nobody's eyes for a while.
          </EmptyState>
        ) : (
          <Table
            caption="Accepted always"
            columns={columnsOf(rules, nowMs, mayChange ? setWithdrawn : null)}
            rows={acceptances}
            keyOf={({ id }) => id}
          />
        )}
      </section>
      <AcceptanceDialog start={start} rules={rules} onClose={() => setStart(null)} onCreated={() => router.refresh()} />
      <WithdrawDialog acceptance={withdrawn} onClose={() => setWithdrawn(null)} />
    </>
  );
}

const columnsOf = (
  rules: RuleBook,
  nowMs: number,
  withdraw: ((acceptance: ListedAcceptance) => void) | null,
): Column<ListedAcceptance>[] => [
  {
    id: "what",
    header: "What",
    cell: (acceptance) => (
      <>
        <p className="font-medium">{ruleName(rules, acceptance.rule)}</p>
        <p className="text-xs text-ink-muted">
          {acceptance.states.map(stateLabel).join(", ")}
          {scopeOf(acceptance)}
        </p>
      </>
    ),
    text: (acceptance) => `${acceptance.rule} ${acceptance.states.join(" ")}${scopeOf(acceptance)}`,
  },
  {
    id: "amount",
    header: "Up to",
    align: "end",
    cell: ({ amountMax, currency }) => moneyLabel({ amount: amountMax, currency }),
    text: ({ amountMax, currency }) => `${amountMax} ${currency}`,
    className: "whitespace-nowrap",
  },
  {
    id: "why",
    header: "Why",
    cell: ({ reason, note, createdBy, createdAt }) => (
      <>
        <p className="break-words">{reason}</p>
        {note ? <p className="text-xs break-words text-ink-muted">{note}</p> : null}
        <p className="text-xs text-ink-muted">
          {createdBy}, <Time at={createdAt} form="stamp" />
        </p>
      </>
    ),
    text: ({ reason }) => reason,
    className: "w-full",
    wideOnly: true,
  },
  {
    id: "state",
    header: "In force",
    cell: (acceptance) => (
      <span className="flex flex-col items-start gap-1">
        <Standing acceptance={acceptance} nowMs={nowMs} />
        {withdraw && isInForce(acceptance, nowMs) ? (
          <Button size="small" tone="danger" onClick={() => withdraw(acceptance)}>
            Withdraw…
          </Button>
        ) : null}
      </span>
    ),
    text: (acceptance) => `${acceptance.expiresAt} ${acceptance.withdrawnBy}`,
    className: "whitespace-nowrap",
  },
];

const isInForce = ({ withdrawnBy, expiresAt }: ListedAcceptance, nowMs: number): boolean =>
  withdrawnBy === "" && Date.parse(expiresAt) > nowMs;

function scopeOf({ companyCode, location, partner }: ListedAcceptance): string {
  const parts = [companyCode && `company code ${companyCode}`, location, partner].filter((part) => part !== "");
  return parts.length > 0 ? ` · ${parts.join(" · ")}` : "";
}

function Standing({ acceptance, nowMs }: { readonly acceptance: ListedAcceptance; readonly nowMs: number }) {
  const { withdrawnBy, expiresAt } = acceptance;
  if (withdrawnBy !== "") return <Badge tone="waiting">withdrawn by {withdrawnBy}</Badge>;
  if (!isInForce(acceptance, nowMs)) return <Badge tone="waiting">expired</Badge>;
  return (
    <Badge tone="settled">
      until <Time at={expiresAt} form="stamp" />
    </Badge>
  );
}

function WithdrawDialog({
  acceptance,
  onClose,
}: {
  readonly acceptance: ListedAcceptance | null;
  readonly onClose: () => void;
}) {
  const router = useRouter();
  const toast = useToast();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!acceptance) return;
    const reason = textOf(new FormData(event.currentTarget), "reason").trim();
    setBusy(true);
    const href = `/api/v1/standing-acceptances/${encodeURIComponent(acceptance.id)}/withdraw`;
    const answer = await postJson(href, { reason });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    toast({ tone: "settled", text: "Withdrawn: what arises from now on is open again." });
    onClose();
    router.refresh();
  };
  return (
    <Dialog open={acceptance !== null} onClose={onClose} title="Withdraw">
      {acceptance ? (
        <form onSubmit={submit} className="flex flex-col gap-3 text-sm">
          <p className="text-ink-muted">
            It ends now. What arose before stays accepted; what arises from now on is open.
          </p>
          <Area label="Reason" name="reason" required maxLength={1000} />
          <Problem text={problem} />
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>Cancel</Button>
            <Button tone="danger" type="submit" disabled={isBusy}>
              Withdraw
            </Button>
          </div>
        </form>
      ) : null}
    </Dialog>
  );
}
