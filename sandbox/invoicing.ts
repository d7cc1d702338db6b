import { type Bill, draftBills, type Invoice, periodOfBill, postInvoice, reverseInvoice } from "./billing";
import { DAY, MINUTE, neighbourPeriod } from "./calendar";
import { billedCents, dollarCents, type RateOf } from "./currency";
import { CURRENCY, DUE_MS, ROUNDING_TOLERANCE_CENTS } from "./enterprise";
import { isoTime, money } from "./event";
import { centsOf, type OrderGroup } from "./order";
import { receivePayments } from "./payments";
import type { PostedShipment } from "./postings";
import type { Random } from "./random";
import { differenceOf, type ShipLine } from "./shipment";
import { type ExpectedHandoff, type Fault, keyOf, type Story, type StoryRecord } from "./story";

/** Which bills go out right, and which are forgotten, sent twice, or wrong; then their payments. */

/** One bill among those that share its shipments: finance sees them together. */
interface Case {
  readonly story: Story;
  readonly bill: Bill;
  readonly siblings: readonly Bill[];
  readonly random: Random;
}

const OUTCOMES = [
  "missingInvoice",
  "duplicateInvoice",
  "wrongAmountInvoice",
  "wrongPeriodInvoice",
  "staleRateInvoice",
  "reversedInvoice",
] as const;

/** Too small a bill hides a stale rate in what rounding may differ by. */
const STALE_RATE_FROM_CENTS = 1000;

/** Bills every posted shipment of a group; answers the invoices that stand. */
export function invoiceOrders(story: Story, group: OrderGroup, posted: readonly PostedShipment[]): Invoice[] {
  const invoices: Invoice[] = [];
  let number = 0;
  for (const set of draftBills(story, group, posted)) {
    let mayFail = set.every((bill) => bill.shipments.every((entry) => entry.period === entry.rightPeriod));
    for (const bill of set) {
      const random = story.random("billing", group.orders[0]?.index ?? 0, number++);
      const outcome = mayFail ? story.world.tally.drawOne(possibleOutcomes(bill), random) : undefined;
      // Two faults of one shipment could not be told apart.
      if (outcome !== undefined && outcome !== "reversedInvoice") mayFail = false;
      const invoice = issue({ story, bill, siblings: set.filter((each) => each !== bill), random }, outcome);
      if (invoice !== undefined) invoices.push(invoice);
    }
  }
  receivePayments(story, invoices);
  return invoices;
}

function possibleOutcomes(bill: Bill) {
  const isAbroad = bill.currency !== CURRENCY && centsOf(bill.lines) >= STALE_RATE_FROM_CENTS;
  return OUTCOMES.filter((outcome) => isAbroad || outcome !== "staleRateInvoice");
}

function issue(at: Case, outcome: (typeof OUTCOMES)[number] | undefined): Invoice | undefined {
  switch (outcome) {
    case "missingInvoice":
      return forget(at);
    case "duplicateInvoice":
      return billTwice(at);
    case "wrongAmountInvoice":
      return billWrongly(at);
    case "wrongPeriodInvoice":
      return billInWrongPeriod(at);
    case "staleRateInvoice":
      return billAtStaleRate(at);
    case "reversedInvoice":
      return billReverseAndBillAgain(at);
    default:
      return postInvoice(at.story, at.bill, {});
  }
}

function forget(at: Case): undefined {
  const { bill, siblings } = at;
  const confirmations = bill.shipments.map((entry) => entry.shipment.confirmation);
  const difference = differenceOfDocuments(at, []);
  push(at, {
    kind: "missingInvoice",
    events: confirmations,
    // Where another order's part of the shipment was billed, something is there, and too little of it.
    expected: expectations(
      bill,
      siblings.length === 0 ? "late" : "mismatched",
      siblings.length === 0 ? {} : difference,
    ),
    why: "the billing run skipped it: billing block set on the sales order",
    detectableAt: isoTime(Math.max(...confirmations.map(({ event }) => Date.parse(event.time))) + DUE_MS.invoice),
  });
  return undefined;
}

function billTwice(at: Case): Invoice {
  const { story, bill, random } = at;
  const first = postInvoice(story, bill, {});
  const second = postInvoice(story, bill, { at: bill.billedAt + random.between(1, 20) * MINUTE });
  push(at, {
    kind: "duplicateInvoice",
    events: [first.record, second.record],
    expected: [
      ...expectations(bill, "duplicate", differenceOfDocuments(at, [{ lines: bill.lines }, { lines: bill.lines }])),
      { rule: "invoice-payment", key: { type: "invoice", id: second.id }, state: "late" },
    ],
    why: `the billing run was restarted: ${first.id} and ${second.id} bill the same delivery`,
    detectableAt: isoTime(second.record.recordedAt),
  });
  return first;
}

function billWrongly(at: Case): Invoice {
  const { story, bill, random } = at;
  const target = random.int(0, bill.lines.length - 1);
  const factor = random.pick([0.8, 0.9, 1.1, 1.15, 2]);
  const lines = bill.lines.map((line, i) =>
    i === target ? { ...line, priceCents: Math.round(line.priceCents * factor) } : line,
  );
  const invoice = postInvoice(story, bill, { lines });
  push(at, {
    kind: "wrongAmountInvoice",
    events: [invoice.record],
    expected: expectations(bill, "mismatched", differenceOfDocuments(at, [{ lines }])),
    why: "one item was billed at a condition price that differs from the order",
    detectableAt: isoTime(invoice.record.recordedAt),
  });
  return invoice;
}

function billInWrongPeriod(at: Case): Invoice {
  const { story, bill } = at;
  const expected = periodOfBill(bill);
  const actual = neighbourPeriod(expected, new Date(bill.billedAt).getUTCDate() <= 15 ? -1 : 1);
  const invoice = postInvoice(story, bill, { period: actual });
  push(at, {
    kind: "wrongPeriodInvoice",
    events: [invoice.record],
    expected: expectations(bill, "mismatched", { period: { expected, actual } }),
    why: "the billing date was entered by hand",
    detectableAt: isoTime(invoice.record.recordedAt),
  });
  return invoice;
}

function billAtStaleRate(at: Case): Invoice {
  const { story, bill } = at;
  const invoice = postInvoice(story, bill, { rate: "lastYear" });
  push(at, {
    kind: "staleRateInvoice",
    events: [invoice.record],
    expected: expectations(bill, "mismatched", differenceOfDocuments(at, [{ lines: bill.lines, rate: "lastYear" }])),
    why: `nobody had entered this year's rate for ${bill.currency}`,
    detectableAt: isoTime(invoice.record.recordedAt),
  });
  return invoice;
}

function billReverseAndBillAgain({ story, bill, random }: Case): Invoice {
  const first = postInvoice(story, bill, {});
  const reversedAt = bill.billedAt + random.between(0.5, 1.5) * DAY;
  reverseInvoice(story, first, reversedAt);
  for (const order of bill.orders) story.shape(order.id, "reversedInvoice");
  return postInvoice(story, bill, { at: reversedAt + random.between(2, 15) * MINUTE });
}

/** What these documents, and the right ones of the siblings, differ by from what left. */
function differenceOfDocuments(
  { bill, siblings }: Case,
  documents: readonly { readonly lines: readonly ShipLine[]; readonly rate?: RateOf }[],
): Pick<ExpectedHandoff, "quantity" | "amount"> {
  const all = [...siblings.map(({ lines }) => ({ lines, rate: undefined })), ...documents];
  const left = bill.shipments.flatMap((entry) => entry.shipment.lines);
  const { quantity } = differenceOf(
    left,
    all.flatMap(({ lines }) => lines),
  );
  const billed = all.reduce((sum, { lines, rate }) => sum + billedCents(lines, bill.currency, rate ?? "now"), 0);
  const [expected, actual] = [centsOf(left), dollarCents(billed, bill.currency)];
  return {
    ...(quantity === undefined ? {} : { quantity }),
    ...(Math.abs(expected - actual) <= ROUNDING_TOLERANCE_CENTS
      ? {}
      : { amount: { expected: money(expected), actual: money(actual), currency: CURRENCY } }),
  };
}

function expectations(
  bill: Bill,
  state: ExpectedHandoff["state"],
  difference: Partial<ExpectedHandoff>,
): ExpectedHandoff[] {
  return bill.shipments.map((entry) => ({
    rule: "shipment-invoice",
    key: { type: "shipment", id: entry.shipment.id },
    state,
    ...difference,
  }));
}

function push(
  { story, bill }: Case,
  draft: Omit<Fault, "order" | "events"> & { readonly events: readonly StoryRecord[] },
): void {
  for (const order of bill.orders) story.faults.push({ ...draft, order: order.id, events: draft.events.map(keyOf) });
}
