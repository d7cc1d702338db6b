/**
 * Projects dirty handoffs: facts → rows of `handoffs`. One pass takes the objects that new facts name, finds every key they can have changed,
 * reads the facts of those in sets (handoff-facts.ts), judges them (lib/domain/handoffs) and writes one row per rule and key.
 *
 * As with journeys, two workers may project one key at once: each reads after its own facts are stored, so the one that stored the last fact reads
 * all of them and writes the largest version. A pass that fails is tried again; nothing depends on the clock.
 */
import { linkGraph, rootsOver } from "@/lib/domain/correlation";
import { HANDOFF_ACTS } from "@/lib/domain/handoffs/act";
import { evaluateRule } from "@/lib/domain/handoffs/evaluate";
import { KeyGroups } from "@/lib/domain/handoffs/groups";
import type { Handoff } from "@/lib/domain/handoffs/handoff";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import { keyFinder } from "@/lib/domain/handoffs/keys";
import type { VersionedRule } from "@/lib/domain/handoffs/rule";
import { type RulesInForce, typesByKeyType } from "@/lib/domain/handoffs/rules-in-force";
import { typesOf } from "@/lib/domain/handoffs/sides";
import { type ObjectKey, type ObjectRef, objectKey, objectOfKey, rankOf } from "@/lib/domain/object";
import type { JourneyRules } from "@/lib/queries/journey";
import { readAncestors } from "@/lib/queries/neighbourhood";
import { candidateRoots, EverLinked } from "./candidates";
import { type HandoffFacts, readHandoffFacts } from "./handoff-facts";
import { handoffRow, handoffTombstone } from "./handoff-rows";
import type { ProjectionStore } from "./journeys";

/** Keys whose facts are read together, before those that are judged with them. */
const KEYS_PER_SET = 400;
/** What an event of too many keys counts: more than anything it could have added when it was one of few. */
const FACTS_OF_HUB_EVENT = 2 ** 30;

export interface TouchedKeys {
  /** Per key type of the rules (`on`): ranked objects that new events of those rules' types name. */
  readonly named: ReadonlyMap<string, ReadonlySet<ObjectKey>>;
  /** Children whose links may have changed. */
  readonly relinked: ReadonlySet<ObjectKey>;
}

/** Projects every handoff that these facts can have changed. @returns how many rows were written. */
export async function projectHandoffs(
  store: ProjectionStore,
  rules: JourneyRules,
  inForce: RulesInForce,
  touched: TouchedKeys,
): Promise<number> {
  const keyTypes = new Set(typesByKeyType(inForce).keys());
  const queued = new Set(await keysAbove(store, rules, keyTypes, touched));
  const done = new Set<ObjectKey>();
  let written = 0;
  for (const pending = [...queued]; pending.length > 0; ) {
    const set = pending.splice(0, KEYS_PER_SET).filter((key) => !done.has(key));
    if (set.length === 0) continue;
    const facts = await readHandoffFacts(store, rules, inForce, set);
    const rows = rowsOf(facts, rules, inForce);
    if (rows.length > 0) await store.insert("handoffs", rows);
    written += rows.length;
    for (const key of facts.keys) done.add(key);
    for (const key of keysBeside(facts, touched.relinked, keyTypes, rules)) {
      if (queued.has(key)) continue;
      queued.add(key);
      pending.push(key);
    }
  }
  return written;
}

/** The keys that touched objects are, or hang below. */
async function keysAbove(
  store: ProjectionStore,
  { catalogue }: JourneyRules,
  keyTypes: ReadonlySet<string>,
  { named, relinked }: TouchedKeys,
): Promise<ObjectKey[]> {
  const isRanked = (key: ObjectKey) => rankOf(catalogue, objectOfKey(key).type) !== null;
  const ranked = [...named].map(([type, keys]) => [type, [...keys].filter(isRanked)] as const);
  const seeds = new Set([...ranked.flatMap(([, keys]) => keys), ...[...relinked].filter(isRanked)]);
  const everLinked = new EverLinked(await readAncestors(store, catalogue, seeds, null), catalogue);
  const found = new Set<ObjectKey>();
  for (const [type, keys] of ranked) for (const key of everLinked.ancestors(keys)) if (isOf(key, type)) found.add(key);
  for (const key of everLinked.ancestors(relinked)) if (keyTypes.has(objectOfKey(key).type)) found.add(key);
  return [...found];
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
  const { catalogue, systems } = rules;
  const graph = linkGraph(facts.statements, catalogue);
  const rootsOf = rootsOver(graph, catalogue);
  const find = keyFinder(graph, catalogue);
  const evaluated = {
    keysOf: (objects: readonly ObjectRef[], type: string) => {
      const keys = find(objects, type);
      // All keys of an event are among those read, or none is: then it belongs to others' handoffs.
      return keys.every((key) => facts.keys.has(key)) ? keys : [];
    },
    rootsOf: (key: ObjectKey) => [...rootsOf(key)].sort().map(objectOfKey),
  };
  const counts = new FactCounts(facts, inForce);
  return inForce.rules.flatMap((versioned) => {
    const types = new Set([...typesOf(versioned.rule), ...HANDOFF_ACTS]);
    const events = facts.events.filter((event) => types.has(event.type));
    const handoffs = evaluateRule(versioned, { events, ...evaluated }, { ...inForce, systems });
    return rowsOfRule(versioned, handoffs, events, facts, counts);
  });
}

function rowsOfRule(
  versioned: VersionedRule,
  handoffs: readonly Handoff[],
  events: readonly HandoffEvent[],
  facts: HandoffFacts,
  counts: FactCounts,
): object[] {
  const { on } = versioned.rule;
  const standing = new Set(handoffs.map(({ key }) => objectKey(key)));
  const gone = new Set(events.flatMap((event) => facts.everKeysOf(event, on) ?? []));
  const rows: object[] = handoffs.map((handoff) =>
    handoffRow(handoff, versioned, counts.of(objectKey(handoff.key), on, events)),
  );
  for (const key of gone) {
    // It may have had a handoff in another worker's row, written before a link was seen.
    if (facts.keys.has(key) && !standing.has(key)) {
      rows.push(handoffTombstone(versioned, objectOfKey(key), counts.of(key, on, events)));
    }
  }
  return rows;
}

/**
 * How many facts a key's row includes: over everything that was ever below a key of its group, the link statements on the way up, and the events of
 * the rule's types with theirs. Groups are those over links that hold and links that do not, which only ever grow together, so that of two
 * projections the one that saw every fact has the larger count.
 */
class FactCounts {
  readonly #groups = new Map<string, ReadonlyMap<ObjectKey, readonly ObjectKey[]>>();
  readonly #counts = new Map<readonly ObjectKey[], Map<readonly HandoffEvent[], number>>();
  readonly #facts: HandoffFacts;
  readonly #types: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #changes: number;

  constructor(facts: HandoffFacts, inForce: RulesInForce) {
    this.#facts = facts;
    this.#types = typesByKeyType(inForce);
    this.#changes = inForce.acceptanceChanges;
  }

  of(key: ObjectKey, type: string, events: readonly HandoffEvent[]): number {
    const group = this.#groupsOf(type).get(key) ?? [key];
    const known = this.#counts.get(group) ?? new Map<readonly HandoffEvent[], number>();
    this.#counts.set(group, known);
    const count = known.get(events) ?? this.#countGroup(group, type, events);
    known.set(events, count);
    return count;
  }

  #groupsOf(type: string): ReadonlyMap<ObjectKey, readonly ObjectKey[]> {
    const known = this.#groups.get(type);
    if (known) return known;
    const joined = new KeyGroups();
    for (const event of this.#facts.events) {
      if (this.#types.get(type)?.has(event.type)) joined.join(this.#facts.everKeysOf(event, type) ?? []);
    }
    const groups = new Map<ObjectKey, readonly ObjectKey[]>();
    for (const group of joined.all().values()) for (const key of group) groups.set(key, group);
    this.#groups.set(type, groups);
    return groups;
  }

  #countGroup(group: readonly ObjectKey[], type: string, events: readonly HandoffEvent[]): number {
    const { everLinked, everKeysOf } = this.#facts;
    const below = everLinked.descendants(group);
    let count = this.#changes;
    for (const key of below) count += everLinked.closureSize(key);
    for (const event of events) {
      if (!event.objects.some((object) => below.has(objectKey(object)))) continue;
      count += everKeysOf(event, type) === null ? FACTS_OF_HUB_EVENT : 1 + everLinked.closureSizeOfEvent(event);
    }
    return count;
  }
}

const isOf = (key: ObjectKey, type: string): boolean => objectOfKey(key).type === type;
