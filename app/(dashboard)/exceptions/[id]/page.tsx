import Link from "next/link";
import { notFound } from "next/navigation";
import { ExceptionBadge } from "@/components/exceptions/exception-badge";
import { ACT_LABELS, CLASS_LABELS, placeLabel } from "@/components/exceptions/exception-words";
import { ITEM_STATE_LABELS } from "@/components/exceptions/replay-words";
import { stateLabel } from "@/components/handoffs/handoff-words";
import { Panel } from "@/components/handoffs/panel";
import { decodeSegment, exceptionHref, handoffHref } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { moneyLabel, plural } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import { requirePermission } from "@/lib/auth/require-permission";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import { type ExceptionDetail, type ExceptionFailure, readException } from "@/lib/queries/exception-detail";
import { services } from "@/lib/services";

interface ExceptionPageProps {
  readonly params: Promise<{ readonly id: string }>;
}

export const metadata = { title: "Exception" };

export default async function ExceptionPage({ params }: ExceptionPageProps) {
  const person = await requirePermission("exceptions:view");
  const id = decodeSegment((await params).id);
  if (id.includes("\u0000")) notFound();
  const detail = await readException(services().store, id, { now: new Date().toISOString() });
  if (!detail) notFound();
  const { exception, failures, acts } = detail;
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      <Header exception={exception} />
      <Panel title={`What failed: ${plural(exception.attempts, "attempt")}`}>
        <ol className="space-y-3 text-sm">
          {failures.map((failure) => (
            <Failure key={`${failure.event.source} ${failure.event.id}`} failure={failure} />
          ))}
        </ol>
      </Panel>
      {person.permissions.includes("reconciliation:view") ? <Breaks breaks={detail.breaks} /> : null}
      <Causes causes={detail.causes} />
      <Replays replays={detail.replays} />
      <Panel title="What was done">
        {acts.length === 0 ? <p className="text-sm text-ink-muted">Nothing yet.</p> : null}
        <ol className="space-y-1 text-sm">
          {acts.map(({ id: actId, type, occurredAt, act }) => (
            <li key={actId}>
              <Time at={occurredAt} form="stamp" className="text-ink-muted" /> {ACT_LABELS[type]} by {act.actor}
              {act.reason === "" ? null : `: ${act.reason}`}
            </li>
          ))}
        </ol>
      </Panel>
    </div>
  );
}

function Header({ exception }: { readonly exception: ListedException }) {
  const { roots, value, assignee, owner } = exception;
  return (
    <header className="space-y-1">
      <h1 className="text-lg font-semibold break-words">{exception.message || exception.cause}</h1>
      <ExceptionBadge exception={exception} />
      <p className="text-sm text-ink-muted">
        {[CLASS_LABELS[exception.class], placeLabel(exception), value ? moneyLabel(value) : "", assignee || owner]
          .filter((text) => text !== "")
          .join(" · ")}
      </p>
      <p className="flex flex-wrap gap-x-4 text-sm">
        <Identifier object={exception.subject} typed />
        {roots.map((root) => (
          <Identifier key={`${root.type} ${root.id}`} object={root} typed />
        ))}
      </p>
    </header>
  );
}

function Failure({ failure }: { readonly failure: ExceptionFailure }) {
  return (
    <li>
      <p>
        <Time at={failure.occurredAt} form="stamp" className="text-ink-muted" /> {failure.type}, attempt{" "}
        {failure.attempt}
        {failure.error.code === "" ? null : ` · ${failure.error.code}`}
      </p>
      <p className="break-words">{failure.error.message}</p>
      {failure.hasMessage ? null : <p className="text-xs text-ink-muted">Came without its message</p>}
    </li>
  );
}

function Breaks({ breaks }: Pick<ExceptionDetail, "breaks">) {
  if (breaks.length === 0) return null;
  return (
    <Panel title="Breaks it stands behind">
      <ul className="space-y-1 text-sm">
        {breaks.map((handoff) => (
          <li key={`${handoff.rule} ${handoff.key.type} ${handoff.key.id}`}>
            <Link href={handoffHref(handoff)} prefetch={false} className="text-accent hover:underline">
              {handoff.rule} {handoff.key.id}
            </Link>{" "}
            {stateLabel(handoff.state)}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Causes({ causes }: Pick<ExceptionDetail, "causes">) {
  if (causes.length === 0) return null;
  return (
    <Panel title="Failures that explain it">
      <ul className="space-y-1 text-sm">
        {causes.map((cause) => (
          <li key={cause.id}>
            <Link href={exceptionHref(cause.id)} prefetch={false} className="text-accent hover:underline">
              {cause.message || cause.cause}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Replays({ replays }: Pick<ExceptionDetail, "replays">) {
  if (replays.length === 0) return null;
  return (
    <Panel title="Replays">
      <ul className="space-y-1 text-sm">
        {replays.map(({ jobId, name, state }) => (
          <li key={jobId}>
            {name}: {ITEM_STATE_LABELS[state]}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
