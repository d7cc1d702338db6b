/** The rules, calendars and standing acceptances by which handoffs are judged at one moment. Pure. */
import { HANDOFF_ACTS } from "./act";
import type { Finance } from "./finance";
import type { VersionedRule } from "./rule";
import { typesOf } from "./sides";
import type { StandingAcceptance } from "./standing-acceptance";

export interface RulesInForce {
  /** Enabled rules, by id. */
  readonly rules: readonly VersionedRule[];
  readonly finance: Finance;
  readonly acceptances: readonly StandingAcceptance[];
  /** How often a standing acceptance was made or changed: only ever grows, and with it the version of what is projected. */
  readonly acceptanceChanges: number;
}

/** Every type of event that any of the rules has to do with, people's acts among them. */
export const typesInForce = ({ rules }: RulesInForce): readonly string[] => [
  ...new Set([...rules.flatMap(({ rule }) => typesOf(rule)), ...HANDOFF_ACTS]),
];

/** Key type (`on`) → types of events that play a part in a rule on it. */
export function typesByKeyType({ rules }: RulesInForce): ReadonlyMap<string, ReadonlySet<string>> {
  const types = new Map<string, Set<string>>();
  for (const { rule } of rules) {
    const known = types.get(rule.on) ?? new Set<string>(HANDOFF_ACTS);
    for (const type of typesOf(rule)) known.add(type);
    types.set(rule.on, known);
  }
  return types;
}
