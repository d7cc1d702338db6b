import { eventKey } from "@/components/journey/event-label";
import type { JourneyEvent } from "@/lib/domain/journey";
import type { TimelineItem } from "./items";

export interface MarkShapeProps {
  readonly kind: JourneyEvent["kind"];
  readonly outcome: JourneyEvent["outcome"];
  /** Traffic is drawn smaller and quieter. */
  readonly milestone: boolean;
}

/** Shapes by kind, centred on the origin: message ○, API call ◇, step □, posting ⬡. Readable without colour. */
function outline(kind: JourneyEvent["kind"], r: number): string {
  if (kind === "api_call") return `M0,${-r - 0.5} L${r + 0.5},0 L0,${r + 0.5} L${-r - 0.5},0 Z`;
  if (kind === "step") {
    const s = r - 0.8;
    return `M${-s},${-s} H${s} V${s} H${-s} Z`;
  }
  if (kind === "posting") {
    const h = r * 0.55;
    return `M${-h},${-r} H${h} L${r + 0.5},0 L${h},${r} H${-h} L${-r - 0.5},0 Z`;
  }
  return `M${-r},0 a${r},${r} 0 1,0 ${2 * r},0 a${r},${r} 0 1,0 ${-2 * r},0 Z`;
}

const FILLS: Record<JourneyEvent["outcome"], string> = {
  ok: "fill-accent stroke-accent",
  failed: "fill-broken stroke-broken",
  rejected: "fill-surface stroke-broken",
  skipped: "fill-surface stroke-waiting",
};

/** The outcome is a sign inside the shape: × failed, − rejected, hollow and dashed skipped. */
function OutcomeSign({ outcome, r }: { readonly outcome: JourneyEvent["outcome"]; readonly r: number }) {
  const s = r * 0.42;
  if (outcome === "failed") {
    return <path d={`M${-s},${-s} L${s},${s} M${s},${-s} L${-s},${s}`} className="stroke-surface" strokeWidth={1.8} />;
  }
  if (outcome === "rejected") return <path d={`M${-s},0 H${s}`} className="stroke-broken" strokeWidth={2} />;
  return null;
}

export function MarkShape({ kind, outcome, milestone }: MarkShapeProps) {
  const r = milestone ? 6 : 4.5;
  const fill = outcome === "ok" && !milestone ? "fill-surface stroke-ink-faint" : FILLS[outcome];
  return (
    <g>
      <path
        d={outline(kind, r)}
        className={fill}
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeDasharray={outcome === "skipped" ? "2 1.5" : undefined}
      />
      <OutcomeSign outcome={outcome} r={r} />
    </g>
  );
}

const ATTEMPT_RADIUS_PX = 3.5;
/** From this length on, each attempt is shown where it was; shorter bars carry only their number. */
export const DETAILED_BAR_PX = 64;

/** The attempts of one call: a bar from the first to the end of the last, a dot for each, and how many there were. */
export function AttemptBar({
  item,
  x,
  endX,
  xOf,
}: {
  readonly item: TimelineItem;
  readonly x: number;
  readonly endX: number;
  readonly xOf: (atMs: number) => number;
}) {
  const recovered = item.outcome === "ok";
  const detailed = endX - x >= DETAILED_BAR_PX;
  const left = x - 7;
  const width = endX - x + 14;
  return (
    <g>
      <rect
        x={left}
        y={-8}
        width={width}
        height={16}
        rx={8}
        className={recovered ? "fill-attention-tint stroke-attention" : "fill-broken-tint stroke-broken"}
        strokeWidth={1.25}
      />
      {detailed
        ? item.events.map((event) => (
            <circle
              key={eventKey(event)}
              cx={xOf(Date.parse(event.occurredAt))}
              r={ATTEMPT_RADIUS_PX}
              // Hollow or full: told apart without colour too.
              className={event.outcome === "ok" ? "fill-surface stroke-settled" : "fill-broken stroke-broken"}
              strokeWidth={1.5}
            />
          ))
        : null}
      <text
        x={detailed ? left + width + 4 : left + width / 2}
        y={3.5}
        textAnchor={detailed ? "start" : "middle"}
        className={`text-[10.5px] font-semibold ${recovered ? "fill-attention" : "fill-broken"}`}
      >
        ×{item.events.length}
      </text>
    </g>
  );
}

/** Several marks of traffic as one, with their number. */
export function ClusterShape({
  count,
  x,
  endX,
}: {
  readonly count: number;
  readonly x: number;
  readonly endX: number;
}) {
  const text = count > 999 ? "999+" : String(count);
  const width = Math.max(8 + text.length * 6.5, endX - x + 12);
  const left = Math.min(x - 6, (x + endX) / 2 - width / 2);
  return (
    <g>
      <rect
        x={left}
        y={-7.5}
        width={width}
        height={15}
        rx={7.5}
        className="fill-waiting-tint stroke-line-strong"
        strokeWidth={1}
      />
      <text x={left + width / 2} y={3.5} textAnchor="middle" className="fill-ink-muted text-[10px] font-medium">
        {text}
      </text>
    </g>
  );
}
