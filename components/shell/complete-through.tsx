"use client";
import { usePreferences } from "@/components/ui/preferences";
import { BEHIND_MS } from "@/components/ui/source-reach";
import { Time } from "@/components/ui/time";
import { durationLabel } from "@/components/ui/time-format";
import { useVocabulary } from "@/components/ui/vocabulary";

const NAMED_MAX = 3;

/** "Complete through 14:05 · WMS West 22 min behind": how far the figures on this page reach. */
export function CompleteThrough({ times }: { readonly times: Readonly<Record<string, string>> }) {
  const { nowMs } = usePreferences();
  const vocabulary = useVocabulary();
  const sources = Object.entries(times).map(([source, at]) => ({ source, at, atMs: Math.min(Date.parse(at), nowMs) }));
  if (sources.length === 0) return <p>No source has reported yet.</p>;
  const newest = Math.max(...sources.map(({ atMs }) => atMs));
  const behind = sources.filter(({ atMs }) => newest - atMs > BEHIND_MS).sort((a, b) => a.atMs - b.atMs);
  return (
    <p className="flex flex-wrap gap-x-2">
      <span>
        Complete through <Time at={new Date(newest).toISOString()} form="short" />
      </span>
      {behind.slice(0, NAMED_MAX).map(({ source, at, atMs }) => (
        <span key={source} title={at}>
          · {vocabulary.system(source)} {durationLabel(newest - atMs)} behind
        </span>
      ))}
      {behind.length > NAMED_MAX ? <span>· and {behind.length - NAMED_MAX} more</span> : null}
    </p>
  );
}
