import { fiscalPeriod } from "./calendar";
import { dollarCents } from "./currency";
import { type BillingCurrency, CASE, CASES_BY_FAMILY, CURRENCY, DOZEN } from "./enterprise";
import { type CanonicalEvent, isoTime, money } from "./event";
import { partOf, RULES, type Rule } from "./handoff-rule";
import type { ExpectedHandoff } from "./story";
import { canonicalKey, type ObjectKey, type Reference, splitKey } from "./truth";

/**
 * The reference for handoffs: the written rules of the design (section 5), by brute force over one closed group of events. It shares no code
 * with the product. What it finds wrong must be what was planted, and nothing else: a test says so.
 */

export type HandoffState = "pending" | "matched" | "late" | "mismatched" | "duplicate" | "orphan" | "void";

export interface HandoffTruth extends Omit<ExpectedHandoff, "state"> {
  /** At the feed's end. */
  readonly state: HandoffState;
  /** Of what is pending: until when, and what it is from then on if nothing more is heard. */
  readonly dueAt?: string;
  readonly stateWhenDue?: HandoffState;
}

type Difference = Pick<ExpectedHandoff, "quantity" | "amount" | "period">;

interface Placed {
  readonly event: CanonicalEvent;
  readonly keys: readonly ObjectKey[];
}

/** Every handoff of every rule among these events, as it stands at `clock` (epoch ms; Infinity: everything is due). */
export function handoffsOf(events: readonly CanonicalEvent[], reference: Reference, clock: number): HandoffTruth[] {
  return RULES.flatMap((rule) => handoffsOfRule(rule, events, reference, clock));
}

function handoffsOfRule(
  rule: Rule,
  events: readonly CanonicalEvent[],
  reference: Reference,
  clock: number,
): HandoffTruth[] {
  const parts = {
    cause: [] as Placed[],
    posting: [] as Placed[],
    reversal: [] as Placed[],
    takingBack: [] as Placed[],
  };
  for (const event of events) {
    const part = partOf(rule, event);
    const keys = part === undefined ? [] : keysOf(event, rule.on, reference);
    if (part !== undefined && keys.length > 0) parts[part].push({ event, keys });
  }
  return groupsOf([...parts.cause, ...parts.posting]).flatMap((keys) => {
    const of = (placed: readonly Placed[]) => placed.filter((each) => each.keys.some((key) => keys.has(key)));
    const causes = standingCauses(of(parts.cause), of(parts.takingBack));
    const postings = standingPostings(of(parts.posting), of(parts.reversal)).map(({ event }) => event);
    const verdict = judge(rule, causes, of(parts.cause).length > 0, postings);
    return [...keys].map((key) =>
      byTheClock({ rule: rule.id, key: splitKey(key) }, verdict, dueOf(rule, key, causes), clock),
    );
  });
}

/** The objects of the type that an event names; else what all of its objects hang below in common, else any of them. */
function keysOf(event: CanonicalEvent, type: string, reference: Reference): ObjectKey[] {
  const ofType = (keys: Iterable<ObjectKey>) => [...keys].filter((key) => splitKey(key).type === type);
  const objects = event.data.objects.flatMap((object) => canonicalKey(event.source, object) ?? []);
  const named = ofType(objects);
  const above = objects.map((key) => ofType(reference.above(key))).filter((keys) => keys.length > 0);
  const union = [...new Set(above.flat())];
  const common = union.filter((key) => above.every((keys) => keys.includes(key)));
  const found = named.length > 0 ? named : common.length > 0 ? common : union;
  // The marketplace's order and ours are one order, and ours stands for it.
  return type === "order"
    ? ofType(new Set(found.flatMap((key) => [...reference.rootsOfObject(key)])))
    : [...new Set(found)];
}

/** Keys that share an event are compared together. */
function groupsOf(placed: readonly Placed[]): ReadonlySet<ObjectKey>[] {
  let groups: Set<ObjectKey>[] = [];
  for (const { keys } of placed) {
    const touched = groups.filter((group) => keys.some((key) => group.has(key)));
    groups = groups.filter((group) => !touched.includes(group));
    groups.push(new Set([...touched.flatMap((group) => [...group]), ...keys]));
  }
  return groups;
}

/**
 * A taking back takes all causes of its keys: the company takes back no part, and never asks for the same again. Times are not compared, because
 * the central warehouse's clock says that it rejected a fulfilment before it was asked.
 */
function standingCauses(causes: readonly Placed[], takingsBack: readonly Placed[]): Placed[] {
  return causes.filter((cause) => !takingsBack.some((back) => back.keys.some((key) => cause.keys.includes(key))));
}

/** The company reverses whole documents, by their number. */
function standingPostings(postings: readonly Placed[], reversals: readonly Placed[]): Placed[] {
  const reversed = new Set(reversals.flatMap(({ event }) => event.data.posting?.reverses ?? []));
  return postings.filter(
    ({ event }) => !event.data.objects.some(({ id, qualifier }) => qualifier === "subject" && reversed.has(id)),
  );
}

function dueOf(rule: Rule, key: ObjectKey, causes: readonly Placed[]): number {
  const times = causes.filter(({ keys }) => keys.includes(key)).map(({ event }) => Date.parse(event.time));
  // An order that is changed stays the order that was placed.
  return (rule.latest ? Math.min(...times) : Math.max(...times)) + rule.withinMs;
}

interface Verdict {
  readonly state: HandoffState;
  readonly stateWhenDue?: HandoffState;
  readonly difference: Difference;
}

function byTheClock(
  name: { readonly rule: string; readonly key: { readonly type: string; readonly id: string } },
  { state, stateWhenDue, difference }: Verdict,
  due: number,
  clock: number,
): HandoffTruth {
  if (stateWhenDue === undefined) return { ...name, state, ...difference };
  // A key of the group whose own causes were all taken back has nothing left to wait for.
  const dueAt = Number.isFinite(due) ? { dueAt: isoTime(due) } : {};
  if (due <= clock) return { ...name, state: stateWhenDue, ...difference };
  return { ...name, state, ...dueAt, stateWhenDue, ...difference };
}

function judge(
  rule: Rule,
  causes: readonly Placed[],
  hadCauses: boolean,
  postings: readonly CanonicalEvent[],
): Verdict {
  if (causes.length === 0) {
    if (postings.length === 0) return { state: "void", difference: {} };
    // Where nothing is compared, what followed before its cause was taken back did follow: a cancelled order was in the ERP all the same.
    const asksOnlyThat = rule.quantity !== true && rule.amountCents === undefined && rule.period !== true;
    return { state: asksOnlyThat && hadCauses ? "matched" : "orphan", difference: {} };
  }
  if (postings.length === 0) return { state: "pending", stateWhenDue: "late", difference: {} };
  const compared = compare(rule, causes, postings);
  const { difference, isOver, isShort, isOtherwiseWrong } = compared;
  if (!isOver && !isShort && !isOtherwiseWrong) return { state: "matched", difference };
  if (isShort && !isOver && !isOtherwiseWrong) return { state: "pending", stateWhenDue: "mismatched", difference };
  const state = isSettledWithoutRepeats(rule, causes, postings) ? "duplicate" : "mismatched";
  return { state, difference };
}

interface Comparison {
  readonly difference: Difference;
  readonly isOver: boolean;
  /** Less is there than should be, and more of the same would settle it. */
  readonly isShort: boolean;
  readonly isOtherwiseWrong: boolean;
}

function compare(rule: Rule, causes: readonly Placed[], postings: readonly CanonicalEvent[]): Comparison {
  const expecting = rule.latest ? latestOf(causes) : causes.map(({ event }) => event);
  const left = rule.quantity ? quantitiesOf(expecting) : new Map<string, number>();
  const right = rule.quantity ? quantitiesOf(postings) : new Map<string, number>();
  const skus = [...new Set([...left.keys(), ...right.keys()])].sort();
  const apart = skus.map((sku) => ({ sku, expected: left.get(sku) ?? 0, actual: right.get(sku) ?? 0 }));
  const quantity = apart.filter(({ expected, actual }) => expected !== actual);
  const [expected, actual] = [dollarsOrOwn(expecting, expecting), dollarsOrOwn(postings, expecting)];
  const amountDiffers = rule.amountCents !== undefined && Math.abs(actual - expected) > rule.amountCents;
  const periods = new Set(expecting.map(periodOf));
  const wrong = rule.period ? [...new Set(postings.map(periodOf))].filter((period) => !periods.has(period)) : [];
  const quantityIsShort = quantity.some((each) => each.actual < each.expected);
  const amountIsShort = amountDiffers && actual < expected;
  return {
    difference: {
      ...(quantity.length === 0
        ? {}
        : {
            quantity: quantity.map((each) => ({
              ...each,
              expected: String(each.expected),
              actual: String(each.actual),
            })),
          }),
      ...(amountDiffers
        ? { amount: { expected: money(expected), actual: money(actual), currency: currencyOf(expecting) } }
        : {}),
      ...(wrong.length === 0
        ? {}
        : { period: { expected: [...periods].sort().join(", "), actual: wrong.sort().join(", ") } }),
    },
    isOver: quantity.some((each) => each.actual > each.expected) || (amountDiffers && actual > expected),
    isShort: rule.quantity ? quantityIsShort : amountIsShort,
    // Quantities agree and the money does not: more postings would not settle that.
    isOtherwiseWrong: wrong.length > 0 || (rule.quantity === true && amountIsShort && !quantityIsShort),
  };
}

/** Whether both sides agree once documents that repeat another are left out, in any choice of them. */
function isSettledWithoutRepeats(rule: Rule, causes: readonly Placed[], postings: readonly CanonicalEvent[]): boolean {
  const repeats = postings.filter((posting, i) => postings.slice(0, i).some((earlier) => isRepeat(earlier, posting)));
  if (repeats.length > 8) throw new Error(`handoffs: expected a few repeats of a posting, got ${repeats.length}`);
  for (let choice = 1; choice < 1 << repeats.length; choice++) {
    const left = postings.filter((posting) => {
      const i = repeats.indexOf(posting);
      return i < 0 || (choice & (1 << i)) === 0;
    });
    const { isOver, isShort, isOtherwiseWrong } = compare(rule, causes, left);
    if (!isOver && !isShort && !isOtherwiseWrong) return true;
  }
  return false;
}

function isRepeat(a: CanonicalEvent, b: CanonicalEvent): boolean {
  const text = ({ data }: CanonicalEvent) => {
    const lines = (data.lines ?? []).map(({ sku, quantity, uom }) => `${sku} ${pieces(sku, quantity, uom)}`).sort();
    return [...lines, data.amount, data.currency].join("\n");
  };
  return text(a) === text(b);
}

/** Per key, the statement made last. */
function latestOf(causes: readonly Placed[]): CanonicalEvent[] {
  const last = new Map<string, CanonicalEvent>();
  for (const { event, keys } of causes) {
    const known = last.get(keys.join());
    if (known === undefined || known.time < event.time) last.set(keys.join(), event);
  }
  return [...last.values()];
}

function quantitiesOf(events: readonly CanonicalEvent[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sku, quantity, uom } of events.flatMap(({ data }) => data.lines ?? []))
    sums.set(sku, (sums.get(sku) ?? 0) + pieces(sku, quantity, uom));
  return sums;
}

function pieces(sku: string, quantity: string, uom: string): number {
  const [family = ""] = sku.split("-");
  const holds = uom === "DZ" ? DOZEN : uom === "CS" ? (CASES_BY_FAMILY[family] ?? CASE) : 1;
  // Packs are posted in halves and quarters at the most; this takes the binary rest of a decimal away.
  return Math.round(Number(quantity) * holds * 1e6) / 1e6;
}

/** In cents of the currency of the causes: an invoice abroad is turned back into the dollars its shipment is valued in. */
function dollarsOrOwn(events: readonly CanonicalEvent[], causes: readonly CanonicalEvent[]): number {
  const currency = currencyOf(causes);
  const cents = new Map<string, number>();
  for (const event of events) {
    const own = currencyOf([event]);
    cents.set(own, (cents.get(own) ?? 0) + centsOf(event));
  }
  return [...cents].reduce(
    (sum, [own, amount]) => sum + (own === currency ? amount : dollarCents(amount, own as BillingCurrency)),
    0,
  );
}

function centsOf({ data }: CanonicalEvent): number {
  const amounts = data.amount === undefined ? (data.lines ?? []).map(({ amount }) => amount ?? "0") : [data.amount];
  return amounts.reduce((sum, amount) => sum + Math.round(Number(amount) * 100), 0);
}

function currencyOf([first]: readonly CanonicalEvent[]): string {
  return first?.data.currency ?? first?.data.lines?.[0]?.currency ?? CURRENCY;
}

/** A posting says its period; what a warehouse does belongs to the company's month of it. */
function periodOf({ data, time }: CanonicalEvent): string {
  return data.posting?.period ?? fiscalPeriod(Date.parse(time));
}
