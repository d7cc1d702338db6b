import { trendBars, trendText } from "./trend";

const BAR_PX = 5;
const HEIGHT_PX = 20;

export function TrendBars({ counts }: { readonly counts: readonly number[] }) {
  const bars = trendBars(counts);
  return (
    <svg role="img" aria-label={trendText(counts)} width={bars.length * BAR_PX} height={HEIGHT_PX} className="block">
      {bars.map(({ height }, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is told by its place
          key={index}
          x={index * BAR_PX}
          y={HEIGHT_PX * (1 - height)}
          width={BAR_PX - 1}
          height={HEIGHT_PX * height}
          className="fill-broken"
        />
      ))}
    </svg>
  );
}
