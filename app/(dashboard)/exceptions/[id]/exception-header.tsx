import Link from "next/link";
import type { ReactNode } from "react";
import { ExceptionBadge } from "@/components/exceptions/exception-badge";
import { CLASS_LABELS } from "@/components/exceptions/exception-words";
import { QUEUE } from "@/components/exceptions/filter-address";
import { Badge } from "@/components/ui/badge";
import { exceptionGroupHref } from "@/components/ui/href";
import { Identifier } from "@/components/ui/identifier";
import { countLabel, moneyLabel } from "@/components/ui/number-format";
import { SystemName } from "@/components/ui/system-name";
import { Time } from "@/components/ui/time";
import type { ListedException } from "@/lib/domain/exceptions/exception";

const LINK = "text-accent underline-offset-2 hover:underline";

export interface ExceptionHeaderProps {
  readonly exception: ListedException;
  /** What can be done. */
  readonly children: ReactNode;
}

/** What it is, how it stands, and what can be done about it. */
export function ExceptionHeader({ exception, children }: ExceptionHeaderProps) {
  return (
    <header className="flex flex-col gap-2">
      <Link href={QUEUE} className="w-fit text-xs text-ink-muted hover:text-ink">
        All exceptions
      </Link>
      <h1 className="text-lg font-semibold break-words">{exception.message || exception.cause}</h1>
      <div className="flex flex-wrap items-center gap-2">
        <ExceptionBadge exception={exception} />
        {exception.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
        <span className="text-sm">
          <Identifier object={exception.subject} typed />
        </span>
        {exception.roots.map((root) => (
          <span key={`${root.type} ${root.id}`} className="text-sm">
            <Identifier object={root} typed />
          </span>
        ))}
      </div>
      {children}
    </header>
  );
}

export function ExceptionFacts({ exception }: { readonly exception: ListedException }) {
  const { value, promisedAt, dueAt, ignoredUntil, resolvedAt } = exception;
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-sm sm:grid-cols-3 xl:grid-cols-4">
      <Fact name="Cause">
        <Link href={exceptionGroupHref(exception.fingerprint)} prefetch={false} className={LINK}>
          {exception.cause}
        </Link>
      </Fact>
      <Fact name="Class">
        {CLASS_LABELS[exception.class]}, {exception.category}
      </Fact>
      <Fact name="Interface">{exception.interface}</Fact>
      <Fact name="Step">{exception.step}</Fact>
      <Fact name="Source → target">
        <SystemName source={exception.source} /> →{" "}
        {exception.target === "" ? "nobody named" : <SystemName source={exception.target} />}
      </Fact>
      <Fact name="Severity">{exception.severity}</Fact>
      <Fact name="Owner">{exception.owner}</Fact>
      <Fact name="Assigned to">{exception.assignee}</Fact>
      <Fact name="Value at risk">{value ? moneyLabel(value) : ""}</Fact>
      <Fact name="Promised">{promisedAt ? <Time at={promisedAt} form="stamp" /> : ""}</Fact>
      <Fact name="Due">{dueAt ? <Time at={dueAt} form="stamp" /> : ""}</Fact>
      <Fact name="Occurred">
        {countLabel(exception.occurrences)} × in {countLabel(exception.attempts)} attempts
      </Fact>
      <Fact name="First failed">
        <Time at={exception.firstFailedAt} form="stamp" />
      </Fact>
      <Fact name="Last failed">
        <Time at={exception.lastFailedAt} form="stamp" />
      </Fact>
      {exception.regressions > 0 ? <Fact name="Regressed">{countLabel(exception.regressions)} ×</Fact> : null}
      {ignoredUntil ? (
        <Fact name="Ignored until">
          <Time at={ignoredUntil} form="stamp" />
        </Fact>
      ) : null}
      {resolvedAt ? (
        <Fact name="Resolved">
          <Time at={resolvedAt} form="stamp" /> {exception.resolvedBy === "" ? null : `by ${exception.resolvedBy}`}
        </Fact>
      ) : null}
      {exception.messageKey === "" ? null : <Fact name="Message key">{exception.messageKey}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-muted">{name}</dt>
      <dd className="font-medium break-words">
        {children === "" ? <span className="font-normal text-ink-faint">none</span> : children}
      </dd>
    </div>
  );
}
