/** Which part an event plays under a rule. Pure. */

import { OWN_SOURCE, type SystemRegistry, systemKind } from "@/lib/domain/system";
import { isHandoffAct } from "./act";
import type { HandoffEvent } from "./handoff-event";
import type { EventPattern, HandoffRule } from "./rule";

/** `cause`: what happened. `posting`: what had to follow. `reversal` takes postings back, `cancellation` causes. `act`: what a person decided. */
export type Part = "cause" | "posting" | "reversal" | "cancellation" | "act";

export function partOf(rule: HandoffRule, event: HandoffEvent, systems: SystemRegistry): Part | null {
  if (event.source === OWN_SOURCE) return isHandoffAct(event.type) && event.attributes.rule === rule.id ? "act" : null;
  if (fits(rule.when, event, systems)) return "cause";
  if (fits(rule.expect, event, systems)) return "posting";
  if (!didHappen(event)) return null;
  if (rule.reversed_by.includes(event.type) && isFrom(rule.expect.source, event.source, systems)) return "reversal";
  return rule.unless.includes(event.type) ? "cancellation" : null;
}

/** Every type of event that a rule has anything to do with. */
export function typesOf(rule: HandoffRule): readonly string[] {
  return [...new Set([...rule.when.type, ...rule.expect.type, ...rule.reversed_by, ...rule.unless])];
}

/** What failed, was rejected or skipped did not happen, unless the rule asks for such. */
function fits(pattern: EventPattern, event: HandoffEvent, systems: SystemRegistry): boolean {
  const where = Object.entries(pattern.where ?? {});
  return (
    pattern.type.includes(event.type) &&
    isFrom(pattern.source, event.source, systems) &&
    (didHappen(event) || where.some(([field]) => field === "outcome")) &&
    where.every(([field, values]) => values.includes(fieldOf(event, field)))
  );
}

/** "fulfillment.rejected" says by its type what its outcome says: the rejection happened. */
const didHappen = ({ type, outcome }: HandoffEvent): boolean => outcome === "ok" || type.endsWith(`.${outcome}`);

function isFrom(wanted: readonly string[] | undefined, source: string, systems: SystemRegistry): boolean {
  if (wanted === undefined) return true;
  return wanted.some((name) => {
    if (name.endsWith("*")) return source.startsWith(name.slice(0, -1));
    return source === name || systemKind(systems, source) === name;
  });
}

function fieldOf(event: HandoffEvent, field: string): string {
  if (field === "outcome") return event.outcome;
  if (field === "interface") return event.interface;
  if (field === "companyCode") return event.posting.companyCode;
  const value = Object.hasOwn(event.attributes, field) ? event.attributes[field] : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
