import { EverLinked } from "@/lib/domain/ever-linked";
import { KeyGroups } from "@/lib/domain/handoffs/groups";
import type { Handoff } from "@/lib/domain/handoffs/handoff";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import type { VersionedRule } from "@/lib/domain/handoffs/rule";
import { type RulesInForce, typesByKeyType } from "@/lib/domain/handoffs/rules-in-force";
import { type ObjectKey, objectKey, objectOfKey, rankOf } from "@/lib/domain/object";
import { type HandoffFacts, judgeOf, readHandoffFacts } from "@/lib/queries/handoff-facts";
import type { JourneyRules } from "@/lib/queries/journey";
import { readAncestors } from "@/lib/queries/neighbourhood";
import { candidateRoots } from "./candidates";
import { handoffRow, handoffTombstone } from "./handoff-rows";
import type { ProjectionStore, TouchedFacts } from "./journeys";

/** Keys whose facts are read together, before those that are judged with them. */
const KEYS_PER_SET = 400;
/** What an event of too many keys counts: more than anything it could have added when it was one of few. */
const FACTS_OF_HUB_EVENT = 2 ** 30;

/** Projects every handoff that these facts can have changed. @returns how many rows were written. */
export async function projectHandoffs(
  store: ProjectionStore,
  rules: JourneyRules,
  inForce: RulesInForce,
  touched: TouchedFacts,
): Promise<number> {
  const typesOfKeys = typesByKeyType(inForce);
  const keyTypes = new Set(typesOfKeys.keys());
  const { keys, relinked } = await keysAbove(store, rules, typesOfKeys, touched);
  // The changed links themselves are read too, whatever their type: keys may hang below them.
  const queued = new Set([...keys, ...relinked]);
  // The highest first: what hangs below one is read with it.
  const rank = (key: ObjectKey) => rankOf(rules.catalogue, objectOfKey(key).type) ?? Number.POSITIVE_INFINITY;
  const done = new Set<ObjectKey>();
  let written = 0;
  let pending = [...queued].sort((a, b) => rank(a) - rank(b));
  while (pending.length > 0) {
    const set = pending.slice(0, KEYS_PER_SET);
    const facts = await readHandoffFacts(store, rules, inForce, set, (key) => queued.has(key) && !done.has(key));
    const rows = rowsOf(facts, rules, inForce);
    if (rows.length > 0) await store.insert("handoffs", rows);
    written += rows.length;
    for (const key of facts.keys) done.add(key);
    for (const key of keysBeside(facts, relinked, keyTypes, rules)) {
      if (queued.has(key)) continue;
      queued.add(key);
      pending.push(key);
    }
    pending = pending.filter((key) => !done.has(key));
  }
  return written;
}

/** The keys that touched objects are, or hang below, as far as an event of a rule on that type of key touched them, or a changed link. */
async function keysAbove(
  store: ProjectionStore,
  { catalogue }: JourneyRules,
  typesOfKeys: ReadonlyMap<string, ReadonlySet<string>>,
  { touched, namedBy, relinked: stated }: TouchedFacts,
): Promise<{ keys: ReadonlySet<ObjectKey>; relinked: ReadonlySet<ObjectKey> }> {
  const isRanked = (key: ObjectKey) => rankOf(catalogue, objectOfKey(key).type) !== null;
  const namedFor = [...typesOfKeys].map(([keyType, eventTypes]) => {
    const named = [...eventTypes].flatMap((eventType) => [...(namedBy.get(eventType) ?? [])]);
    return { keyType, named: new Set(named.filter(isRanked)) };
  });
  const seeds = new Set([...namedFor.flatMap(({ named }) => [...named]), ...[...stated].filter(isRanked)]);
  const everLinked = new EverLinked(await readAncestors(store, catalogue, seeds, null), catalogue);
  const relinked = new Set([...stated].filter(isRanked));
  // Stated again after a retraction, a link changes although this worker has projected it before.
  for (const key of everLinked.contested) if (touched.has(key)) relinked.add(key);
  const keys = new Set<ObjectKey>();
  for (const { keyType, named } of namedFor) {
    for (const key of everLinked.ancestors(named)) if (objectOfKey(key).type === keyType) keys.add(key);
  }
  for (const key of everLinked.ancestors(relinked)) if (typesOfKeys.has(objectOfKey(key).type)) keys.add(key);
  return { keys, relinked };
}

/** Keys of events that name what hangs below a changed link: not above it themselves, but judged by the same events. */
function keysBeside(
  { everLinked, events, keys }: HandoffFacts,
  relinked: ReadonlySet<ObjectKey>,
  keyTypes: ReadonlySet<string>,
  { catalogue }: JourneyRules,
): ObjectKey[] {
  const below = everLinked.descendants(keys);
  const reached = [...relinked].filter((key) => below.has(key));
  if (reached.length === 0) return [];
  return [...candidateRoots([], reached, everLinked, events, catalogue)].filter((key) =>
    keyTypes.has(objectOfKey(key).type),
  );
}

function rowsOf(facts: HandoffFacts, rules: JourneyRules, inForce: RulesInForce): object[] {
  const judge = judgeOf(facts, rules, inForce);
  return inForce.rules.flatMap((versioned) => {
    const { events, handoffs } = judge(versioned);
    return rowsOfRule(versioned, handoffs, events, facts, inForce.acceptanceChanges);
  });
}

function rowsOfRule(
  versioned: VersionedRule,
  handoffs: readonly Handoff[],
  events: readonly HandoffEvent[],
  facts: HandoffFacts,
  acceptanceChanges: number,
): object[] {
  const { on } = versioned.rule;
  const counts = new FactCounts(facts, on, events, acceptanceChanges);
  const standing = new Set(handoffs.map(({ key }) => objectKey(key)));
  const gone = new Set(events.flatMap((event) => facts.everKeysOf(event, on) ?? []));
  const rows: object[] = handoffs.map((handoff) => handoffRow(handoff, versioned, counts.of(objectKey(handoff.key))));
  for (const key of gone) {
    // It may have had a handoff in another worker's row, written before a link was seen.
    if (facts.keys.has(key) && !standing.has(key)) {
      rows.push(handoffTombstone(versioned, objectOfKey(key), counts.of(key)));
    }
  }
  return rows;
}

/**
 * How many facts a key's row includes: over everything that was ever below a key of its group, the links on the way up, and the events of the
 * rule's types with theirs. Groups are those over links that hold and links that do not, which only ever grow together. A link that is stated again
 * counts once, unless somebody took it back at some time: what does not lead to a new projection must not count. So of two projections the
 * one that saw every fact has the larger count. Other rules have no say in it.
 */
class FactCounts {
  readonly #facts: HandoffFacts;
  readonly #type: string;
  readonly #groupOf = new Map<ObjectKey, readonly ObjectKey[]>();
  readonly #counts = new Map<readonly ObjectKey[], number>();
  readonly #links = new Map<ObjectKey, number>();
  readonly #eventsOf = new Map<ObjectKey, HandoffEvent[]>();
  readonly #changes: number;

  constructor(facts: HandoffFacts, type: string, events: readonly HandoffEvent[], changes: number) {
    this.#facts = facts;
    this.#type = type;
    this.#changes = changes;
    const joined = new KeyGroups();
    for (const event of events) {
      joined.join(facts.everKeysOf(event, type) ?? []);
      for (const object of event.objects) this.#index(objectKey(object), event);
    }
    for (const group of joined.all().values()) for (const key of group) this.#groupOf.set(key, group);
  }

  of(key: ObjectKey): number {
    const group = this.#groupOf.get(key) ?? [key];
    const count = this.#counts.get(group) ?? this.#count(group);
    this.#counts.set(group, count);
    return count;
  }

  #count(group: readonly ObjectKey[]): number {
    const { everLinked, everKeysOf } = this.#facts;
    let count = this.#changes;
    const events = new Set<HandoffEvent>();
    for (const key of everLinked.descendants(group)) {
      count += this.#linksAbove(key);
      for (const event of this.#eventsOf.get(key) ?? []) events.add(event);
    }
    for (const event of events) {
      const isHub = everKeysOf(event, this.#type) === null;
      if (isHub) count += FACTS_OF_HUB_EVENT;
      else for (const object of event.objects) count += this.#linksAbove(objectKey(object));
      count += 1;
    }
    return count;
  }

  #linksAbove(key: ObjectKey): number {
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const { everLinked } = this.#facts;
    const { parents, statementsOf, contested } = everLinked;
    let links = 0;
    for (const child of everLinked.ancestors([key])) {
      links += contested.has(child) ? (statementsOf.get(child) ?? 0) : (parents.get(child)?.size ?? 0);
    }
    this.#links.set(key, links);
    return links;
  }

  #index(key: ObjectKey, event: HandoffEvent): void {
    const known = this.#eventsOf.get(key);
    if (known) known.push(event);
    else this.#eventsOf.set(key, [event]);
  }
}
