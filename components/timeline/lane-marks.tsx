"use client";
import type { KeyboardEvent } from "react";
import { eventLabel, outcomeWord, statusWord } from "@/components/journey/event-label";
import { usePreferences } from "@/components/ui/preferences";
import { shortTime } from "@/components/ui/time-format";
import { itemHolds, type TimelineItem } from "./items";
import type { LaneGeometry, MarkPosition } from "./lanes";
import { markY } from "./lanes";
import type { PlacedMark } from "./layout";
import { AttemptBar, ClusterShape, MarkShape } from "./mark";

export interface LaneMarksProps {
  readonly geometry: LaneGeometry;
  readonly laneIndex: number;
  readonly laneName: string;
  readonly headPx: number;
  readonly xOf: (atMs: number) => number;
  readonly selectedKey: string | null;
  readonly newKeys: ReadonlySet<string>;
  /** The one mark in the tab order. */
  readonly roving: MarkPosition | null;
  readonly onActivate: (position: MarkPosition) => void;
  readonly onKey: (event: KeyboardEvent, position: MarkPosition) => void;
}

export function LaneMarks(props: LaneMarksProps) {
  const { geometry, laneIndex, headPx } = props;
  return geometry.layout.marks.map((mark, index) => (
    <Mark
      key={mark.key}
      {...props}
      mark={mark}
      y={markY(geometry, mark, headPx)}
      position={{ lane: laneIndex, mark: index }}
    />
  ));
}

interface MarkProps extends LaneMarksProps {
  readonly mark: PlacedMark;
  readonly y: number;
  readonly position: MarkPosition;
}

function Mark({ mark, y, position, ...props }: MarkProps) {
  const { zone, nowMs } = usePreferences();
  const selected = mark.items.some((item) => itemHolds(item, props.selectedKey));
  const arrived = mark.items.some((item) => props.newKeys.has(item.key));
  const inTabOrder = props.roving?.lane === position.lane && props.roving.mark === position.mark;
  const name = nameOf(mark, props.laneName, (atMs) => shortTime(atMs, zone, nowMs));
  const left = mark.x - 11;
  const width = mark.endX - mark.x + 22;
  return (
    <g
      role="button"
      tabIndex={inTabOrder ? 0 : -1}
      aria-label={name}
      aria-pressed={selected}
      data-mark={`${position.lane}:${position.mark}`}
      transform={`translate(0,${y})`}
      className="group outline-none"
      onClick={() => props.onActivate(position)}
      onKeyDown={(event) => props.onKey(event, position)}
    >
      <title>{name}</title>
      <rect x={left} y={-11} width={width} height={22} rx={11} className="fill-transparent" />
      {arrived ? (
        <rect x={left} y={-11} width={width} height={22} rx={11} className="animate-halo fill-accent" />
      ) : null}
      <rect
        x={left + 1}
        y={-10}
        width={width - 2}
        height={20}
        rx={10}
        strokeWidth={2}
        className={`fill-none ${selected ? "stroke-ink" : "stroke-transparent group-hover:stroke-line-strong"} group-focus-visible:stroke-accent`}
      />
      <MarkContent mark={mark} xOf={props.xOf} />
      {mark.label ? (
        <text
          x={mark.endX + 11}
          y={3.5}
          className={`pointer-events-none text-[11px] ${mark.items[0]?.failed && mark.items[0].outcome !== "ok" ? "fill-broken font-medium" : "fill-ink"}`}
        >
          {mark.label}
        </text>
      ) : null}
    </g>
  );
}

function MarkContent({ mark, xOf }: { readonly mark: PlacedMark; readonly xOf: (atMs: number) => number }) {
  const [item] = mark.items;
  if (!item) return null;
  if (mark.items.length > 1) return <ClusterShape count={mark.items.length} x={mark.x} endX={mark.endX} />;
  if (item.events.length > 1) return <AttemptBar item={item} x={mark.x} endX={mark.endX} xOf={xOf} />;
  const [event] = item.events;
  if (!event) return null;
  return (
    <g transform={`translate(${mark.x},0)`}>
      <MarkShape kind={event.kind} outcome={event.outcome} milestone={item.milestone} />
    </g>
  );
}

/** What a mark is called beside it. */
export function itemLabel(item: TimelineItem): string {
  const [event] = item.events;
  if (!event) return "";
  const name = eventLabel(event.type);
  return event.outcome === "ok" || item.events.length > 1 ? name : `${name}: ${statusWord(event).toLowerCase()}`;
}

function nameOf(mark: PlacedMark, laneName: string, timeOf: (atMs: number) => string): string {
  const [item] = mark.items;
  const last = mark.items.at(-1);
  if (!item || !last) return laneName;
  const at = timeOf(item.fromMs);
  if (mark.items.length > 1) {
    const kinds = [...new Set(mark.items.map(itemLabel))];
    const listed =
      kinds.length > 3 ? `${kinds.slice(0, 3).join(", ")} and ${kinds.length - 3} more kinds` : kinds.join(", ");
    return `${laneName}: ${mark.items.length} events, ${listed}, ${at} to ${timeOf(last.toMs)}. Opens closer.`;
  }
  const count = item.events.length;
  const label = eventLabel(item.events[0]?.type ?? "");
  if (count > 1)
    return `${laneName}: ${label}, ${count} attempts, in the end ${outcomeWord(item.outcome).toLowerCase()}, ${at}`;
  return `${laneName}: ${label}, ${outcomeWord(item.outcome)}, ${at}`;
}
