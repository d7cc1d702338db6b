/** What the causes of a handoff ask for. Pure. */
import type { ObjectKey } from "@/lib/domain/object";
import { type Figures, figuresOf, isZero, negate, sum } from "./figures";
import type { Finance } from "./finance";
import { compareEvents, type HandoffEvent } from "./handoff-event";
import type { HandoffRule } from "./rule";

export interface Placed {
  readonly event: HandoffEvent;
  readonly keys: readonly ObjectKey[];
}

/** `sum`: they add up. `latest`: per key, what was stated last about each SKU holds. */
export function figuresOfCauses(
  causes: readonly Placed[],
  take: HandoffRule["when"]["take"],
  units: Finance["units"],
): Figures {
  if (take === "sum") return sum(causes.map(({ event }) => figuresOf(event, units)));
  const byKeys = new Map<string, HandoffEvent[]>();
  for (const { event, keys } of causes) {
    const together = keys.join("\u0001");
    byKeys.set(together, [...(byKeys.get(together) ?? []), event]);
  }
  return sum([...byKeys.values()].map((events) => latestFigures([...events].sort(compareEvents), units)));
}

/** Statements about one object in order of time: a later one replaces the SKUs it lists; what belongs to no line (freight, say) stays until it is stated anew. */
function latestFigures(events: readonly HandoffEvent[], units: Finance["units"]): Figures {
  const bySku = new Map<string, Figures>();
  let beside: Figures = { quantities: null, amounts: null };
  for (const event of events) {
    const lines = figuresOfLines(event, units);
    for (const [sku, figures] of lines) bySku.set(sku, figures);
    if (event.amount === null) continue;
    const whole = figuresOf(event, units);
    const rest = sum([
      { quantities: null, amounts: whole.amounts },
      negate({ quantities: null, amounts: sum(lines.values()).amounts }),
    ]);
    // The whole as it stands with these lines is the whole, stated again: what is beside the lines has not changed.
    const restated = sum([...bySku.values(), beside, negate(whole)]);
    if (lines.size > 0 && isZero({ quantities: null, amounts: restated.amounts })) continue;
    const saysOnlyLines = lines.size > 0 && [...(rest.amounts?.values() ?? [])].every((amount) => amount.isZero());
    // Without lines the amount is that of the whole: nothing stated before adds to it.
    if (lines.size === 0) {
      const quantities = sum(bySku.values()).quantities;
      bySku.clear();
      beside = { quantities, amounts: whole.amounts };
    } else if (!saysOnlyLines) beside = { quantities: beside.quantities, amounts: rest.amounts };
  }
  return sum([...bySku.values(), beside]);
}

function figuresOfLines(event: HandoffEvent, units: Finance["units"]): ReadonlyMap<string, Figures> {
  const bySku = new Map<string, HandoffEvent["lines"][number][]>();
  for (const line of event.lines) bySku.set(line.sku ?? "", [...(bySku.get(line.sku ?? "") ?? []), line]);
  return new Map([...bySku].map(([sku, lines]) => [sku, figuresOf({ ...event, lines, amount: null }, units)]));
}
