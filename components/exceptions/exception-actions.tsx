"use client";
import { LoaderCircle } from "lucide-react";
import { useRouter } from "next/navigation";
import { replayPlanHref } from "@/components/ui/href";
import { useLiveRefresh } from "@/components/ui/live-refresh";
import { useHotkeys } from "@/components/ui/use-hotkeys";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import { ActButtons, type ExceptionRights } from "./act-buttons";
import type { ActKind } from "./act-words";
import { useActs } from "./acts";
import { ReplayButton } from "./replay-button";

export interface ExceptionActionsProps {
  readonly exception: ListedException;
  readonly rights: ExceptionRights;
  readonly people: readonly string[];
}

/** What can be done about one exception, by button and by key; the page is read again when others do something. */
export function ExceptionActions({ exception, rights, people }: ExceptionActionsProps) {
  const router = useRouter();
  const acts = useActs(people);
  useLiveRefresh(`/api/v1/exceptions/live?${watchedFilter(exception)}`);
  const act = (kind: ActKind) => acts.act(kind, { exceptions: [exception], matching: null });
  const selection = { exceptionIds: [exception.id] };
  useHotkeys({
    ...(rights.mayAct ? { a: () => act("assign"), e: () => act("resolve") } : {}),
    ...(rights.mayReplay ? { r: () => router.push(replayPlanHref(selection)) } : {}),
  });
  return (
    <div className="flex flex-wrap items-center gap-1">
      <ActButtons exceptions={[exception]} rights={rights} onAct={act} />
      {rights.mayReplay ? <ReplayButton selection={selection} /> : null}
      {acts.settling.has(exception.id) ? (
        <span role="status" className="inline-flex items-center gap-1 text-xs text-ink-muted">
          <LoaderCircle aria-hidden className="size-3 animate-spin" />
          Being taken in…
        </span>
      ) : null}
      {acts.dialog}
    </div>
  );
}

/** The narrowest filter that holds it whatever becomes of it. */
function watchedFilter({ roots: [root], fingerprint }: ListedException): URLSearchParams {
  return new URLSearchParams({
    tab: "all",
    ...(root ? { root: `${root.type}/${root.id}` } : { group: fingerprint }),
  });
}
