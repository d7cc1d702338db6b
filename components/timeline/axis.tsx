import type { Gap, Tick } from "./ticks";

export const AXIS_PX = 40;

/** Ticks above the lanes, with the day where it changes, and hatched bands where idle time is drawn shorter. */
export function Axis({ ticks, height }: { readonly ticks: readonly Tick[]; readonly height: number }) {
  return (
    <g aria-hidden="true">
      {ticks.map((tick) => (
        <g key={tick.atMs} transform={`translate(${Math.round(tick.x) + 0.5},0)`}>
          <line y1={AXIS_PX - 5} y2={height} className="stroke-line" />
          <text y={AXIS_PX - 9} textAnchor="middle" className="fill-ink-muted text-[11px]">
            {tick.label}
          </text>
          {tick.day ? (
            <text y={12} textAnchor="middle" className="fill-ink text-[11px] font-semibold">
              {tick.day}
            </text>
          ) : null}
        </g>
      ))}
    </g>
  );
}

const GAP_LABEL_CHARACTER_PX = 5.6;

export function Gaps({ gaps, height }: { readonly gaps: readonly Gap[]; readonly height: number }) {
  return (
    <g aria-hidden="true">
      <defs>
        <pattern id="idle" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line y2="6" className="stroke-line-strong" strokeWidth={1} opacity={0.7} />
        </pattern>
      </defs>
      {gaps.map((gap) => {
        const width = gap.toX - gap.fromX;
        const fits = gap.label.length * GAP_LABEL_CHARACTER_PX <= width - 4;
        return (
          <g key={gap.fromX}>
            <rect x={gap.fromX + 1} y={height - 16} width={Math.max(0, width - 2)} height={10} fill="url(#idle)">
              <title>{`Nothing happened for ${gap.label}`}</title>
            </rect>
            {fits ? (
              <text
                x={gap.fromX + width / 2}
                y={height - 7.5}
                textAnchor="middle"
                className="fill-ink-faint stroke-surface text-[10px]"
                strokeWidth={4}
                paintOrder="stroke"
              >
                {gap.label}
              </text>
            ) : null}
          </g>
        );
      })}
    </g>
  );
}
