import { DAY, fiscalPeriod, HOUR, MINUTE, nextBatch, SECOND } from "./calendar";
import { ERP_BATCH, INTERFACES } from "./enterprise";
import { isoTime, type ObjectRef } from "./event";
import type { FrequencyName } from "./frequencies";
import { type Call, callApi, callUntilOk } from "./gateway";
import {
  batchAfter,
  type PostingContext,
  post,
  postInPacks,
  postInParts,
  postReverseAndPostAgain,
  postTogether,
} from "./goods-issue";
import {
  dueAt,
  expectLate,
  postAlsoAstray,
  postAstray,
  postInNextPeriod,
  postInWrongPeriod,
  postInWrongUnit,
  postPart,
  postTwice,
  postWrongAmount,
  postWrongQuantity,
  pushFault,
} from "./goods-issue-fault";
import { unitsOf } from "./order";
import { BUSINESS_REFUSALS, TECHNICAL_REFUSALS, TIMEOUT } from "./refusals";
import { packOf } from "./sales-unit";
import { type ConfirmedShipment, mergeLines } from "./shipment";
import type { Story, StoryRecord } from "./story";

/** The shipment's way into the ERP: middleware, gateway, goods issue in a batch; and everything that goes wrong there. */

export interface PostedShipment {
  readonly shipment: ConfirmedShipment;
  /** Undefined when the goods issue is never posted; nothing can be billed then. */
  readonly postedAt?: number;
  /** The period it was posted into; SAP bills into the same. */
  readonly period: string;
  /** The period it belongs to. */
  readonly rightPeriod: string;
}

/** What can become of one goods issue, at most one of it. */
const OUTCOMES = [
  "missingGoodsIssue",
  "failedPostingTechnical",
  "failedPostingBusiness",
  "lateGoodsIssue",
  "wrongQuantityGoodsIssue",
  "wrongAmountGoodsIssue",
  "wrongPeriodGoodsIssue",
  "nextPeriodGoodsIssue",
  "partialGoodsIssue",
  "wrongUnitGoodsIssue",
  "mistypedGoodsIssue",
  "duplicateGoodsIssue",
  "orphanGoodsIssue",
  "reversedGoodsIssue",
  "splitGoodsIssue",
  "otherUnitGoodsIssue",
] as const satisfies readonly FrequencyName[];

type Outcome = (typeof OUTCOMES)[number];

/** Posts every shipment of a group of orders, in the order they left. */
export function postGoodsIssues(story: Story, shipments: readonly ConfirmedShipment[]): PostedShipment[] {
  const posted = new Map<ConfirmedShipment, PostedShipment>();
  for (const together of onOneTruck(shipments)) {
    const contexts = together.map((shipment) => contextOf(story, shipment));
    const [first] = contexts;
    const isCollective =
      contexts.length > 1 &&
      first !== undefined &&
      story.world.tally.draw("collectiveGoodsIssue", story.random("collective goods issue", first.shipment.id));
    for (const each of isCollective ? collective(contexts) : contexts.map(single)) posted.set(each.shipment, each);
  }
  return shipments.flatMap((shipment) => posted.get(shipment) ?? []);
}

/** Shipments that left one warehouse with the same truck, in the same period. */
function onOneTruck(shipments: readonly ConfirmedShipment[]): ConfirmedShipment[][] {
  const trucks: ConfirmedShipment[][] = [];
  for (const shipment of shipments) {
    const truck = trucks.find(
      ([first]) =>
        first !== undefined &&
        first.warehouse === shipment.warehouse &&
        Math.abs(first.confirmedAt - shipment.confirmedAt) < 10 * MINUTE &&
        periodOfShipment(first) === periodOfShipment(shipment),
    );
    if (truck === undefined) trucks.push([shipment]);
    else truck.push(shipment);
  }
  return trucks;
}

function periodOfShipment(shipment: ConfirmedShipment): string {
  return fiscalPeriod(Date.parse(shipment.confirmation.event.time));
}

function contextOf(story: Story, shipment: ConfirmedShipment): PostingContext {
  const random = story.random("goods issue", shipment.id);
  return { story, shipment, random, period: periodOfShipment(shipment) };
}

/** The messages go one by one; the ERP gathers in one document what has arrived by the last of them. */
function collective(contexts: readonly PostingContext[]): PostedShipment[] {
  const sent = contexts.map((context) => ({ context, sentAt: forward(context, undefined) }));
  const arrived = sent.flatMap(({ context, sentAt }) => (sentAt === undefined ? [] : [{ context, sentAt }]));
  const [first] = arrived;
  if (first === undefined) return contexts.map((context) => answer(context));
  const at = batchAfter(Math.max(...arrived.map(({ sentAt }) => sentAt)), first.context.random);
  if (arrived.length === 1) post(first.context, { lines: first.context.shipment.lines, at });
  else
    postTogether(
      arrived.map(({ context }) => context),
      at,
    );
  return sent.map(({ context, sentAt }) => answer(context, sentAt === undefined ? undefined : at));
}

function answer(context: PostingContext, postedAt?: number, record?: StoryRecord): PostedShipment {
  return {
    shipment: context.shipment,
    ...(postedAt === undefined ? {} : { postedAt }),
    period: record?.event.data.posting?.period ?? context.period,
    rightPeriod: context.period,
  };
}

function single(context: PostingContext): PostedShipment {
  const { story, shipment, random } = context;
  const outcome = story.world.tally.drawOne(possibleOutcomes(shipment), random);
  const sentAt = forward(context, outcome);
  if (sentAt === undefined) return answer(context);
  const delay = outcome === "lateGoodsIssue" ? random.between(1, 30) * HOUR : 0;
  const at = batchAfter(sentAt + delay, random);
  const record = postAs(context, outcome, at);
  if (outcome === "lateGoodsIssue") late(context, record, at);
  return answer(context, Math.max(at, Date.parse(record.event.time)), record);
}

function possibleOutcomes(shipment: ConfirmedShipment): Outcome[] {
  const { confirmedAt, lines } = shipment;
  const several = unitsOf(lines) > 1;
  const packed = mergeLines(lines).some((line) => packOf(line) !== undefined);
  const monthEnds = fiscalPeriod(confirmedAt + 2 * DAY) !== periodOfShipment(shipment);
  const possible: Partial<Record<Outcome, boolean>> = {
    splitGoodsIssue: several,
    partialGoodsIssue: several,
    otherUnitGoodsIssue: packed,
    wrongUnitGoodsIssue: packed,
    nextPeriodGoodsIssue: monthEnds,
  };
  return OUTCOMES.filter((outcome) => possible[outcome] ?? true);
}

/** Posts the goods issue; answers its first document. */
function postAs(context: PostingContext, outcome: Outcome | undefined, at: number): StoryRecord {
  switch (outcome) {
    case "wrongQuantityGoodsIssue":
      return postWrongQuantity(context, at);
    case "wrongAmountGoodsIssue":
      return postWrongAmount(context, at);
    case "wrongPeriodGoodsIssue":
      return postInWrongPeriod(context, at);
    case "nextPeriodGoodsIssue":
      return postInNextPeriod(context);
    case "partialGoodsIssue":
      return postPart(context, at);
    case "wrongUnitGoodsIssue":
      return postInWrongUnit(context, at);
    case "mistypedGoodsIssue":
      return postAstray(context, at);
    case "duplicateGoodsIssue":
      return postTwice(context, at);
    case "orphanGoodsIssue":
      return postAlsoAstray(context, at);
    case "reversedGoodsIssue":
      return postReverseAndPostAgain(context, at);
    case "splitGoodsIssue":
      return postInParts(context, at);
    case "otherUnitGoodsIssue":
      return postInPacks(context, at);
    default:
      return post(context, { lines: context.shipment.lines, at });
  }
}

/** Through middleware to the ERP; answers when the ERP has it, undefined when it never gets it. */
function forward(context: PostingContext, outcome: Outcome | undefined): number | undefined {
  const { story, shipment, random } = context;
  const trace = random.hex(32);
  const receivedAt = shipment.confirmedAt + random.between(2, 9) * SECOND;
  story.emit("middleware", "step.completed", receivedAt, {
    objects: [
      { type: "trace", id: trace },
      { type: "shipment", id: shipment.id },
    ],
    interface: INTERFACES.shipmentConfirmation,
    durationMs: random.int(15, 220),
    attributes: { process: "shipment-confirmation", step: "receive" },
  });
  if (outcome === "missingGoodsIssue") {
    missing(context, trace, receivedAt + 300);
    return undefined;
  }
  const mapped = story.emit("middleware", "step.completed", receivedAt + random.between(0.3, 2) * SECOND, {
    objects: [{ type: "trace", id: trace }],
    interface: INTERFACES.shipmentConfirmation,
    durationMs: random.int(20, 300),
    attributes: { process: "shipment-confirmation", step: "map-to-goods-issue" },
  });
  return send(context, trace, mapped.recordedAt + 200, outcome);
}

/** Sends the message; undefined when it is dead-lettered and nobody repairs it. */
function send(context: PostingContext, trace: string, at: number, fault: Outcome | undefined): number | undefined {
  const { story, shipment, random } = context;
  const subject: ObjectRef = { type: "shipment", id: shipment.id };
  const refusals =
    fault === "failedPostingTechnical"
      ? TECHNICAL_REFUSALS
      : fault === "failedPostingBusiness"
        ? BUSINESS_REFUSALS
        : undefined;
  const call: Call = {
    at,
    interface: INTERFACES.shipmentConfirmation,
    method: "POST",
    path: "/erp/goods-issues",
    target: "SAP ERP",
    trace,
    objects: [subject],
    requestObjects: [subject],
    body: {
      delivery: shipment.id,
      plant: shipment.warehouse.plant,
      postingDate: shipment.confirmation.event.time.slice(0, 10),
      items: mergeLines(shipment.lines).map((line) => ({
        material: line.product.sku,
        quantity: String(line.quantity),
        uom: "EA",
      })),
    },
    idempotencyKey: `gi-${shipment.id}`,
    ...(refusals === undefined ? {} : { refusal: random.pick(refusals)(shipment, context.period) }),
    ...(fault === "duplicateGoodsIssue" ? { firstFailure: TIMEOUT } : {}),
  };
  const first = callApi(story, random, call);
  if (first.ok) return first.at;
  const repaired = story.world.tally.draw("failureRepaired", random);
  const resent = repaired
    ? callUntilOk(story, random, {
        ...withoutRefusal(call),
        at: first.at + random.between(0.6, 26) * HOUR,
        attemptsBefore: first.attempts,
      })
    : undefined;
  const deadLetter = first.deadLetter;
  if (deadLetter === undefined) throw new Error("postings: a failed call leaves a dead letter");
  const { error } = deadLetter.event.data;
  pushFault(context, {
    kind: fault === "failedPostingTechnical" || fault === "failedPostingBusiness" ? fault : "failedPostingIncident",
    events: [shipment.confirmation, deadLetter],
    expected: [
      expectLate("goods-issue", shipment.id),
      ...(repaired ? [] : [expectLate("shipment-invoice", shipment.id)]),
    ],
    why: `${error?.class} failure: ${error?.message}`,
    detectableAt: isoTime(Math.max(deadLetter.recordedAt, dueAt(context))),
    ...(resent === undefined ? {} : { resolvedAt: isoTime(nextBatch(resent.at + MINUTE, ERP_BATCH.goodsIssueMs)) }),
  });
  return resent?.at;
}

function withoutRefusal(call: Call): Call {
  const { refusal: _, firstFailure: __, ...rest } = call;
  return rest;
}

function missing(context: PostingContext, trace: string, at: number): void {
  const { story, shipment, random } = context;
  const filtered = random.chance(0.5);
  const events = [shipment.confirmation];
  if (filtered) {
    events.push(
      story.emit("middleware", "step.completed", at, {
        objects: [{ type: "trace", id: trace }],
        outcome: "skipped",
        interface: INTERFACES.shipmentConfirmation,
        durationMs: 4,
        attributes: {
          process: "shipment-confirmation",
          step: "filter",
          reason: "delivery type not relevant for posting",
        },
      }),
    );
  }
  pushFault(context, {
    kind: "missingGoodsIssue",
    events,
    expected: [expectLate("goods-issue", shipment.id), expectLate("shipment-invoice", shipment.id)],
    why: filtered
      ? "middleware filtered the message out by mistake"
      : "the message vanished between middleware and ERP",
    detectableAt: isoTime(dueAt(context)),
  });
}

function late(context: PostingContext, posted: StoryRecord, postedAt: number): void {
  pushFault(context, {
    kind: "lateGoodsIssue",
    events: [context.shipment.confirmation, posted],
    expected: [expectLate("goods-issue", context.shipment.id)],
    why: "the ERP's inbound queue was stuck",
    detectableAt: isoTime(dueAt(context)),
    resolvedAt: isoTime(postedAt),
  });
}
