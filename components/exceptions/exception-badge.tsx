"use client";
import { CircleAlert, CircleCheck, CircleDashed, Eye, RotateCw, Undo2 } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { usePreferences } from "@/components/ui/preferences";
import type { ExceptionState, ListedException } from "@/lib/domain/exceptions/exception";
import { RESOLUTION_LABELS, STATE_LABELS, stateAt, stateTone } from "./exception-words";

const ICONS: Readonly<Record<ExceptionState, typeof CircleAlert>> = {
  open: CircleAlert,
  acknowledged: Eye,
  replaying: RotateCw,
  resolved: CircleCheck,
  ignored: CircleDashed,
  regressed: Undo2,
};

export function ExceptionBadge({ exception }: { readonly exception: ListedException }) {
  const { nowMs } = usePreferences();
  const state = stateAt(exception, nowMs);
  const Icon = ICONS[state];
  return (
    <Badge tone={stateTone(state)} icon={<Icon aria-hidden className="size-3" />}>
      {STATE_LABELS[state]}
      {state === "resolved" && exception.resolution ? ` ${RESOLUTION_LABELS[exception.resolution]}` : null}
      {state === "regressed" && exception.regressions > 1 ? ` ${exception.regressions} times` : null}
    </Badge>
  );
}
