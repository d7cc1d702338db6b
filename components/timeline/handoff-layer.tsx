import { durationLabel } from "@/components/ui/time-format";
import { LABEL_OFFSET_PX, type PlacedLabel, placeLabels } from "./ghost-labels";
import type { Arrow, ArrowTone, Point } from "./handoff-arrows";

const STROKES: Record<ArrowTone, string> = {
  settled: "stroke-settled",
  waiting: "stroke-waiting",
  broken: "stroke-broken",
};
const FILLS: Record<ArrowTone, string> = { settled: "fill-settled", waiting: "fill-waiting", broken: "fill-broken" };
/** Line styles tell the states apart without colour: whole, dashed, dash and dot. */
const DASHES: Record<ArrowTone, string | undefined> = { settled: undefined, waiting: "5 3", broken: "8 3 2 3" };
const WIDTHS: Record<ArrowTone, number> = { settled: 1.25, waiting: 1.5, broken: 2 };
const TONES = Object.keys(STROKES) as ArrowTone[];

export function ArrowLine({
  tone,
  path,
  head,
}: {
  readonly tone: ArrowTone;
  readonly path: string;
  readonly head?: string;
}) {
  return (
    <path
      d={path}
      fill="none"
      className={STROKES[tone]}
      strokeWidth={WIDTHS[tone]}
      strokeDasharray={DASHES[tone]}
      markerEnd={head ? `url(#${head}-${tone})` : undefined}
    />
  );
}

/** What should have arrived: an empty dashed ring, with a mark of exclamation once it is late. */
export function GhostShape({ tone }: { readonly tone: ArrowTone }) {
  return (
    <>
      <circle r={7} className={`fill-surface ${STROKES[tone]}`} strokeWidth={1.5} strokeDasharray="3 2" />
      {tone === "broken" ? <path d="M0,-3.5 V1 M0,2.8 V3.8" className="stroke-broken" strokeWidth={1.8} /> : null}
    </>
  );
}

/** "due in 2 h", "3 h late". */
export const dueLabel = (dueAtMs: number, nowMs: number): string =>
  dueAtMs >= nowMs ? `due in ${durationLabel(dueAtMs - nowMs)}` : `${durationLabel(nowMs - dueAtMs)} late`;

export interface HandoffArrowsProps {
  readonly id: string;
  readonly arrows: readonly Arrow[];
  readonly widthPx: number;
  readonly nowMs: number;
  readonly system: (source: string) => string;
}

export function HandoffArrows({ id, arrows, widthPx, nowMs, system }: HandoffArrowsProps) {
  const dueOf = ({ handoff, ghost }: Arrow) =>
    ghost && handoff.dueAt ? dueLabel(Date.parse(handoff.dueAt), nowMs) : null;
  const labels = placeLabels(
    arrows.flatMap((arrow) =>
      arrow.ghost ? [{ key: arrow.key, at: arrow.ghost, text: `${arrow.handoff.label} · ${dueOf(arrow)}` }] : [],
    ),
    widthPx,
  );
  return (
    <g>
      <defs>
        {TONES.map((tone) => (
          <marker
            key={tone}
            id={`${id}-${tone}`}
            viewBox="0 0 8 8"
            refX={7}
            refY={4}
            markerWidth={8}
            markerHeight={8}
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0,0 L8,4 L0,8 Z" className={FILLS[tone]} />
          </marker>
        ))}
      </defs>
      {arrows.map((arrow) => {
        const { key, handoff, path, ghost } = arrow;
        const due = dueOf(arrow);
        const place =
          ghost && handoff.expectedSource ? `, expected from ${system(handoff.expectedSource)}, ${due}` : "";
        const name = `Handoff ${handoff.label}, ${handoff.tone}${place}`;
        return (
          <g key={key} role="img" aria-label={name}>
            <title>{name}</title>
            {path ? <ArrowLine tone={handoff.tone} path={path} head={id} /> : null}
            {ghost ? <Ghost at={ghost} tone={handoff.tone} label={labels.get(key) ?? null} /> : null}
          </g>
        );
      })}
    </g>
  );
}

interface GhostProps {
  readonly at: Point;
  readonly tone: ArrowTone;
  readonly label: PlacedLabel | null;
}

function Ghost({ at, tone, label }: GhostProps) {
  return (
    <g transform={`translate(${at.x},${at.y})`}>
      <GhostShape tone={tone} />
      {label ? (
        <text
          x={label.leftwards ? -LABEL_OFFSET_PX : LABEL_OFFSET_PX}
          y={4}
          textAnchor={label.leftwards ? "end" : "start"}
          className={`stroke-surface text-[11px] ${FILLS[tone]}`}
          strokeWidth={3}
          paintOrder="stroke"
        >
          {label.text}
        </text>
      ) : null}
    </g>
  );
}
