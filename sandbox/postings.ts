import { DAY, fiscalPeriod, HOUR, MINUTE } from "./calendar";
import { isoTime } from "./event";
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
import { forward, OUTCOMES, type Outcome } from "./posting-message";
import { packOf } from "./sales-unit";
import { type ConfirmedShipment, mergeLines } from "./shipment";
import type { Story, StoryRecord } from "./story";

/** Every shipment of a group of orders, posted in the ERP: singly or together, rightly or wrongly. */

export interface PostedShipment {
  readonly shipment: ConfirmedShipment;
  /** Undefined when the goods issue is never posted; nothing can be billed then. */
  readonly postedAt?: number;
  /** The period it was posted into; SAP bills into the same. */
  readonly period: string;
  /** The period it belongs to. */
  readonly rightPeriod: string;
}

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
