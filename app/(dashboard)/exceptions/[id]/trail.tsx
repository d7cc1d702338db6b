import Link from "next/link";
import { ACT_LABELS } from "@/components/exceptions/exception-words";
import { replayHref } from "@/components/ui/href";
import { Time } from "@/components/ui/time";
import type { StoredExceptionAct } from "@/lib/domain/exceptions/act";

/** The audit trail, the latest first: who did what, when, and why. */
export function Trail({ acts }: { readonly acts: readonly StoredExceptionAct[] }) {
  if (acts.length === 0) return <p className="text-sm text-ink-muted">Nothing yet.</p>;
  return (
    <ol className="flex flex-col gap-2 text-sm">
      {[...acts].reverse().map(({ id, type, occurredAt, act }) => (
        <li key={id} className="border-l-2 border-line pl-3">
          <p className="flex flex-wrap items-center gap-x-2">
            <span className="font-medium">{ACT_LABELS[type]}</span>
            <span>by {act.actor}</span>
            <Time at={occurredAt} form="stamp" className="ml-auto text-xs text-ink-muted" />
          </p>
          <Details type={type} act={act} />
          {act.reason === "" ? null : <p className="break-words whitespace-pre-wrap">{act.reason}</p>}
        </li>
      ))}
    </ol>
  );
}

function Details({ type, act }: Pick<StoredExceptionAct, "type" | "act">) {
  const tags = [...act.tags.map((tag) => `+ ${tag}`), ...act.untag.map((tag) => `− ${tag}`)].join(", ");
  return (
    <p className="text-ink-muted">
      {type === "exception.assigned" ? (act.assignee === "" ? "to nobody" : `to ${act.assignee}`) : null}
      {type === "exception.due_set" ? (
        act.dueAt === "" ? (
          "as the SLA says"
        ) : (
          <Time at={act.dueAt} form="stamp" />
        )
      ) : null}
      {type !== "exception.ignored" ? null : act.until === "" ? (
        "for good"
      ) : (
        <>
          until <Time at={act.until} form="stamp" />
        </>
      )}
      {tags}
      {act.job === "" ? null : (
        <Link href={replayHref(act.job)} prefetch={false} className="text-accent underline-offset-2 hover:underline">
          replay
        </Link>
      )}
      {act.evidence === "" ? null : <span className="break-all"> shown by {act.evidence}</span>}
    </p>
  );
}
