/** Steps 3 to 5 of an evaluation: one group of keys, from its events to a handoff per key. Pure. */
import { amountText, ExactDecimal, quantityText, ZERO } from "@/lib/domain/decimal";
import { type ObjectKey, objectOfKey } from "@/lib/domain/object";
import { companyOf, dueAt } from "./business-time";
import { figuresOfCauses, type Placed } from "./causes";
import { currencyOf, inCurrency, periodOfCause } from "./comparison";
import type { Decision } from "./decisions";
import type { RuleContext, RuleFacts } from "./evaluate";
import type { Figures } from "./figures";
import type { CompanyCode, Finance } from "./finance";
import type { Handoff, Totals } from "./handoff";
import { compareEvents, type HandoffEvent } from "./handoff-event";
import { type Judgement, judge } from "./judgement";
import { type Net, netOfCancellations, netOfReversals, refOf } from "./netting";
import { decide } from "./resolution";
import type { VersionedRule } from "./rule";

export interface GroupEvents {
  readonly causes: readonly Placed[];
  readonly postings: readonly Placed[];
  readonly reversals: readonly Placed[];
  readonly cancellations: readonly Placed[];
  readonly decisions: readonly Decision[];
}

interface Group {
  readonly versioned: VersionedRule;
  readonly keys: readonly ObjectKey[];
  readonly events: GroupEvents;
  readonly expected: Net;
  readonly actual: Net;
  readonly judgement: Judgement;
  readonly company: CompanyCode;
  /** As an event states it, whether or not anybody declared it; empty when none does. */
  readonly statedCompany: string;
  readonly location: string;
  readonly totals: Totals;
  readonly stake: ExactDecimal;
}

export function evaluateGroup(
  versioned: VersionedRule,
  allKeys: readonly ObjectKey[],
  events: GroupEvents,
  facts: RuleFacts,
  context: RuleContext,
): Handoff[] {
  const named = new Set([...events.causes, ...events.postings].flatMap(({ keys }) => keys));
  // A reversal may name what no cause and no posting ever did: its own number, say.
  const keys = allKeys.filter((key) => named.has(key));
  if (keys.length === 0) return [];
  const group = judgeGroup(versioned, keys, events, context.finance);
  const handoffs = keys.map((key) => handoffOf(key, group, facts));
  return decide(handoffs, events.decisions, context);
}

function judgeGroup(
  versioned: VersionedRule,
  keys: readonly ObjectKey[],
  events: GroupEvents,
  finance: Finance,
): Group {
  const { rule } = versioned;
  const { causes, postings, reversals, cancellations } = events;
  const placed = [causes, postings, reversals, cancellations].flat();
  const placedOf = new Map(placed.map((each) => [each.event, each]));
  const keysOf = (event: HandoffEvent) => placedOf.get(event)?.keys ?? [];
  const share = (one: HandoffEvent, other: HandoffEvent) => keysOf(one).some((key) => keysOf(other).includes(key));
  const expected = netOfCancellations(eventsIn(events.causes), eventsIn(events.cancellations), {
    units: finance.units,
    share,
    figuresOfCauses: (left) =>
      figuresOfCauses(
        left.map((event) => ({ event, keys: keysOf(event) })),
        rule.when.take,
        finance.units,
      ),
  });
  const actual = netOfReversals(eventsIn(postings), eventsIn(reversals), { units: finance.units, share });
  const both = [...eventsIn(events.causes), ...eventsIn(events.postings)];
  const location = firstOf(both, locationOf);
  const statedCompany = firstOf(
    [...eventsIn(events.postings), ...eventsIn(events.causes)],
    ({ posting }) => posting.companyCode,
  );
  const company = companyOf(finance, statedCompany, location);
  const judgement = judge(rule, expected, actual, { company, finance });
  const { totals, stake } = moneyOf(expected, actual, judgement, finance);
  return { versioned, keys, events, expected, actual, judgement, company, statedCompany, location, totals, stake };
}

function handoffOf(key: ObjectKey, group: Group, facts: RuleFacts): Handoff {
  const { versioned, events, judgement, expected, actual } = group;
  const own = (placed: readonly Placed[]) => eventsIn(placed.filter(({ keys }) => keys.includes(key)));
  const from = [...own(events.causes), ...own(events.cancellations)].sort(compareEvents);
  const to = [...own(events.postings), ...own(events.reversals)].sort(compareEvents);
  const due = dueAtOf(key, group);
  const [lead = key] = group.keys;
  const last = maxOf([...expected.standing, ...actual.standing].map(({ occurredAt }) => occurredAt));
  const isPending = judgement.state === "pending";
  const isSettled = judgement.state === "matched" || judgement.state === "void";
  const settledAt = maxOf([last ?? "", expected.takenBackAt ?? "", actual.takenBackAt ?? ""]);
  return {
    rule: versioned.rule.id,
    ruleVersion: versioned.version,
    key: objectOfKey(key),
    group: { lead: objectOfKey(lead), size: group.keys.length },
    roots: facts.rootsOf(key),
    state: judgement.state,
    stateWhenDue: judgement.stateWhenDue,
    dueAt: due,
    from: from.map(refOf),
    to: to.map(refOf),
    excess: judgement.excess.map(refOf),
    difference: judgement.difference,
    totals: group.totals,
    stake: key === lead ? amountText(group.stake) : "0.00",
    // A company code that nobody declared is still the one that was stated.
    companyCode: group.statedCompany || group.company.id,
    period: periodOfKey(from, to, group.company),
    location: group.location,
    partner: firstOf([...from, ...to], partnerOf),
    openedAt: [...from, ...to].map(({ occurredAt }) => occurredAt).sort()[0] ?? "",
    brokenAt: isSettled ? null : isPending ? due : maxOf([...from, ...to].map(({ occurredAt }) => occurredAt)),
    settledAt: isSettled ? settledAt : null,
    resolution: null,
  };
}

/** When the last cause that stands asks for its posting; for statements that replace each other, the first. */
function dueAtOf(key: ObjectKey, { versioned: { rule }, events, expected, company }: Group): string | null {
  const standing = new Set(expected.standing);
  const times = events.causes
    .filter(({ event, keys }) => standing.has(event) && keys.includes(key))
    .map(({ event }) => dueAt(event.occurredAt, rule.expect, company))
    .sort();
  return (rule.when.take === "latest" ? times[0] : times.at(-1)) ?? null;
}

const periodOfKey = (from: readonly HandoffEvent[], to: readonly HandoffEvent[], company: CompanyCode): string => {
  const first = from[0] ?? to[0];
  return first ? periodOfCause(first, company) : "";
};

/** In the currency of the causes; where there is none, of the postings. A side that cannot be converted has no total. */
function moneyOf(
  expected: Net,
  actual: Net,
  judgement: Judgement,
  finance: Finance,
): { totals: Totals; stake: ExactDecimal } {
  const side = expected.standing.length > 0 ? expected : actual;
  const currency = currencyOf(side.figures.amounts) ?? currencyOf(actual.figures.amounts) ?? "";
  const date = actual.standing[0]?.occurredAt ?? expected.standing[0]?.occurredAt ?? "";
  const amountOf = (figures: Figures): ExactDecimal | null => {
    if (figures.amounts === null) return null;
    const { amount, missing } = inCurrency(figures.amounts, currency, date, finance);
    return missing.length > 0 ? null : amount;
  };
  const [wanted, got] = [amountOf(expected.figures), amountOf(actual.figures)];
  return {
    totals: {
      expectedQuantity: quantityOf(expected.figures),
      actualQuantity: quantityOf(actual.figures),
      expectedAmount: wanted && amountText(wanted),
      actualAmount: got && amountText(got),
      currency,
    },
    stake: stakeOf(judgement, wanted, got),
  };
}

function stakeOf(
  { state, difference }: Judgement,
  wanted: ExactDecimal | null,
  got: ExactDecimal | null,
): ExactDecimal {
  if (state === "void") return ZERO;
  if (state === "orphan") return got?.abs() ?? ZERO;
  if (state === "matched" || got === null) return wanted?.abs() ?? got?.abs() ?? ZERO;
  const apart = wanted === null ? ZERO : got.minus(wanted).abs();
  // All of it stands in the wrong period, whatever else is wrong.
  return difference.period ? ExactDecimal.max(apart, got.abs()) : apart;
}

/** Over all SKUs; null where units cannot be added. */
function quantityOf({ quantities }: Figures): string | null {
  if (quantities === null) return null;
  const units = new Set<string>();
  let total = ZERO;
  for (const perUnit of quantities.values()) {
    for (const [unit, quantity] of perUnit) {
      units.add(unit);
      total = total.plus(quantity);
    }
  }
  return units.size > 1 ? null : quantityText(total);
}

const eventsIn = (placed: readonly Placed[]): HandoffEvent[] => placed.map(({ event }) => event).sort(compareEvents);

const firstOf = (events: readonly HandoffEvent[], read: (event: HandoffEvent) => string): string => {
  for (const event of events) {
    const value = read(event);
    if (value !== "") return value;
  }
  return "";
};

function locationOf({ lines, objects }: HandoffEvent): string {
  const stated = lines.map(({ location = "" }) => location.trim()).find((location) => location !== "");
  return stated ?? objects.find(({ type }) => type === "location")?.id ?? "";
}

const PARTNER_TYPES = ["customer", "supplier", "carrier"] as const;

function partnerOf({ objects, attributes }: HandoffEvent): string {
  for (const type of PARTNER_TYPES) {
    const named = objects.find((object) => object.type === type)?.id;
    if (named) return named;
    const stated = attributes[type];
    if (typeof stated === "string" && stated !== "") return stated;
  }
  return "";
}

const maxOf = (times: readonly string[]): string | null =>
  [...times]
    .filter((time) => time !== "")
    .sort()
    .at(-1) ?? null;
