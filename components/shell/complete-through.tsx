"use client";
import { usePreferences } from "@/components/ui/preferences";
import { durationLabel, fullTime, shortTime } from "@/components/ui/time-format";
import { useVocabulary } from "@/components/ui/vocabulary";
import { completeness } from "./completeness";

const NAMED_MAX = 1;

/** "Complete through 14:05 · WMS West 22 min behind": how far the figures on this page reach. */
export function CompleteThrough({ bySource }: { readonly bySource: Readonly<Record<string, string>> }) {
  const { zone, nowMs } = usePreferences();
  const vocabulary = useVocabulary();
  const { throughMs, behind } = completeness(bySource, nowMs);
  if (throughMs === null) return <p className="text-xs text-ink-muted">No source has reported yet</p>;
  const named = behind.slice(0, NAMED_MAX);
  const all = behind.map(({ source, byMs }) => `${vocabulary.system(source)} ${durationLabel(byMs)} behind`);
  return (
    <p className="min-w-0 truncate text-xs text-ink-muted" title={[fullTime(throughMs, zone), ...all].join("\n")}>
      Complete through{" "}
      <time dateTime={new Date(throughMs).toISOString()} className="font-medium text-ink">
        {shortTime(throughMs, zone, nowMs)}
      </time>
      {named.map(({ source, byMs }) => (
        <span key={source} className="text-attention">
          {" · "}
          {vocabulary.system(source)} {durationLabel(byMs)} behind
        </span>
      ))}
      {behind.length > NAMED_MAX ? ` · and ${behind.length - NAMED_MAX} more` : ""}
    </p>
  );
}
