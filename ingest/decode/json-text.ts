/** JSON as bytes: where strings end and where the parts of a value lie. Flat, so any depth and any size will do. */

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_ARRAY = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_ARRAY = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;

/** The offset of the closing quote of the string that opens at `start`; the last byte when it is never closed. */
export function endOfString(bytes: Buffer, start: number): number {
  const end = bytes.length;
  for (let at = start + 1; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH) at += 1;
  }
  return end - 1;
}

export function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false;
  }
  return true;
}

/** Whether the first character that is not white space is this one. */
export function startsWith(body: Buffer, character: string): boolean {
  for (const byte of body) {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
    return byte === character.charCodeAt(0);
  }
  return false;
}

/**
 * The texts between the commas of the outermost brackets: elements of an array, `"key": value` members of an object. Null when
 * the brackets do not close or something follows them; what the parts hold is not looked at.
 */
export function splitOutermost(bytes: Buffer, maxParts = Number.POSITIVE_INFINITY): Buffer[] | null | "too-many" {
  const parts: Buffer[] = [];
  let depth = 0;
  let start = -1;
  let opened = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1;
      if (depth !== 1) continue;
      opened = byte;
      start = at + 1;
    } else if (byte === COMMA && depth === 1) {
      parts.push(bytes.subarray(start, at));
      start = at + 1;
      if (parts.length > maxParts) return "too-many";
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1;
      if (depth !== 0) continue;
      const matches =
        (opened === OPEN_ARRAY && byte === CLOSE_ARRAY) || (opened === OPEN_OBJECT && byte === CLOSE_OBJECT);
      if (!matches || !isBlank(bytes, at + 1, bytes.length)) return null;
      if (parts.length > 0 || !isBlank(bytes, start, at)) parts.push(bytes.subarray(start, at));
      return parts.length > maxParts ? "too-many" : parts;
    }
  }
  return null;
}

/** The values of an object's members by key, as bytes; null when the object cannot be taken apart. The last of equal keys counts. */
export function membersOf(bytes: Buffer): Map<string, Buffer> | null {
  const parts = splitOutermost(bytes);
  if (parts === null || parts === "too-many") return null;
  const members = new Map<string, Buffer>();
  for (const part of parts) {
    const open = part.indexOf(QUOTE);
    if (open === -1 || !isBlank(part, 0, open)) return null;
    const close = endOfString(part, open);
    const colon = part.indexOf(COLON, close);
    if (colon === -1) return null;
    members.set(part.toString("utf8", open + 1, close), part.subarray(colon + 1));
  }
  return members;
}
