/** What is left of the postings after reversals, and of the causes after cancellations. Pure. */
import { ExactDecimal, ZERO } from "@/lib/domain/decimal";
import type { EventRef } from "@/lib/domain/journey";
import { type Figures, figuresOf, isStated, isZero, magnitude, negate, sum } from "./figures";
import type { Finance } from "./finance";
import { compareEvents, type HandoffEvent } from "./handoff-event";

export interface Net {
  /** Events that stand: neither wholly taken back nor the taking back itself. By time. */
  readonly standing: readonly HandoffEvent[];
  readonly figures: Figures;
  /** What was taken off without taking a whole event back; negative, and part of `figures`. */
  readonly partlyTakenBack: Figures;
  /** When the last taking back happened; null when nothing was. */
  readonly takenBackAt: string | null;
}

type Units = Finance["units"];

/**
 * A reversal that says what it reverses takes back that document: all of it when its own figures are the document's or when it states none, else as
 * much as it states. The document may not have reached us yet; until then the reversal waits and counts nothing. One that names no
 * document takes back as much as it states, or the last posting before it.
 */
export function netOfReversals(
  postings: readonly HandoffEvent[],
  reversals: readonly HandoffEvent[],
  units: Units,
): Net {
  const standing = new Set([...postings].sort(compareEvents));
  const partial: PartTaken[] = [];
  let takenBackAt: string | null = null;
  for (const reversal of standingReversals(postings, [...reversals].sort(compareEvents))) {
    const numbers = reversedNumbers(reversal);
    const own = figuresOf(reversal, units);
    const reversed = numbers.length > 0 ? documentOf(numbers, postings) : undocumented(reversal, own, standing, units);
    if (reversed.length === 0 && (numbers.length > 0 || !isStated(own))) continue;
    takenBackAt = reversal.occurredAt;
    const open = reversed.filter((posting) => standing.has(posting));
    if (numbers.length > 0 && open.length === 0) continue;
    if (reversed.length > 0 && takesAll(own, open, units)) for (const posting of open) standing.delete(posting);
    else partial.push({ own, from: open.length > 0 ? open : [...standing] });
  }
  const left = [...standing];
  return netOf(left, sum(left.map((event) => figuresOf(event, units))), partial, takenBackAt, units);
}

/**
 * Those reversals that no other one takes back, in the order given. Only one that names the number of a reversal, and of no posting, does. Of a ring, in
 * which each takes back the next, none stands.
 */
function standingReversals(postings: readonly HandoffEvent[], reversals: readonly HandoffEvent[]): HandoffEvent[] {
  const byNumber = new Map<string, HandoffEvent[]>();
  for (const reversal of reversals) {
    for (const number of ownNumbers(reversal)) byNumber.set(number, [...(byNumber.get(number) ?? []), reversal]);
  }
  const takesBack = new Map<HandoffEvent, readonly HandoffEvent[]>();
  const undecided = new Map<HandoffEvent, number>(reversals.map((reversal) => [reversal, 0]));
  for (const reversal of reversals) {
    const numbers = reversedNumbers(reversal);
    const others = new Set(numbers.flatMap((number) => byNumber.get(number) ?? []));
    others.delete(reversal);
    if (others.size === 0 || documentOf(numbers, postings).length > 0) continue;
    takesBack.set(reversal, [...others]);
    for (const other of others) undecided.set(other, (undecided.get(other) ?? 0) + 1);
  }
  // From those that nothing takes back, down.
  const stands = new Set(reversals.filter((reversal) => undecided.get(reversal) === 0));
  const taken = new Set<HandoffEvent>();
  const decided = [...stands];
  for (const reversal of decided) {
    for (const other of takesBack.get(reversal) ?? []) {
      const left = (undecided.get(other) ?? 0) - 1;
      undecided.set(other, left);
      if (stands.has(reversal)) taken.add(other);
      if (left > 0) continue;
      if (!taken.has(other)) stands.add(other);
      decided.push(other);
    }
  }
  return reversals.filter((reversal) => stands.has(reversal));
}

const ownNumbers = ({ objects }: HandoffEvent): readonly string[] =>
  objects.filter(({ qualifier }) => qualifier === "subject").map(({ id }) => comparable(id));

/** By so much two systems' clocks may disagree: a warehouse with a slow one seems to reject what it was not asked yet. */
const CLOCKS_APART_MS_MAX = 15 * 60_000;

function isBefore(cause: HandoffEvent, cancellation: HandoffEvent): boolean {
  if (cause.source === cancellation.source) return cause.occurredAt <= cancellation.occurredAt;
  return Date.parse(cause.occurredAt) <= Date.parse(cancellation.occurredAt) + CLOCKS_APART_MS_MAX;
}

/** A cancellation without lines or amount, or with none of what its causes state, takes back every cause of its keys up to its time; else that much. */
export function netOfCancellations(
  causes: readonly HandoffEvent[],
  cancellations: readonly HandoffEvent[],
  {
    units,
    share,
    figuresOfCauses,
  }: {
    readonly units: Units;
    /** Whether two events belong to a common key. */
    share(cancellation: HandoffEvent, cause: HandoffEvent): boolean;
    readonly figuresOfCauses: (causes: readonly HandoffEvent[]) => Figures;
  },
): Net {
  const standing = new Set([...causes].sort(compareEvents));
  const partial: PartTaken[] = [];
  let takenBackAt: string | null = null;
  for (const cancellation of [...cancellations].sort(compareEvents)) {
    const own = figuresOf(cancellation, units);
    const before = [...standing].filter((cause) => isBefore(cause, cancellation) && share(cancellation, cause));
    if (before.length === 0) continue;
    takenBackAt = cancellation.occurredAt;
    // Lines of goods take nothing off causes that state only money: they say what was cancelled, all of it.
    if (isStatedIn(own, figuresOfCauses(before))) partial.push({ own, from: before });
    else for (const cause of before) standing.delete(cause);
  }
  const left = [...standing];
  return netOf(left, figuresOfCauses(left), partial, takenBackAt, units);
}

/** What one event takes back without taking back a whole one, and of which events. */
interface PartTaken {
  readonly own: Figures;
  readonly from: readonly HandoffEvent[];
}

function netOf(
  left: readonly HandoffEvent[],
  whole: Figures,
  partial: readonly PartTaken[],
  takenBackAt: string | null,
  units: Units,
): Net {
  const stated = sum(partial.map(({ own }) => negate(magnitude(own))));
  const partlyTakenBack = sum([stated, ...partial.map((part) => negate(priceOf(part, units)))]);
  const figures = sum([whole, partlyTakenBack]);
  // All of it taken back line by line is the same as all of it taken back at once.
  const isGone = partial.length > 0 && isZero(measuresOf(stated, sum([whole, stated])));
  return { standing: isGone ? [] : left, figures, partlyTakenBack, takenBackAt };
}

/** What goods cost that are taken back without a word of money: their share of the lines they were on, in whole cents. */
function priceOf({ own, from }: PartTaken, units: Units): Figures {
  if (own.amounts !== null) return NO_FIGURES;
  return sum([...(own.quantities ?? [])].map(([sku, quantities]) => shareOf(sku, quantities, from, units)));
}

const NO_FIGURES: Figures = { quantities: null, amounts: null };

function shareOf(
  sku: string,
  taken: ReadonlyMap<string, ExactDecimal>,
  from: readonly HandoffEvent[],
  units: Units,
): Figures {
  const priced = (event: HandoffEvent) =>
    event.lines.filter((line) => (line.sku ?? "") === sku && line.amount !== undefined);
  const whole = magnitude(sum(from.map((event) => figuresOf({ ...event, lines: priced(event), amount: null }, units))));
  const [[unit, quantity] = ["", ZERO]] = taken;
  const all = whole.quantities?.get(sku)?.get(unit) ?? ZERO;
  if (taken.size !== 1 || whole.amounts === null || all.isZero()) return NO_FIGURES;
  const part = ExactDecimal.min(quantity.abs().dividedBy(all), 1);
  const amounts = [...whole.amounts].map(([currency, amount]): [string, ExactDecimal] => [
    currency,
    amount.times(part).toDecimalPlaces(Math.max(2, amount.decimalPlaces()), ExactDecimal.ROUND_HALF_UP),
  ]);
  return { quantities: null, amounts: new Map(amounts) };
}

/** Whether any measure that `own` states is stated there too. */
const isStatedIn = (own: Figures, whole: Figures): boolean => isStated(measuresOf(whole, own));

/** Of `figures`, what `stating` states as well. */
const measuresOf = (stating: Figures, figures: Figures): Figures => ({
  quantities: stating.quantities && figures.quantities,
  amounts: stating.amounts && figures.amounts,
});

/** Whether a reversal that states no more than one measure (its lines, say) takes back all of that measure. */
function takesAll(own: Figures, postings: readonly HandoffEvent[], units: Units): boolean {
  const rest = sum([...postings.map((event) => magnitude(figuresOf(event, units))), negate(magnitude(own))]);
  return isZero(measuresOf(own, rest));
}

/** Without a document: the last posting before it that states the same; where it states nothing, the last posting. */
function undocumented(
  reversal: HandoffEvent,
  own: Figures,
  standing: ReadonlySet<HandoffEvent>,
  units: Units,
): HandoffEvent[] {
  const last = [...standing].findLast(
    (posting) => posting.occurredAt <= reversal.occurredAt && takesAll(own, [posting], units),
  );
  return last ? [last] : [];
}

function reversedNumbers(reversal: HandoffEvent): readonly string[] {
  const named = reversal.objects.filter(({ qualifier }) => qualifier === "reversed").map(({ id }) => id);
  return [reversal.posting.reverses, ...named].filter((number) => number !== "").map(comparable);
}

/** The postings that are the document of one of these numbers. A document may be several events, one per item. */
function documentOf(numbers: readonly string[], postings: readonly HandoffEvent[]): HandoffEvent[] {
  const naming = (isDocument: (qualifier: string) => boolean) =>
    postings.filter((posting) =>
      posting.objects.some(({ id, qualifier }) => isDocument(qualifier) && numbers.includes(comparable(id))),
    );
  // The number of a document may also be quoted by another one (an invoice names the delivery it bills).
  const own = naming((qualifier) => qualifier === "subject");
  return own.length > 0 ? own : naming(() => true);
}

/** "wms-east:0049" and "49", "gi-7" and "GI-7" are one number here: the same system gave both, and writes them one way or the other. */
const comparable = (number: string): string =>
  number
    .trim()
    .replace(/^[^:]*:/, "")
    .replace(/^0+(?=.)/, "")
    .toUpperCase();

export const refOf = ({ source, id }: HandoffEvent): EventRef => ({ source, id });
