/**
 * Correlation of one event (docs/concepts.md, "Objects and links"): which objects it names, under one spelling, and which of
 * them belong to which. Pure. What follows from many events together (roots, journeys) is in lib/domain/correlation.ts.
 */
import { isDocument } from "@/lib/domain/document";
import { type CanonicalEvent, EVENT_LIMITS } from "@/lib/domain/event";
import { type IdentifierRules, identify, identifyNamed } from "@/lib/domain/identifier";
import { type NamedObject, type ObjectCatalogue, type ObjectKey, objectKey, rankOf } from "@/lib/domain/object";
import { OWN_SOURCE, type SystemRegistry, systemOf } from "@/lib/domain/system";
import type { CorrelatedEvent, Link, LinkAct } from "./correlated-event";

export interface CorrelationRules {
  readonly catalogue: ObjectCatalogue;
  readonly systems: SystemRegistry;
}

/** What decoding produced; `payload` and `contentHash` pass through. */
export interface Correlatable {
  readonly event: CanonicalEvent;
  readonly payload: string;
  readonly contentHash: string;
}

/** An event that would say more than one event may; the pipeline makes it a dead letter. */
export interface CorrelationFault {
  readonly fault: { readonly reason: string; readonly path: string };
}

/**
 * Objects are unique by identity, links by their two ends.
 * A fault when the event names so many objects, without stating links, that more than EVENT_LIMITS.links would follow.
 */
export function correlate(
  { event, payload, contentHash }: Correlatable,
  rules: CorrelationRules,
): CorrelatedEvent | CorrelationFault {
  const identifiers: IdentifierRules = systemOf(rules.systems, event.source)?.identifiers ?? {};
  const named = withoutRepeats(
    event.data.objects.map((stated) => identifyNamed(stated, event.source, identifiers, rules.catalogue)),
  );
  const reversed = reversedDocument(event, named);
  const objects = reversed
    ? withoutRepeats([...named, identifyNamed(reversed, event.source, identifiers, rules.catalogue)])
    : named;
  const stated = event.data.links?.map((link) => ({
    child: identify(link.child, event.source, identifiers, rules.catalogue),
    parent: identify(link.parent, event.source, identifiers, rules.catalogue),
  }));
  const linkAct = linkActOf(event);
  // A retraction takes back only what it lists; nothing is inferred from it.
  const inferring = stated === undefined && linkAct === "stated";
  if (inferring && countInferredLinks(objects, rules.catalogue) > EVENT_LIMITS.links) {
    const reason = `data.objects: these objects imply more than ${EVENT_LIMITS.links} links (each object to each of the nearest higher rank); state data.links, or split the event.`;
    return { fault: { reason, path: "data.objects" } };
  }
  return {
    event,
    objects,
    links: uniqueLinks(stated ?? (inferring ? inferLinks(objects, rules.catalogue) : [])),
    linkAct,
    contentHash,
    payload,
  };
}

/**
 * The document that a posting takes back is named by it as well, though only in `posting.reverses`: an ERP that reverses a document often says no
 * more than the two numbers, and without the old one nothing would lead to what was shipped. Both are documents of one type: of that of its own
 * number, where it says which one that is. An object of that number stated beside it says the same itself.
 */
function reversedDocument({ data }: CanonicalEvent, named: readonly NamedObject[]) {
  const number = data.posting?.reverses?.trim() ?? "";
  if (number === "" || named.some(({ qualifier }) => qualifier === "reversed")) return null;
  const documents = named.filter(isDocument);
  const subjects = documents.filter(({ qualifier }) => qualifier === "subject");
  const types = new Set((subjects.length > 0 ? subjects : documents).map(({ type }) => type));
  const [documentType] = types;
  return documentType !== undefined && types.size === 1
    ? { type: documentType, id: number, qualifier: "reversed" }
    : null;
}

/** Each object the event names belongs to all objects of the nearest higher rank that it names. Context takes no part. */
export function inferLinks(objects: readonly NamedObject[], catalogue: ObjectCatalogue): Link[] {
  return neighbouringRanks(objects, catalogue).flatMap(({ parents, children }) =>
    children.flatMap((child) => parents.map((parent) => ({ child, parent }))),
  );
}

function countInferredLinks(objects: readonly NamedObject[], catalogue: ObjectCatalogue): number {
  return neighbouringRanks(objects, catalogue).reduce(
    (sum, { parents, children }) => sum + parents.length * children.length,
    0,
  );
}

interface NeighbouringRanks {
  readonly parents: readonly NamedObject[];
  readonly children: readonly NamedObject[];
}

function neighbouringRanks(objects: readonly NamedObject[], catalogue: ObjectCatalogue): NeighbouringRanks[] {
  const byRank = new Map<number, NamedObject[]>();
  for (const object of objects) {
    const rank = rankOf(catalogue, object.type);
    if (rank === null) continue;
    const peers = byRank.get(rank);
    if (peers) peers.push(object);
    else byRank.set(rank, [object]);
  }
  const groups = [...byRank].sort(([a], [b]) => a - b).map(([, peers]) => peers);
  return groups.slice(1).map((children, index) => ({ parents: groups[index] ?? [], children }));
}

function linkActOf(event: CanonicalEvent): LinkAct {
  const byPerson = event.source === OWN_SOURCE;
  if (event.type === "link.retracted") return byPerson ? "withheld" : "retracted";
  if (byPerson && event.type === "link.restored") return "restored";
  return "stated";
}

function withoutRepeats(objects: readonly NamedObject[]): NamedObject[] {
  const seen = new Map<ObjectKey, NamedObject>();
  for (const object of objects) {
    const key = objectKey(object);
    if (!seen.has(key)) seen.set(key, object);
  }
  return [...seen.values()];
}

/** Links with both ends the same say nothing, and the same link twice says it once. */
function uniqueLinks(links: readonly Link[]): Link[] {
  const seen = new Map<string, Link>();
  for (const { child, parent } of links) {
    const childKey = objectKey(child);
    const parentKey = objectKey(parent);
    if (childKey === parentKey) continue;
    // Only type and id are stored; a qualifier belongs to the event, not to the link.
    seen.set(`${childKey}\u0000${parentKey}`, {
      child: { type: child.type, id: child.id },
      parent: { type: parent.type, id: parent.id },
    });
  }
  return [...seen.values()];
}
