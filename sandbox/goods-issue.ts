import { MINUTE, nextBatch, SECOND } from "./calendar";
import { COMPANY_CODE, CURRENCY, ERP_BATCH, INTERFACES } from "./enterprise";
import { type Line, money, type ObjectRef } from "./event";
import { centsOf, eventLines, unitsOf } from "./order";
import type { Random } from "./random";
import { inPack, packOf } from "./sales-unit";
import { type ConfirmedShipment, cutIntoParts, mergeLines, type ShipLine } from "./shipment";
import type { Story, StoryRecord } from "./story";

/** The goods issue as the ERP posts it when it is right: in one document, in several, in other units, or one for several shipments. */

/** One shipment on its way into the ERP. */
export interface PostingContext {
  readonly story: Story;
  readonly shipment: ConfirmedShipment;
  readonly random: Random;
  /** The period the shipment belongs to: the month of its confirmation, by the warehouse's clock, where the company is. */
  readonly period: string;
}

export function batchAfter(sentAt: number, random: Random): number {
  return nextBatch(sentAt + MINUTE, ERP_BATCH.goodsIssueMs) + random.between(2, 50) * SECOND;
}

export interface Posting {
  readonly lines: readonly ShipLine[];
  readonly at: number;
  readonly period?: string;
  /** Numbers of the shipments it is for; the context's own when absent. */
  readonly shipments?: readonly string[];
  /** Posted for a number that no warehouse gave, so no order's books know of it. */
  readonly isAstray?: boolean;
  readonly reverses?: StoryRecord;
  /** How the ERP writes a line; in pieces when absent. */
  readonly write?: (line: Line, shipped: ShipLine) => Line;
}

export function post({ story, shipment, period }: PostingContext, posting: Posting): StoryRecord {
  const { at, reverses } = posting;
  const lines = mergeLines(posting.lines);
  const document: ObjectRef = { type: "erp_document", id: story.world.numbers.goodsIssue() };
  const parents = (posting.shipments ?? [shipment.id]).map((id): ObjectRef => ({ type: "shipment", id }));
  const old = reverses === undefined ? undefined : documentOf(reverses);
  const written = eventLines(lines, {
    location: shipment.warehouse.location,
    direction: reverses === undefined ? "out" : "in",
  });
  const record = story.emit("erp", reverses === undefined ? "goods_issue.posted" : "goods_issue.reversed", at, {
    objects: [
      { ...document, qualifier: "subject" },
      ...parents,
      ...(old === undefined ? [] : [{ type: "erp_document", id: old, qualifier: "reversed" }]),
      { type: "location", id: shipment.warehouse.location },
    ],
    links: parents.map((parent) => ({ child: document, parent })),
    interface: INTERFACES.shipmentConfirmation,
    lines: written.map((line, i) => posting.write?.(line, lines[i] as ShipLine) ?? line),
    amount: money(centsOf(lines)),
    currency: CURRENCY,
    posting: {
      companyCode: COMPANY_CODE,
      period: posting.period ?? period,
      ...(old === undefined ? {} : { reverses: old }),
    },
    attributes: { movementType: reverses === undefined ? "601" : "602", plant: shipment.warehouse.plant },
  });
  if (posting.isAstray !== true) book(story, posting.lines, reverses === undefined ? 1 : -1, record);
  return record;
}

function book(story: Story, lines: readonly ShipLine[], sign: 1 | -1, record: StoryRecord): void {
  for (const order of new Set(lines.map((line) => line.orderId))) {
    const own = lines.filter((line) => line.orderId === order);
    story.book(order, "posted", sign * unitsOf(own), sign * centsOf(own), record);
  }
}

function documentOf(record: StoryRecord): string {
  const document = record.event.data.objects.find((object) => object.type === "erp_document");
  if (document === undefined) throw new Error("postings: a goods issue names its document");
  return document.id;
}

/** Two or three documents, in one batch or in later ones. */
export function postInParts(context: PostingContext, at: number): StoryRecord {
  const { shipment, random, story } = context;
  const count = unitsOf(shipment.lines) > 2 && random.chance(0.3) ? 3 : 2;
  const [first, ...others] = cutIntoParts(shipment.lines, count);
  const record = post(context, { lines: first ?? [], at });
  let next = at;
  for (const lines of others) {
    next = random.chance(0.5)
      ? next + random.between(5, 50) * SECOND
      : batchAfter(next + random.between(10, 300) * MINUTE, random);
    post(context, { lines, at: next });
  }
  for (const order of shipment.orders) story.shape(order.id, "splitGoodsIssue");
  return record;
}

export function postInPacks(context: PostingContext, at: number): StoryRecord {
  const record = post(context, {
    lines: context.shipment.lines,
    at,
    write(line, shipped) {
      const pack = packOf(shipped);
      return pack === undefined ? line : inPack(line, pack);
    },
  });
  for (const order of context.shipment.orders) context.story.shape(order.id, "otherUnitGoodsIssue");
  return record;
}

/** Posted, reversed, posted again. */
export function postReverseAndPostAgain(context: PostingContext, at: number): StoryRecord {
  const { shipment, random, story } = context;
  const { lines } = shipment;
  const first = post(context, { lines, at });
  const reversedAt = batchAfter(at + random.between(30, 300) * MINUTE, random);
  post(context, { lines, at: reversedAt, reverses: first });
  post(context, { lines, at: reversedAt + random.between(4, 25) * MINUTE });
  for (const order of shipment.orders) story.shape(order.id, "reversedGoodsIssue");
  return first;
}

/** One document for all that left on one truck. */
export function postTogether(contexts: readonly PostingContext[], at: number): StoryRecord {
  const [first] = contexts;
  if (first === undefined) throw new Error("postings: a collective document has shipments");
  const shipments = contexts.map(({ shipment }) => shipment);
  for (const order of new Set(shipments.flatMap(({ orders }) => orders)))
    first.story.shape(order.id, "collectiveGoodsIssue");
  return post(first, {
    lines: shipments.flatMap(({ lines }) => lines),
    at,
    shipments: shipments.map(({ id }) => id),
  });
}
