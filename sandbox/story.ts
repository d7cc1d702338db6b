import { HOUR, MINUTE, nextBatch, SECOND } from "./calendar";
import { SOURCES, type Source } from "./enterprise";
import { type CanonicalEvent, type EventData, isoTime } from "./event";
import type { Random } from "./random";
import type { World } from "./world";

/** An event with what only the simulation knows: when it was truly recorded, and when each delivery of it reaches us. */
export interface StoryRecord {
  readonly event: CanonicalEvent;
  readonly source: Source;
  readonly recordedAt: number;
  /** Ascending; empty when the event is lost on its way. */
  readonly deliveries: readonly number[];
}

/** Whether we have heard of it by then. A lost event never counts, not even at Infinity. */
export function deliveredBy(record: StoryRecord, at: number): boolean {
  const [first] = record.deliveries;
  return first !== undefined && first <= at;
}

export interface EventKey {
  readonly source: string;
  readonly id: string;
}

export interface ExpectedHandoff {
  /** What must follow what: goods-issue, shipment-invoice, invoice-payment, return-credit, goods-receipt. */
  readonly rule: string;
  readonly key: { readonly type: string; readonly id: string };
  readonly state: "late" | "mismatched" | "duplicate" | "orphan";
  readonly quantity?: readonly { readonly sku: string; readonly expected: string; readonly actual: string }[];
  readonly amount?: { readonly expected: string; readonly actual: string; readonly currency: string };
  readonly period?: { readonly expected: string; readonly actual: string };
}

export interface Fault {
  readonly kind: string;
  /** The order it happened to; for an inbound fault the purchase order, for a transport fault every order it touches. */
  readonly order: string;
  readonly events: readonly EventKey[];
  readonly expected: readonly ExpectedHandoff[];
  readonly why: string;
  /** True time from which a system that has all events delivered so far can know. */
  readonly detectableAt: string;
  /** True time at which the enterprise repairs it, if it does. */
  readonly resolvedAt?: string;
}

export type LedgerColumn = "ordered" | "cancelled" | "shipped" | "posted" | "invoiced" | "credited" | "paid";

/** One booking in the simulation's own books, true once `record` has happened. */
export interface LedgerEntry {
  readonly order: string;
  readonly column: LedgerColumn;
  readonly units: number;
  readonly cents: number;
  readonly record: StoryRecord;
}

export interface EmitOptions {
  /** When the source wrote it, where that is not soon after it happened (a batch). */
  readonly recordedAt?: number;
  /** Extra delay before the first delivery. */
  readonly heldBackMs?: number;
  /** May be lost altogether (only events that nothing else depends on). */
  readonly mayBeLost?: boolean;
}

const POSTING_TYPES = /^(goods_issue|invoice|journal|payment|credit_memo)\./;

/** Everything that happens to one closed group of orders: no other story shares an object with it, context apart. */
export class Story {
  readonly records: StoryRecord[] = [];
  readonly ledger: LedgerEntry[] = [];
  readonly faults: Fault[] = [];
  readonly shapes: { readonly order: string; readonly shape: string }[] = [];
  private readonly transport: Random;

  constructor(
    readonly world: World,
    readonly key: string,
    readonly orders: readonly string[],
  ) {
    this.transport = world.random(key, "transport");
  }

  random(...path: readonly (string | number)[]): Random {
    return this.world.random(this.key, ...path);
  }

  /** Records that `type` happened in `source` at the true time `at`, and decides when we hear of it. */
  emit(source: Source, type: string, at: number, data: EventData, options: EmitOptions = {}): StoryRecord {
    const profile = SOURCES[source];
    const recordedAt = options.recordedAt ?? at + this.transport.lognormal(profile.recordDelayMs, 0.6);
    const event: CanonicalEvent = {
      specversion: "1.0",
      id: this.world.numbers.event(source),
      source,
      type,
      time: isoTime(at + profile.clockSkewMs),
      recordedtime: isoTime(recordedAt + profile.clockSkewMs),
      ...(profile.sequenced ? { sequence: "" } : {}),
      dataschema: `https://schemas.example.com/${type}/1`,
      data: { kind: kindOf(source, type), ...data },
    };
    const lost = options.mayBeLost === true && this.world.tally.draw("lostEvent", this.transport);
    const deliveries = lost ? [] : this.deliveryTimes(source, recordedAt, options.heldBackMs ?? 0);
    const record: StoryRecord = { event, source, recordedAt, deliveries };
    this.records.push(record);
    return record;
  }

  book(order: string, column: LedgerColumn, units: number, cents: number, record: StoryRecord): void {
    this.ledger.push({ order, column, units, cents, record });
  }

  shape(order: string, shape: string): void {
    this.shapes.push({ order, shape });
  }

  private deliveryTimes(source: Source, recordedAt: number, heldBackMs: number): number[] {
    const { latencyMs, pollMs } = SOURCES[source];
    const { tally } = this.world;
    const random = this.transport;
    let first = recordedAt + random.lognormal(latencyMs, 0.7) + heldBackMs;
    if (pollMs !== undefined) first = nextBatch(first, pollMs) + random.between(1, 40) * SECOND;
    if (tally.draw("outOfOrderDelivery", random)) first += random.between(30, 300) * SECOND;
    if (tally.draw("lateDelivery", random)) first += Math.min(36 * HOUR, 20 * MINUTE + random.exponential(4 * HOUR));
    const outageEnd = this.world.feedOutageEnd(source, first);
    // After an outage the backlog comes in a burst, in no order.
    if (outageEnd !== undefined) first = outageEnd + random.between(0, 90) * SECOND;
    const times = [Math.round(first)];
    if (tally.draw("duplicateDelivery", random)) {
      const copies = random.chance(0.2) ? 2 : 1;
      for (let i = 0; i < copies; i++) times.push(Math.round(first + 2 * SECOND + random.exponential(25 * MINUTE)));
    }
    return times.sort((a, b) => a - b);
  }
}

/** The event's `kind` follows from who says it: only the ERP posts. */
function kindOf(source: Source, type: string): EventData["kind"] {
  if (type === "api.called") return "api_call";
  if (type === "step.completed") return "step";
  if (POSTING_TYPES.test(type) || (source === "erp" && type.startsWith("goods_receipt."))) return "posting";
  return "message";
}

export function keyOf(record: StoryRecord): EventKey {
  return { source: record.event.source, id: record.event.id };
}
