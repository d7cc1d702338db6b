"use client";
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { eventKey } from "@/components/journey/event-label";
import { usePreferences } from "@/components/ui/preferences";
import { useWidth } from "@/components/ui/use-width";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { JourneyEvent } from "@/lib/domain/journey";
import { AXIS_PX, Axis, Gaps } from "./axis";
import { arrowsOf, type Point, type TimelineHandoff } from "./handoff-arrows";
import { HandoffArrows } from "./handoff-layer";
import { itemHolds } from "./items";
import { itemLabel, LaneMarks } from "./lane-marks";
import {
  type Direction,
  type LaneGeometry,
  lanesOf,
  type MarkPosition,
  markY,
  neighbourOf,
  ROW_PX,
  stackLanes,
} from "./lanes";
import { layoutLane } from "./layout";
import { Overview } from "./overview";
import { buildScale, pixelOf, unitOf } from "./scale";
import { gapsOf, ticksOf } from "./ticks";
import { Legend, PAN_STEP, Toolbar, ZOOM_STEP } from "./toolbar";
import { useGestures } from "./use-gestures";
import { useTimelineView } from "./use-timeline-view";

export interface SwimlanesProps {
  readonly events: readonly JourneyEvent[];
  readonly handoffs: readonly TimelineHandoff[];
  readonly selectedKey: string | null;
  readonly onSelect: (key: string | null) => void;
  /** Events that arrived since the page was opened. */
  readonly newKeys: ReadonlySet<string>;
  readonly compressed: boolean;
  readonly onCompress: (compressed: boolean) => void;
}

const LANE_NAME_PX = 128;
/** Below this the lane's name stands in the lane, not beside it. */
const NARROW_PX = 560;
const NARROW_HEAD_PX = 18;
const FOOT_PX = 20;
const SERVER_WIDTH_PX = 1_040;

export function Swimlanes(props: SwimlanesProps) {
  const vocabulary = useVocabulary();
  const { zone, nowMs } = usePreferences();
  const [frame, frameWidth] = useWidth<HTMLDivElement>(SERVER_WIDTH_PX);
  const plot = useRef<SVGSVGElement>(null);
  const narrow = frameWidth < NARROW_PX;
  const headPx = narrow ? NARROW_HEAD_PX : 0;
  const widthPx = Math.max(160, frameWidth - (narrow ? 0 : LANE_NAME_PX));

  const lanes = useMemo(() => lanesOf(props.events, vocabulary.kindOf), [props.events, vocabulary]);
  const scale = useMemo(
    () => scaleOf(props.events, props.handoffs, props.compressed),
    [props.events, props.handoffs, props.compressed],
  );
  const timeline = useTimelineView(scale);
  const { view } = timeline;
  const xOf = useCallback((atMs: number) => pixelOf(view, widthPx, unitOf(scale, atMs)), [scale, view, widthPx]);
  const { selectedKey } = props;
  const geometries = useMemo(
    () =>
      stackLanes(
        lanes.map((lane) => ({
          lane,
          layout: layoutLane(lane.items, {
            xOf,
            widthPx,
            labelOf: itemLabel,
            isPinned: (item) => itemHolds(item, selectedKey),
          }),
        })),
        headPx,
      ),
    [lanes, xOf, widthPx, selectedKey, headPx],
  );
  const lanesHeight = geometries.reduce((sum, geometry) => sum + geometry.height, 0);
  const height = AXIS_PX + lanesHeight + FOOT_PX;
  const ticks = ticksOf(scale, view, { widthPx, zone, nowMs });
  const gaps = gapsOf(scale, view, widthPx);
  const { brush, handlers } = useGestures(plot, widthPx, timeline);
  const keyboard = useMarkKeyboard(geometries, plot, timeline, props.onSelect);
  const arrows = useMemo(
    () => placeArrows(props.handoffs, geometries, xOf, headPx),
    [props.handoffs, geometries, xOf, headPx],
  );

  return (
    <section aria-label="Swimlanes" className="select-none">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-3 py-2">
        <Toolbar timeline={timeline} compressed={props.compressed} onCompress={props.onCompress} />
        <Legend />
      </div>
      <div ref={frame} className="relative flex border-y border-line">
        {narrow ? null : <LaneNames geometries={geometries} nameOf={vocabulary.system} />}
        <svg
          ref={plot}
          role="group"
          aria-label={`${props.events.length} events in ${lanes.length} lanes. Arrow keys walk the marks, Enter opens one, plus and minus zoom, 0 shows all.`}
          width={widthPx}
          height={height}
          className={`block shrink-0 touch-pan-y ${timeline.fitted ? "" : "cursor-grab active:cursor-grabbing"}`}
          {...handlers}
        >
          <LaneBands geometries={geometries} widthPx={widthPx} />
          <Axis ticks={ticks} height={height - FOOT_PX} />
          <Gaps gaps={gaps} height={height} />
          <NowLine x={xOf(nowMs)} widthPx={widthPx} height={height - FOOT_PX} />
          <g transform={`translate(0,${AXIS_PX})`}>
            {narrow
              ? geometries.map((geometry) => (
                  <text
                    key={geometry.lane.source}
                    x={8}
                    y={geometry.top + 14}
                    className="fill-ink-muted text-[11px] font-semibold"
                  >
                    {vocabulary.system(geometry.lane.source)}
                  </text>
                ))
              : null}
            <HandoffArrows arrows={arrows} />
            {geometries.map((geometry, laneIndex) => (
              <LaneMarks
                key={geometry.lane.source}
                geometry={geometry}
                laneIndex={laneIndex}
                laneName={vocabulary.system(geometry.lane.source)}
                headPx={headPx}
                xOf={xOf}
                selectedKey={selectedKey}
                newKeys={props.newKeys}
                roving={keyboard.roving}
                onActivate={keyboard.activate}
                onKey={keyboard.onKey}
              />
            ))}
          </g>
          {brush ? (
            <rect
              x={brush.fromX}
              width={brush.toX - brush.fromX}
              height={height}
              className="fill-accent/15 stroke-accent"
            />
          ) : null}
        </svg>
      </div>
      <div className="py-2" style={{ paddingLeft: narrow ? 0 : LANE_NAME_PX }}>
        <Overview scale={scale} lanes={lanes} widthPx={widthPx} timeline={timeline} />
      </div>
      <p className="px-3 pb-2 text-xs text-ink-faint">
        Drag to move, Shift and drag to zoom into a range, Ctrl or ⌘ with the wheel to zoom.
      </p>
    </section>
  );
}

function scaleOf(events: readonly JourneyEvent[], handoffs: readonly TimelineHandoff[], compressed: boolean) {
  const times = events.map((event) => Date.parse(event.occurredAt));
  for (const handoff of handoffs) if (handoff.dueAt && handoff.to.length === 0) times.push(Date.parse(handoff.dueAt));
  return buildScale(times.length === 0 ? [0] : times, compressed);
}

function placeArrows(
  handoffs: readonly TimelineHandoff[],
  geometries: readonly LaneGeometry[],
  xOf: (atMs: number) => number,
  headPx: number,
) {
  const points = new Map<string, Point>();
  for (const geometry of geometries) {
    for (const mark of geometry.layout.marks) {
      const point = { x: mark.x, y: markY(geometry, mark, headPx) };
      for (const item of mark.items) for (const event of item.events) points.set(eventKey(event), point);
    }
  }
  const ghostOf = (source: string, dueAt: string): Point | null => {
    const geometry = geometries.find((candidate) => candidate.lane.source === source);
    return geometry ? { x: xOf(Date.parse(dueAt)), y: geometry.top + headPx + ROW_PX / 2 + 5 } : null;
  };
  return arrowsOf(handoffs, (key) => points.get(key) ?? null, ghostOf);
}

function LaneNames({
  geometries,
  nameOf,
}: {
  readonly geometries: readonly LaneGeometry[];
  readonly nameOf: (source: string) => string;
}) {
  return (
    <div
      aria-hidden
      className="shrink-0 border-r border-line text-xs"
      style={{ width: LANE_NAME_PX, paddingTop: AXIS_PX }}
    >
      {geometries.map(({ lane, height }) => (
        <div
          key={lane.source}
          title={lane.source}
          className="flex items-center justify-between gap-2 border-t border-line pr-2 pl-3 font-semibold"
          style={{ height }}
        >
          <span className="truncate">{nameOf(lane.source)}</span>
          {lane.items.some((item) => item.failed && item.outcome !== "ok") ? (
            <span title="Something failed here" className="font-bold text-broken">
              !
            </span>
          ) : null}
        </div>
      ))}
    </div>
  );
}

function LaneBands({
  geometries,
  widthPx,
}: {
  readonly geometries: readonly LaneGeometry[];
  readonly widthPx: number;
}) {
  return (
    <g aria-hidden="true">
      {geometries.map((geometry, index) => (
        <g key={geometry.lane.source}>
          <rect
            y={AXIS_PX + geometry.top}
            width={widthPx}
            height={geometry.height}
            className={index % 2 === 0 ? "fill-transparent" : "fill-sunken/50"}
          />
          <line
            x2={widthPx}
            y1={AXIS_PX + geometry.top + 0.5}
            y2={AXIS_PX + geometry.top + 0.5}
            className="stroke-line"
          />
        </g>
      ))}
    </g>
  );
}

function NowLine({ x, widthPx, height }: { readonly x: number; readonly widthPx: number; readonly height: number }) {
  if (x < 0 || x > widthPx) return null;
  return (
    <g aria-hidden="true">
      <line x1={x} x2={x} y1={AXIS_PX - 4} y2={height} className="stroke-attention" strokeDasharray="3 3" />
      <text x={x} y={12} textAnchor="middle" className="fill-attention text-[11px] font-semibold">
        now
      </text>
    </g>
  );
}

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
};

/** One mark is in the tab order; the arrow keys move it. Enter opens a mark, or goes closer to a cluster. */
function useMarkKeyboard(
  geometries: readonly LaneGeometry[],
  plot: React.RefObject<SVGSVGElement | null>,
  timeline: ReturnType<typeof useTimelineView>,
  onSelect: (key: string | null) => void,
) {
  const [chosen, setChosen] = useState<MarkPosition | null>(null);
  const moved = useRef(false);
  const markAt = (position: MarkPosition) => geometries[position.lane]?.layout.marks[position.mark];
  const firstLane = geometries.findIndex((geometry) => geometry.layout.marks.length > 0);
  const roving = chosen && markAt(chosen) ? chosen : firstLane === -1 ? null : { lane: firstLane, mark: 0 };

  useEffect(() => {
    if (!moved.current || !chosen) return;
    moved.current = false;
    plot.current?.querySelector<SVGGElement>(`[data-mark="${chosen.lane}:${chosen.mark}"]`)?.focus();
  }, [chosen, plot]);

  const activate = (position: MarkPosition) => {
    setChosen(position);
    const mark = markAt(position);
    const first = mark?.items[0];
    const last = mark?.items.at(-1);
    if (!mark || !first || !last) return;
    if (mark.items.length === 1 || first.fromMs === last.fromMs) return onSelect(first.key);
    timeline.zoomTo(first.fromMs, last.toMs);
  };
  const onKey = (event: KeyboardEvent, position: MarkPosition) => {
    const direction = ARROWS[event.key];
    const commands: Record<string, () => void> = {
      Enter: () => activate(position),
      " ": () => activate(position),
      Escape: () => onSelect(null),
      "+": () => timeline.zoomBy(ZOOM_STEP),
      "=": () => timeline.zoomBy(ZOOM_STEP),
      "-": () => timeline.zoomBy(1 / ZOOM_STEP),
      "0": () => timeline.fit(),
      "[": () => timeline.panBy(-PAN_STEP),
      "]": () => timeline.panBy(PAN_STEP),
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const command = direction ? () => walk(position, direction) : commands[event.key];
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    command();
  };
  const walk = (position: MarkPosition, direction: Direction) => {
    const next = neighbourOf(geometries, position, direction);
    if (next) {
      moved.current = true;
      setChosen(next);
    } else if (direction === "left" || direction === "right") {
      timeline.panBy(direction === "left" ? -PAN_STEP : PAN_STEP);
    }
  };
  return { roving, activate, onKey } as const;
}
