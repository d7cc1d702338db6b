/** From a neighbourhood's facts to rows of `journeys`. Pure. */
import type { Assembly } from "@/lib/domain/assembly";
import type { EverLinked, NamingEvent } from "@/lib/domain/ever-linked";
import type { JourneySummary, ToldEvent } from "@/lib/domain/journey";
import { STAGES } from "@/lib/domain/journey";
import { summariseJourney } from "@/lib/domain/journey-summary";
import { type ObjectKey, objectOfKey } from "@/lib/domain/object";
import type { SystemRegistry } from "@/lib/domain/system";

export interface JourneyRow {
  readonly root_type: string;
  readonly root_id: string;
  /** UInt64 as text: beyond what a number holds. */
  readonly version: string;
  readonly is_deleted: 0;
  readonly stage: string;
  readonly stage_rank: number;
  readonly cancelled: 0 | 1;
  readonly agreed: 0 | 1;
  readonly promised_at: string | null;
  readonly amount: string | null;
  readonly currency: string;
  readonly next_step: string;
  readonly sentence: string;
  readonly first_event_at: string | null;
  readonly last_event_at: string | null;
  readonly events: number;
  readonly failures: number;
  readonly sources: readonly string[];
  readonly stages: string;
  readonly status_by_source: string;
}

/** Its other columns take their defaults: nobody reads them. */
export interface TombstoneRow {
  readonly root_type: string;
  readonly root_id: string;
  readonly version: string;
  readonly is_deleted: 1;
}

export interface ProjectedFacts {
  readonly assembly: Assembly<ToldEvent>;
  readonly everLinked: EverLinked;
  /** Events by each ranked object they name. */
  readonly eventsOf: ReadonlyMap<ObjectKey, readonly NamingEvent[]>;
  readonly systems: SystemRegistry;
}

export function journeyRow(root: ObjectKey, facts: ProjectedFacts): JourneyRow {
  const { objects, events } = facts.assembly.membersOf(root);
  const { type, id } = objectOfKey(root);
  const summary = summariseJourney(events, objects.map(objectOfKey), facts.systems);
  return {
    root_type: type,
    root_id: id,
    version: versionOf(root, facts.everLinked, factsBelow(root, facts)),
    is_deleted: 0,
    stage: summary.stage,
    stage_rank: furthestRank(summary),
    cancelled: summary.stage === "Cancelled" ? 1 : 0,
    agreed: summary.agreed ? 1 : 0,
    promised_at: summary.promisedAt,
    amount: summary.value?.amount ?? null,
    currency: summary.value?.currency ?? "",
    next_step: summary.nextStep ?? "",
    sentence: summary.sentence,
    first_event_at: summary.firstEventAt,
    last_event_at: summary.lastEventAt,
    events: events.length,
    failures: summary.failures,
    sources: Object.keys(summary.statusBySource),
    stages: JSON.stringify(summary.stages),
    status_by_source: JSON.stringify(summary.statusBySource),
  };
}

/** What a root leaves when it stops being one. */
export function tombstone(key: ObjectKey, everLinked: EverLinked): TombstoneRow {
  const { type, id } = objectOfKey(key);
  return { root_type: type, root_id: id, version: versionOf(key, everLinked, 0), is_deleted: 1 };
}

/** The furthest stage that is complete, or partly reached and then one less: "Partially delivered" is not yet delivered. */
function furthestRank(summary: JourneySummary): number {
  const reached = (STAGES as readonly string[]).lastIndexOf(summary.stage);
  if (reached >= 0) return reached;
  const partial = STAGES.findLastIndex((stage) => summary.stage === `Partially ${stage.toLowerCase()}`);
  return partial >= 0 ? partial - 1 : -1;
}

/** Bits of a version below the count of statements above the root: 10^12 facts of one root. */
const FACTS_BELOW_BITS = 40n;

/**
 * The version counts facts: first the link statements on the way up from the root, then, of those with the same, the events that name anything
 * below the root, and the statements on the way up from everything those events name and everything below. All of it only grows as facts are
 * added, over links that hold and links that do not, so of two projections the one that saw every fact has the largest version.
 *
 * The statements above come first because they alone decide whether it is a root: whoever sees that it is none any more sees more of
 * them than whoever took it for one, and can outdo that row without knowing what lies below.
 */
const versionOf = (root: ObjectKey, everLinked: EverLinked, factsBelow: number): string =>
  ((BigInt(everLinked.closureSize(root)) << FACTS_BELOW_BITS) | BigInt(factsBelow)).toString();

function factsBelow(root: ObjectKey, { everLinked, eventsOf }: ProjectedFacts): number {
  const events = new Set<NamingEvent>();
  let facts = 0;
  for (const key of everLinked.descendants([root])) {
    facts += everLinked.closureSize(key);
    for (const event of eventsOf.get(key) ?? []) events.add(event);
  }
  for (const event of events) facts += 1 + everLinked.closureSizeOfEvent(event);
  return facts;
}
