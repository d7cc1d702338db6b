import type { ReactNode } from "react";
import { kindWord } from "@/components/journey/event-label";
import type { ArrowTone } from "./handoff-arrows";
import { ArrowLine, GhostShape } from "./handoff-layer";
import { ClusterShape, MarkShape } from "./mark";

const KINDS = ["message", "api_call", "step", "posting"] as const;
const OUTCOMES = [
  ["failed", "Failed"],
  ["rejected", "Rejected"],
  ["skipped", "Skipped"],
] as const;
const TONES: readonly (readonly [ArrowTone, string])[] = [
  ["settled", "Handoff settled"],
  ["waiting", "Handoff waiting"],
  ["broken", "Handoff broken"],
];

/** Shape → meaning, and the keys. */
export function Legend({ handoffs }: { readonly handoffs: boolean }) {
  return (
    <div className="space-y-1.5 border-t border-line px-3 py-2 text-xs text-ink-muted">
      <ul aria-label="Legend" className="flex flex-wrap gap-x-4 gap-y-1">
        {KINDS.map((kind) => (
          <Entry key={kind} text={kindWord(kind)}>
            <MarkShape kind={kind} outcome="ok" milestone />
          </Entry>
        ))}
        {OUTCOMES.map(([outcome, text]) => (
          <Entry key={outcome} text={text}>
            <MarkShape kind="message" outcome={outcome} milestone />
          </Entry>
        ))}
        <Entry text="Attempts of one call" widthPx={32}>
          <rect x={-14} y={-7} width={28} height={14} rx={7} className="fill-attention-tint stroke-attention" />
          <text y={3.5} textAnchor="middle" className="fill-attention text-[10.5px] font-semibold">
            ×3
          </text>
        </Entry>
        <Entry text="Several, zooms in" widthPx={26}>
          <ClusterShape count={12} x={-3} endX={3} />
        </Entry>
        {handoffs
          ? TONES.map(([tone, text]) => (
              <Entry key={tone} text={text} widthPx={32}>
                <ArrowLine tone={tone} path="M-14,0 H14" />
              </Entry>
            ))
          : null}
        {handoffs ? (
          <Entry text="Expected, not arrived">
            <GhostShape tone="broken" />
          </Entry>
        ) : null}
      </ul>
      <p>
        <Key>←</Key> <Key>→</Key> along a lane, <Key>↑</Key> <Key>↓</Key> across, <Key>Home</Key> <Key>End</Key> its
        ends, <Key>Enter</Key> selects or zooms in, <Key>+</Key> <Key>−</Key> <Key>0</Key> zoom and fit, <Key>[</Key>{" "}
        <Key>]</Key> earlier and later, <Key>Esc</Key> clears. Drag to move, Shift and drag to zoom into a range, Ctrl
        or ⌘ with the wheel to zoom.
      </p>
    </div>
  );
}

function Entry({
  text,
  widthPx = 18,
  children,
}: {
  readonly text: string;
  readonly widthPx?: number;
  readonly children: ReactNode;
}) {
  return (
    <li className="inline-flex items-center gap-1.5">
      <svg aria-hidden="true" width={widthPx} height={18} viewBox={`${-widthPx / 2} -9 ${widthPx} 18`}>
        {children}
      </svg>
      {text}
    </li>
  );
}

const Key = ({ children }: { readonly children: ReactNode }) => (
  <kbd className="rounded border border-line-strong px-1 font-sans text-2xs">{children}</kbd>
);
