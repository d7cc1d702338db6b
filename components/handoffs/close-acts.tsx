"use client";
import { Time } from "@/components/ui/time";

export interface CloseAct {
  readonly id: string;
  readonly act: "closed" | "reopened";
  readonly at: string;
  readonly signedBy: string;
  readonly note: string;
  readonly contentHash: string;
}

/** Every signature and every reopening of a period, newest first. */
export function CloseActs({ acts }: { readonly acts: readonly CloseAct[] }) {
  return (
    <ol className="flex flex-col gap-2 text-sm">
      {[...acts].reverse().map((act) => (
        <li key={`${act.id} ${act.act}`}>
          <p>
            <span className="font-medium">{act.act === "closed" ? "Closed" : "Opened again"}</span> by {act.signedBy},{" "}
            <Time at={act.at} form="stamp" className="text-ink-muted" />{" "}
            <span className="font-id text-xs text-ink-muted">{act.contentHash.slice(0, 12)}</span>
          </p>
          {act.note ? <p className="text-ink-muted">{act.note}</p> : null}
        </li>
      ))}
    </ol>
  );
}
