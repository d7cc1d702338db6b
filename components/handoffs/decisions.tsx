"use client";
/** The dialogs of the workbench, and what happens after an act: the page is read again once the projection has taken it in. */
import { useRouter } from "next/navigation";
import { type ReactNode, useCallback, useState } from "react";
import { useToast } from "@/components/ui/toast";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { AcceptanceDialog, type AcceptanceStart } from "./acceptance-dialog";
import { type Decided, untilTakenIn } from "./act-requests";
import { type Decision, DecisionDialog } from "./decision-dialog";
import { handoffKey, type RuleBook } from "./handoff-words";

export interface Decisions {
  readonly decide: (decision: Decision) => void;
  readonly acceptAlways: (start: AcceptanceStart) => void;
  /** Keys whose act is stored and not yet shown (`handoffKey`). */
  readonly settling: ReadonlySet<string>;
  readonly dialogs: ReactNode;
}

export function useDecisions(rules: RuleBook): Decisions {
  const router = useRouter();
  const toast = useToast();
  const [decision, setDecision] = useState<Decision | null>(null);
  const [start, setStart] = useState<AcceptanceStart | null>(null);
  const [settling, setSettling] = useState<ReadonlySet<string>>(new Set());

  const onDecided = useCallback(
    async ({ action, handoffs, event }: Decided) => {
      const keys = handoffs.map(handoffKey);
      const [first] = handoffs;
      setSettling((before) => new Set([...before, ...keys]));
      const isTakenIn = (resolution: ListedHandoff["resolution"]) =>
        action === "reopen" ? resolution === null : resolution?.actId === event.id;
      const isShown = first !== undefined && (await untilTakenIn(first, isTakenIn));
      if (!isShown) toast({ tone: "settled", text: "Stored. The page follows as soon as it is taken in." });
      router.refresh();
      setSettling((before) => new Set([...before].filter((key) => !keys.includes(key))));
    },
    [router, toast],
  );

  return {
    decide: setDecision,
    acceptAlways: setStart,
    settling,
    dialogs: (
      <>
        <DecisionDialog
          decision={decision}
          onClose={() => setDecision(null)}
          onDecided={(decided) => void onDecided(decided)}
          onCarriedOut={() => router.refresh()}
        />
        <AcceptanceDialog
          start={start}
          rules={rules}
          onClose={() => setStart(null)}
          onCreated={() => router.refresh()}
        />
      </>
    ),
  };
}
