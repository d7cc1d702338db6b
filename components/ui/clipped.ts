/** Pure. */

/** Longer than any identifier that people quote; a whole page of one letter helps nobody. */
const SHOWN_CHARS_MAX = 80;

/** A text that came from an address, cut where it would flood a heading or a browser's tab. */
export function clipped(text: string): string {
  const characters = [...text];
  return characters.length <= SHOWN_CHARS_MAX ? text : `${characters.slice(0, SHOWN_CHARS_MAX).join("")}…`;
}
