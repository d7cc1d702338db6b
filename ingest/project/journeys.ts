/**
 * Projects dirty journeys: facts → rows of `journeys`. One pass takes a set of touched objects, finds every root they can
 * have changed, reads the facts of those in a few set queries, and writes one row per root, and a tombstone for what is none any more.
 *
 * Two workers may project one root at once. Each reads after its own facts are stored, so the one that stored the last fact reads
 * all facts and writes the largest version; the table keeps that row. A pass that fails is tried again: it is a pure function of facts.
 */
import { assemble } from "@/lib/domain/assembly";
import { EverLinked, type NamingEvent } from "@/lib/domain/ever-linked";
import { type ObjectKey, objectKey, objectOfKey, rankOf } from "@/lib/domain/object";
import type { FactReader } from "@/lib/queries/fact-reader";
import type { JourneyRules } from "@/lib/queries/journey";
import { readToldEventsOf } from "@/lib/queries/journey-events";
import { readAncestors, readNeighbourhood } from "@/lib/queries/neighbourhood";
import { candidateRoots } from "./candidates";
import { journeyRow, type ProjectedFacts, type TombstoneRow, tombstone } from "./journey-rows";

/** Roots whose facts are read together. A root is some 20 events and 15 links, so a set is a few tens of thousand small rows. */
export const ROOTS_PER_SET = 400;

export interface ProjectionStore extends FactReader {
  insert(table: string, rows: readonly object[]): Promise<void>;
}

export interface TouchedObjects {
  /** Ranked objects that new facts name. */
  readonly touched: ReadonlySet<ObjectKey>;
  /** Children whose links may have changed. */
  readonly relinked: ReadonlySet<ObjectKey>;
}

/** Beside them, which type of event named each: handoffs take no notice of most. */
export interface TouchedFacts extends TouchedObjects {
  /** Type of event → objects that new events of it name. */
  readonly namedBy: ReadonlyMap<string, ReadonlySet<ObjectKey>>;
}

/** Projects every journey that these objects can have changed. @returns how many rows were written. */
export async function projectJourneys(
  store: ProjectionStore,
  rules: JourneyRules,
  touchedObjects: TouchedObjects,
): Promise<number> {
  const { relinked, roots, tombstones } = await affectedBy(touchedObjects, store, rules);
  if (tombstones.length > 0) await store.insert("journeys", tombstones);
  let written = tombstones.length;
  const queued = new Set(roots);
  let setSize = ROOTS_PER_SET;
  for (let pending = [...queued]; pending.length > 0; ) {
    const set = pending.splice(0, setSize);
    const neighbourhood = await readNeighbourhood(store, rules.catalogue, set, null, readToldEventsOf);
    if (neighbourhood.truncated && set.length > 1) {
      // Too much for one reading is not too much for each: what is cut off must not depend on the company an order is in.
      setSize = Math.ceil(set.length / 2);
      pending = [...set, ...pending];
      continue;
    }
    const assembly = assemble(neighbourhood, rules.catalogue);
    const everLinked = new EverLinked(neighbourhood.statements, rules.catalogue);
    const facts = { assembly, everLinked, eventsOf: indexByObject(neighbourhood.events), systems: rules.systems };
    const rows = set.filter((key) => isKnown(key, facts) && assembly.isRoot(key)).map((key) => journeyRow(key, facts));
    if (rows.length > 0) await store.insert("journeys", rows);
    written += rows.length;
    // A changed link reaches roots that share an event with what hangs below it; those were not above the touched objects.
    const reached = relinkedWithin(set, relinked, everLinked);
    if (reached.size === 0) continue;
    const further = candidateRoots([], reached, everLinked, neighbourhood.events, rules.catalogue);
    for (const key of further) {
      if (queued.has(key) || !assembly.isRoot(key)) continue;
      queued.add(key);
      pending.push(key);
    }
  }
  return written;
}

interface Affected {
  /** Children whose links may have changed. */
  readonly relinked: ReadonlySet<ObjectKey>;
  /** Roots above anything that was touched. */
  readonly roots: readonly ObjectKey[];
  readonly tombstones: readonly TombstoneRow[];
}

/**
 * Told from the links above the touched objects alone, because those decide who is a root. Every object above is considered, by links that
 * hold and links that do not; most are no roots and never were, and cost no more than this.
 *
 * An object can only have stopped being a root by a new link of its own, or of a member of its cycle. It leaves a tombstone
 * even where no row is known of: another worker that has not seen the link yet may be about to write one.
 */
async function affectedBy(
  { touched, relinked: stated }: TouchedObjects,
  store: ProjectionStore,
  { catalogue }: JourneyRules,
): Promise<Affected> {
  const seeds = [...new Set([...touched, ...stated])].filter(
    (key) => rankOf(catalogue, objectOfKey(key).type) !== null,
  );
  const statements = await readAncestors(store, catalogue, seeds, null);
  const everLinked = new EverLinked(statements, catalogue);
  const relinked = new Set(stated);
  // Stated again after a retraction, a link changes although this worker has projected it before.
  for (const key of everLinked.contested) if (touched.has(key)) relinked.add(key);
  const { isRoot } = assemble({ statements, events: [] }, catalogue);
  const roots: ObjectKey[] = [];
  const tombstones: TombstoneRow[] = [];
  for (const key of everLinked.ancestors(seeds)) {
    if (isRoot(key)) roots.push(key);
    else if (relinked.has(key) || inCycle(key, everLinked)) tombstones.push(tombstone(key, everLinked));
  }
  return { relinked, roots, tombstones };
}

/** The relinked children below this set. */
function relinkedWithin(
  set: readonly ObjectKey[],
  relinked: ReadonlySet<ObjectKey>,
  everLinked: EverLinked,
): Set<ObjectKey> {
  const below = everLinked.descendants(set);
  return new Set([...relinked].filter((key) => below.has(key)));
}

const inCycle = (key: ObjectKey, everLinked: EverLinked): boolean =>
  everLinked.ancestors(everLinked.parents.get(key) ?? []).has(key);

const isKnown = (key: ObjectKey, { everLinked, eventsOf }: ProjectedFacts): boolean =>
  eventsOf.has(key) || everLinked.parents.has(key) || everLinked.children.has(key);

function indexByObject(events: readonly NamingEvent[]): Map<ObjectKey, NamingEvent[]> {
  const index = new Map<ObjectKey, NamingEvent[]>();
  for (const event of events) {
    for (const object of event.objects) {
      const key = objectKey(object);
      const known = index.get(key);
      if (known) known.push(event);
      else index.set(key, [event]);
    }
  }
  return index;
}
