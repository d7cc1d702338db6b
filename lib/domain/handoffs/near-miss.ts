/**
 * Suggestions where the two sides of a handoff missed each other because a number was typed, cut or padded wrongly: an orphan whose key is almost
 * that of a handoff that still waits for its posting. Never applied by itself: a person matches, or does not. Pure.
 */
import { ExactDecimal } from "@/lib/domain/decimal";
import type { Handoff } from "./handoff";

export interface Suggestion {
  readonly orphan: Handoff;
  /** The handoff that waits, late or not yet. */
  readonly waiting: Handoff;
  /** Up to 1. */
  readonly score: number;
  /** For people: what makes the two look like one. */
  readonly reasons: readonly string[];
}

/** Below this a likeness is chance: two keys of a series always look alike. */
const SCORE_MIN = 0.6;
const SUGGESTIONS_PER_ORPHAN = 3;
/** Keys shorter than this are all alike. */
const KEY_CHARS_MIN = 4;
/** A posting belongs to what happened in the week before it. */
const NEAR_MS = 7 * 86_400_000;

/** How much each likeness says. A typing error alone is not enough: something must be the same in substance. */
const WEIGHT = {
  spelling: 0.6,
  prefix: 0.55,
  typing: 0.4,
  quantity: 0.2,
  amount: 0.2,
  near: 0.1,
  place: 0.05,
} as const;

/** @param open orphans and handoffs without a posting, of any rules. @returns best first */
export function suggestMatches(open: readonly Handoff[]): readonly Suggestion[] {
  const orphans = open.filter(({ state }) => state === "orphan");
  const waiting = open.filter(({ state, to }) => (state === "late" || state === "pending") && to.length === 0);
  const index = new Map<string, Handoff[]>();
  for (const handoff of waiting) {
    for (const form of formsOf(handoff)) index.set(form, [...(index.get(form) ?? []), handoff]);
  }
  return orphans
    .flatMap((orphan) => {
      const candidates = new Set(formsOf(orphan).flatMap((form) => index.get(form) ?? []));
      return [...candidates]
        .flatMap((candidate) => suggestionOf(orphan, candidate) ?? [])
        .sort(byScore)
        .slice(0, SUGGESTIONS_PER_ORPHAN);
    })
    .sort(byScore);
}

const byScore = (a: Suggestion, b: Suggestion): number =>
  b.score - a.score || compare(a.orphan.key.id, b.orphan.key.id) || compare(a.waiting.key.id, b.waiting.key.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * What keys are looked up by: the plain form, its digits, and the plain form with any one character left out. Two keys that differ by one character typed
 * wrong, one too many, one too few or two swapped share one of these.
 */
function formsOf({ rule, key }: Handoff): string[] {
  const plain = plainOf(key.id);
  if (plain.length < KEY_CHARS_MIN) return [];
  const without = Array.from(plain, (_, at) => plain.slice(0, at) + plain.slice(at + 1));
  const forms = new Set([plain, coreOf(plain), ...without]);
  return [...forms].map((form) => `${rule}\u0000${key.type}\u0000${form}`);
}

/** Upper case, without separators, and without zeros at the start of a run of digits. */
const plainOf = (id: string): string =>
  id
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "")
    .replace(/(^|[A-Z])0+(?=\d)/g, "$1");

/** Without letters in front. */
const coreOf = (plain: string): string => plain.replace(/^[A-Z]+(?=\d)/, "");

function suggestionOf(orphan: Handoff, waiting: Handoff): Suggestion | null {
  const key = likenessOf(orphan.key.id, waiting.key.id);
  if (key === null) return null;
  const likenesses = [key, ...likenessesInSubstance(orphan, waiting)];
  const score = Math.min(
    1,
    likenesses.reduce((sum, { weight }) => sum + weight, 0),
  );
  if (score < SCORE_MIN) return null;
  return { orphan, waiting, score: Math.round(score * 100) / 100, reasons: likenesses.map(({ reason }) => reason) };
}

interface Likeness {
  readonly weight: number;
  readonly reason: string;
}

function likenessOf(a: string, b: string): Likeness | null {
  const [left, right] = [plainOf(a), plainOf(b)];
  if (left === right) {
    return { weight: WEIGHT.spelling, reason: "the numbers differ only in leading zeros, separators or case" };
  }
  if (coreOf(left) === coreOf(right)) {
    const [longer, shorter] = left.length > right.length ? [left, right] : [right, left];
    const missing = longer.slice(0, longer.length - coreOf(longer).length);
    const other = shorter.slice(0, shorter.length - coreOf(shorter).length);
    const reason =
      other === "" ? `one number lacks the prefix ${missing}` : `the prefixes differ: ${missing} and ${other}`;
    return { weight: WEIGHT.prefix, reason };
  }
  const slip = slipBetween(left, right);
  return slip === null ? null : { weight: WEIGHT.typing, reason: slip };
}

/** How one number may have been typed for the other: one character wrong, too many or too few, or two neighbours swapped. */
function slipBetween(a: string, b: string): string | null {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (left.length + right.length === 1) return `one character more: ${left || right}`;
  if (left.length === 1 && right.length === 1) return `one character differs: ${left} and ${right}`;
  const isSwap = left.length === 2 && left === [...right].reverse().join("");
  return isSwap ? `two characters are swapped: ${left}` : null;
}

function likenessesInSubstance(orphan: Handoff, waiting: Handoff): Likeness[] {
  const found: Likeness[] = [];
  if (areEqual(orphan.totals.actualQuantity, waiting.totals.expectedQuantity)) {
    found.push({ weight: WEIGHT.quantity, reason: `the same quantity, ${waiting.totals.expectedQuantity}` });
  }
  const sameCurrency = orphan.totals.currency === waiting.totals.currency;
  if (sameCurrency && areEqual(orphan.totals.actualAmount, waiting.totals.expectedAmount)) {
    const amount = `${waiting.totals.expectedAmount} ${waiting.totals.currency}`;
    found.push({ weight: WEIGHT.amount, reason: `the same amount, ${amount.trim()}` });
  }
  const apart = Date.parse(orphan.openedAt) - Date.parse(waiting.openedAt);
  if (apart >= 0 && apart <= NEAR_MS) found.push({ weight: WEIGHT.near, reason: "posted within a week after it" });
  if (orphan.location !== "" && orphan.location === waiting.location) {
    found.push({ weight: WEIGHT.place, reason: `the same site, ${orphan.location}` });
  }
  return found;
}

const areEqual = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && new ExactDecimal(a).equals(b);
