"use client";
import { CircleAlert, CircleCheck, CircleDashed, Clock, Hourglass } from "lucide-react";
import { Badge, type BadgeTone } from "@/components/ui/badge";
import { usePreferences } from "@/components/ui/preferences";
import { durationLabel } from "@/components/ui/time-format";
import type { HandoffState } from "@/lib/domain/handoffs/handoff";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { resolutionLabel, stateLabel, stateTone } from "./handoff-words";

const ICON = "size-3";
const ICONS: Readonly<Record<HandoffState, typeof Clock>> = {
  late: CircleAlert,
  mismatched: CircleAlert,
  duplicate: CircleAlert,
  orphan: CircleAlert,
  pending: Clock,
  matched: CircleCheck,
  void: CircleDashed,
};

/** The state by the clock; for what waits or is broken, with how long. */
export function StateBadge({ handoff }: { readonly handoff: ListedHandoff }) {
  const { nowMs } = usePreferences();
  const { state, resolution } = handoff;
  const Icon = ICONS[state];
  const isSettled = resolution !== null && resolution.kind !== "awaiting_approval";
  const tone: BadgeTone = isSettled ? "waiting" : stateTone(state);
  return (
    <Badge tone={tone} icon={<Icon aria-hidden className={ICON} />}>
      {stateLabel(state)}
      {isSettled ? null : sinceText(handoff, nowMs)}
    </Badge>
  );
}

function sinceText({ state, dueAt, brokenAt }: ListedHandoff, nowMs: number): string {
  if (state === "pending" && dueAt) {
    const leftMs = Date.parse(dueAt) - nowMs;
    return leftMs > 0 ? `, due in ${durationLabel(leftMs)}` : "";
  }
  return brokenAt && nowMs > Date.parse(brokenAt) ? ` ${durationLabel(nowMs - Date.parse(brokenAt))}` : "";
}

export function ResolutionBadge({ handoff }: { readonly handoff: ListedHandoff }) {
  const { resolution } = handoff;
  if (!resolution) return null;
  const isWaiting = resolution.kind === "awaiting_approval";
  const Icon = isWaiting ? Hourglass : CircleCheck;
  return (
    <Badge
      tone={isWaiting ? "attention" : "settled"}
      icon={<Icon aria-hidden className={ICON} />}
      title={`${resolution.by}: ${resolution.reason}`}
    >
      {resolutionLabel(resolution.kind)}
    </Badge>
  );
}
