import { HOUR, MINUTE, nextBatch, SECOND } from "./calendar";
import { ERP_BATCH, GOODS_ISSUE_SLA_MS, INTERFACES } from "./enterprise";
import { isoTime, type ObjectRef } from "./event";
import { type Call, callApi, callUntilOk } from "./gateway";
import {
  batchAfter,
  EXCLUSIVE_FAULTS,
  expectLate,
  type PostingContext,
  type PostingFault,
  postAs,
  pushFault,
} from "./goods-issue";
import { BUSINESS_REFUSALS, TECHNICAL_REFUSALS, TIMEOUT } from "./refusals";
import { type ConfirmedShipment, mergeLines } from "./shipment";
import type { Story, StoryRecord } from "./story";

/** The shipment's way into the ERP: middleware, gateway, goods issue in a batch; and everything that goes wrong there. */

export interface PostedShipment {
  readonly shipment: ConfirmedShipment;
  /** Undefined when the goods issue is never posted; nothing can be billed then. */
  readonly postedAt?: number;
  readonly period: string;
}

export function postGoodsIssue(story: Story, shipment: ConfirmedShipment): PostedShipment {
  const random = story.random("goods issue", shipment.id);
  const period = shipment.confirmation.event.time.slice(0, 7);
  const context: PostingContext = { story, shipment, random, period };
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
function send(context: PostingContext, trace: string, at: number, fault: PostingFault | undefined): number | undefined {
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
    detectableAt: isoTime(dueAt(shipment)),
  });
}

function late(context: PostingContext, posted: StoryRecord, postedAt: number): void {
  pushFault(context, {
    kind: "lateGoodsIssue",
    events: [context.shipment.confirmation, posted],
    expected: [expectLate("goods-issue", context.shipment.id)],
    why: "the ERP's inbound queue was stuck",
    detectableAt: isoTime(dueAt(context.shipment)),
    resolvedAt: isoTime(postedAt),
  });
}

function dueAt(shipment: ConfirmedShipment): number {
  return shipment.confirmedAt + GOODS_ISSUE_SLA_MS;
}
