import Link from "next/link";
import { notFound } from "next/navigation";
import { ExceptionActions } from "@/components/exceptions/exception-actions";
import { ITEM_STATE_LABELS } from "@/components/exceptions/replay-words";
import { stateLabel } from "@/components/handoffs/handoff-words";
import { Panel } from "@/components/handoffs/panel";
import { decodeSegment, exceptionHref, handoffHref, replayHref } from "@/components/ui/href";
import { plural } from "@/components/ui/number-format";
import { requirePermission } from "@/lib/auth/require-permission";
import { readAssignableNames } from "@/lib/queries/exception-choices";
import { type ExceptionDetail, readException } from "@/lib/queries/exception-detail";
import { services } from "@/lib/services";
import { exceptionRightsOf } from "../exception-rights";
import { ExceptionFacts, ExceptionHeader } from "./exception-header";
import { FailureList } from "./failure-list";
import { Trail } from "./trail";

interface ExceptionPageProps {
  readonly params: Promise<{ readonly id: string }>;
}

export const metadata = { title: "Exception" };

export default async function ExceptionPage({ params }: ExceptionPageProps) {
  const person = await requirePermission("exceptions:view");
  const { store } = services();
  const id = decodeSegment((await params).id);
  if (id.includes("\u0000")) notFound();
  const detail = await readException(store, id, { now: new Date().toISOString() });
  if (!detail) notFound();
  const { exception, failures, acts } = detail;
  const rights = exceptionRightsOf(person);
  const people = rights.mayAct ? await readAssignableNames(store, [exception.owner].filter(Boolean)) : [];
  return (
    <div className="flex flex-col gap-4 p-4 sm:p-6">
      <ExceptionHeader exception={exception}>
        <ExceptionActions
          exception={exception}
          rights={rights}
          people={[person.name, ...people.filter((name) => name !== person.name)]}
        />
      </ExceptionHeader>
      <Panel title="Facts">
        <ExceptionFacts exception={exception} />
      </Panel>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Panel title={`What failed: ${plural(exception.attempts, "attempt")}`}>
          <FailureList failures={failures} root={exception.roots[0]} mayViewPayload={rights.mayViewPayload} />
        </Panel>
        <div className="flex min-w-0 flex-col gap-4">
          {person.permissions.includes("reconciliation:view") ? <Breaks breaks={detail.breaks} /> : null}
          <Causes causes={detail.causes} />
          <Replays replays={detail.replays} />
          <Panel title="What was done">
            <Trail acts={acts} />
          </Panel>
        </div>
      </div>
    </div>
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
            <Link href={replayHref(jobId)} prefetch={false} className="text-accent hover:underline">
              {name}
            </Link>
            : {ITEM_STATE_LABELS[state]}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
