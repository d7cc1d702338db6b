/** The tree of business documents of a journey, with what each system says of each. Pure. */
import type { Journey, JourneyEvent } from "@/lib/domain/journey";
import { type ObjectRef, objectKey } from "@/lib/domain/object";

/** The last thing one system said of one document. */
export interface DocumentStatus {
  readonly source: string;
  readonly event: JourneyEvent;
}

export interface DocumentNode {
  readonly object: ObjectRef;
  /** By source: its last event that names this document. */
  readonly statuses: ReadonlyMap<string, DocumentStatus>;
  readonly children: readonly DocumentNode[];
  /** Other parents this document is also shown under. */
  readonly alsoUnder: readonly ObjectRef[];
  /** Its links lead back to itself: shown, and not followed again. */
  readonly cyclic: boolean;
  /** Unique in the tree, where one document may stand in several places. */
  readonly path: string;
}

export interface DocumentTree {
  readonly roots: readonly DocumentNode[];
  /** Sources that say anything about any document, by first event: the columns. */
  readonly sources: readonly string[];
}

/** A shared document is repeated under each parent; past this many nodes a tree of shared documents stops repeating. */
const NODE_LIMIT = 5_000;

export function documentTree(journey: Pick<Journey, "root" | "objects" | "events">): DocumentTree {
  const statuses = statusesOf(journey.events);
  const children = childrenOf(journey);
  const parents = new Map(journey.objects.map((object) => [objectKey(object), distinct(object.parents)]));
  let left = NODE_LIMIT;

  const build = (object: ObjectRef, path: readonly string[], under: ObjectRef | null): DocumentNode => {
    const key = objectKey(object);
    const cyclic = path.includes(key);
    const nextPath = [...path, key];
    left -= 1;
    const below = cyclic || left <= 0 ? [] : (children.get(key) ?? []);
    return {
      object: { type: object.type, id: object.id },
      statuses: statuses.get(key) ?? new Map(),
      children: below.map((child) => build(child, nextPath, object)),
      alsoUnder: (parents.get(key) ?? []).filter((parent) => under === null || objectKey(parent) !== objectKey(under)),
      cyclic,
      path: nextPath.join("\u0001"),
    };
  };
  return { roots: topsOf(journey).map((object) => build(object, [], null)), sources: sourcesOf(statuses) };
}

/** The root, and whatever hangs under nothing that is shown here (a parent may belong to another order). */
function topsOf(journey: Pick<Journey, "root" | "objects">): ObjectRef[] {
  const shown = new Set(journey.objects.map(objectKey));
  const rootKey = objectKey(journey.root);
  const loose = journey.objects.filter(
    (object) => objectKey(object) !== rootKey && !object.parents.some((parent) => shown.has(objectKey(parent))),
  );
  return [journey.root, ...loose];
}

function childrenOf(journey: Pick<Journey, "objects">): Map<string, ObjectRef[]> {
  const children = new Map<string, ObjectRef[]>();
  for (const object of journey.objects) {
    for (const parent of distinct(object.parents)) {
      const key = objectKey(parent);
      const known = children.get(key);
      if (known) known.push(object);
      else children.set(key, [object]);
    }
  }
  return children;
}

/** One parent may be proved by several events; it is one parent. */
function distinct(parents: readonly ObjectRef[]): ObjectRef[] {
  const seen = new Map(parents.map((parent) => [objectKey(parent), { type: parent.type, id: parent.id }]));
  return [...seen.values()];
}

function statusesOf(events: readonly JourneyEvent[]): Map<string, Map<string, DocumentStatus>> {
  const statuses = new Map<string, Map<string, DocumentStatus>>();
  for (const event of events) {
    // Gateways and middleware carry documents; they have no opinion about them unless they failed to.
    if ((event.kind === "api_call" || event.kind === "step") && event.outcome === "ok") continue;
    for (const object of event.objects) {
      const key = objectKey(object);
      const known = statuses.get(key) ?? new Map<string, DocumentStatus>();
      known.set(event.source, { source: event.source, event });
      statuses.set(key, known);
    }
  }
  return statuses;
}

function sourcesOf(statuses: ReadonlyMap<string, ReadonlyMap<string, DocumentStatus>>): string[] {
  const firstAt = new Map<string, string>();
  for (const bySource of statuses.values()) {
    for (const { source, event } of bySource.values()) {
      const known = firstAt.get(source);
      if (known === undefined || event.occurredAt < known) firstAt.set(source, event.occurredAt);
    }
  }
  return [...firstAt].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([source]) => source);
}
