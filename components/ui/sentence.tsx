"use client";
import { usePreferences } from "./preferences";
import { clockTime, dayLabel, fullTime } from "./time-format";

/** How a projected sentence writes a time: it is stored once for everybody, so it is in UTC. */
const STATED_TIME = /(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC/;
const SECONDS = /:\d{2}\.\d{3}/;

/** A projected sentence with its times in the reader's own zone. */
export function Sentence({ text }: { readonly text: string }) {
  const parts = text.split(STATED_TIME);
  return parts.map((part, index) => {
    // split() with two groups yields text, day, clock, text, day, clock, …
    if (index % 3 === 1) {
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no identity but their place
      return <StatedTime key={index} at={`${part}T${parts[index + 1] ?? "00:00"}Z`} />;
    }
    return index % 3 === 2 ? null : part;
  });
}

/** Like `Time`, but to the minute: the sentence does not know the seconds, and must not show zeros beside the true ones on hover. */
function StatedTime({ at }: { readonly at: string }) {
  const { zone, nowMs } = usePreferences();
  const atMs = Date.parse(at);
  if (Number.isNaN(atMs)) return at;
  return (
    <time dateTime={at} title={fullTime(atMs, zone).replace(SECONDS, "")}>
      {`${dayLabel(atMs, zone, nowMs)} ${clockTime(atMs, zone)}`}
    </time>
  );
}
