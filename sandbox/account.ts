import { CURRENCY } from "./enterprise";
import { type CanonicalEvent, isoTime, money } from "./event";
import { type HandoffTruth, handoffsOf } from "./handoffs";
import { deliveredBy, type EventKey, type ExpectedHandoff, type Fault, type LedgerColumn, type Story } from "./story";
import { correlate, linksOf, type ObjectKey, type Reference, splitKey } from "./truth";

/** What the truth file says about one story, as far as it has been delivered. */

export interface ObjectId {
  readonly type: string;
  readonly id: string;
}

/** One journey: every event and every object that belongs to this root. Ids are canonical. */
export interface RootTruth extends ObjectId {
  readonly events: readonly EventKey[];
  readonly objects: readonly ObjectId[];
}

export interface Figures {
  readonly quantity: string;
  readonly amount: string;
}

/** The simulation's own books for one order. `ordered` counts what the customer wants after changes. */
export interface OrderTruth extends Readonly<Record<LedgerColumn, Figures>> {
  readonly order: string;
  readonly currency: string;
  readonly shapes: readonly string[];
}

export interface StoryTruth {
  readonly roots: readonly RootTruth[];
  readonly faults: readonly Fault[];
  /** Every handoff of every rule, broken or not. */
  readonly handoffs: readonly HandoffTruth[];
  readonly orders: readonly OrderTruth[];
  /** Events that name only context: no journey shows them. */
  readonly contextOnly: number;
}

export type Variant = "native" | "full";

const COLUMNS = [
  "ordered",
  "cancelled",
  "shipped",
  "posted",
  "invoiced",
  "credited",
  "paid",
] as const satisfies readonly LedgerColumn[];

/** The truth of a story at `cutAt`, the last moment of the feed (Infinity: all of it). */
export function accountFor(story: Story, cutAt: number): StoryTruth {
  const events = deliveredEvents(story, cutAt);
  const reference = correlate(events);
  const roots = new Map<ObjectKey, { events: EventKey[]; objects: ObjectId[] }>();
  const entry = (key: ObjectKey) => {
    const known = roots.get(key) ?? { events: [], objects: [] };
    roots.set(key, known);
    return known;
  };
  const handoffs = handoffsOf(events, reference, cutAt);
  let contextOnly = 0;
  for (const event of events) {
    const its = reference.rootsOfEvent(event);
    if (its.size === 0) contextOnly += 1;
    for (const root of its) entry(root).events.push({ source: event.source, id: event.id });
  }
  for (const object of reference.objects) {
    for (const root of reference.rootsOfObject(object)) entry(root).objects.push(splitKey(object));
  }
  return {
    roots: [...roots].map(([key, members]) => ({ ...splitKey(key), ...members })),
    faults: visibleFaults(story, events, handoffs, cutAt),
    handoffs,
    orders: orderTruths(story, cutAt),
    contextOnly,
  };
}

/** Each distinct event once, however often it is delivered. */
export function deliveredEvents(story: Story, cutAt: number): CanonicalEvent[] {
  return story.records.filter((record) => deliveredBy(record, cutAt)).map((record) => record.event);
}

/** What can be seen by then; of what is expected, what is broken by then and has not been settled since. */
function visibleFaults(
  story: Story,
  events: readonly CanonicalEvent[],
  handoffs: readonly HandoffTruth[],
  cutAt: number,
): Fault[] {
  const cut = cutAt === Number.POSITIVE_INFINITY ? undefined : isoTime(cutAt);
  const delivered = new Set(events.map((event) => `${event.source} ${event.id}`));
  const named = ({ rule, key, state }: HandoffTruth | ExpectedHandoff) => [rule, key.type, key.id, state].join(" ");
  const standing = new Set(handoffs.map(named));
  return story.faults
    .filter(
      (fault) =>
        (cut === undefined || fault.detectableAt <= cut) &&
        fault.events.every(({ source, id }) => delivered.has(`${source} ${id}`)),
    )
    .map((fault) => ({ ...fault, expected: fault.expected.filter((each) => standing.has(named(each))) }));
}

function orderTruths(story: Story, cutAt: number): OrderTruth[] {
  const booked = story.ledger.filter((entry) => deliveredBy(entry.record, cutAt));
  return story.orders.flatMap((order) => {
    const own = booked.filter((entry) => entry.order === order);
    if (!own.some((entry) => entry.column === "ordered")) return [];
    const figures = (column: LedgerColumn): Figures => {
      const entries = own.filter((entry) => entry.column === column);
      return {
        quantity: String(entries.reduce((sum, each) => sum + each.units, 0)),
        amount: money(entries.reduce((sum, each) => sum + each.cents, 0)),
      };
    };
    const columns = Object.fromEntries(COLUMNS.map((column) => [column, figures(column)])) as Record<
      LedgerColumn,
      Figures
    >;
    const shapes = new Set(story.shapes.filter((shape) => shape.order === order).map((shape) => shape.shape));
    return [{ order, currency: CURRENCY, ...columns, shapes: [...shapes] }];
  });
}

/**
 * The `full` variant: every event also names the roots it belongs to, and states its links instead of leaving them to be
 * inferred. Its truth is that of the native variant, so the two together show that correlation loses nothing.
 */
export function nameEverything(story: Story, cutAt: number): void {
  const reference = correlate(deliveredEvents(story, cutAt));
  story.records.forEach((record, i) => {
    story.records[i] = { ...record, event: withRoots(record.event, reference) };
  });
}

function withRoots(event: CanonicalEvent, reference: Reference): CanonicalEvent {
  const named = new Set(event.data.objects.map((object) => `${object.type} ${object.id.trim()}`));
  const missing = [...reference.rootsOfEvent(event)].filter((root) => !named.has(root)).map(splitKey);
  const rootTyped = missing.filter(({ type }) => type === "order" || type === "purchase_order");
  if (rootTyped.length === 0) return event;
  const links =
    event.data.links ?? linksOf(event).map(({ child, parent }) => ({ child: refOf(child), parent: refOf(parent) }));
  return { ...event, data: { ...event.data, objects: [...event.data.objects, ...rootTyped], links } };
}

function refOf(key: ObjectKey): { type: string; id: string; issuer?: string } {
  const { type, id } = splitKey(key);
  const colon = id.indexOf(":");
  return type === "warehouse_task" ? { type, id: id.slice(colon + 1), issuer: id.slice(0, colon) } : { type, id };
}
