/** Where text stops being UTF-8: a sender can only mend what is pointed at. */

/** Offset of the first byte that is not part of valid UTF-8 (Unicode 15, table 3-7); the length when all is valid. */
export function offsetOfInvalidUtf8(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const width = widthOfCharacter(bytes, at);
    if (width === 0) return at;
    at += width;
  }
  return bytes.length;
}

function widthOfCharacter(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const width =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  for (let next = 1; next < width; next += 1) {
    const [low, high] = next === 1 ? rangeOfSecondByte(lead) : [0x80, 0xbf];
    const byte = bytes[at + next] ?? 0;
    if (byte < low || byte > high) return 0;
  }
  return width;
}

/** Narrower than 80–BF where it would spell an overlong form, a surrogate or a value past U+10FFFF. */
function rangeOfSecondByte(lead: number): readonly [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  if (lead === 0xf4) return [0x80, 0x8f];
  return [0x80, 0xbf];
}
