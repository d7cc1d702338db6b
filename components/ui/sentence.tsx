"use client";
import { Time } from "./time";

/** How a projected sentence writes a time: it is stored once for everybody, so it is in UTC. */
const STATED_TIME = /(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC/;

/** A projected sentence with its times in the reader's own zone. */
export function Sentence({ text }: { readonly text: string }) {
  const parts = text.split(STATED_TIME);
  return parts.map((part, index) => {
    // split() with two groups yields text, day, clock, text, day, clock, …
    if (index % 3 === 1) {
      const at = `${part}T${parts[index + 1] ?? "00:00"}:00.000Z`;
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no identity but their place
      return <Time key={index} at={at} form="stamp" />;
    }
    return index % 3 === 2 ? null : part;
  });
}
