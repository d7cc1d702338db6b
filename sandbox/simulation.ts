import { accountFor, nameEverything, type OrderTruth, type RootTruth, type Variant } from "./account";
import { DAY } from "./calendar";
import { deliver, numberRecord, type RecordWindow } from "./delivery";
import { type ArrivalWindow, historicArrivals, liveArrivals, OFFICE_DAYS, QUARTER_HOURS, windowsOf } from "./demand";
import { type FeedRecord, isoTime } from "./event";
import type { HandoffTruth } from "./handoffs";
import { inboundStories } from "./inbound";
import { groupOrders } from "./order";
import { tellOrders } from "./order-story";
import { deliveredBy, type Fault, type Story, type StoryRecord } from "./story";
import { World } from "./world";

/** The sandbox as a library: history in one piece, history as a stream, and live traffic that goes on from it. */

export interface HistoryOptions {
  readonly orders: number;
  readonly days: number;
  readonly seed: string | number;
  /** RFC 3339. The first moment of the history; give this or `end`, or neither. */
  readonly start?: string;
  /** RFC 3339. The last moment of the history; 2026-11-23T17:00:00Z when neither is given. */
  readonly end?: string;
  /** Tells every story to its end, past the end of the history. By default the feed stops there, with orders under way. */
  readonly complete?: boolean;
  /** `native` (default): each event names what its system knows. `full`: it also names the order. */
  readonly variant?: Variant;
  /** How many times as frequent the faults are that finance has to find; 1 by default. */
  readonly faults?: number;
}

export interface LiveOptions {
  readonly seed: string | number;
  /** RFC 3339. Only deliveries after this are given. */
  readonly from: string;
  readonly ratePerMinute: number;
  /** The history that the traffic continues: its orders go on, its numbers are counted on. It must end at `from`. */
  readonly history?: Pick<HistoryOptions, "orders" | "days">;
  readonly variant?: Variant;
}

export interface Period {
  readonly startAt: number;
  readonly endAt: number;
  /** The last moment of the feed; Infinity when the stories are told to their end. */
  readonly cutAt: number;
}

export interface TruthAbout {
  readonly orders: number;
  readonly days: number;
  readonly seed: string;
  readonly start: string;
  readonly end: string;
  readonly complete: boolean;
  readonly variant: Variant;
  readonly faults: number;
}

export interface TruthCounts {
  /** Distinct events in the feed. */
  readonly events: number;
  readonly deliveries: number;
  readonly contextOnly: number;
  readonly roots: number;
  /** Of the whole simulation, whether or not the feed has reached it. */
  readonly frequencies: Readonly<Record<string, { readonly drawn: number; readonly happened: number }>>;
}

export interface Truth {
  readonly about: TruthAbout;
  readonly roots: readonly RootTruth[];
  readonly faults: readonly Fault[];
  readonly handoffs: readonly HandoffTruth[];
  readonly orders: readonly OrderTruth[];
  readonly counts: TruthCounts;
}

const DEFAULT_END = "2026-11-23T17:00:00.000Z";

export function periodOf(options: HistoryOptions): Period {
  const lengthMs = options.days * DAY;
  const endAt = options.start === undefined ? timeOf(options.end ?? DEFAULT_END) : timeOf(options.start) + lengthMs;
  return { startAt: endAt - lengthMs, endAt, cutAt: options.complete === true ? Number.POSITIVE_INFINITY : endAt };
}

export function aboutOf(options: HistoryOptions): TruthAbout {
  const { startAt, endAt } = periodOf(options);
  return {
    orders: options.orders,
    days: options.days,
    seed: String(options.seed),
    start: isoTime(startAt),
    end: isoTime(endAt),
    complete: options.complete === true,
    variant: options.variant ?? "native",
    faults: options.faults ?? 1,
  };
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new RangeError(`expected a time such as ${DEFAULT_END}, got "${text}"`);
  return time;
}

export function worldOf(options: HistoryOptions): World {
  return new World(String(options.seed), 0, options.faults);
}

export interface StoryWindow {
  readonly startAt: number;
  /** Told one by one as they are asked for; can be gone through once. */
  readonly stories: Iterable<Story>;
}

/** All stories of a history, window by window, in bounded memory. The world counts what was drawn. */
export function* tellHistory(world: World, options: HistoryOptions): Generator<StoryWindow> {
  const { startAt, endAt, cutAt } = periodOf(options);
  const arrivals = historicArrivals(world.seed, options.orders, startAt, endAt);
  for (const window of windowsOf(arrivals, OFFICE_DAYS, startAt))
    yield tellWindow(world, window, options.variant, cutAt);
}

function tellWindow(world: World, window: ArrivalWindow, variant: Variant | undefined, cutAt: number): StoryWindow {
  function* stories(): Generator<Story> {
    for (const group of groupOrders(world, window)) yield tellOrders(world, group);
    yield* inboundStories(world, window.startAt, window.lengthMs, window.arrivals.length);
  }
  function* named(): Generator<Story> {
    for (const story of stories()) {
      if (variant === "full") nameEverything(story, cutAt);
      yield story;
    }
  }
  return { startAt: window.startAt, stories: named() };
}

function* recordsOf(windows: Iterable<StoryWindow>, cutAt: number): Generator<RecordWindow<StoryRecord>> {
  function* records(stories: Iterable<Story>): Generator<StoryRecord> {
    for (const story of stories) for (const record of story.records) if (record.recordedAt <= cutAt) yield record;
  }
  for (const { startAt, stories } of windows) yield { startAt, records: records(stories) };
}

/** The feed in delivery order. Holds what is under way: some days of the company's traffic, never all of it. */
export function* feedOf(options: HistoryOptions): Generator<FeedRecord> {
  const { cutAt } = periodOf(options);
  const windows = tellHistory(worldOf(options), options);
  yield* cut(deliver(recordsOf(windows, cutAt), numberRecord), cutAt);
}

function* cut(deliveries: Iterable<{ deliverAt: number; record: StoryRecord }>, cutAt: number): Generator<FeedRecord> {
  for (const { deliverAt, record } of deliveries) {
    if (deliverAt > cutAt) return;
    yield { deliverAt, event: record.event };
  }
}

/** As {@link feedOf}, for callers that await. */
export async function* simulateStream(options: HistoryOptions): AsyncGenerator<FeedRecord> {
  yield* feedOf(options);
}

/** A whole history in memory: about 40 KB an order, so up to some ten thousand orders. */
export function simulate(options: HistoryOptions): { feed: FeedRecord[]; truth: Truth } {
  const { cutAt } = periodOf(options);
  const world = worldOf(options);
  const windows = [...tellHistory(world, options)].map((window) => ({ ...window, stories: [...window.stories] }));
  const feed = [...cut(deliver(recordsOf(windows, cutAt), numberRecord), cutAt)];
  const collected = new TruthCollector();
  for (const { stories } of windows) for (const story of stories) collected.add(story, cutAt);
  return { feed, truth: { about: aboutOf(options), ...collected.parts, counts: collected.counts(world, feed.length) } };
}

/** Adds up the truth story by story. */
export class TruthCollector {
  readonly parts = {
    roots: [] as RootTruth[],
    faults: [] as Fault[],
    handoffs: [] as HandoffTruth[],
    orders: [] as OrderTruth[],
  };
  private events = 0;
  private contextOnly = 0;
  private rootCount = 0;

  /** Keeps the story's truth, unless `keep` takes it elsewhere. */
  add(story: Story, cutAt: number, keep?: (truth: ReturnType<typeof accountFor>) => void): void {
    const truth = accountFor(story, cutAt);
    this.events += story.records.filter((record) => deliveredBy(record, cutAt)).length;
    this.contextOnly += truth.contextOnly;
    this.rootCount += truth.roots.length;
    if (keep !== undefined) {
      keep(truth);
      return;
    }
    this.parts.roots.push(...truth.roots);
    this.parts.faults.push(...truth.faults);
    this.parts.handoffs.push(...truth.handoffs);
    this.parts.orders.push(...truth.orders);
  }

  counts(world: World, deliveries: number): TruthCounts {
    return {
      events: this.events,
      deliveries,
      contextOnly: this.contextOnly,
      roots: this.rootCount,
      frequencies: Object.fromEntries([...world.tally.counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    };
  }
}

/**
 * Endless traffic after `from`, in delivery order. Pure: it runs ahead of any clock, and the caller waits until each
 * record's `deliverAt`. With `history` it first tells that history again, silently, to know what is under way.
 */
export function* liveTraffic(options: LiveOptions): Generator<FeedRecord> {
  const fromAt = timeOf(options.from);
  const history = options.history;
  // Without a history, numbers start where none of the same day's could: one step for each minute since 2025.
  const ahead = history === undefined ? Math.max(0, Math.floor((fromAt - Date.UTC(2025, 0, 1)) / 60_000)) : 0;
  const world = new World(String(options.seed), ahead);
  const firstIndex = history?.orders ?? ahead;
  const before: Iterable<StoryWindow> =
    history === undefined
      ? []
      : tellHistory(world, {
          ...history,
          seed: options.seed,
          end: options.from,
          complete: true,
          ...variantOf(options),
        });
  const live = windowsOf(liveArrivals(world.seed, firstIndex, fromAt, options.ratePerMinute), QUARTER_HOURS, fromAt);
  function* windows(): Generator<StoryWindow> {
    yield* before;
    for (const window of live) yield tellWindow(world, window, options.variant, Number.POSITIVE_INFINITY);
  }
  for (const { deliverAt, record } of deliver(recordsOf(windows(), Number.POSITIVE_INFINITY), numberRecord)) {
    if (deliverAt > fromAt) yield { deliverAt, event: record.event };
  }
}

function variantOf(options: LiveOptions): Pick<HistoryOptions, "variant"> {
  return options.variant === undefined ? {} : { variant: options.variant };
}
