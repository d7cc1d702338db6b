/** From a neighbourhood's facts to rows of `journeys`. Pure. */
import type { Assembly } from "@/lib/domain/assembly";
import type { JourneySummary } from "@/lib/domain/journey";
import { STAGES } from "@/lib/domain/journey";
import { summariseJourney } from "@/lib/domain/journey-summary";
import { type ObjectKey, objectOfKey } from "@/lib/domain/object";
import type { SystemRegistry } from "@/lib/domain/system";
import type { EverLinked, NamingEvent } from "./candidates";

export interface JourneyRow {
  readonly root_type: string;
  readonly root_id: string;
  readonly version: number;
  readonly is_deleted: 0 | 1;
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

interface ProjectedFacts {
  readonly assembly: Assembly;
  readonly everLinked: EverLinked;
  /** Events by each ranked object they name. */
  readonly eventsOf: ReadonlyMap<ObjectKey, readonly NamingEvent[]>;
  readonly systems: SystemRegistry;
}

export function journeyRow(root: ObjectKey, facts: ProjectedFacts): JourneyRow {
  const { objects, events } = facts.assembly.membersOf(root);
  const summary = summariseJourney(events, objects.map(objectOfKey), facts.systems);
  return {
    ...identity(root, facts),
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
export function tombstone(root: ObjectKey, facts: ProjectedFacts): JourneyRow {
  return {
    ...identity(root, facts),
    is_deleted: 1,
    stage: "",
    stage_rank: -1,
    cancelled: 0,
    agreed: 1,
    promised_at: null,
    amount: null,
    currency: "",
    next_step: "",
    sentence: "",
    first_event_at: null,
    last_event_at: null,
    events: 0,
    failures: 0,
    sources: [],
    stages: "[]",
    status_by_source: "{}",
  };
}

/** The furthest stage that is complete, or partly reached and then one less: "Partially delivered" is not yet delivered. */
function furthestRank(summary: JourneySummary): number {
  const reached = (STAGES as readonly string[]).lastIndexOf(summary.stage);
  if (reached >= 0) return reached;
  const partial = STAGES.findLastIndex((stage) => summary.stage === `Partially ${stage.toLowerCase()}`);
  return partial >= 0 ? partial - 1 : -1;
}

/**
 * The version counts facts: the events that name anything below the root, and the statements on the way up from everything those
 * events name and everything below. All of it only grows as facts are added, over links that hold and links that do not, so of two projections
 * the one that saw every fact has the largest version.
 */
function identity(root: ObjectKey, { everLinked, eventsOf }: ProjectedFacts) {
  const events = new Set<NamingEvent>();
  let version = 0;
  for (const key of everLinked.descendants([root])) {
    version += everLinked.closureSize(key);
    for (const event of eventsOf.get(key) ?? []) events.add(event);
  }
  for (const event of events) version += 1 + everLinked.closureSizeOfEvent(event);
  const { type, id } = objectOfKey(root);
  return { root_type: type, root_id: id, version };
}
