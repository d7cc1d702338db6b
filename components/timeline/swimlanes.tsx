"use client";
/** The journey over time: one lane per system, what each did, and what passed between them. */
import { useEffect, useId, useMemo, useRef } from "react";
import { eventKey } from "@/components/journey/event-label";
import { plural } from "@/components/ui/number-format";
import { usePreferences } from "@/components/ui/preferences";
import { EmptyState } from "@/components/ui/states";
import { useWidth } from "@/components/ui/use-width";
import { useVocabulary } from "@/components/ui/vocabulary";
import type { JourneyEvent } from "@/lib/domain/journey";
import { AXIS_PX, Axis, Gaps } from "./axis";
import { type ChartGeometry, expectedSources, geometryOf, instantsOf } from "./geometry";
import { arrowsOf, type TimelineHandoff } from "./handoff-arrows";
import { HandoffArrows } from "./handoff-layer";
import { LaneMarks } from "./lane-marks";
import { type Lane, lanesOf } from "./lanes";
import { Legend } from "./legend";
import { momentName } from "./mark-name";
import { Overview } from "./overview";
import { buildScale, continuedForActs, type TimeScale, timeOf, unitOf } from "./scale";
import { gapsOf, ticksOf } from "./ticks";
import { Toolbar } from "./toolbar";
import { useGestures } from "./use-gestures";
import { useMarkWalk } from "./use-mark-walk";
import { type TimelineView, useTimelineView } from "./use-timeline-view";

export interface SwimlanesProps {
  readonly events: readonly JourneyEvent[];
  readonly handoffs: readonly TimelineHandoff[];
  /** `eventKey` of the selected event. */
  readonly selectedKey: string | null;
  readonly onSelect: (key: string | null) => void;
  /** `eventKey`s of events that arrived since the page was opened: each announces itself once. */
  readonly newKeys: ReadonlySet<string>;
  readonly compressed: boolean;
  readonly onCompress: (compressed: boolean) => void;
  /** The instant the journey is shown as of; absent or null is now. */
  readonly asOf?: string | null;
}

const SERVER_WIDTH_PX = 960;
const NARROW_PX = 640;
const NAMES_PX = 152;
const LANE_HEAD_PX = 18;
/** Room under the lanes for the bands of shortened time. */
const FOOT_PX = 20;

export function Swimlanes(props: SwimlanesProps) {
  if (props.events.length === 0 && expectedSources(props.handoffs).length === 0) {
    return (
      <EmptyState title="No events yet">
        {(props.asOf ?? null) === null
          ? "No system has reported anything about this order so far. New events appear here by themselves."
          : "At this point in time no system had reported anything about this order. Choose a later time."}
      </EmptyState>
    );
  }
  return <Chart {...props} />;
}

function Chart({ events, handoffs, selectedKey: selected, asOf = null, ...props }: SwimlanesProps) {
  const vocabulary = useVocabulary();
  const { zone, nowMs } = usePreferences();
  const [box, boxPx] = useWidth<HTMLDivElement>(SERVER_WIDTH_PX);
  const plot = useRef<SVGSVGElement>(null);
  const id = useId();
  const narrow = boxPx < NARROW_PX;
  const widthPx = Math.max(160, boxPx - (narrow ? 0 : NAMES_PX));
  const headPx = narrow ? LANE_HEAD_PX : 0;

  const expected = useMemo(() => expectedSources(handoffs), [handoffs]);
  const lanes = useMemo(() => lanesOf(events, vocabulary.kindOf, expected), [events, vocabulary, expected]);
  const scale = useMemo(() => {
    const { journey, acts } = instantsOf(lanes, handoffs);
    return continuedForActs(buildScale(journey, props.compressed), acts);
  }, [lanes, handoffs, props.compressed]);
  const timeline = useTimelineView(scale);
  const { view } = timeline;
  const geometry = useMemo(
    () => geometryOf(lanes, { scale, view, widthPx, headPx, selected, expected }),
    [lanes, scale, view, widthPx, headPx, selected, expected],
  );
  const arrows = useMemo(() => arrowsOf(handoffs, geometry.pointOf, geometry.ghostOf), [handoffs, geometry]);
  const gestures = useGestures(plot, widthPx, timeline);
  const walk = useMarkWalk({ geometry, scale, timeline, widthPx, selected, onSelect: props.onSelect });
  useRevealed(selected, events, scale, timeline);

  const asOfMs = asOf === null ? null : Date.parse(asOf);
  const height = AXIS_PX + geometry.height + FOOT_PX;
  return (
    <section aria-label="Swimlanes">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line px-3 py-1.5">
        <Toolbar timeline={timeline} compressed={props.compressed} onCompress={props.onCompress} />
        <p className="text-xs text-ink-muted">
          {momentName(timeOf(scale, view.from), { zone, nowMs })} –{" "}
          {momentName(timeOf(scale, view.to), { zone, nowMs })} <span className="text-ink-faint">({zone})</span>
        </p>
      </div>
      <div ref={box} className="overflow-hidden">
        <div className="flex">
          {narrow ? null : <LaneNames geometry={geometry} system={vocabulary.system} />}
          <svg
            ref={plot}
            role="group"
            aria-label={`Timeline of ${plural(events.length, "event")} in ${plural(lanes.length, "system")}`}
            width={widthPx}
            height={height}
            className="block touch-pan-y select-none"
            {...gestures.handlers}
          >
            <LaneBands geometry={geometry} widthPx={widthPx} system={narrow ? vocabulary.system : null} />
            <Axis ticks={ticksOf(scale, view, { widthPx, zone, nowMs })} height={height - FOOT_PX} />
            <Gaps gaps={gapsOf(scale, view, widthPx)} height={height} />
            <MomentLine
              label={asOfMs === null ? "now" : "as of"}
              x={geometry.xOf(asOfMs ?? nowMs)}
              widthPx={widthPx}
              height={height - FOOT_PX}
            />
            <g transform={`translate(0,${AXIS_PX})`}>
              <HandoffArrows
                id={id}
                arrows={arrows}
                widthPx={widthPx}
                nowMs={asOfMs ?? nowMs}
                system={vocabulary.system}
              />
              {geometry.lanes.map((lane, index) => {
                const system = vocabulary.system(lane.lane.source);
                return (
                  <g key={lane.lane.source} role="group" aria-label={`${system}, ${countsOf(lane.lane)}`}>
                    <LaneMarks
                      geometry={geometry}
                      lane={lane}
                      index={index}
                      walk={walk}
                      selected={selected}
                      newKeys={props.newKeys}
                      names={{ system, zone, nowMs }}
                    />
                  </g>
                );
              })}
            </g>
            {gestures.brush ? (
              <rect
                x={gestures.brush.fromX}
                width={gestures.brush.toX - gestures.brush.fromX}
                height={height}
                className="fill-accent/15 stroke-accent"
              />
            ) : null}
          </svg>
        </div>
        <div className="py-2" style={{ paddingLeft: narrow ? 0 : NAMES_PX }}>
          <Overview scale={scale} lanes={lanes} widthPx={widthPx} timeline={timeline} />
        </div>
      </div>
      <Legend handoffs={handoffs.length > 0} />
    </section>
  );
}

/** A selection made elsewhere (the history, a link) is brought into the window; one made here is in it already. */
function useRevealed(
  selected: string | null,
  events: readonly JourneyEvent[],
  scale: TimeScale,
  timeline: TimelineView,
): void {
  const latest = useRef({ events, scale, timeline });
  latest.current = { events, scale, timeline };
  useEffect(() => {
    const now = latest.current;
    const event = now.events.find((candidate) => eventKey(candidate) === selected);
    if (!event) return;
    const atMs = Date.parse(event.occurredAt);
    const unit = unitOf(now.scale, atMs);
    if (unit < now.timeline.view.from || unit > now.timeline.view.to) now.timeline.reveal(atMs);
  }, [selected]);
}

function countsOf(lane: Lane): string {
  const events = lane.items.flatMap((item) => item.events);
  const failed = events.filter(({ outcome }) => outcome === "failed" || outcome === "rejected").length;
  if (events.length === 0) return "nothing reported yet";
  return failed > 0 ? `${plural(events.length, "event")}, ${failed} failed` : plural(events.length, "event");
}

type NameOf = (source: string) => string;

function LaneNames({ geometry, system }: { readonly geometry: ChartGeometry; readonly system: NameOf }) {
  return (
    <div aria-hidden="true" className="shrink-0 border-r border-line" style={{ width: NAMES_PX, paddingTop: AXIS_PX }}>
      {geometry.lanes.map(({ lane, height }) => (
        <div key={lane.source} className="overflow-hidden border-t border-line px-3 pt-0.5" style={{ height }}>
          <p className="truncate text-xs font-semibold" title={system(lane.source)}>
            {system(lane.source)}
          </p>
          <p className="truncate text-2xs text-ink-muted">{countsOf(lane)}</p>
        </div>
      ))}
    </div>
  );
}

/** A line above each lane; on narrow screens its name stands below the line. */
function LaneBands({
  geometry,
  widthPx,
  system,
}: {
  readonly geometry: ChartGeometry;
  readonly widthPx: number;
  readonly system: NameOf | null;
}) {
  return (
    <g aria-hidden>
      {geometry.lanes.map(({ lane, top }) => (
        <g key={lane.source} transform={`translate(0,${AXIS_PX + top})`}>
          <line x2={widthPx} y1={0.5} y2={0.5} className="stroke-line" />
          {system ? (
            <text x={8} y={15} className="fill-ink text-[11px] font-semibold">
              {system(lane.source)}
              <tspan className="fill-ink-muted font-normal"> {countsOf(lane)}</tspan>
            </text>
          ) : null}
        </g>
      ))}
    </g>
  );
}

interface MomentLineProps {
  readonly label: string;
  readonly x: number;
  readonly widthPx: number;
  readonly height: number;
}

function MomentLine({ label, x, widthPx, height }: MomentLineProps) {
  if (x < 0 || x > widthPx) return null;
  return (
    <g aria-hidden transform={`translate(${x},0)`}>
      <line y1={AXIS_PX - 4} y2={height} className="stroke-attention" strokeDasharray="3 3" />
      <text
        x={x > widthPx / 2 ? -4 : 4}
        y={height - 4}
        textAnchor={x > widthPx / 2 ? "end" : "start"}
        className="fill-attention stroke-surface text-[11px] font-semibold"
        strokeWidth={3}
        paintOrder="stroke"
      >
        {label}
      </text>
    </g>
  );
}
