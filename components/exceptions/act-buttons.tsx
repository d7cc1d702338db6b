"use client";
import { Button } from "@/components/ui/button";
import { usePreferences } from "@/components/ui/preferences";
import type { ListedException } from "@/lib/domain/exceptions/exception";
import { ACT_TITLES, type ActKind, sensibleActs } from "./act-words";

/** What this person may do, as the page found it; each act is checked again where it is done. */
export interface ExceptionRights {
  readonly mayAct: boolean;
  readonly mayReplay: boolean;
  readonly mayViewPayload: boolean;
}

export interface ActButtonsProps {
  readonly exceptions: readonly ListedException[];
  readonly rights: Pick<ExceptionRights, "mayAct">;
  readonly onAct: (kind: ActKind) => void;
}

const AT_ONCE: readonly ActKind[] = ["acknowledge"];

/** The acts that make sense for these exceptions as they stand. */
export function ActButtons({ exceptions, rights, onAct }: ActButtonsProps) {
  const { nowMs } = usePreferences();
  if (!rights.mayAct) return <span className="text-xs text-ink-muted">Your role may look, not act.</span>;
  return sensibleActs(exceptions, nowMs).map((kind, index) => (
    <Button key={kind} size="small" tone={index === 0 ? "primary" : "plain"} onClick={() => onAct(kind)}>
      {ACT_TITLES[kind]}
      {AT_ONCE.includes(kind) ? "" : "…"}
    </Button>
  ));
}
