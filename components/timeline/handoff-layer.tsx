import type { Arrow, ArrowTone } from "./handoff-arrows";

const TONES: Record<ArrowTone, { readonly stroke: string; readonly fill: string; readonly dash: string | undefined }> =
  {
    settled: { stroke: "stroke-settled", fill: "fill-settled", dash: undefined },
    waiting: { stroke: "stroke-waiting", fill: "fill-waiting", dash: "4 3" },
    broken: { stroke: "stroke-broken", fill: "fill-broken", dash: "7 3" },
  };

/** Arrows of handoffs, and the ghost of what should have arrived and has not. Line styles differ as well as colours. */
export function HandoffArrows({ arrows }: { readonly arrows: readonly Arrow[] }) {
  return (
    <g>
      {arrows.map(({ key, handoff, path, ghost }) => {
        const tone = TONES[handoff.tone];
        return (
          <g key={key} role="img" aria-label={handoff.label}>
            <title>{handoff.label}</title>
            <marker
              id={`arrow-${handoff.tone}`}
              viewBox="0 0 8 8"
              refX={7}
              refY={4}
              markerWidth={7}
              markerHeight={7}
              orient="auto"
            >
              <path d="M0,0.5 L7.5,4 L0,7.5 Z" className={tone.fill} />
            </marker>
            {path ? (
              <path
                d={path}
                className={`fill-none ${tone.stroke}`}
                strokeWidth={1.5}
                strokeDasharray={tone.dash}
                markerEnd={`url(#arrow-${handoff.tone})`}
              />
            ) : null}
            {ghost ? (
              <circle
                cx={ghost.x}
                cy={ghost.y}
                r={7}
                strokeWidth={1.5}
                strokeDasharray="2 2"
                className={`fill-surface ${tone.stroke}`}
              />
            ) : null}
          </g>
        );
      })}
    </g>
  );
}
