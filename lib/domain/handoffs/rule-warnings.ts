/** What fits as a rule and yet finds nothing, most likely. Pure. */
import { type ObjectCatalogue, rankOf } from "@/lib/domain/object";
import { OWN_SOURCE, SYSTEM_KINDS, type SystemRegistry, systemOf } from "@/lib/domain/system";
import type { EventPattern, HandoffRule } from "./rule";

export interface RuleWarning {
  readonly path: string;
  readonly message: string;
}

export function warningsOf(
  rule: HandoffRule,
  { catalogue, systems }: { readonly catalogue: ObjectCatalogue; readonly systems: SystemRegistry },
): RuleWarning[] {
  const isRanked = rankOf(catalogue, rule.on) !== null;
  return [
    ...(isRanked
      ? []
      : [{ path: "on", message: `${rule.on} is no ranked type of config/objects.yaml: the rule finds nothing` }]),
    ...unknownSources("when", rule.when, systems),
    ...unknownSources("expect", rule.expect, systems),
    ...(coversAll(rule.when, rule.expect)
      ? [{ path: "expect", message: "what fits both sides counts as the cause: nothing is left to follow it" }]
      : []),
  ];
}

const unknownSources = (side: string, { source = [] }: EventPattern, systems: SystemRegistry): RuleWarning[] =>
  source
    .filter((name) => !isKnown(name, systems))
    .map((name) => ({
      path: `${side}.source`,
      message: `${name} is neither a system of config/systems.yaml nor a kind (${SYSTEM_KINDS.join(", ")})`,
    }));

function isKnown(name: string, systems: SystemRegistry): boolean {
  if ((SYSTEM_KINDS as readonly string[]).includes(name) || name === OWN_SOURCE) return true;
  if (!name.endsWith("*")) return systemOf(systems, name) !== null;
  const prefix = name.slice(0, -1);
  return (
    systemOf(systems, `${prefix}x`) !== null ||
    [...systems.exact.keys(), ...systems.families.map((family) => family.prefix)].some((id) => id.startsWith(prefix))
  );
}

const coversAll = (when: EventPattern, expect: EventPattern): boolean =>
  when.where === undefined &&
  expect.type.every((type) => when.type.includes(type)) &&
  (when.source === undefined || (expect.source?.every((source) => when.source?.includes(source)) ?? false));
