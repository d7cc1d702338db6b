/**
 * Every fact that decides a set of journeys: the seeds, all objects below them with their events, and everything above any of
 * those (an event's roots depend on the roots of all its objects). Read in sets: down the links first, a few levels in one
 * query, then the events of all that was found, beside the links that reach in from outside.
 */
import type { LinkStatement } from "@/lib/domain/correlation";
import type { EventRef } from "@/lib/domain/journey";
import {
  type ObjectCatalogue,
  type ObjectKey,
  type ObjectRef,
  objectKey,
  objectOfKey,
  rankOf,
} from "@/lib/domain/object";
import type { FactReader } from "./fact-reader";
import { eventKey } from "./journey-events";
import { DESCENT_ROW_LIMIT, hopsFrom, readLinksAbove, readLinksBelow, readLinksFromOutside } from "./links";

/** Objects below the seeds. A journey beyond this is shown in part, and says so. */
export const NEIGHBOURHOOD_OBJECT_LIMIT = 200_000;

export interface Neighbourhood<Event> {
  /** Every statement on a link whose child is in the neighbourhood, once; active or not. */
  readonly statements: readonly LinkStatement[];
  readonly events: readonly Event[];
  /** True when the limit cut the descent. */
  readonly truncated: boolean;
}

/** @param readEvents reads as much of each event as the caller needs: readEventsOf, readToldEventsOf or handoffEventsOf. */
export async function readNeighbourhood<Event extends EventRef & { readonly objects: readonly ObjectRef[] }>(
  reader: FactReader,
  catalogue: ObjectCatalogue,
  seeds: readonly ObjectKey[],
  asOf: string | null,
  readEvents: (reader: FactReader, keys: readonly ObjectKey[], asOf: string | null) => Promise<Event[]>,
): Promise<Neighbourhood<Event>> {
  const statements = new StatementSet();
  const { below, truncated } = await descend(reader, catalogue, seeds, asOf, statements);
  const keys = [...below];
  const [up, named] = await Promise.all([readLinksFromOutside(reader, keys, asOf), readEvents(reader, keys, asOf)]);
  const above = new Set<ObjectKey>();
  for (const statement of up) {
    statements.add(statement);
    above.add(objectKey(statement.parent));
  }
  const events = new Map<string, Event>();
  for (const event of named) {
    events.set(eventKey(event), event);
    for (const object of event.objects) above.add(objectKey(object));
  }
  const beyond = [...above].filter((key) => !below.has(key));
  for (const statement of await readAncestors(reader, catalogue, beyond, asOf)) statements.add(statement);
  return { statements: statements.values(), events: [...events.values()], truncated };
}

/** The seeds and all below them; adds every statement whose parent is among those. */
async function descend(
  reader: FactReader,
  catalogue: ObjectCatalogue,
  seeds: readonly ObjectKey[],
  asOf: string | null,
  statements: StatementSet,
): Promise<{ below: ReadonlySet<ObjectKey>; truncated: boolean }> {
  const below = new Set<ObjectKey>(seeds);
  let truncated = false;
  let isFirst = true;
  for (let frontier = [...below]; frontier.length > 0; ) {
    const hops = hopsFrom(frontier, isFirst);
    isFirst = false;
    const read = await readLinksBelow(reader, frontier, asOf, hops);
    if (read.length >= DESCENT_ROW_LIMIT) truncated = true;
    const byParent = groupByParent(read);
    // What the last hop finds has not been asked for its own children: the next frontier.
    for (let hop = 0; hop < hops; hop += 1) {
      const next = new Set<ObjectKey>();
      for (const statement of frontier.flatMap((key) => byParent.get(key) ?? [])) {
        statements.add(statement);
        const child = objectKey(statement.child);
        if (below.has(child) || rankOf(catalogue, statement.child.type) === null) continue;
        if (below.size >= NEIGHBOURHOOD_OBJECT_LIMIT) truncated = true;
        else {
          below.add(child);
          next.add(child);
        }
      }
      frontier = [...next];
    }
  }
  return { below, truncated };
}

function groupByParent(statements: readonly LinkStatement[]): Map<ObjectKey, LinkStatement[]> {
  const byParent = new Map<ObjectKey, LinkStatement[]>();
  for (const statement of statements) {
    const parent = objectKey(statement.parent);
    const known = byParent.get(parent);
    if (known) known.push(statement);
    else byParent.set(parent, [statement]);
  }
  return byParent;
}

/** Every link statement on the way up from these objects, to the top. */
export async function readAncestors(
  reader: FactReader,
  catalogue: ObjectCatalogue,
  keys: Iterable<ObjectKey>,
  asOf: string | null,
): Promise<readonly LinkStatement[]> {
  const statements = new StatementSet();
  const isRanked = (key: ObjectKey) => rankOf(catalogue, objectOfKey(key).type) !== null;
  const seen = new Set([...keys].filter(isRanked));
  for (let frontier = [...seen]; frontier.length > 0; ) {
    const next = new Set<ObjectKey>();
    for (const statement of await readLinksAbove(reader, frontier, asOf)) {
      statements.add(statement);
      const parent = objectKey(statement.parent);
      if (seen.has(parent) || !isRanked(parent)) continue;
      seen.add(parent);
      next.add(parent);
    }
    frontier = [...next];
  }
  return statements.values();
}

/** A stored row may be read twice (not yet merged, or from both directions); a statement counts once. */
class StatementSet {
  readonly #byIdentity = new Map<string, LinkStatement>();

  add(statement: LinkStatement): void {
    const { child, parent, source, eventId } = statement;
    this.#byIdentity.set([child.type, child.id, parent.type, parent.id, source, eventId].join("\u0000"), statement);
  }

  values(): readonly LinkStatement[] {
    return [...this.#byIdentity.values()];
  }
}
