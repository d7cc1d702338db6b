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

type UnplacedEvent = Omit<JourneyEvent, "linkedBy" | "sharedWith">;

export interface Facts {
  readonly statements: readonly LinkStatement[];
  readonly events: readonly UnplacedEvent[];
}

export interface AssembledJourney {
  readonly objects: readonly JourneyObject[];
  /** By occurredAt, then source, then id. */
  readonly events: readonly JourneyEvent[];
}

export interface Assembly {
  readonly graph: LinkGraph;
  rootsOf(key: ObjectKey): ReadonlySet<ObjectKey>;
  isRoot(key: ObjectKey): boolean;
  journeyOf(root: ObjectKey): AssembledJourney;
}

export function assemble(facts: Facts, catalogue: ObjectCatalogue): Assembly {
  const graph = linkGraph(facts.statements, catalogue);
  const rootsOf = rootsOver(graph, catalogue);
  const byObject = new Map<ObjectKey, UnplacedEvent[]>();
  for (const event of facts.events) {
    for (const object of event.objects) {
      if (rankOf(catalogue, object.type) === null) continue;
      const key = objectKey(object);
      const known = byObject.get(key);
      if (known) known.push(event);
      else byObject.set(key, [event]);
    }
  }
  const rootsOfEvents = new Map<UnplacedEvent, ReadonlySet<ObjectKey>>();
  const rootsOfOne = (event: UnplacedEvent) => {
    const known = rootsOfEvents.get(event) ?? rootsOfEvent(event.objects, rootsOf, catalogue);
    rootsOfEvents.set(event, known);
    return known;
  };

  function journeyOf(root: ObjectKey): AssembledJourney {
    const hops = hopsToRoot(root, graph, rootsOf, catalogue);
    const events = new Set<UnplacedEvent>();
    for (const key of hops.keys()) {
      for (const event of byObject.get(key) ?? []) if (rootsOfOne(event).has(root)) events.add(event);
    }
    return {
      objects: [...hops.keys()].map((key) => journeyObject(key, graph)),
      events: [...events].sort(byTime).map((event) => ({
        ...event,
        linkedBy: chainToRoot(event.objects, hops, catalogue),
        sharedWith: rootsOfOne(event).size - 1,
      })),
    };
  }
  return { graph, rootsOf, isRoot: (key) => rootsOf(key).has(key), journeyOf };
}

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
