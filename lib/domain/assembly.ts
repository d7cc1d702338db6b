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
import type { JourneyEvent, JourneyObject, ToldEvent } from "./journey";
import { type ObjectCatalogue, type ObjectKey, objectKey, objectOfKey, rankOf } from "./object";

/** An event with its place in a journey, without the proof of why it is there. */
export type Placed<Event extends ToldEvent> = Event & Pick<JourneyEvent, "sharedWith">;
export type PlacedEvent = Placed<ToldEvent>;

export interface Facts<Event extends ToldEvent> {
  readonly statements: readonly LinkStatement[];
  readonly events: readonly Event[];
}

export interface Members<Event extends ToldEvent> {
  /** Highest rank first, then by type and id. */
  readonly objects: readonly ObjectKey[];
  /** By occurredAt, then source, then id. */
  readonly events: readonly Placed<Event>[];
}

export interface AssembledJourney<Event extends ToldEvent> {
  readonly objects: readonly JourneyObject[];
  readonly events: readonly (Placed<Event> & Pick<JourneyEvent, "linkedBy">)[];
}

/** `Event` is as much of an event as the caller has read. */
export interface Assembly<Event extends ToldEvent> {
  readonly graph: LinkGraph;
  rootsOf(key: ObjectKey): ReadonlySet<ObjectKey>;
  isRoot(key: ObjectKey): boolean;
  /** What belongs to a root. */
  membersOf(root: ObjectKey): Members<Event>;
  /** The same with every object's parents and every event's chain of proof, for a person to read. */
  journeyOf(root: ObjectKey): AssembledJourney<Event>;
}

export function assemble<Event extends ToldEvent>(facts: Facts<Event>, catalogue: ObjectCatalogue): Assembly<Event> {
  const graph = linkGraph(facts.statements, catalogue);
  const rootsOf = rootsOver(graph, catalogue);
  const byObject = indexEvents(facts.events, catalogue);
  const rootsOfEvents = new Map<Event, ReadonlySet<ObjectKey>>();
  const rootsOfOne = (event: Event) => {
    const known = rootsOfEvents.get(event) ?? rootsOfEvent(event.objects, rootsOf, catalogue);
    rootsOfEvents.set(event, known);
    return known;
  };

  function placed(root: ObjectKey, keys: Iterable<ObjectKey>): Placed<Event>[] {
    const events = new Set<Event>();
    for (const key of keys) {
      for (const event of byObject.get(key) ?? []) if (rootsOfOne(event).has(root)) events.add(event);
    }
    return [...events].sort(byTime).map((event) => ({ ...event, sharedWith: rootsOfOne(event).size - 1 }));
  }

  function membersOf(root: ObjectKey): Members<Event> & { hops: ReturnType<typeof hopsToRoot> } {
    const hops = hopsToRoot(root, graph, rootsOf, catalogue);
    return { hops, objects: [...hops.keys()].sort(byRank(catalogue)), events: placed(root, hops.keys()) };
  }

  function journeyOf(root: ObjectKey): AssembledJourney<Event> {
    const { hops, objects, events } = membersOf(root);
    return {
      objects: objects.map((key) => journeyObject(key, graph)),
      events: events.map((event) => ({ ...event, linkedBy: chainToRoot(event.objects, hops, catalogue) })),
    };
  }
  return { graph, rootsOf, isRoot: (key) => rootsOf(key).has(key), membersOf, journeyOf };
}

function indexEvents<Event extends ToldEvent>(
  events: readonly Event[],
  catalogue: ObjectCatalogue,
): Map<ObjectKey, Event[]> {
  const byObject = new Map<ObjectKey, Event[]>();
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

function byTime(a: ToldEvent, b: ToldEvent): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt < b.occurredAt ? -1 : 1;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
