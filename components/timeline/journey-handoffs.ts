/** A journey's handoffs as the swimlanes draw them. Pure. */
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import type { RuleInfo } from "@/lib/domain/handoffs/rule-info";
import type { JourneyEvent } from "@/lib/domain/journey";
import { objectKey } from "@/lib/domain/object";
import type { SystemKind } from "@/lib/domain/system";
import type { ArrowTone, TimelineHandoff } from "./handoff-arrows";

export interface JourneyHandoffParts {
  readonly handoffs: readonly ListedHandoff[];
  readonly rules: Readonly<Record<string, RuleInfo>>;
  readonly events: readonly Pick<JourneyEvent, "source">[];
  readonly kindOf: (source: string) => SystemKind;
  readonly nowMs: number;
}

/** What is due later than this has no ghost mark yet: a payment in ninety days would press a day's events into one line. */
const GHOST_AHEAD_MS = 3 * 86_400_000;

/** Void ones are not drawn: nothing has to follow. */
export function timelineHandoffs({ handoffs, rules, events, kindOf, nowMs }: JourneyHandoffParts): TimelineHandoff[] {
  const sources = [...new Set(events.map(({ source }) => source))];
  return handoffs.flatMap((handoff): TimelineHandoff[] => {
    if (handoff.state === "void") return [];
    const rule = rules[handoff.rule];
    const isShown = handoff.dueAt !== null && Date.parse(handoff.dueAt) <= nowMs + GHOST_AHEAD_MS;
    const isMissing = handoff.to.length === 0 && isShown && toneOf(handoff) !== "settled";
    if (handoff.to.length === 0 && !isMissing) return [];
    return [
      {
        id: `${handoff.rule} ${objectKey(handoff.key)}`,
        label: rule?.name ?? handoff.rule,
        tone: toneOf(handoff),
        from: handoff.from,
        to: handoff.to,
        expectedSource: isMissing ? expectedSourceOf(rule, sources, kindOf) : null,
        dueAt: isMissing ? handoff.dueAt : null,
      },
    ];
  });
}

/** What somebody took as it is is settled, whatever its state. */
function toneOf({ state, open }: ListedHandoff): ArrowTone {
  if (state === "pending") return "waiting";
  return open ? "broken" : "settled";
}

/** The lane that the missing mark belongs to: one that reported already, else the system that the rule names. */
export function expectedSourceOf(
  rule: Pick<RuleInfo, "expects"> | undefined,
  sources: readonly string[],
  kindOf: (source: string) => SystemKind,
): string | null {
  const wanted = rule?.expects.sources ?? [];
  const fits = (source: string) =>
    wanted.some((name) =>
      name.endsWith("*") ? source.startsWith(name.slice(0, -1)) : source === name || kindOf(source) === name,
    );
  return sources.find(fits) ?? wanted.find((name) => !name.endsWith("*")) ?? null;
}
