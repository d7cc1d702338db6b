/** Puts a neighbourhood's facts together into journeys: which events and objects belong to a root, and why. Pure. */
import {
  chainToRoot,
  hopsToRoot,
  type LinkGraph,
  type LinkStatement,
  linkGraph,
  rootsOfEvent,
  rootsOver,
} from "./correlation";
import type { JourneyEvent, JourneyObject } from "./journey";
import { type ObjectCatalogue, type ObjectKey, objectKey, objectOfKey, rankOf } from "./object";

export type UnplacedEvent = Omit<JourneyEvent, "linkedBy" | "sharedWith">;
/** An event in a journey, without the proof of why it is there. */
export type PlacedEvent = Omit<JourneyEvent, "linkedBy">;

export interface Facts {
  readonly statements: readonly LinkStatement[];
  readonly events: readonly UnplacedEvent[];
}

export interface Members {
  /** Highest rank first, then by type and id. */
  readonly objects: readonly ObjectKey[];
  /** By occurredAt, then source, then id. */
  readonly events: readonly PlacedEvent[];
}

export interface AssembledJourney {
  readonly objects: readonly JourneyObject[];
  readonly events: readonly JourneyEvent[];
}

export interface Assembly {
  readonly graph: LinkGraph;
  rootsOf(key: ObjectKey): ReadonlySet<ObjectKey>;
  isRoot(key: ObjectKey): boolean;
  /** What belongs to a root. */
  membersOf(root: ObjectKey): Members;
  /** The same with every object's parents and every event's chain of proof, for a person to read. */
  journeyOf(root: ObjectKey): AssembledJourney;
}

export function assemble(facts: Facts, catalogue: ObjectCatalogue): Assembly {
  const graph = linkGraph(facts.statements, catalogue);
  const rootsOf = rootsOver(graph, catalogue);
  const byObject = indexEvents(facts.events, catalogue);
  const rootsOfEvents = new Map<UnplacedEvent, ReadonlySet<ObjectKey>>();
  const rootsOfOne = (event: UnplacedEvent) => {
    const known = rootsOfEvents.get(event) ?? rootsOfEvent(event.objects, rootsOf, catalogue);
    rootsOfEvents.set(event, known);
    return known;
  };

  function placed(root: ObjectKey, keys: Iterable<ObjectKey>): PlacedEvent[] {
    const events = new Set<UnplacedEvent>();
    for (const key of keys) {
      for (const event of byObject.get(key) ?? []) if (rootsOfOne(event).has(root)) events.add(event);
    }
    return [...events].sort(byTime).map((event) => ({ ...event, sharedWith: rootsOfOne(event).size - 1 }));
  }

  function membersOf(root: ObjectKey): Members & { hops: ReturnType<typeof hopsToRoot> } {
    const hops = hopsToRoot(root, graph, rootsOf, catalogue);
    return { hops, objects: [...hops.keys()].sort(byRank(catalogue)), events: placed(root, hops.keys()) };
  }

  function journeyOf(root: ObjectKey): AssembledJourney {
    const { hops, objects, events } = membersOf(root);
    return {
      objects: objects.map((key) => journeyObject(key, graph)),
      events: events.map((event) => ({ ...event, linkedBy: chainToRoot(event.objects, hops, catalogue) })),
    };
  }
  return { graph, rootsOf, isRoot: (key) => rootsOf(key).has(key), membersOf, journeyOf };
}

function indexEvents(events: readonly UnplacedEvent[], catalogue: ObjectCatalogue): Map<ObjectKey, UnplacedEvent[]> {
  const byObject = new Map<ObjectKey, UnplacedEvent[]>();
  for (const event of events) {
    for (const object of event.objects) {
      if (rankOf(catalogue, object.type) === null) continue;
      const key = objectKey(object);
      const known = byObject.get(key);
      if (known) known.push(event);
      else byObject.set(key, [event]);
    }
  }
  return byObject;
}

/** Highest rank first, then by type and id: the same list whatever order the facts arrived in. */
const byRank = (catalogue: ObjectCatalogue) => (a: ObjectKey, b: ObjectKey) => {
  const [rankA, rankB] = [a, b].map((key) => rankOf(catalogue, objectOfKey(key).type) ?? Number.POSITIVE_INFINITY);
  return (rankA ?? 0) - (rankB ?? 0) || (a < b ? -1 : 1);
};

function journeyObject(key: ObjectKey, graph: LinkGraph): JourneyObject {
  const parents = [...(graph.parents.get(key)?.values() ?? [])];
  return {
    ...objectOfKey(key),
    parents: parents
      .map((proof) => ({ ...proof.parent, source: proof.source, eventId: proof.eventId }))
      .sort((a, b) => (objectKey(a) < objectKey(b) ? -1 : 1)),
  };
}

function byTime(a: UnplacedEvent, b: UnplacedEvent): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt < b.occurredAt ? -1 : 1;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
