/** What events add up to: quantities per SKU in base units, and money per currency. Exact, and the same in any order. Pure. */
import { ExactDecimal } from "@/lib/domain/decimal";
import type { Finance } from "./finance";
import type { HandoffEvent } from "./handoff-event";

/** SKU → unit → quantity. One unit per SKU, the base, unless a unit has no conversion. */
export type Quantities = ReadonlyMap<string, ReadonlyMap<string, ExactDecimal>>;
/** Currency → amount. */
export type Amounts = ReadonlyMap<string, ExactDecimal>;

/** Null: nobody stated any. That is not the same as zero. */
export interface Figures {
  readonly quantities: Quantities | null;
  readonly amounts: Amounts | null;
}

type Units = Finance["units"];

/** What one event states. Its own amount, where it has one, holds over the sum of its lines. */
export function figuresOf(event: HandoffEvent, units: Units): Figures {
  const quantities = new Map<string, Map<string, ExactDecimal>>();
  const lineAmounts = new Map<string, ExactDecimal>();
  for (const line of event.lines) {
    if (line.quantity !== undefined) {
      const { unit, holds } = baseUnit(line.sku ?? "", line.uom ?? "", units);
      addTo(innerMap(quantities, line.sku ?? ""), unit, new ExactDecimal(line.quantity).times(holds));
    }
    if (line.amount !== undefined)
      addTo(lineAmounts, code(line.currency || event.currency), new ExactDecimal(line.amount));
  }
  const amounts = event.amount === null ? lineAmounts : ownAmount(event, event.amount, lineAmounts);
  return { quantities: orNull(quantities), amounts: orNull(amounts) };
}

/** Units and currencies are codes: systems write them in either case. */
const code = (text: string): string => text.trim().toUpperCase();

function ownAmount(event: HandoffEvent, amount: string, lineAmounts: Amounts): Map<string, ExactDecimal> {
  const [currencyOfLines = ""] = lineAmounts.keys();
  return new Map([[code(event.currency) || currencyOfLines, new ExactDecimal(amount)]]);
}

/** A unit nobody declared stays as it is: it can be compared with itself, and with nothing else. */
function baseUnit(sku: string, stated: string, { base, aliases, conversions }: Units): { unit: string; holds: string } {
  const unit = code(stated);
  if (unit === code(base) || aliases.some((alias) => code(alias) === unit)) return { unit: base, holds: "1" };
  const conversion =
    conversions.find((each) => each.sku === sku && code(each.unit) === unit) ??
    conversions.find((each) => each.sku === "*" && code(each.unit) === unit);
  return conversion ? { unit: base, holds: conversion.holds } : { unit, holds: "1" };
}

export function sum(all: Iterable<Figures>): Figures {
  const quantities = new Map<string, Map<string, ExactDecimal>>();
  const amounts = new Map<string, ExactDecimal>();
  for (const figures of all) {
    for (const [sku, units] of figures.quantities ?? []) {
      for (const [unit, quantity] of units) addTo(innerMap(quantities, sku), unit, quantity);
    }
    for (const [currency, amount] of figures.amounts ?? []) addTo(amounts, currency, amount);
  }
  return { quantities: orNull(quantities), amounts: orNull(amounts) };
}

export const negate = (figures: Figures): Figures => change(figures, (value) => value.negated());

/** Without signs: a reversal may state its figures as they were posted, or negative. */
export const magnitude = (figures: Figures): Figures => change(figures, (value) => value.abs());

/** As much as `own` states, with the sign that brings `whole` nearer to zero: of what is not part of it, less. */
export function towardsZero(own: Figures, whole: Figures): Figures {
  const against = (value: ExactDecimal, standing: ExactDecimal | undefined) =>
    standing?.isNegative() ? value.abs() : value.abs().negated();
  return {
    quantities:
      own.quantities &&
      new Map(
        [...own.quantities].map(([sku, units]) => [
          sku,
          new Map([...units].map(([unit, value]) => [unit, against(value, whole.quantities?.get(sku)?.get(unit))])),
        ]),
      ),
    amounts:
      own.amounts &&
      new Map([...own.amounts].map(([currency, value]) => [currency, against(value, whole.amounts?.get(currency))])),
  };
}

export const isStated = ({ quantities, amounts }: Figures): boolean => quantities !== null || amounts !== null;

/** Whether everything that is stated is zero. */
export const isZero = ({ quantities, amounts }: Figures): boolean =>
  [...(quantities?.values() ?? [])].every((units) => [...units.values()].every((value) => value.isZero())) &&
  [...(amounts?.values() ?? [])].every((value) => value.isZero());

/** The same figures give the same text, in whatever order they were stated. */
export function textOf({ quantities, amounts }: Figures): string {
  const lines = [...(quantities ?? [])].flatMap(([sku, units]) =>
    [...units].map(([unit, value]) => `${sku}\u0000${unit}\u0000${value.toFixed()}`),
  );
  const money = [...(amounts ?? [])].map(([currency, value]) => `${currency}\u0000${value.toFixed()}`);
  return [...lines.sort(), "", ...money.sort()].join("\u0001");
}

function change({ quantities, amounts }: Figures, how: (value: ExactDecimal) => ExactDecimal): Figures {
  return {
    quantities: quantities && new Map([...quantities].map(([sku, units]) => [sku, mapValues(units, how)])),
    amounts: amounts && mapValues(amounts, how),
  };
}

const mapValues = (map: ReadonlyMap<string, ExactDecimal>, how: (value: ExactDecimal) => ExactDecimal) =>
  new Map([...map].map(([key, value]) => [key, how(value)]));

const orNull = <Value>(map: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> | null =>
  map.size > 0 ? map : null;

function addTo(map: Map<string, ExactDecimal>, key: string, value: ExactDecimal): void {
  const known = map.get(key);
  map.set(key, known ? known.plus(value) : value);
}

function innerMap(map: Map<string, Map<string, ExactDecimal>>, key: string): Map<string, ExactDecimal> {
  const known = map.get(key);
  if (known) return known;
  const made = new Map<string, ExactDecimal>();
  map.set(key, made);
  return made;
}
