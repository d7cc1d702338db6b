import { HOUR, MINUTE, nextBatch, SECOND } from "./calendar";
import { ERP_BATCH, INTERFACES } from "./enterprise";
import { isoTime, type ObjectRef } from "./event";
import type { FrequencyName } from "./frequencies";
import { type Call, callApi, callUntilOk } from "./gateway";
import type { PostingContext } from "./goods-issue";
import { dueAt, expectLate, pushFault } from "./goods-issue-fault";
import { BUSINESS_REFUSALS, TECHNICAL_REFUSALS, TIMEOUT } from "./refusals";
import { mergeLines } from "./shipment";

/** The message of a shipment on its way into the ERP: middleware, gateway, and the ways in which it never arrives. */

/** What can become of one goods issue, at most one of it. */
export const OUTCOMES = [
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

export type Outcome = (typeof OUTCOMES)[number];

/** Through middleware to the ERP; answers when the ERP has it, undefined when it never gets it. */
export function forward(context: PostingContext, outcome: Outcome | undefined): number | undefined {
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
