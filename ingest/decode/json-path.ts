/** Where in a JSON value a byte lies. Walked only once something is known to be wrong, so that good input pays nothing for it. */
import { dottedPath } from "./fault";
import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, endOfString, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from "./json-text";

/** The deepest path that is told. */
const PATH_DEPTH_MAX = 65;

interface Level {
  readonly array: boolean;
  index: number;
  key: string | null;
  /** The keys met so far, once there are any. */
  seen: Set<string> | null;
}

/** Walks the tokens before `stop`, keeping where in the value it is, until `onKey` says stop. */
function walk(bytes: Buffer, stop: number, onKey: (levels: readonly Level[]) => boolean): Level[] {
  const levels: Level[] = [];
  // Deeper levels are counted, not kept: 16 MiB of brackets must not become 16 million objects.
  let beyond = 0;
  for (let at = 0; at < stop; at += 1) {
    const byte = bytes[at];
    const level = beyond === 0 ? levels.at(-1) : undefined;
    if (byte === QUOTE) {
      const close = endOfString(bytes, at);
      if (level && !level.array && level.key === null && close < stop) {
        level.key = textOfKey(bytes.subarray(at, close + 1));
        if (onKey(levels)) return levels;
      }
      at = close;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (levels.length >= PATH_DEPTH_MAX) beyond += 1;
      else levels.push({ array: byte === OPEN_ARRAY, index: 0, key: null, seen: null });
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (beyond > 0) beyond -= 1;
      else levels.pop();
    } else if (byte === COMMA && level) {
      level.index += 1;
      level.key = null;
    }
  }
  return levels;
}

function textOfKey(quoted: Buffer): string {
  try {
    return String(JSON.parse(quoted.toString("utf8")));
  } catch {
    return quoted.toString("utf8");
  }
}

const partsOf = (levels: readonly Level[]): PropertyKey[] =>
  levels.flatMap((level): PropertyKey[] => (level.array ? [level.index] : level.key === null ? [] : [level.key]));

/** The path of the value at or after a byte. */
export const pathOf = (bytes: Buffer, offset: number): PropertyKey[] => partsOf(walk(bytes, offset, () => false));

/** The path of the first key that its object already has. */
export function pathOfRepeatedKey(bytes: Buffer): PropertyKey[] {
  const levels = walk(bytes, bytes.length, (open) => {
    const level = open.at(-1);
    if (!level || level.key === null) return false;
    level.seen ??= new Set();
    if (level.seen.has(level.key)) return true;
    level.seen.add(level.key);
    return false;
  });
  return partsOf(levels);
}

/** The field a cut-off text had reached, for messages about a whole body. */
export const reachedPath = (bytes: Buffer): string => dottedPath(pathOf(bytes, bytes.length));
