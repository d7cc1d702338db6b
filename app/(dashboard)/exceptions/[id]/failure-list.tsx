import Link from "next/link";
import { eventKey, eventLabel } from "@/components/journey/event-label";
import { Payload } from "@/components/journey/payload";
import { journeyEventHref } from "@/components/ui/href";
import { countLabel } from "@/components/ui/number-format";
import { Time } from "@/components/ui/time";
import type { ObjectRef } from "@/lib/domain/object";
import type { ExceptionFailure } from "@/lib/queries/exception-detail";

export interface FailureListProps {
  readonly failures: readonly ExceptionFailure[];
  /** The journey in which they are shown. */
  readonly root: ObjectRef | undefined;
  readonly mayViewPayload: boolean;
}

/** The latest this many are open; the others are behind a word. */
const SHOWN = 5;

/** Every failed attempt, the latest first, each with its message and its place in the journey. */
export function FailureList({ failures, ...rest }: FailureListProps) {
  const latest = [...failures].reverse();
  const earlier = latest.slice(SHOWN);
  if (failures.length === 0)
    return <p className="text-sm text-ink-muted">No failed message of its own: what was expected has not come.</p>;
  return (
    <div className="flex flex-col gap-3 text-sm">
      <List failures={latest.slice(0, SHOWN)} {...rest} />
      {earlier.length === 0 ? null : (
        <details>
          <summary className="w-fit text-ink-muted">{countLabel(earlier.length)} earlier</summary>
          <div className="mt-3">
            <List failures={earlier} {...rest} />
          </div>
        </details>
      )}
    </div>
  );
}

function List({ failures, root, mayViewPayload }: FailureListProps) {
  return (
    <ol className="flex flex-col gap-3">
      {failures.map(({ event, type, occurredAt, attempt, error, hasMessage }) => (
        <li key={eventKey(event)} className="flex flex-col gap-1 border-b border-line pb-3 last:border-b-0 last:pb-0">
          <p className="flex flex-wrap items-center gap-x-2">
            <Time at={occurredAt} form="stamp" className="text-ink-muted" />
            <span className="font-medium">{eventLabel(type)}</span>
            <span className="text-ink-muted">
              attempt {attempt}
              {error.code === "" ? null : ` · ${error.code}`}
            </span>
            {root ? (
              <Link
                href={journeyEventHref(root, eventKey(event))}
                prefetch={false}
                className="text-accent underline-offset-2 hover:underline"
              >
                in the journey
              </Link>
            ) : null}
          </p>
          {error.message === "" ? null : <p className="break-words whitespace-pre-wrap">{error.message}</p>}
          {hasMessage ? null : <p className="text-xs text-ink-muted">It came without its message.</p>}
          <Payload source={event.source} id={event.id} mayView={mayViewPayload} />
        </li>
      ))}
    </ol>
  );
}
