/**
 * The whole flow of intake, in one place:
 *
 *   bytes → decode → is the source registered? → correlate → store (group commit) → projector → answer
 *
 * Each stage returns a value; what fails on the way is a dead letter and goes to the store with the rest. Nothing is answered
 * before the store has everything.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Correlatable, CorrelationFault } from "@/ingest/correlate/correlate";
import type { CorrelatedEvent } from "@/ingest/correlate/correlated-event";
import {
  type DecodeContext,
  type Decoded,
  isUnreadable,
  type Undecodable,
  type Unreadable,
} from "@/ingest/decode/decoded";
import { type Decode, decodeInSlices, mapInSlices, Turns } from "@/ingest/decode-slices";
import { type RegisteredSources, unregisteredReason } from "@/ingest/intake/registered-sources";
import type { Projector } from "@/ingest/project/projector";
import type { FactStore, Storable, StoreOutcome } from "@/ingest/store";
import type { Channel, DeadLetter } from "@/ingest/store/dead-letter-row";
import { eventLine } from "@/ingest/store/event-row";
import type { ObjectCatalogue } from "@/lib/domain/object";

/** One body that arrived: a request, a Kafka message, a piece of a file. */
export interface Delivery {
  readonly body: Buffer;
  readonly context: DecodeContext;
  readonly channel: Channel;
  /** Where an item of it came from, by its index. */
  readonly origin: (index: number) => string;
  /** Replaces the pipeline's decoder, for a body that is not decoded by its content type. */
  readonly decode?: Decode;
  /** Whether a body that cannot be read as a whole is kept as a dead letter: where no sender waits for the answer. */
  readonly keepUnreadable: boolean;
}

export interface DeadLettered {
  readonly index: number;
  readonly reason: string;
  readonly path: string;
}

export interface Stored {
  readonly accepted: number;
  readonly duplicate: number;
  readonly deadLettered: readonly DeadLettered[];
}

export type Answer = Stored | Unreadable;

/** Nothing of it counts as stored: come again after a while. */
export interface Unavailable {
  readonly unavailable: "busy" | "away";
  readonly detail: string;
  readonly retryAfterSeconds: number;
}

export interface Pipeline {
  /** One answer per delivery, in order, once everything in all of them is stored. */
  take(deliveries: readonly Delivery[]): Promise<Answer[] | Unavailable>;
}

export interface PipelineParts {
  readonly decode: Decode;
  readonly correlate: (event: Correlatable) => CorrelatedEvent | CorrelationFault;
  readonly catalogue: ObjectCatalogue;
  readonly sources: RegisteredSources;
  readonly facts: FactStore;
  readonly projector: Projector;
  readonly now: () => Date;
  /** True when an error means that the store is away, false when something is broken. */
  readonly isStoreAway: (error: unknown) => boolean;
  readonly onStored?: (channel: Channel, stored: Stored) => void;
}

/** Events that may wait to be projected before intake waits too: about what two cores project in ten seconds. */
const PROJECTION_BACKLOG_MAX = 100_000;
const PROJECTION_WAIT_MS_MAX = 10_000;
const PROJECTION_POLL_MS = 50;

export function createPipeline(parts: PipelineParts): Pipeline {
  const turns = new Turns();
  return { take: (deliveries) => take(deliveries, parts, turns) };
}

/** One item on its way, with its place in its delivery. */
interface Item {
  readonly delivery: number;
  readonly index: number;
  readonly storable: Storable;
}

async function take(
  deliveries: readonly Delivery[],
  parts: PipelineParts,
  turns: Turns,
): Promise<Answer[] | Unavailable> {
  if (!(await projectionHasRoom(parts.projector))) {
    return unavailable("busy", "Journeys are being brought up to date; send again later.");
  }
  const bytes = deliveries.reduce((sum, { body }) => sum + body.length, 0);
  const prepared = await turns.take(bytes, () => prepare(deliveries, parts));
  if ("unavailable" in prepared) return prepared;
  const { decoded, items } = prepared;
  const outcomes = await parts.facts.store(items.map((item) => item.storable));
  if ("notStored" in outcomes) return unavailable(outcomes.notStored, outcomes.detail);
  touchStored(items, outcomes, parts.projector);
  return answersOf(deliveries, decoded, items, outcomes, parts);
}

interface Prepared {
  /** By delivery. */
  readonly decoded: readonly (Decoded[] | Unreadable)[];
  readonly items: readonly Item[];
}

/** Decode, check the sources, correlate. */
async function prepare(deliveries: readonly Delivery[], parts: PipelineParts): Promise<Prepared | Unavailable> {
  const receivedAt = parts.now().toISOString();
  const decoded: (Decoded[] | Unreadable)[] = [];
  for (const { body, context, decode = parts.decode } of deliveries) {
    decoded.push(await decodeInSlices(body, context, decode));
  }
  const strangers = await findStrangers(decoded, parts);
  if ("unavailable" in strangers) return strangers;
  const items: Item[] = [];
  for (const [position, delivery] of deliveries.entries()) {
    const result = decoded[position] ?? [];
    if (!isUnreadable(result)) {
      const storable = (one: Decoded) => storableOf(one, delivery, receivedAt, strangers, parts);
      const storables = await mapInSlices(result, storable);
      result.forEach(({ index }, at) => {
        const made = storables[at];
        if (made) items.push({ delivery: position, index, storable: made });
      });
    } else if (delivery.keepUnreadable) {
      items.push(unreadableItem(delivery, position, result, receivedAt));
    }
  }
  return { decoded, items };
}

async function findStrangers(
  decoded: readonly (Decoded[] | Unreadable)[],
  parts: PipelineParts,
): Promise<Set<string> | Unavailable> {
  const named = new Set<string>();
  for (const result of decoded) {
    if (!isUnreadable(result)) for (const one of result) if (one.ok) named.add(one.event.source);
  }
  try {
    return await parts.sources.unregistered(named);
  } catch (error) {
    if (!parts.isStoreAway(error)) throw error;
    return unavailable("away", "The store cannot be asked which sources are registered.");
  }
}

function storableOf(
  one: Decoded,
  delivery: Delivery,
  receivedAt: string,
  strangers: ReadonlySet<string>,
  parts: PipelineParts,
): Storable {
  const receipt = receiptOf(delivery, one.index, receivedAt);
  if (!one.ok) return { deadLetter: letterOf(one, receipt) };
  const { source } = one.event;
  const raw = () => Buffer.from(one.payload);
  if (strangers.has(source)) {
    const reason = unregisteredReason(source);
    return { deadLetter: { ...receipt, source, step: "validate", path: "source", reason, raw: raw() } };
  }
  const correlated = parts.correlate(one);
  if ("fault" in correlated) {
    return { deadLetter: { ...receipt, source, step: "correlate", ...correlated.fault, raw: raw() } };
  }
  return { event: { correlated, line: eventLine(correlated, receivedAt, parts.catalogue), receipt } };
}

const receiptOf = (delivery: Delivery, index: number, receivedAt: string) => ({
  receivedAt,
  channel: delivery.channel,
  origin: delivery.origin(index),
  contentType: delivery.context.contentType,
});

const letterOf = (
  { source, step, reason, path, raw }: Undecodable,
  receipt: ReturnType<typeof receiptOf>,
): DeadLetter => ({
  ...receipt,
  source,
  step,
  reason,
  path,
  raw,
});

function unreadableItem(delivery: Delivery, position: number, { unreadable }: Unreadable, receivedAt: string): Item {
  const receipt = receiptOf(delivery, 0, receivedAt);
  const { reason, path } = unreadable;
  const source = delivery.context.source ?? "";
  return {
    delivery: position,
    index: 0,
    storable: { deadLetter: { ...receipt, source, step: "parse", reason, path, raw: delivery.body } },
  };
}

function touchStored(items: readonly Item[], outcomes: readonly StoreOutcome[], projector: Projector): void {
  const touched = items.flatMap(({ storable }, position) => {
    const outcome = outcomes[position];
    if (!("event" in storable) || !outcome || outcome.kind === "deadLettered") return [];
    if (outcome.kind === "duplicate" && outcome.conflict) return [];
    return [{ correlated: storable.event.correlated, duplicate: outcome.kind === "duplicate" }];
  });
  if (touched.length > 0) projector.touch(touched);
}

function answersOf(
  deliveries: readonly Delivery[],
  decoded: readonly (Decoded[] | Unreadable)[],
  items: readonly Item[],
  outcomes: readonly StoreOutcome[],
  parts: PipelineParts,
): Answer[] {
  const counted = deliveries.map(() => ({ accepted: 0, duplicate: 0, deadLettered: [] as DeadLettered[] }));
  items.forEach((item, position) => {
    const stored = counted[item.delivery];
    const outcome = outcomes[position];
    if (!stored || !outcome) throw new Error("The store answered for fewer items than it was given.");
    if (outcome.kind === "deadLettered") {
      stored.deadLettered.push({ index: item.index, reason: outcome.reason, path: outcome.path });
    } else {
      stored[outcome.kind] += 1;
    }
  });
  return deliveries.map((delivery, position) => {
    const result = decoded[position];
    if (result && isUnreadable(result) && !delivery.keepUnreadable) return result;
    const stored = counted[position];
    if (!stored) throw new Error("A delivery has no answer.");
    parts.onStored?.(delivery.channel, stored);
    return stored;
  });
}

async function projectionHasRoom(projector: Projector): Promise<boolean> {
  const startedMs = performance.now();
  while (projector.backlog() > PROJECTION_BACKLOG_MAX) {
    if (performance.now() - startedMs > PROJECTION_WAIT_MS_MAX) return false;
    await delay(PROJECTION_POLL_MS);
  }
  return true;
}

const unavailable = (kind: Unavailable["unavailable"], detail: string): Unavailable => ({
  unavailable: kind,
  detail,
  retryAfterSeconds: kind === "busy" ? 1 : 5,
});
