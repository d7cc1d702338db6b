import { HOUR, MINUTE, neighbourPeriod, nextBatch, SECOND } from "./calendar";
import { COMPANY_CODE, CURRENCY, ERP_BATCH, GOODS_ISSUE_SLA_MS, INTERFACES } from "./enterprise";
import { isoTime, money, type ObjectRef } from "./event";
import { type Call, callApi, callUntilOk } from "./gateway";
import { centsOf, eventLines, unitsOf } from "./order";
import type { Random } from "./random";
import { BUSINESS_REFUSALS, TECHNICAL_REFUSALS, TIMEOUT } from "./refusals";
import { type ConfirmedShipment, mergeLines, type ShipLine } from "./shipment";
import { type ExpectedHandoff, type Fault, keyOf, type Story, type StoryRecord } from "./story";

/** The shipment's way into the ERP: middleware, gateway, goods issue in a batch; and everything that goes wrong there. */

export interface PostedShipment {
  readonly shipment: ConfirmedShipment;
  /** Undefined when the goods issue is never posted; nothing can be billed then. */
  readonly postedAt?: number;
  readonly period: string;
}

const EXCLUSIVE_FAULTS = [
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

type PostingFault = (typeof EXCLUSIVE_FAULTS)[number];

interface Context {
  readonly story: Story;
  readonly shipment: ConfirmedShipment;
  readonly random: Random;
  /** The period the shipment belongs to: the month of its confirmation, by the warehouse's clock. */
  readonly period: string;
}

export function postGoodsIssue(story: Story, shipment: ConfirmedShipment): PostedShipment {
  const random = story.random("goods issue", shipment.id);
  const period = shipment.confirmation.event.time.slice(0, 7);
  const context: Context = { story, shipment, random, period };
  const fault = story.world.tally.drawOne(EXCLUSIVE_FAULTS, random);
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
  if (fault === "missingGoodsIssue") {
    missing(context, trace, receivedAt + 300);
    return { shipment, period };
  }
  const mapped = story.emit("middleware", "step.completed", receivedAt + random.between(0.3, 2) * SECOND, {
    objects: [{ type: "trace", id: trace }],
    interface: INTERFACES.shipmentConfirmation,
    durationMs: random.int(20, 300),
    attributes: { process: "shipment-confirmation", step: "map-to-goods-issue" },
  });
  const sentAt = send(context, trace, mapped.recordedAt + 200, fault);
  if (sentAt === undefined) return { shipment, period };
  const delay = fault === "lateGoodsIssue" ? random.between(1, 30) * HOUR : 0;
  const postedAt = batchAfter(sentAt + delay, random);
  const posted = postAs(context, fault, postedAt);
  if (fault === "lateGoodsIssue") late(context, posted, postedAt);
  return {
    shipment,
    postedAt,
    period: fault === "wrongPeriodGoodsIssue" ? (posted.event.data.posting?.period ?? period) : period,
  };
}

/** Sends the message; undefined when it is dead-lettered and nobody repairs it. */
function send(context: Context, trace: string, at: number, fault: PostingFault | undefined): number | undefined {
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
  push(context, {
    kind: fault === undefined ? "failedPostingIncident" : fault,
    events: [shipment.confirmation, deadLetter],
    expected: [
      expectLate("goods-issue", shipment.id),
      ...(repaired ? [] : [expectLate("shipment-invoice", shipment.id)]),
    ],
    why: `${error?.class} failure: ${error?.message}`,
    detectableAt: isoTime(Math.max(deadLetter.recordedAt, dueAt(shipment))),
    ...(resent === undefined ? {} : { resolvedAt: isoTime(nextBatch(resent.at + MINUTE, ERP_BATCH.goodsIssueMs)) }),
  });
  return resent?.at;
}

function withoutRefusal(call: Call): Call {
  const { refusal: _, firstFailure: __, ...rest } = call;
  return rest;
}

function batchAfter(sentAt: number, random: Random): number {
  return nextBatch(sentAt + MINUTE, ERP_BATCH.goodsIssueMs) + random.between(2, 50) * SECOND;
}

/** Posts the goods issue in the way the fault asks for; answers its first document. */
function postAs(context: Context, fault: PostingFault | undefined, at: number): StoryRecord {
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

function post(context: Context, posting: Posting): StoryRecord {
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

function missing(context: Context, trace: string, at: number): void {
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
  push(context, {
    kind: "missingGoodsIssue",
    events,
    expected: [expectLate("goods-issue", shipment.id), expectLate("shipment-invoice", shipment.id)],
    why: filtered
      ? "middleware filtered the message out by mistake"
      : "the message vanished between middleware and ERP",
    detectableAt: isoTime(dueAt(shipment)),
  });
}

function late(context: Context, posted: StoryRecord, postedAt: number): void {
  push(context, {
    kind: "lateGoodsIssue",
    events: [context.shipment.confirmation, posted],
    expected: [expectLate("goods-issue", context.shipment.id)],
    why: "the ERP's inbound queue was stuck",
    detectableAt: isoTime(dueAt(context.shipment)),
    resolvedAt: isoTime(postedAt),
  });
}

function wrongQuantity(context: Context, lines: readonly ShipLine[], at: number): StoryRecord {
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

function wrongAmount(context: Context, lines: readonly ShipLine[], at: number): StoryRecord {
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

function wrongPeriod(context: Context, lines: readonly ShipLine[], at: number): StoryRecord {
  const day = new Date(at).getUTCDate();
  const period = neighbourPeriod(context.period, day <= 15 ? -1 : 1);
  const record = post(context, { lines, at, period });
  mismatch(context, "wrongPeriodGoodsIssue", record, "the posting date was entered by hand", {
    period: { expected: context.period, actual: period },
  });
  return record;
}

function duplicate(context: Context, lines: readonly ShipLine[], at: number): StoryRecord {
  const first = post(context, { lines, at });
  const second = post(context, { lines, at: at + context.random.between(3, 40) * SECOND });
  push(context, {
    kind: "duplicateGoodsIssue",
    events: [context.shipment.confirmation, first, second],
    expected: [{ rule: "goods-issue", key: shipmentKey(context.shipment.id), state: "duplicate" }],
    why: "the first request timed out after the ERP had taken it, and was sent again",
    detectableAt: isoTime(second.recordedAt),
  });
  return first;
}

/** Beside the right document stands one for a number no warehouse ever gave. */
function orphan(context: Context, lines: readonly ShipLine[], at: number): StoryRecord {
  const { shipment, random } = context;
  const right = post(context, { lines, at });
  const typo = `${shipment.id}${random.int(0, 9)}`;
  const wrongContext: Context = { ...context, shipment: { ...shipment, orders: [] } };
  const wrong = post(wrongContext, {
    lines: lines.slice(0, 1),
    at: at + random.between(1, 6) * HOUR,
    shipmentId: typo,
  });
  push(context, {
    kind: "orphanGoodsIssue",
    events: [wrong],
    expected: [{ rule: "goods-issue", key: shipmentKey(typo), state: "orphan" }],
    why: `posted by hand for ${typo}, meant for ${shipment.id}, which had its posting already`,
    detectableAt: isoTime(wrong.recordedAt),
  });
  return right;
}

function reversed(context: Context, lines: readonly ShipLine[], at: number): StoryRecord {
  const { shipment, random, story } = context;
  const first = post(context, { lines, at });
  const reversedAt = batchAfter(at + random.between(0.5, 5) * HOUR, random);
  post(context, { lines, at: reversedAt, reverses: first });
  post(context, { lines, at: reversedAt + random.between(4, 25) * MINUTE });
  for (const order of shipment.orders) story.shape(order.id, "reversedGoodsIssue");
  return first;
}

function mismatch(
  context: Context,
  kind: string,
  record: StoryRecord,
  why: string,
  difference: Partial<ExpectedHandoff>,
): void {
  push(context, {
    kind,
    events: [context.shipment.confirmation, record],
    expected: [{ rule: "goods-issue", key: shipmentKey(context.shipment.id), state: "mismatched", ...difference }],
    why,
    detectableAt: isoTime(record.recordedAt),
  });
}

type FaultDraft = Omit<Fault, "order" | "events"> & { readonly events: readonly StoryRecord[] };

/** A fault of a shipment is a fault of each order in it. */
function push(context: Context, draft: FaultDraft): void {
  for (const order of context.shipment.orders) {
    context.story.faults.push({ ...draft, order: order.id, events: draft.events.map(keyOf) });
  }
}

function expectLate(rule: string, shipment: string): ExpectedHandoff {
  return { rule, key: shipmentKey(shipment), state: "late" };
}

function shipmentKey(id: string): { type: string; id: string } {
  return { type: "shipment", id };
}

function dueAt(shipment: ConfirmedShipment): number {
  return shipment.confirmedAt + GOODS_ISSUE_SLA_MS;
}
