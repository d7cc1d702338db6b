import { HOUR, MINUTE, neighbourPeriod, nextBatch, SECOND } from "./calendar";
import { COMPANY_CODE, CURRENCY, ERP_BATCH, INTERFACES } from "./enterprise";
import { isoTime, money, type ObjectRef } from "./event";
import { centsOf, eventLines, unitsOf } from "./order";
import type { Random } from "./random";
import { type ConfirmedShipment, mergeLines, type ShipLine } from "./shipment";
import { type ExpectedHandoff, type Fault, keyOf, type Story, type StoryRecord } from "./story";

/** The goods issue as the ERP posts it: once and right, or in one of the ways that finance later finds. */

export const EXCLUSIVE_FAULTS = [
  "missingGoodsIssue",
  "failedPostingTechnical",
  "failedPostingBusiness",
  "lateGoodsIssue",
  "wrongQuantityGoodsIssue",
  "wrongAmountGoodsIssue",
  "wrongPeriodGoodsIssue",
  "duplicateGoodsIssue",
  "orphanGoodsIssue",
  "reversedGoodsIssue",
] as const;

export type PostingFault = (typeof EXCLUSIVE_FAULTS)[number];

/** One shipment on its way into the ERP. */
export interface PostingContext {
  readonly story: Story;
  readonly shipment: ConfirmedShipment;
  readonly random: Random;
  /** The period the shipment belongs to: the month of its confirmation, by the warehouse's clock. */
  readonly period: string;
}

export function batchAfter(sentAt: number, random: Random): number {
  return nextBatch(sentAt + MINUTE, ERP_BATCH.goodsIssueMs) + random.between(2, 50) * SECOND;
}

/** Posts the goods issue in the way the fault asks for; answers its first document. */
export function postAs(context: PostingContext, fault: PostingFault | undefined, at: number): StoryRecord {
  const { shipment } = context;
  const lines = mergeLines(shipment.lines);
  switch (fault) {
    case "wrongQuantityGoodsIssue":
      return wrongQuantity(context, lines, at);
    case "wrongAmountGoodsIssue":
      return wrongAmount(context, lines, at);
    case "wrongPeriodGoodsIssue":
      return wrongPeriod(context, lines, at);
    case "duplicateGoodsIssue":
      return duplicate(context, lines, at);
    case "orphanGoodsIssue":
      return orphan(context, lines, at);
    case "reversedGoodsIssue":
      return reversed(context, lines, at);
    default:
      return post(context, { lines, at });
  }
}

interface Posting {
  readonly lines: readonly ShipLine[];
  readonly at: number;
  readonly period?: string;
  readonly shipmentId?: string;
  readonly reverses?: StoryRecord;
}

function post(context: PostingContext, posting: Posting): StoryRecord {
  const { story, shipment, period } = context;
  const { lines, at, reverses } = posting;
  const document: ObjectRef = { type: "erp_document", id: story.world.numbers.goodsIssue() };
  const parent: ObjectRef = { type: "shipment", id: posting.shipmentId ?? shipment.id };
  const old = reverses === undefined ? undefined : documentOf(reverses);
  const record = story.emit("erp", reverses === undefined ? "goods_issue.posted" : "goods_issue.reversed", at, {
    objects: [
      { ...document, qualifier: "subject" },
      parent,
      ...(old === undefined ? [] : [{ type: "erp_document", id: old, qualifier: "reversed" }]),
      { type: "location", id: shipment.warehouse.location },
    ],
    links: [{ child: document, parent }],
    interface: INTERFACES.shipmentConfirmation,
    lines: eventLines(lines, {
      location: shipment.warehouse.location,
      direction: reverses === undefined ? "out" : "in",
    }),
    amount: money(centsOf(lines)),
    currency: CURRENCY,
    posting: {
      companyCode: COMPANY_CODE,
      period: posting.period ?? period,
      ...(old === undefined ? {} : { reverses: old }),
    },
    attributes: { movementType: reverses === undefined ? "601" : "602", plant: shipment.warehouse.plant },
  });
  const sign = reverses === undefined ? 1 : -1;
  shipment.orders.forEach((order, i) => {
    const own = shipment.lines.filter((line) => line.orderId === order.id);
    // What a wrong posting adds or lacks is booked to the shipment's first order.
    const extraUnits = i === 0 ? unitsOf(lines) - unitsOf(shipment.lines) : 0;
    const extraCents = i === 0 ? centsOf(lines) - centsOf(shipment.lines) : 0;
    story.book(order.id, "posted", sign * (unitsOf(own) + extraUnits), sign * (centsOf(own) + extraCents), record);
  });
  return record;
}

function documentOf(record: StoryRecord): string {
  const document = record.event.data.objects.find((object) => object.type === "erp_document");
  if (document === undefined) throw new Error("postings: a goods issue names its document");
  return document.id;
}

function wrongQuantity(context: PostingContext, lines: readonly ShipLine[], at: number): StoryRecord {
  const { random } = context;
  const target = random.int(0, lines.length - 1);
  const line = lines[target];
  if (line === undefined) throw new Error("postings: a shipment has lines");
  const actual =
    line.quantity > 2 && random.chance(0.6)
      ? line.quantity - random.int(1, 2)
      : line.quantity * (random.chance(0.3) ? 10 : 1) + 1;
  const record = post(context, {
    lines: lines.map((each, i) => (i === target ? { ...each, quantity: actual } : each)),
    at,
  });
  const total = unitsOf(lines.filter((each) => each.product.sku === line.product.sku));
  mismatch(context, "wrongQuantityGoodsIssue", record, "the quantity was typed over in the ERP", {
    quantity: [{ sku: line.product.sku, expected: String(total), actual: String(total - line.quantity + actual) }],
  });
  return record;
}

function wrongAmount(context: PostingContext, lines: readonly ShipLine[], at: number): StoryRecord {
  const { random } = context;
  const target = random.int(0, lines.length - 1);
  const factor = random.pick([0.9, 1.1, 1.25, 0.5]);
  const posted = lines.map((each, i) =>
    i === target ? { ...each, priceCents: Math.round(each.priceCents * factor) } : each,
  );
  const record = post(context, { lines: posted, at });
  mismatch(context, "wrongAmountGoodsIssue", record, "the ERP valued one line at an old price", {
    amount: { expected: money(centsOf(lines)), actual: money(centsOf(posted)), currency: CURRENCY },
  });
  return record;
}

function wrongPeriod(context: PostingContext, lines: readonly ShipLine[], at: number): StoryRecord {
  const day = new Date(at).getUTCDate();
  const period = neighbourPeriod(context.period, day <= 15 ? -1 : 1);
  const record = post(context, { lines, at, period });
  mismatch(context, "wrongPeriodGoodsIssue", record, "the posting date was entered by hand", {
    period: { expected: context.period, actual: period },
  });
  return record;
}

function duplicate(context: PostingContext, lines: readonly ShipLine[], at: number): StoryRecord {
  const first = post(context, { lines, at });
  const second = post(context, { lines, at: at + context.random.between(3, 40) * SECOND });
  pushFault(context, {
    kind: "duplicateGoodsIssue",
    events: [context.shipment.confirmation, first, second],
    expected: [{ rule: "goods-issue", key: shipmentKey(context.shipment.id), state: "duplicate" }],
    why: "the first request timed out after the ERP had taken it, and was sent again",
    detectableAt: isoTime(second.recordedAt),
  });
  return first;
}

/** Beside the right document stands one for a number no warehouse ever gave. */
function orphan(context: PostingContext, lines: readonly ShipLine[], at: number): StoryRecord {
  const { shipment, random } = context;
  const right = post(context, { lines, at });
  const typo = `${shipment.id}${random.int(0, 9)}`;
  const wrongContext: PostingContext = { ...context, shipment: { ...shipment, orders: [] } };
  const wrong = post(wrongContext, {
    lines: lines.slice(0, 1),
    at: at + random.between(1, 6) * HOUR,
    shipmentId: typo,
  });
  pushFault(context, {
    kind: "orphanGoodsIssue",
    events: [wrong],
    expected: [{ rule: "goods-issue", key: shipmentKey(typo), state: "orphan" }],
    why: `posted by hand for ${typo}, meant for ${shipment.id}, which had its posting already`,
    detectableAt: isoTime(wrong.recordedAt),
  });
  return right;
}

function reversed(context: PostingContext, lines: readonly ShipLine[], at: number): StoryRecord {
  const { shipment, random, story } = context;
  const first = post(context, { lines, at });
  const reversedAt = batchAfter(at + random.between(0.5, 5) * HOUR, random);
  post(context, { lines, at: reversedAt, reverses: first });
  post(context, { lines, at: reversedAt + random.between(4, 25) * MINUTE });
  for (const order of shipment.orders) story.shape(order.id, "reversedGoodsIssue");
  return first;
}

function mismatch(
  context: PostingContext,
  kind: string,
  record: StoryRecord,
  why: string,
  difference: Partial<ExpectedHandoff>,
): void {
  pushFault(context, {
    kind,
    events: [context.shipment.confirmation, record],
    expected: [{ rule: "goods-issue", key: shipmentKey(context.shipment.id), state: "mismatched", ...difference }],
    why,
    detectableAt: isoTime(record.recordedAt),
  });
}

type FaultDraft = Omit<Fault, "order" | "events"> & { readonly events: readonly StoryRecord[] };

/** A fault of a shipment is a fault of each order in it. */
export function pushFault(context: PostingContext, draft: FaultDraft): void {
  for (const order of context.shipment.orders) {
    context.story.faults.push({ ...draft, order: order.id, events: draft.events.map(keyOf) });
  }
}

export function expectLate(rule: string, shipment: string): ExpectedHandoff {
  return { rule, key: shipmentKey(shipment), state: "late" };
}

function shipmentKey(id: string): { type: string; id: string } {
  return { type: "shipment", id };
}
