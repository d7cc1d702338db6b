/** One journey, read from the facts: always what the facts say now, or said at `asOf`. */
import { assemble } from "@/lib/domain/assembly";
import type { Finance } from "@/lib/domain/handoffs/finance";
import type { ListedHandoff } from "@/lib/domain/handoffs/listed-handoff";
import { JOURNEY_EVENT_LIMIT, type Journey } from "@/lib/domain/journey";
import { summariseJourney } from "@/lib/domain/journey-summary";
import { type ObjectCatalogue, type ObjectRef, objectKey, objectOfKey, rankOf } from "@/lib/domain/object";
import { OWN_SOURCE, type SystemRegistry } from "@/lib/domain/system";
import type { FactReader } from "./fact-reader";
import { readHandoffsOfRoot } from "./handoffs";
import { readHandoffsAsOf } from "./handoffs-as-of";
import { readEventsOf } from "./journey-events";
import { readAncestors, readNeighbourhood } from "./neighbourhood";

export interface JourneyRules {
  readonly catalogue: ObjectCatalogue;
  readonly systems: SystemRegistry;
}

export interface JourneyOptions {
  /** RFC 3339: only facts that had reached us by then. Null or absent: now. */
  readonly asOf?: string | null;
  /** RFC 3339: the clock that handoffs are late by. Without it the journey comes without its handoffs. */
  readonly now?: string | null;
  /** With it, `asOf` has the handoffs as they stood then, judged from the facts of then; without it, none. */
  readonly finance?: Finance;
}

/** The journey of a root; null when the object is not a root (then `resolveRoots` says whose it is, if anyone's). */
export async function readJourney(
  reader: FactReader,
  rules: JourneyRules,
  root: ObjectRef,
  { asOf = null, now = null, finance }: JourneyOptions = {},
): Promise<Journey | null> {
  const key = objectKey(root);
  if (rankOf(rules.catalogue, root.type) === null) return null;
  const [neighbourhood, completeThrough, handoffs] = await Promise.all([
    readNeighbourhood(reader, rules.catalogue, [key], asOf, readEventsOf),
    readCompleteThrough(reader, asOf),
    readHandoffs(),
  ]);
  if (neighbourhood.events.length === 0 && neighbourhood.statements.length === 0) return null;
  const assembly = assemble(neighbourhood, rules.catalogue);
  if (!assembly.isRoot(key)) return null;
  const { objects, events } = assembly.journeyOf(key);
  const sources = new Set(events.map((event) => event.source));
  return {
    root: { type: root.type, id: root.id },
    ...summariseJourney(events, objects, rules.systems),
    objects,
    events: events.slice(0, JOURNEY_EVENT_LIMIT),
    handoffs,
    exceptions: [],
    completeThrough: Object.fromEntries(Object.entries(completeThrough).filter(([source]) => sources.has(source))),
    asOf,
    truncated: neighbourhood.truncated || events.length > JOURNEY_EVENT_LIMIT,
  };

  async function readHandoffs(): Promise<readonly ListedHandoff[]> {
    if (now === null) return [];
    if (asOf === null) return readHandoffsOfRoot(reader, root, now);
    return finance ? readHandoffsAsOf(reader, rules, finance, root, asOf) : [];
  }
}

/**
 * Per source, the time of its latest event: up to then we believe we have everything. Never later than `asOf`. What people do in
 * Throughline itself is left out: somebody's act a moment ago says nothing about how far the figures reach, and would put every
 * system behind.
 */
export async function readCompleteThrough(reader: FactReader, asOf: string | null): Promise<Record<string, string>> {
  const rows = await reader.query<{ source: string; last_occurred_at: string }>(
    `SELECT source, max(last_occurred_at) AS last_occurred_at FROM source_progress
     WHERE source != {own:String} GROUP BY source ORDER BY source`,
    { own: OWN_SOURCE },
  );
  return Object.fromEntries(
    rows.map((row) => [row.source, asOf !== null && asOf < row.last_occurred_at ? asOf : row.last_occurred_at]),
  );
}

export interface ResolvedObject {
  /** False when no event and no link ever named it. */
  readonly exists: boolean;
  /** Empty for context objects: they belong to no journey. The object itself when it is a root. */
  readonly roots: readonly ObjectRef[];
}

/**
 * Whose journey an object belongs to. The id is taken as typed: when nothing has exactly this id, one that differs only
 * by case, separators or leading zeros is taken for it.
 */
export async function resolveRoots(
  reader: FactReader,
  catalogue: ObjectCatalogue,
  object: ObjectRef,
): Promise<ResolvedObject> {
  const candidates = await reader.query<{ object_id: string }>(
    `SELECT DISTINCT object_id FROM objects_by_search_key
     WHERE search_key = throughline_search_key({id:String}) AND object_type = {type:String}
     ORDER BY object_id = {id:String} DESC, object_id LIMIT 50`,
    { id: object.id, type: object.type },
  );
  const exact = candidates.filter((row) => row.object_id === object.id);
  const meant = (exact.length > 0 ? exact : candidates).map((row) => ({ type: object.type, id: row.object_id }));
  if (meant.length === 0) return { exists: false, roots: [] };
  const roots = await rootsOfObjects(reader, catalogue, meant);
  const keys = new Set(roots.flatMap((set) => [...set].map(objectKey)));
  return { exists: true, roots: [...keys].sort().map(objectOfKey) };
}

/** The roots of each object, in the same order; empty for context objects. */
export async function rootsOfObjects(
  reader: FactReader,
  catalogue: ObjectCatalogue,
  objects: readonly ObjectRef[],
): Promise<readonly (readonly ObjectRef[])[]> {
  const statements = await readAncestors(reader, catalogue, objects.map(objectKey), null);
  const { rootsOf } = assemble({ statements, events: [] }, catalogue);
  return objects.map((object) =>
    rankOf(catalogue, object.type) === null ? [] : [...rootsOf(objectKey(object))].sort().map(objectOfKey),
  );
}
