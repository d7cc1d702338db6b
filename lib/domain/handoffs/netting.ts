/** What is left of the postings after reversals, and of the causes after cancellations. Pure. */
import { ExactDecimal, ZERO } from "@/lib/domain/decimal";
import { isDocument } from "@/lib/domain/document";
import type { EventRef } from "@/lib/domain/journey";
import { type Figures, figuresOf, isStated, isZero, magnitude, negate, sum, towardsZero } from "./figures";
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
  {
    units,
    share,
  }: {
    readonly units: Units;
    /** Whether two events belong to a common key. */
    share(reversal: HandoffEvent, posting: HandoffEvent): boolean;
  },
): Net {
  const standing = new Set([...postings].sort(compareEvents));
  const documentOf = indexDocuments(postings);
  const figures = new Map(postings.map((posting) => [posting, figuresOf(posting, units)]));
  const partial = new Set<PartTaken>();
  let takenBackAt: string | null = null;
  for (const reversal of standingReversals(documentOf, [...reversals].sort(compareEvents))) {
    const numbers = reversedNumbers(reversal);
    const own = figuresOf(reversal, units);
    const document = documentOf(numbers);
    // What has a number waits for the one that is named; what has none can be meant all the same.
    const isMeant = (each: HandoffEvent) =>
      each.occurredAt <= reversal.occurredAt && share(reversal, each) && (numbers.length === 0 || !isNumbered(each));
    const reversed =
      document.length > 0
        ? document
        : undocumented(own, standing, (each) => isMeant(each) && takesAll(own, [each], units), figures);
    if (reversed.length === 0 && !isStated(own)) continue;
    const open = (reversed.length > 0 ? reversed : [...standing].filter(isMeant)).filter((each) => standing.has(each));
    if (numbers.length > 0 && open.length === 0) continue;
    takenBackAt = reversal.occurredAt;
    const [whole, parts] = takenWhole(own, open, partial, units);
    for (const posting of whole) standing.delete(posting);
    for (const part of parts) partial.delete(part);
    if (whole.length === 0) partial.add({ own, from: open.length > 0 ? open : [...standing] });
  }
  const left = [...standing];
  return netOf(left, sum(left.map((event) => figuresOf(event, units))), [...partial], takenBackAt, units);
}

/**
 * Postings that are gone with this reversal: all of them, or the one whose figures it states, or all of them with what earlier reversals took of the
 * same ones. What is gone also says nothing about periods any more.
 * @returns those postings, and the earlier parts that they hold
 */
function takenWhole(
  own: Figures,
  open: readonly HandoffEvent[],
  earlier: ReadonlySet<PartTaken>,
  units: Units,
): [readonly HandoffEvent[], readonly PartTaken[]] {
  if (open.length === 0) return [[], []];
  const ofSame = [...earlier].filter(
    ({ from }) => from.length === open.length && from.every((each) => open.includes(each)),
  );
  if (ofSame.length === 0) {
    if (takesAll(own, open, units)) return [open, []];
    const item = open.find((posting) => isStated(own) && takesAll(own, [posting], units));
    return [item ? [item] : [], []];
  }
  const together = sum([own, ...ofSame.map((part) => part.own)].map(magnitude));
  return isStated(own) && !takesAll(together, open, units) ? [[], []] : [open, ofSame];
}

const isNumbered = ({ objects }: HandoffEvent): boolean => objects.some(isDocument);

/**
 * Those reversals of postings that no other one takes back, in the order given. Only one that names the number of a reversal, and of no posting, does. Of a
 * ring, in which each takes back the next, none stands.
 */
function standingReversals(postingsOf: DocumentIndex, reversals: readonly HandoffEvent[]): HandoffEvent[] {
  const reversalsOf = indexDocuments(reversals);
  const takesBack = new Map<HandoffEvent, readonly HandoffEvent[]>();
  const undecided = new Map<HandoffEvent, number>(reversals.map((reversal) => [reversal, 0]));
  for (const reversal of reversals) {
    const numbers = reversedNumbers(reversal);
    const others = new Set(reversalsOf(numbers));
    others.delete(reversal);
    if (others.size === 0 || postingsOf(numbers).length > 0) continue;
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
  return reversals.filter((reversal) => stands.has(reversal) && !takesBack.has(reversal));
}

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
    const before = [...standing].filter((cause) => isBefore(cause, cancellation) && share(cancellation, cause));
    if (before.length === 0) continue;
    takenBackAt = cancellation.occurredAt;
    const expected = figuresOfCauses(before);
    const own = figuresOfCancelled(cancellation, expected, units);
    // Lines of goods take nothing off causes that state only money: they say what was cancelled, all of it.
    if (isStatedIn(own, expected)) partial.push({ own, from: before });
    else for (const cause of before) standing.delete(cause);
  }
  const left = [...standing];
  return netOf(left, figuresOfCauses(left), partial, takenBackAt, units);
}

/** Lines that say no figure take back all that is expected of their SKUs. */
function figuresOfCancelled(cancellation: HandoffEvent, expected: Figures, units: Units): Figures {
  const own = figuresOf(cancellation, units);
  if (isStated(own) || cancellation.lines.length === 0) return own;
  const skus = new Set(cancellation.lines.map(({ sku }) => sku ?? ""));
  const quantities = new Map([...(expected.quantities ?? [])].filter(([sku]) => skus.has(sku)));
  return quantities.size > 0 ? { quantities, amounts: null } : own;
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
  const wholeOf = ({ from }: PartTaken) => sum(from.map((event) => figuresOf(event, units)));
  const stated = sum(partial.map((part) => towardsZero(part.own, wholeOf(part))));
  const prices = partial.map((part) => towardsZero(priceOf(part, units), wholeOf(part)));
  const partlyTakenBack = sum([stated, ...prices]);
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
  own: Figures,
  standing: ReadonlySet<HandoffEvent>,
  isReversed: (posting: HandoffEvent) => boolean,
  figures: ReadonlyMap<HandoffEvent, Figures>,
): HandoffEvent[] {
  const [sku] = own.quantities?.keys() ?? [];
  // Most postings of a long list are of another SKU: that is seen without adding anything up.
  const isLike = (posting: HandoffEvent) => sku === undefined || figures.get(posting)?.quantities?.has(sku) === true;
  const last = [...standing].findLast((posting) => isLike(posting) && isReversed(posting));
  return last ? [last] : [];
}

function reversedNumbers(reversal: HandoffEvent): readonly string[] {
  const named = reversal.objects.filter(({ qualifier }) => qualifier === "reversed").map(({ id }) => id);
  return [reversal.posting.reverses, ...named].filter((number) => number !== "").map(comparable);
}

/** The events that are the document of one of these numbers. A document may be several events, one per item. */
type DocumentIndex = (numbers: readonly string[]) => readonly HandoffEvent[];

/** By their own number; else by any that they name (the number of a document may be quoted by another one too); else by the event's id. */
function indexDocuments(events: readonly HandoffEvent[]): DocumentIndex {
  const indexes = [new Map<string, Set<HandoffEvent>>(), new Map(), new Map()] as const;
  const [own, quoted, byId] = indexes;
  const add = (index: Map<string, Set<HandoffEvent>>, number: string, event: HandoffEvent) => {
    const key = comparable(number);
    index.set(key, (index.get(key) ?? new Set()).add(event));
  };
  for (const event of events) {
    for (const { id, qualifier } of event.objects) {
      if (qualifier === "subject") add(own, id, event);
      if (qualifier !== "reversed") add(quoted, id, event);
    }
    add(byId, event.id, event);
  }
  return (numbers) => {
    for (const index of indexes) {
      const found = new Set(numbers.flatMap((number) => [...(index.get(number) ?? [])]));
      if (found.size > 0) return [...found];
    }
    return [];
  };
}

/** "wms-east:0049" and "49", "gi-7" and "GI-7" are one number here: the same system gave both, and writes them one way or the other. */
const comparable = (number: string): string =>
  number
    .trim()
    .replace(/^[^:]*:/, "")
    .replace(/^0+(?=.)/, "")
    .toUpperCase();

export const refOf = ({ source, id }: HandoffEvent): EventRef => ({ source, id });
