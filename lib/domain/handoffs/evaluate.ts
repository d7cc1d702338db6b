/**
 * From facts to handoffs under one rule (docs/handoffs.md), in numbered steps:
 *
 *   1. give each event its part and its keys
 *   2. join keys that share an event, or that a person matched, into groups
 *   3. take back what was reversed or cancelled
 *   4. judge each group: the state until it is due, and from then on
 *   5. one handoff per key, with its own evidence and due time, and what people decided about it
 *
 * A pure function of facts, rules and calendars, without a clock: any order of the same events gives the same handoffs.
 */

import { AS_WRITTEN, normaliseNumber } from "@/lib/domain/identifier";
import type { ObjectKey, ObjectRef } from "@/lib/domain/object";
import { type SystemRegistry, systemOf } from "@/lib/domain/system";
import type { Placed } from "./causes";
import { type Decision, decisionsInForce } from "./decisions";
import type { Finance } from "./finance";
import { evaluateGroup, type GroupEvents } from "./group-handoffs";
import { KeyGroups } from "./groups";
import type { Handoff } from "./handoff";
import type { HandoffEvent } from "./handoff-event";
import type { KeysOf } from "./keys";
import { showAwaiting } from "./resolution";
import type { VersionedRule } from "./rule";
import { type Part, partOf } from "./sides";
import type { StandingAcceptance } from "./standing-acceptance";

export interface RuleFacts {
  /** Each event once; events that play no part are passed over. */
  readonly events: readonly HandoffEvent[];
  readonly keysOf: KeysOf;
  rootsOf(key: ObjectKey): readonly ObjectRef[];
}

export interface RuleContext {
  readonly systems: SystemRegistry;
  readonly finance: Finance;
  readonly acceptances: readonly StandingAcceptance[];
}

/** Every handoff of the rule among these facts, by key. Right for a key when all facts of its whole group are there. */
export function evaluateRule(versioned: VersionedRule, facts: RuleFacts, context: RuleContext): readonly Handoff[] {
  const { rule } = versioned;
  const parts = partsOf(versioned, facts, context.systems);
  const decisions = decisionsInForce(
    parts.act.map(({ event }) => event),
    rule.on,
  );
  const groups = new KeyGroups();
  for (const { keys } of [...parts.cause, ...parts.posting, ...parts.reversal]) groups.join(keys);
  for (const { kind, keys, awaitsApproval } of decisions) if (kind === "matched" && !awaitsApproval) groups.join(keys);
  const perKey = { parts: mapParts(parts, byKey), decisions: byKey(decisions) };
  const handoffs = [...groups.all().values()].flatMap((keys) =>
    evaluateGroup(versioned, keys, eventsOf(keys, perKey), facts, context),
  );
  return showAwaiting(handoffs, decisions);
}

type Parts = Readonly<Record<Part, readonly Placed[]>>;

function partsOf({ rule }: VersionedRule, { events, keysOf }: RuleFacts, systems: SystemRegistry): Parts {
  const parts: Record<Part, Placed[]> = { cause: [], posting: [], reversal: [], cancellation: [], act: [] };
  for (const event of events) {
    const part = partOf(rule, event, systems);
    if (part === null) continue;
    const keys = keysOf(event.objects, rule.on);
    if (keys.length > 0) parts[part].push({ event: withSkusOf(event, systems), keys });
  }
  return parts;
}

/** SKUs are numbers that a source writes in its own way, as the objects it names are: SAP pads its materials with zeros. */
function withSkusOf(event: HandoffEvent, systems: SystemRegistry): HandoffEvent {
  const rules = systemOf(systems, event.source)?.identifiers;
  const rule = rules?.sku ?? rules?.all ?? AS_WRITTEN;
  const lines = event.lines.map((line) =>
    line.sku === undefined ? line : { ...line, sku: normaliseNumber(line.sku, rule) },
  );
  return { ...event, lines };
}

function byKey<Item extends { readonly keys: readonly ObjectKey[] }>(items: readonly Item[]): Map<ObjectKey, Item[]> {
  const index = new Map<ObjectKey, Item[]>();
  for (const item of items) {
    for (const key of item.keys) {
      const known = index.get(key);
      if (known) known.push(item);
      else index.set(key, [item]);
    }
  }
  return index;
}

const mapParts = <To>(parts: Parts, change: (placed: readonly Placed[]) => To): Record<Part, To> => ({
  cause: change(parts.cause),
  posting: change(parts.posting),
  reversal: change(parts.reversal),
  cancellation: change(parts.cancellation),
  act: change(parts.act),
});

function eventsOf(
  keys: readonly ObjectKey[],
  {
    parts,
    decisions,
  }: { parts: Record<Part, Map<ObjectKey, Placed[]>>; decisions: ReadonlyMap<ObjectKey, Decision[]> },
): GroupEvents {
  const all = <Item>(index: ReadonlyMap<ObjectKey, readonly Item[]>): Item[] => [
    ...new Set(keys.flatMap((key) => index.get(key) ?? [])),
  ];
  return {
    causes: all(parts.cause),
    postings: all(parts.posting),
    reversals: all(parts.reversal),
    cancellations: all(parts.cancellation),
    decisions: all(decisions),
  };
}
