import { RotateCw } from "lucide-react";
import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { type ExceptionSelection, replayPlanHref } from "@/components/ui/href";

/** Leads to the plan of a replay: nothing is sent before somebody has seen what would be. */
export function ReplayButton({ selection }: { readonly selection: ExceptionSelection }) {
  return (
    <Link href={replayPlanHref(selection)} prefetch={false} className={buttonClass("plain", "small")}>
      <RotateCw aria-hidden className="size-3.5" />
      Replay…
    </Link>
  );
}
