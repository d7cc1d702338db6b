/** The moments at which a journey looked different: when something of it reached us. Pure. */
import type { JourneyEvent } from "@/lib/domain/journey";

/** More stops than this no slider can tell apart. */
export const MOMENTS_MAX = 400;

/** Ascending, distinct; evenly thinned past `MOMENTS_MAX`, keeping the first and the last. */
export function momentsOf(events: readonly Pick<JourneyEvent, "receivedAt">[]): string[] {
  const all = [...new Set(events.map((event) => event.receivedAt))].sort();
  if (all.length <= MOMENTS_MAX) return all;
  const step = (all.length - 1) / (MOMENTS_MAX - 1);
  return Array.from({ length: MOMENTS_MAX }, (_, index) => all[Math.round(index * step)] ?? "");
}

/** The stop to stand on for a moment: the last one at or before it. `moments.length` is now. */
export function stopOf(moments: readonly string[], asOf: string | null): number {
  if (asOf === null) return moments.length;
  const after = moments.findIndex((moment) => moment > asOf);
  return Math.max(0, (after === -1 ? moments.length : after) - 1);
}
