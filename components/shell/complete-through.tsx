"use client";
import { usePreferences } from "@/components/ui/preferences";
import { durationLabel, fullTime, shortTime } from "@/components/ui/time-format";
import { useVocabulary } from "@/components/ui/vocabulary";
import { completeness } from "./completeness";

/** "Complete through 14:05 · WMS West 22 min behind": how far the figures beside it can be trusted. */
export function CompleteThrough({ bySource }: { readonly bySource: Readonly<Record<string, string>> }) {
  const { zone, nowMs } = usePreferences();
  const vocabulary = useVocabulary();
  const { throughMs, behind } = completeness(bySource);
  if (throughMs === null) return null;
  const named = behind.slice(0, 2);
  const rest = behind.length - named.length;
  return (
    <p className="text-xs text-ink-muted">
      Complete through{" "}
      <time
        dateTime={new Date(throughMs).toISOString()}
        title={fullTime(throughMs, zone)}
        className="font-medium text-ink"
      >
        {shortTime(throughMs, zone, nowMs)}
      </time>
      {named.map(({ source, byMs }) => (
        <span key={source}>
          {" · "}
          <span className="text-attention">
            {vocabulary.system(source)} {durationLabel(byMs)} behind
          </span>
        </span>
      ))}
      {rest > 0 ? (
        <span
          title={behind
            .slice(2)
            .map(({ source }) => vocabulary.system(source))
            .join(", ")}
        >{` and ${rest} more`}</span>
      ) : null}
    </p>
  );
}
