/**
 * Correlation of one event (DESIGN.md, section 4, rules 1 and 2): which objects it names, under one spelling, and which of
 * them belong to which. Pure. What follows from many events together (roots, journeys) is in lib/domain/correlation.ts.
 */
import type { CanonicalEvent } from "@/lib/domain/event";
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

export function correlate({ event, payload, contentHash }: Correlatable, rules: CorrelationRules): CorrelatedEvent {
  const identifiers: IdentifierRules = systemOf(rules.systems, event.source)?.identifiers ?? {};
  const objects = withoutRepeats(
    event.data.objects.map((stated) => identifyNamed(stated, event.source, identifiers, rules.catalogue)),
  );
  const stated = event.data.links?.map((link) => ({
    child: identify(link.child, event.source, identifiers, rules.catalogue),
    parent: identify(link.parent, event.source, identifiers, rules.catalogue),
  }));
  const linkAct = linkActOf(event);
  return {
    event,
    objects,
    // A retraction takes back only what it lists; nothing is inferred from it.
    links: uniqueLinks(stated ?? (linkAct === "stated" ? inferLinks(objects, rules.catalogue) : [])),
    linkAct,
    contentHash,
    payload,
  };
}

/** Each object the event names belongs to all objects of the nearest higher rank that it names. Context takes no part. */
export function inferLinks(objects: readonly NamedObject[], catalogue: ObjectCatalogue): Link[] {
  const byRank = new Map<number, NamedObject[]>();
  for (const object of objects) {
    const rank = rankOf(catalogue, object.type);
    if (rank === null) continue;
    const peers = byRank.get(rank);
    if (peers) peers.push(object);
    else byRank.set(rank, [object]);
  }
  const ranks = [...byRank.keys()].sort((a, b) => a - b);
  return ranks.slice(1).flatMap((rank, index) => {
    const children = byRank.get(rank) ?? [];
    const parents = byRank.get(ranks[index] as number) ?? [];
    return children.flatMap((child) => parents.map((parent) => ({ child, parent })));
  });
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
