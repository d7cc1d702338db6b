import { Ban, Check, CircleDashed, X } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { EventOutcome } from "@/lib/domain/event";
import { outcomeWord } from "./event-label";

const ICON = "size-3";

export function OutcomeBadge({ outcome }: { readonly outcome: EventOutcome }) {
  if (outcome === "ok") {
    return (
      <Badge tone="settled" icon={<Check aria-hidden className={ICON} strokeWidth={3} />}>
        {outcomeWord(outcome)}
      </Badge>
    );
  }
  if (outcome === "skipped") {
    return (
      <Badge tone="waiting" icon={<CircleDashed aria-hidden className={ICON} />}>
        {outcomeWord(outcome)}
      </Badge>
    );
  }
  const Icon = outcome === "failed" ? X : Ban;
  return (
    <Badge tone="broken" icon={<Icon aria-hidden className={ICON} strokeWidth={3} />}>
      {outcomeWord(outcome)}
    </Badge>
  );
}
