/** Tells a posting that was made twice from one that is wrong. Pure. */

import { type Figures, figuresOf, isZero, negate, sum, textOf } from "./figures";
import type { Finance } from "./finance";
import type { HandoffEvent } from "./handoff-event";

/** Combinations of repeats tried before a break counts as mismatched. One document posted twice is the first of them. */
const COMBINATIONS_MAX = 256;
/** Every combination compares every SKU: with very many of them fewer are tried, so that one key keeps no worker for longer than a second. */
const SKUS_COMPARED_MAX = 400_000;

export interface Excess {
  readonly units: Finance["units"];
  /** SKUs whose quantities differ: what touches not all of them cannot explain the difference. */
  readonly differing: ReadonlySet<string>;
  /** SKUs that a comparison goes over. */
  readonly skus: number;
  /** Whether both sides agree without `excess`, which adds up to `figures`. */
  agreesWithout(excess: ReadonlySet<HandoffEvent>, figures: Figures): boolean;
}

/**
 * The postings that repeat others (the same lines and amount, under another number) and without which both sides agree; the later ones
 * are the excess. Null when no set of repeats explains the difference.
 * @param standing by time
 */
export function repeatedPostings(
  standing: readonly HandoffEvent[],
  { units, differing, skus, agreesWithout }: Excess,
): readonly HandoffEvent[] | null {
  const figures = new Map(standing.map((posting) => [posting, figuresOf(posting, units)]));
  const bySignature = new Map<string, HandoffEvent[]>();
  for (const [posting, own] of figures) {
    const signature = textOf(own);
    const known = bySignature.get(signature);
    if (known) known.push(posting);
    else bySignature.set(signature, [posting]);
  }
  const repeats = [...bySignature.values()].filter((same) => same.length > 1);
  const combinationsMax = Math.min(COMBINATIONS_MAX, Math.ceil(SKUS_COMPARED_MAX / Math.max(skus, 1)));
  let tried = 0;
  for (const excess of combinations(repeats)) {
    tried += 1;
    if (tried > combinationsMax) break;
    const all = sum(excess.flatMap((posting) => figures.get(posting) ?? []));
    if ([...differing].some((sku) => !all.quantities?.has(sku))) continue;
    if (agreesWithout(new Set(excess), all)) return excess;
  }
  return allAgain(standing, figures, agreesWithout);
}

/** All of it posted again in one document after several, or in several after one. */
function allAgain(
  standing: readonly HandoffEvent[],
  figures: ReadonlyMap<HandoffEvent, Figures>,
  agreesWithout: Excess["agreesWithout"],
): readonly HandoffEvent[] | null {
  const [first] = standing;
  const last = standing.at(-1);
  if (standing.length < 3 || !first || !last) return null;
  const total = sum(figures.values());
  for (const whole of [last, first]) {
    const own = figures.get(whole);
    if (!own || !isZero(sum([total, negate(own), negate(own)]))) continue;
    const excess = whole === last ? [last] : standing.slice(1);
    if (agreesWithout(new Set(excess), own)) return excess;
  }
  return null;
}

/**
 * Every choice of repeats to leave out: of each kind at least one posting stays. First one of each kind (a document of many items that was
 * posted twice), then the fewest.
 */
function* combinations(repeats: readonly (readonly HandoffEvent[])[]): Generator<readonly HandoffEvent[]> {
  if (repeats.length > 0) yield repeats.flatMap((same) => same.slice(-1));
  const most = repeats.reduce((total, same) => total + same.length - 1, 0);
  for (let size = 1; size <= most; size += 1) yield* choices(repeats, size);
}

function* choices(repeats: readonly (readonly HandoffEvent[])[], size: number): Generator<readonly HandoffEvent[]> {
  const [same, ...others] = repeats;
  if (size === 0) yield [];
  if (size === 0 || !same) return;
  for (let count = Math.min(size, same.length - 1); count >= 0; count -= 1) {
    for (const rest of choices(others, size - count)) yield [...same.slice(same.length - count), ...rest];
  }
}
