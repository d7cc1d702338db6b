"use client";
import { eventKey } from "@/components/journey/event-label";
import type { ChartGeometry } from "./geometry";
import { itemHolds } from "./items";
import { type LaneGeometry, markY, ROW_PX } from "./lanes";
import { LABEL_GAP_PX, MARK_RADIUS_PX, type PlacedMark } from "./layout";
import { AttemptBar, ClusterShape, DETAILED_BAR_PX, MarkShape } from "./mark";
import { markName, type NameContext } from "./mark-name";
import type { MarkWalk } from "./use-mark-walk";

export interface LaneMarksProps {
  readonly geometry: ChartGeometry;
  readonly lane: LaneGeometry;
  readonly index: number;
  readonly walk: MarkWalk;
  readonly selected: string | null;
  readonly newKeys: ReadonlySet<string>;
  readonly names: NameContext;
}

/** The marks of one lane; each is a button with a name that says what, how it ended, where and when. */
export function LaneMarks({ geometry, lane, index, walk, selected, newKeys, names }: LaneMarksProps) {
  return lane.layout.marks.map((mark, place) => {
    const chosen = mark.items.some((item) => itemHolds(item, selected));
    const fresh = mark.items.some((item) => item.events.some((event) => newKeys.has(eventKey(event))));
    const name = markName(mark, names);
    return (
      <g
        key={mark.key}
        ref={(element) => walk.register(mark.key, element)}
        role="button"
        tabIndex={walk.tabKey === mark.key ? 0 : -1}
        aria-label={name}
        aria-pressed={mark.items.length > 1 ? undefined : chosen}
        data-failed={mark.items.some((item) => item.failed) || undefined}
        className="group/mark cursor-pointer outline-none"
        transform={`translate(0,${markY(lane, mark, geometry.headPx)})`}
        onClick={() => walk.activate(mark)}
        onFocus={() => walk.onFocus(mark)}
        onKeyDown={(event) => walk.onKeyDown(event, { lane: index, mark: place })}
      >
        <title>{name}</title>
        <Frame mark={mark} chosen={chosen} fresh={fresh} />
        <Shape mark={mark} xOf={geometry.xOf} />
      </g>
    );
  });
}

/** The target of the pointer, the rings of selection and focus, and the halo of what has just arrived. */
function Frame({
  mark,
  chosen,
  fresh,
}: {
  readonly mark: PlacedMark;
  readonly chosen: boolean;
  readonly fresh: boolean;
}) {
  const half = ROW_PX / 2;
  const box = { x: mark.x - half, y: -half, width: mark.endX - mark.x + ROW_PX, height: ROW_PX };
  const ring = { x: box.x + 1, y: box.y + 1, width: box.width - 2, height: box.height - 2, rx: half - 1 };
  return (
    <>
      <rect {...box} fill="transparent" />
      {fresh ? <rect {...box} rx={half} className="animate-halo fill-accent" /> : null}
      {chosen ? <rect {...ring} className="fill-accent-tint stroke-accent" strokeWidth={2} /> : null}
      <rect
        {...ring}
        fill="none"
        strokeWidth={2}
        strokeDasharray="3 2"
        className="stroke-ink opacity-0 group-focus-visible/mark:opacity-100"
      />
    </>
  );
}

/** Room for "×12". */
const ATTEMPT_COUNT_PX = 20;

function Shape({ mark, xOf }: { readonly mark: PlacedMark; readonly xOf: (atMs: number) => number }) {
  const item = mark.items[0];
  const event = item?.events[0];
  if (!item || !event) return null;
  if (mark.items.length > 1) return <ClusterShape count={mark.items.length} x={mark.x} endX={mark.endX} />;
  // A long bar has its number of attempts behind it, a short one within.
  const isLongBar = item.events.length > 1 && mark.endX - mark.x >= DETAILED_BAR_PX;
  const labelX = mark.endX + MARK_RADIUS_PX + LABEL_GAP_PX + (isLongBar ? ATTEMPT_COUNT_PX : 0);
  return (
    <>
      {item.events.length > 1 ? (
        <AttemptBar item={item} x={mark.x} endX={mark.endX} xOf={xOf} />
      ) : (
        <g transform={`translate(${mark.x},0)`}>
          <MarkShape kind={event.kind} outcome={item.outcome} milestone={item.milestone} />
        </g>
      )}
      {mark.label ? (
        <text
          x={labelX}
          y={4}
          className={`text-[11px] ${item.failed && item.outcome !== "ok" ? "fill-broken font-medium" : "fill-ink"}`}
        >
          {mark.label}
        </text>
      ) : null}
    </>
  );
}
