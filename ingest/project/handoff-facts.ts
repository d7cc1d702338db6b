/**
 * Reads all facts that decide the handoffs of a set of keys: the keys, whatever hangs below them, the events of the rules' types that
 * name any of that, and, because keys that share an event are judged together, the same for every key such an event brings in.
 */
import type { LinkStatement } from "@/lib/domain/correlation";
import type { HandoffEvent } from "@/lib/domain/handoffs/handoff-event";
import { type RulesInForce, typesByKeyType, typesInForce } from "@/lib/domain/handoffs/rules-in-force";
import { type ObjectKey, objectKey, objectOfKey, rankOf } from "@/lib/domain/object";
import type { FactReader } from "@/lib/queries/fact-reader";
import { handoffEventsOf } from "@/lib/queries/handoff-events";
import type { JourneyRules } from "@/lib/queries/journey";
import { eventKey } from "@/lib/queries/journey-events";
import { readNeighbourhood } from "@/lib/queries/neighbourhood";
import { EverLinked } from "./candidates";

/** An event that belongs to more keys than this joins none of them and plays no part: it says nothing about any one of them. */
export const KEYS_PER_EVENT_MAX = 2_000;
/** Rounds of keys bringing in further keys. A chain of collective documents longer than this is judged in part. */
const ROUNDS_MAX = 50;

export interface HandoffFacts {
  /** The keys that were asked for and all that are judged with any of them. */
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

export async function readHandoffFacts(
  store: FactReader,
  rules: JourneyRules,
  inForce: RulesInForce,
  keys: readonly ObjectKey[],
): Promise<HandoffFacts> {
  const { catalogue } = rules;
  const typesOfKeys = typesByKeyType(inForce);
  const readEvents = handoffEventsOf(typesInForce(inForce));
  const members = new Set(keys);
  const statements = new Map<string, LinkStatement>();
  const events = new Map<string, HandoffEvent>();
  let everLinked = new EverLinked([], catalogue);
  let frontier = [...members];
  for (let round = 0; frontier.length > 0 && round < ROUNDS_MAX; round += 1) {
    const neighbourhood = await readNeighbourhood(store, catalogue, frontier, null, readEvents);
    for (const statement of neighbourhood.statements) statements.set(identityOf(statement), statement);
    for (const event of neighbourhood.events) events.set(eventKey(event), event);
    everLinked = new EverLinked(statements.values(), catalogue);
    frontier = [];
    for (const event of neighbourhood.events) {
      for (const [type, eventTypes] of typesOfKeys) {
        if (!eventTypes.has(event.type)) continue;
        const ever = everKeys(event, type, everLinked);
        if (ever === null || !ever.some((key) => members.has(key))) continue;
        for (const key of ever) {
          if (members.has(key)) continue;
          members.add(key);
          frontier.push(key);
        }
      }
    }
  }
  const everOf = (event: HandoffEvent, type: string) => everKeys(event, type, everLinked);
  return {
    keys: members,
    statements: [...statements.values()],
    events: [...events.values()],
    everLinked,
    everKeysOf: everOf,
  };

  function everKeys(event: HandoffEvent, type: string, linked: EverLinked): readonly ObjectKey[] | null {
    const named = event.objects.filter((object) => rankOf(catalogue, object.type) !== null).map(objectKey);
    const found = [...linked.ancestors(named)].filter((key) => objectOfKey(key).type === type);
    return found.length > KEYS_PER_EVENT_MAX ? null : found;
  }
}

const identityOf = ({ child, parent, source, eventId }: LinkStatement): string =>
  [child.type, child.id, parent.type, parent.id, source, eventId].join("\u0000");
