"use client";
import { ChevronLeft, ChevronRight, Maximize2, UnfoldHorizontal, ZoomIn, ZoomOut } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
import { MarkShape } from "./mark";
import type { TimelineView } from "./use-timeline-view";

const ICON = "size-4";
export const ZOOM_STEP = 0.6;
export const PAN_STEP = 0.35;

export interface ToolbarProps {
  readonly timeline: TimelineView;
  readonly compressed: boolean;
  readonly onCompress: (compressed: boolean) => void;
}

export function Toolbar({ timeline, compressed, onCompress }: ToolbarProps) {
  return (
    <div role="toolbar" aria-label="Zoom" className="flex flex-wrap items-center gap-1">
      <IconButton
        label="Zoom in (+)"
        size="small"
        icon={<ZoomIn aria-hidden className={ICON} />}
        onClick={() => timeline.zoomBy(ZOOM_STEP)}
      />
      <IconButton
        label="Zoom out (−)"
        size="small"
        disabled={timeline.fitted}
        icon={<ZoomOut aria-hidden className={ICON} />}
        onClick={() => timeline.zoomBy(1 / ZOOM_STEP)}
      />
      <IconButton
        label="Earlier ([)"
        size="small"
        disabled={timeline.fitted}
        icon={<ChevronLeft aria-hidden className={ICON} />}
        onClick={() => timeline.panBy(-PAN_STEP)}
      />
      <IconButton
        label="Later (])"
        size="small"
        disabled={timeline.fitted}
        icon={<ChevronRight aria-hidden className={ICON} />}
        onClick={() => timeline.panBy(PAN_STEP)}
      />
      <IconButton
        label="Show the whole journey (0)"
        size="small"
        disabled={timeline.fitted}
        icon={<Maximize2 aria-hidden className={ICON} />}
        onClick={timeline.fit}
      />
      <Button
        tone="quiet"
        size="small"
        aria-pressed={compressed}
        className="aria-pressed:bg-accent-tint aria-pressed:text-accent"
        title="Draw pauses shorter than they were; each is marked with its true length"
        onClick={() => onCompress(!compressed)}
      >
        <UnfoldHorizontal aria-hidden className={ICON} />
        Shorten pauses
      </Button>
    </div>
  );
}

const KINDS = [
  { kind: "message", name: "Message" },
  { kind: "api_call", name: "API call" },
  { kind: "step", name: "Step" },
  { kind: "posting", name: "Posting" },
] as const;
const OUTCOMES = [
  { outcome: "failed", name: "Failed" },
  { outcome: "rejected", name: "Rejected" },
  { outcome: "skipped", name: "Skipped" },
] as const;

export function Legend() {
  return (
    <ul aria-label="Legend" className="flex flex-wrap items-center gap-x-3.5 gap-y-1 text-xs text-ink-muted">
      {KINDS.map(({ kind, name }) => (
        <LegendEntry key={kind} name={name}>
          <MarkShape kind={kind} outcome="ok" milestone />
        </LegendEntry>
      ))}
      {OUTCOMES.map(({ outcome, name }) => (
        <LegendEntry key={outcome} name={name}>
          <MarkShape kind="message" outcome={outcome} milestone />
        </LegendEntry>
      ))}
      <li className="inline-flex items-center gap-1.5">
        <span
          aria-hidden
          className="rounded-full border border-line-strong bg-waiting-tint px-1.5 text-[10px] leading-4"
        >
          12
        </span>
        Traffic, grouped
      </li>
      <li className="inline-flex items-center gap-1.5">
        <span
          aria-hidden
          className="rounded-full border border-attention bg-attention-tint px-1.5 text-[10px] leading-4 font-semibold text-attention"
        >
          ×3
        </span>
        Attempts of one call
      </li>
    </ul>
  );
}

function LegendEntry({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <li className="inline-flex items-center gap-1.5">
      <svg aria-hidden="true" width={16} height={16} viewBox="-8 -8 16 16">
        {children}
      </svg>
      {name}
    </li>
  );
}
