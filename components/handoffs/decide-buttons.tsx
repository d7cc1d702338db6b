"use client";
import { Button } from "@/components/ui/button";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { DecisionKind } from "./decision-dialog";

/** What this person may do, as the page found it; each act is checked again where it is done. */
export interface HandoffRights {
  readonly mayAct: boolean;
  readonly mayAcceptAlways: boolean;
  readonly mayApprove: boolean;
}

export interface DecideButtonsProps {
  readonly handoffs: readonly ListedHandoff[];
  readonly rights: HandoffRights;
  readonly onDecide: (kind: DecisionKind) => void;
  readonly onAcceptAlways: () => void;
}

/** The acts that make sense for these handoffs as they stand. */
export function DecideButtons({ handoffs, rights, onDecide, onAcceptAlways }: DecideButtonsProps) {
  const isDecided = handoffs.some(({ resolution }) => resolution !== null);
  const isUndecided = handoffs.some(({ open, resolution }) => open && resolution === null);
  const isOneRule = new Set(handoffs.map(({ rule }) => rule)).size === 1;
  if (!rights.mayAct && !rights.mayAcceptAlways)
    return <span className="text-xs text-ink-muted">Your role may look, not decide.</span>;
  return (
    <span className="flex flex-wrap items-center gap-1">
      {rights.mayAct && isUndecided ? (
        <>
          <Button size="small" tone="primary" onClick={() => onDecide("match")}>
            Match
          </Button>
          <Button size="small" onClick={() => onDecide("match-with-note")}>
            Match with note…
          </Button>
          <Button size="small" onClick={() => onDecide("accept")}>
            Accept once
          </Button>
        </>
      ) : null}
      {rights.mayAcceptAlways && isUndecided && isOneRule ? (
        <Button size="small" onClick={onAcceptAlways}>
          Accept always…
        </Button>
      ) : null}
      {rights.mayAct && isDecided ? (
        <Button size="small" onClick={() => onDecide("reopen")}>
          Reopen
        </Button>
      ) : null}
      {!isUndecided && !isDecided ? (
        <span className="text-xs text-ink-muted">Nothing to decide: no break among them.</span>
      ) : null}
    </span>
  );
}
