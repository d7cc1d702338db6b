/** An edited payload beside its original, line by line. Pure. */
import { type DiffLine, diffLines } from "@/components/handoffs/rules/line-diff";

/** Null where the other side has a line that this one has not. */
export interface SideLine {
  readonly original: string | null;
  readonly edited: string | null;
  readonly changed: boolean;
}

/** Lines taken out stand beside those that came in their place, as far as they reach. */
export function sideLines(original: string, edited: string): SideLine[] {
  const lines: SideLine[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = () => {
    for (let row = 0; row < Math.max(removed.length, added.length); row += 1)
      lines.push({ original: removed[row] ?? null, edited: added[row] ?? null, changed: true });
    removed = [];
    added = [];
  };
  for (const { kind, text } of diffLines(original, edited) satisfies DiffLine[]) {
    if (kind === "removed") removed.push(text);
    else if (kind === "added") added.push(text);
    else {
      flush();
      lines.push({ original: text, edited: text, changed: false });
    }
  }
  flush();
  return lines;
}
