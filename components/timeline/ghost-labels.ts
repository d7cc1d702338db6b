/** Which ghost marks write their name beside them, and on which side, so that no two write over each other. Pure. */
import type { Point } from "./handoff-arrows";

/** From the middle of the ring to the text. */
export const LABEL_OFFSET_PX = 12;
const RING_RADIUS_PX = 8;
/** An upper bound for most text of 11 px; measuring would need the page. */
const CHARACTER_PX = 6.5;

export interface GhostName {
  readonly key: string;
  readonly at: Point;
  readonly text: string;
}

export interface PlacedLabel {
  readonly text: string;
  readonly leftwards: boolean;
}

interface Extent {
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

/** By key. A name that fits on neither side is left out: its ring stays, and the tooltip names it. @param widthPx of the chart */
export function placeLabels(ghosts: readonly GhostName[], widthPx: number): Map<string, PlacedLabel> {
  const taken: Extent[] = ghosts.map(({ at }) => ({ y: at.y, from: at.x - RING_RADIUS_PX, to: at.x + RING_RADIUS_PX }));
  const labels = new Map<string, PlacedLabel>();
  for (const { key, at, text } of ghosts) {
    const sides = at.x > widthPx / 2 ? [true, false] : [false, true];
    for (const leftwards of sides) {
      const extent = extentOf(at, text, leftwards);
      if (extent.from < 0 || extent.to > widthPx || taken.some((other) => overlap(extent, other))) continue;
      taken.push(extent);
      labels.set(key, { text, leftwards });
      break;
    }
  }
  return labels;
}

function extentOf({ x, y }: Point, text: string, leftwards: boolean): Extent {
  const width = text.length * CHARACTER_PX;
  return leftwards
    ? { y, from: x - LABEL_OFFSET_PX - width, to: x - LABEL_OFFSET_PX }
    : { y, from: x + LABEL_OFFSET_PX, to: x + LABEL_OFFSET_PX + width };
}

const overlap = (a: Extent, b: Extent): boolean => a.y === b.y && a.from < b.to && b.from < a.to;
