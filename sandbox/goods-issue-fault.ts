import { fiscalPeriod, HOUR, neighbourPeriod, nextPeriodStart, SECOND } from "./calendar";
import { DUE_MS } from "./enterprise";
import { isoTime } from "./event";
import { batchAfter, type PostingContext, post } from "./goods-issue";
import { inPack, packOf } from "./sales-unit";
import { cutIntoParts, differenceOf, mergeLines, type ShipLine } from "./shipment";
import { type ExpectedHandoff, type Fault, keyOf, type StoryRecord } from "./story";

/** The goods issue as finance later finds it: short, wrong, twice, for the wrong shipment, in the wrong period. */

export function postWrongQuantity(context: PostingContext, at: number): StoryRecord {
  const { random, shipment } = context;
  const line = random.pick(shipment.lines);
  const actual =
    line.quantity > 2 && random.chance(0.6)
      ? line.quantity - random.int(1, 2)
      : line.quantity * (random.chance(0.3) ? 10 : 1) + 1;
  const lines = shipment.lines.map((each) => (each === line ? { ...each, quantity: actual } : each));
  const record = post(context, { lines, at });
  const isShort = actual < line.quantity;
  mismatch(context, "wrongQuantityGoodsIssue", record, "the quantity was typed over in the ERP", {
    difference: differenceOf(shipment.lines, lines),
    isShort,
  });
  return record;
}

export function postWrongAmount(context: PostingContext, at: number): StoryRecord {
  const { random, shipment } = context;
  const line = random.pick(shipment.lines);
  const factor = random.pick([0.9, 1.1, 1.25, 0.5]);
  const lines = shipment.lines.map((each) =>
    each === line ? { ...each, priceCents: Math.round(each.priceCents * factor) } : each,
  );
  const record = post(context, { lines, at });
  mismatch(context, "wrongAmountGoodsIssue", record, "the ERP valued one line at an old price", {
    difference: differenceOf(shipment.lines, lines),
  });
  return record;
}

/** The invoice takes its period from the goods issue, so it is wrong as well. */
export function postInWrongPeriod(context: PostingContext, at: number): StoryRecord {
  const day = new Date(at).getUTCDate();
  const period = neighbourPeriod(context.period, day <= 15 ? -1 : 1);
  const record = post(context, { lines: context.shipment.lines, at, period });
  wrongPeriod(context, "wrongPeriodGoodsIssue", record, period, "the posting date was entered by hand");
  return record;
}

/** Stuck over the month's end, and then posted on the day it went through. */
export function postInNextPeriod(context: PostingContext): StoryRecord {
  const { random, shipment } = context;
  const at = batchAfter(nextPeriodStart(shipment.confirmedAt) + random.between(1, 40) * HOUR, random);
  const period = fiscalPeriod(at);
  const record = post(context, { lines: shipment.lines, at, period });
  const why = "the ERP's inbound queue was stuck over the month's end, and the posting took the date of the day";
  wrongPeriod(context, "nextPeriodGoodsIssue", record, period, why);
  return record;
}

function wrongPeriod(context: PostingContext, kind: string, record: StoryRecord, period: string, why: string): void {
  const difference = { period: { expected: context.period, actual: period } };
  const key = shipmentKey(context.shipment.id);
  pushFault(context, {
    kind,
    events: [context.shipment.confirmation, record],
    expected: [
      { rule: "goods-issue", key, state: "mismatched", ...difference },
      { rule: "shipment-invoice", key, state: "mismatched", ...difference },
    ],
    why,
    detectableAt: isoTime(record.recordedAt),
  });
}

/** What is missing may still come until it is due. */
export function postPart(context: PostingContext, at: number): StoryRecord {
  const { shipment } = context;
  const [part = []] = cutIntoParts(shipment.lines, 2);
  const record = post(context, { lines: part, at });
  mismatch(context, "partialGoodsIssue", record, "the document was saved before the last items were entered", {
    difference: differenceOf(shipment.lines, part),
    isShort: true,
  });
  return record;
}

/** Pieces taken for packs, or packs thought to hold twice as much. The value is right. */
export function postInWrongUnit(context: PostingContext, at: number): StoryRecord {
  const { shipment, random } = context;
  const lines = mergeLines(shipment.lines);
  const target = random.pick(lines.filter((line) => packOf(line) !== undefined));
  const pack = packOf(target);
  if (pack === undefined) throw new Error("postings: only whole packs are posted in packs");
  const piecesAsPacks = random.chance(0.5);
  const isTarget = (line: ShipLine) => line.product.sku === target.product.sku && line.priceCents === target.priceCents;
  const taken = { ...pack, holds: piecesAsPacks ? 1 : pack.holds * 2 };
  const record = post(context, {
    lines: shipment.lines,
    at,
    write: (line, shipped) => (isTarget(shipped) ? inPack(line, taken) : line),
  });
  const actual = lines.map((line) =>
    isTarget(line) ? { ...line, quantity: (line.quantity * pack.holds) / taken.holds } : line,
  );
  const { quantity } = differenceOf(lines, actual);
  const why = piecesAsPacks
    ? `pieces of ${target.product.sku} were posted as ${pack.uom}`
    : `the material master says that a ${pack.uom} of ${target.product.sku} holds ${taken.holds}, not ${pack.holds}`;
  mismatch(context, "wrongUnitGoodsIssue", record, why, {
    difference: quantity === undefined ? {} : { quantity },
    isShort: !piecesAsPacks,
  });
  return record;
}

export function postTwice(context: PostingContext, at: number): StoryRecord {
  const { lines } = context.shipment;
  const first = post(context, { lines, at });
  const second = post(context, { lines, at: at + context.random.between(3, 40) * SECOND });
  const key = shipmentKey(context.shipment.id);
  pushFault(context, {
    kind: "duplicateGoodsIssue",
    events: [context.shipment.confirmation, first, second],
    expected: [{ rule: "goods-issue", key, state: "duplicate", ...differenceOf(lines, [...lines, ...lines]) }],
    why: "the first request timed out after the ERP had taken it, and was sent again",
    detectableAt: isoTime(second.recordedAt),
  });
  return first;
}

/** Beside the right document stands one for a number no warehouse ever gave. */
export function postAlsoAstray(context: PostingContext, at: number): StoryRecord {
  const { shipment, random } = context;
  const right = post(context, { lines: shipment.lines, at });
  const typo = `${shipment.id}${random.int(0, 9)}`;
  const wrong = post(context, {
    lines: shipment.lines.slice(0, 1),
    at: at + random.between(1, 6) * HOUR,
    shipments: [typo],
    isAstray: true,
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

/** The only document is for a number that lost its prefix or a zero: late here, an orphan there, and a near miss to the eye. */
export function postAstray(context: PostingContext, at: number): StoryRecord {
  const { shipment, random } = context;
  const isZeroLost = random.chance(0.5) && shipment.id.includes("0");
  const spoiled = isZeroLost ? shipment.id.replace("0", "") : shipment.id.replace(/^SH-/, "");
  const record = post(context, { lines: shipment.lines, at, shipments: [spoiled], isAstray: true });
  pushFault(context, {
    kind: "mistypedGoodsIssue",
    events: [shipment.confirmation, record],
    expected: [
      expectLate("goods-issue", shipment.id),
      { rule: "goods-issue", key: shipmentKey(spoiled), state: "orphan" },
    ],
    why: `posted by hand for ${spoiled} instead of ${shipment.id}`,
    detectableAt: isoTime(Math.max(record.recordedAt, dueAt(context))),
  });
  return record;
}

interface Mismatch {
  readonly difference: Partial<ExpectedHandoff>;
  /** Until it is due, the rest may still come. */
  readonly isShort?: boolean;
}

function mismatch(
  context: PostingContext,
  kind: string,
  record: StoryRecord,
  why: string,
  { difference, isShort = false }: Mismatch,
): void {
  pushFault(context, {
    kind,
    events: [context.shipment.confirmation, record],
    expected: [{ rule: "goods-issue", key: shipmentKey(context.shipment.id), state: "mismatched", ...difference }],
    why,
    detectableAt: isoTime(isShort ? Math.max(record.recordedAt, dueAt(context)) : record.recordedAt),
  });
}

/** By the warehouse's clock, as everybody reads it. */
export function dueAt({ shipment }: Pick<PostingContext, "shipment">): number {
  return Date.parse(shipment.confirmation.event.time) + DUE_MS.goodsIssue;
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
