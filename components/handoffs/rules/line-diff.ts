/** What changed between two texts, line by line. Pure. */

export interface DiffLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** A rule is a page: a table of all pairs of lines is small. */
const LINES_MAX = 1_000;

/** The longest common lines stay; the rest is removed or added. Texts too long to compare are shown as removed and added whole. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [old, young] = [linesOf(before), linesOf(after)];
  if (Math.max(old.length, young.length) > LINES_MAX)
    return [...old.map((text) => line("removed", text)), ...young.map((text) => line("added", text))];
  const common = commonLengths(old, young);
  const found: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < young.length) {
    const [left, right] = [old[i], young[j]];
    if (left !== undefined && left === right) {
      found.push(line("same", left));
      i += 1;
      j += 1;
    } else if (
      left !== undefined &&
      (right === undefined || lengthAt(common, i + 1, j) >= lengthAt(common, i, j + 1))
    ) {
      found.push(line("removed", left));
      i += 1;
    } else if (right !== undefined) {
      found.push(line("added", right));
      j += 1;
    }
  }
  return found;
}

const line = (kind: DiffLine["kind"], text: string): DiffLine => ({ kind, text });
const linesOf = (text: string): string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
const lengthAt = (lengths: readonly (readonly number[])[], i: number, j: number): number => lengths[i]?.[j] ?? 0;

/** [i][j]: how many lines the rests from i and j have in common, in order. */
function commonLengths(old: readonly string[], young: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(young.length + 1).fill(0));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = lengths[i] ?? [];
    for (let j = young.length - 1; j >= 0; j -= 1) {
      row[j] =
        old[i] === young[j]
          ? lengthAt(lengths, i + 1, j + 1) + 1
          : Math.max(lengthAt(lengths, i + 1, j), lengthAt(lengths, i, j + 1));
    }
  }
  return lengths;
}
