/** "Complete through" of several sources together. Pure. */
import { BEHIND_MS } from "@/components/ui/source-reach";

export interface Completeness {
  /** Up to here every source that keeps pace has told us everything. Null without sources. */
  readonly throughMs: number | null;
  /** Sources further behind, the furthest first, with their distance from `throughMs`. */
  readonly behind: readonly { readonly source: string; readonly byMs: number }[];
}

/** @param nowMs a source whose clock runs ahead is not complete through the future. */
export function completeness(bySource: Readonly<Record<string, string>>, nowMs: number): Completeness {
  const times = Object.entries(bySource)
    .map(([source, through]) => ({ source, atMs: Math.min(Date.parse(through), nowMs) }))
    .filter(({ atMs }) => !Number.isNaN(atMs));
  if (times.length === 0) return { throughMs: null, behind: [] };
  const newest = Math.max(...times.map(({ atMs }) => atMs));
  const throughMs = Math.min(...times.filter(({ atMs }) => newest - atMs <= BEHIND_MS).map(({ atMs }) => atMs));
  const behind = times
    .filter(({ atMs }) => newest - atMs > BEHIND_MS)
    .map(({ source, atMs }) => ({ source, byMs: throughMs - atMs }))
    .sort((a, b) => b.byMs - a.byMs || a.source.localeCompare(b.source));
  return { throughMs, behind };
}
