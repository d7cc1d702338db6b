/** A source this far behind the newest is named: figures without its part are not whole. */
export const BEHIND_MS = 15 * 60_000;
