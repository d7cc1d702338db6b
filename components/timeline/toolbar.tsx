"use client";
import { ChevronLeft, ChevronRight, Maximize2, UnfoldHorizontal, ZoomIn, ZoomOut } from "lucide-react";
import { Button, IconButton } from "@/components/ui/button";
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
