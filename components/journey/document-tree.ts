/** The tree of a journey's documents, and what each system last said of each. Pure. */
import type { Journey, JourneyEvent } from "@/lib/domain/journey";
import { type ObjectKey, type ObjectRef, objectKey } from "@/lib/domain/object";
import { subjectOf } from "./event-label";

/** The last word of one system on one document. */
export interface DocumentStatus {
  readonly event: JourneyEvent;
  /** False when the system only mentioned the document while speaking of another. */
  readonly isSubject: boolean;
}

export interface DocumentNode {
  readonly object: ObjectRef;
  /** Unique in the tree: an object with several parents stands under each of them. */
  readonly path: string;
  readonly depth: number;
  /** Other parents than the one it stands under here, inside or outside this journey. */
  readonly otherParents: readonly ObjectRef[];
  /** By source. */
  readonly statuses: ReadonlyMap<string, DocumentStatus>;
  readonly children: number;
}

export interface DocumentTree {
  /** Depth first, the root first. */
  readonly nodes: readonly DocumentNode[];
  /** Sources with a word on any node: the columns. */
  readonly sources: readonly string[];
  /** True when the tree is longer than `DOCUMENT_LINES_MAX`. */
  readonly cut: boolean;
}

/** An object shared by many is shown under each; beyond this many lines the tree stops and says so. */
export const DOCUMENT_LINES_MAX = 2_000;

type Input = Pick<Journey, "root" | "objects" | "events">;

/** @param isShown which types to show: traces, say, are folded away. */
export function documentTree(journey: Input, isShown: (type: string) => boolean): DocumentTree {
  const objects = new Map(journey.objects.filter((object) => isShown(object.type)).map((o) => [objectKey(o), o]));
  const parents = closestParents(journey.objects);
  const children = childrenOf([...objects.values()], parents);
  const statuses = statusesOf(journey.events);
  const nodes: DocumentNode[] = [];
  let cut = false;
  const visit = (object: ObjectRef, under: ObjectKey | null, above: readonly ObjectKey[]) => {
    if (nodes.length >= DOCUMENT_LINES_MAX) {
      cut = true;
      return;
    }
    const key = objectKey(object);
    // Dirty data may hold a cycle: a branch ends where it meets itself.
    const below = (children.get(key) ?? []).filter((child) => child !== key && !above.includes(child));
    nodes.push({
      object: { type: object.type, id: object.id },
      path: [...above, key].join("\u0001"),
      depth: above.length,
      otherParents: (parents.get(key) ?? []).filter((parent) => under !== null && objectKey(parent) !== under),
      statuses: statuses.get(key) ?? new Map(),
      children: below.length,
    });
    for (const child of below) {
      const next = objects.get(child);
      if (next) visit(next, key, [...above, key]);
    }
  };
  visit(journey.root, null, []);
  return { nodes, sources: sourcesOf(nodes), cut };
}

/**
 * The parents of each object without those it reaches through another parent: a shipment that names its order and its
 * fulfilment stands under the fulfilment, and is not "shared" for that.
 */
function closestParents(objects: Input["objects"]): Map<ObjectKey, ObjectRef[]> {
  const parents = new Map<ObjectKey, ObjectRef[]>();
  for (const object of objects) {
    const distinct = new Map(object.parents.map((parent) => [objectKey(parent), { type: parent.type, id: parent.id }]));
    parents.set(objectKey(object), [...distinct.values()]);
  }
  const closest = new Map<ObjectKey, ObjectRef[]>();
  for (const [key, own] of parents) {
    const above = own.length > 1 ? ancestorsOfAll(own, key, parents) : new Set();
    const near = own.filter((parent) => !above.has(objectKey(parent)));
    // Parents that are each above the other (a cycle of dirty links) leave none nearer: all stay.
    closest.set(key, near.length > 0 ? near : own);
  }
  return closest;
}

/** Everything strictly above any of `objects`, by ways that do not lead through `self`. */
function ancestorsOfAll(
  objects: readonly ObjectRef[],
  self: ObjectKey,
  parents: ReadonlyMap<ObjectKey, readonly ObjectRef[]>,
): Set<ObjectKey> {
  const above = new Set<ObjectKey>();
  const open = objects.map(objectKey);
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (key === self) continue;
    for (const parent of parents.get(key) ?? []) {
      const parentKey = objectKey(parent);
      if (above.has(parentKey)) continue;
      above.add(parentKey);
      open.push(parentKey);
    }
  }
  return above;
}

function childrenOf(
  objects: readonly ObjectRef[],
  parents: ReadonlyMap<ObjectKey, readonly ObjectRef[]>,
): Map<ObjectKey, ObjectKey[]> {
  const children = new Map<ObjectKey, ObjectKey[]>();
  for (const object of objects) {
    const key = objectKey(object);
    for (const parent of parents.get(key) ?? []) {
      const parentKey = objectKey(parent);
      const known = children.get(parentKey);
      if (known) known.push(key);
      else children.set(parentKey, [key]);
    }
  }
  return children;
}

/** A word about the document itself counts before a mention, whenever it came. */
function statusesOf(events: readonly JourneyEvent[]): Map<ObjectKey, Map<string, DocumentStatus>> {
  const statuses = new Map<ObjectKey, Map<string, DocumentStatus>>();
  for (const event of events) {
    // Gateways and middleware carry documents; they have no opinion about them unless they failed to.
    if ((event.kind === "api_call" || event.kind === "step") && event.outcome === "ok") continue;
    const subject = subjectOf(event.objects);
    for (const object of event.objects) {
      const isSubject = subject !== null && objectKey(subject) === objectKey(object);
      const bySource = statuses.get(objectKey(object)) ?? new Map<string, DocumentStatus>();
      statuses.set(objectKey(object), bySource);
      if (isSubject || !bySource.get(event.source)?.isSubject) bySource.set(event.source, { event, isSubject });
    }
  }
  return statuses;
}

const sourcesOf = (nodes: readonly DocumentNode[]): string[] => [
  ...new Set(nodes.flatMap(({ statuses }) => [...statuses.keys()])),
];
