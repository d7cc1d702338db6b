/** What a checklist calls its open items (lib/domain/handoffs/period-close.ts, itemOf), in words. Pure. */
import { countLabel } from "@/components/ui/number-format";
import type { Vocabulary } from "@/components/ui/vocabulary";
import { BREAK_STATES } from "@/lib/domain/handoffs/handoff";
import type { OpenItem } from "@/lib/domain/handoffs/period-close";
import { type RuleBook, ruleName, stateLabel } from "./handoff-words";

/** "break goods-issue late", 47 → "47 late: Shipment → goods issue". */
export function openItemText(
  { item, count }: OpenItem,
  rules: RuleBook,
  { system }: Pick<Vocabulary, "system">,
): string {
  const [kind, name = "", given] = item.split(" ");
  const state = BREAK_STATES.find((known) => known === given);
  if (kind === "break" && state)
    return `${countLabel(count)} ${stateLabel(state).toLowerCase()}: ${ruleName(rules, name)}`;
  if (kind === "awaiting") return `${countLabel(count)} awaiting approval: ${ruleName(rules, name)}`;
  if (kind === "pending") return `${countLabel(count)} not due yet: ${ruleName(rules, name)}`;
  if (kind === "source") return `${system(name)} has not reported past the end of the period`;
  return "The period has not ended";
}
