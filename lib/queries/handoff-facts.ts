/**
 * Reads all facts that decide the handoffs of a set of keys: the keys, whatever hangs below them, the events of the rules' types that
 * name any of that, and, because keys that share an event are judged together, the same for every key such an event brings in.
 */
import { type LinkStatement, linkGraph, rootsOver } from "@/lib/domain/correlation";
import { EverLinked } from "@/lib/domain/ever-linked";
import { HANDOFF_ACTS } from "@/lib/domain/handoffs/act";
import { evaluateRule } from "@/lib/domain/handoffs/evaluate";
import type { Handoff } from "@/lib/domain/handoffs/handoff";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import { keyFinder } from "@/lib/domain/handoffs/keys";
import type { VersionedRule } from "@/lib/domain/handoffs/rule";
import { type RulesInForce, typesByKeyType, typesInForce } from "@/lib/domain/handoffs/rules-in-force";
import { typesOf } from "@/lib/domain/handoffs/sides";
import {
  type ObjectCatalogue,
  type ObjectKey,
  type ObjectRef,
  objectKey,
  objectOfKey,
  rankOf,
} from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { handoffEventsOf } from "./handoff-events";
import type { JourneyRules } from "./journey";
import { eventKey } from "./journey-events";
import { readNeighbourhood } from "./neighbourhood";

/** An event that belongs to more keys than this joins none of them and plays no part: it says nothing about any one of them. */
export const KEYS_PER_EVENT_MAX = 2_000;
/** Rounds of keys bringing in further keys. A chain of collective documents longer than this is judged in part. */
const ROUNDS_MAX = 50;

export interface HandoffFacts {
  /** The keys that were asked for and all that are judged with any of them. Every fact about them is here. */
  readonly keys: ReadonlySet<ObjectKey>;
  readonly statements: readonly LinkStatement[];
  readonly events: readonly HandoffEvent[];
  readonly everLinked: EverLinked;
  /**
   * The keys an event has, had or may yet turn out to have had, over links that hold and links that do not: only ever grows. Null for
   * an event of too many.
   */
  everKeysOf(event: HandoffEvent, type: string): readonly ObjectKey[] | null;
}

/**
 * @param keys read with everything below them
 * @param isAsked of what is found below: judged as well, since all its facts are there
 * @param asOf RFC 3339: only facts that had reached us by then; null is now
 */
export async function readHandoffFacts(
  store: FactReader,
  rules: JourneyRules,
  inForce: RulesInForce,
  keys: readonly ObjectKey[],
  isAsked: (key: ObjectKey) => boolean = () => false,
  asOf: string | null = null,
): Promise<HandoffFacts> {
  const { catalogue } = rules;
  const typesOfKeys = typesByKeyType(inForce);
  const readEvents = handoffEventsOf(typesInForce(inForce));
  const members = new Set(keys);
  const statements = new Map<string, LinkStatement>();
  const events = new Map<string, HandoffEvent>();
  let ever = everKeysOver(new EverLinked([], catalogue), catalogue);
  let frontier = [...members];
  for (let round = 0; frontier.length > 0 && round < ROUNDS_MAX; round += 1) {
    const neighbourhood = await readNeighbourhood(store, catalogue, frontier, asOf, readEvents);
    for (const statement of neighbourhood.statements) statements.set(identityOf(statement), statement);
    for (const event of neighbourhood.events) events.set(eventKey(event), event);
    ever = everKeysOver(new EverLinked(statements.values(), catalogue), catalogue);
    for (const key of ever.everLinked.descendants(frontier)) if (isAsked(key)) members.add(key);
    frontier = keysSharedWith(members, events.values(), typesOfKeys, ever.of);
    for (const key of frontier) members.add(key);
  }
  return {
    keys: members,
    statements: [...statements.values()],
    events: [...events.values()],
    everLinked: ever.everLinked,
    everKeysOf: ever.of,
  };
}

/** The keys outside that an event of a rule shares with one inside. */
function keysSharedWith(
  members: ReadonlySet<ObjectKey>,
  events: Iterable<HandoffEvent>,
  typesOfKeys: ReadonlyMap<string, ReadonlySet<string>>,
  everKeysOf: HandoffFacts["everKeysOf"],
): ObjectKey[] {
  const found = new Set<ObjectKey>();
  for (const event of events) {
    for (const [type, eventTypes] of typesOfKeys) {
      if (!eventTypes.has(event.type)) continue;
      const keys = everKeysOf(event, type);
      if (keys === null || keys.length < 2 || !keys.some((key) => members.has(key))) continue;
      for (const key of keys) if (!members.has(key)) found.add(key);
    }
  }
  return [...found];
}

function everKeysOver(everLinked: EverLinked, catalogue: ObjectCatalogue) {
  /** Object → type → the objects of that type above it, itself among them. */
  const above = new Map<ObjectKey, ReadonlyMap<string, readonly ObjectKey[]>>();

  function aboveByType(key: ObjectKey): ReadonlyMap<string, readonly ObjectKey[]> {
    const known = above.get(key);
    if (known) return known;
    const byType = new Map<string, ObjectKey[]>();
    for (const ancestor of everLinked.ancestors([key])) {
      const { type } = objectOfKey(ancestor);
      const ofType = byType.get(type);
      if (ofType) ofType.push(ancestor);
      else byType.set(type, [ancestor]);
    }
    above.set(key, byType);
    return byType;
  }

  function of(event: HandoffEvent, type: string): readonly ObjectKey[] | null {
    const found = new Set<ObjectKey>();
    for (const object of event.objects) {
      if (rankOf(catalogue, object.type) === null) continue;
      for (const key of aboveByType(objectKey(object)).get(type) ?? []) found.add(key);
    }
    return found.size > KEYS_PER_EVENT_MAX ? null : [...found];
  }
  return { everLinked, of };
}

const identityOf = ({ child, parent, source, eventId }: LinkStatement): string =>
  [child.type, child.id, parent.type, parent.id, source, eventId].join("\u0000");

/**
 * @returns what judges these facts by one rule: its handoffs on any of the keys, and the events of its types. All keys of an event are
 * among those read, or the event belongs to others' handoffs. `counts` leaves events out: what would hold without them.
 */
export function judgeOf(facts: HandoffFacts, { catalogue, systems }: JourneyRules, inForce: RulesInForce) {
  const graph = linkGraph(facts.statements, catalogue);
  const rootsOf = rootsOver(graph, catalogue);
  const find = keyFinder(graph, catalogue);
  const evaluated = {
    keysOf: (objects: readonly ObjectRef[], type: string) => {
      const keys = find(objects, type);
      return keys.every((key) => facts.keys.has(key)) ? keys : [];
    },
    rootsOf: (key: ObjectKey) => [...rootsOf(key)].sort().map(objectOfKey),
  };
  return (
    versioned: VersionedRule,
    counts: (event: HandoffEvent) => boolean = () => true,
  ): { readonly events: readonly HandoffEvent[]; readonly handoffs: readonly Handoff[] } => {
    const types = new Set([...typesOf(versioned.rule), ...HANDOFF_ACTS]);
    const events = facts.events.filter((event) => types.has(event.type) && counts(event));
    return { events, handoffs: evaluateRule(versioned, { events, ...evaluated }, { ...inForce, systems }) };
  };
}
