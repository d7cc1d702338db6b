import { DAY, MINUTE, neighbourPeriod, nextBatch, nextNightly, SECOND } from "./calendar";
import { COMPANY_CODE, CURRENCY, ERP_BATCH, INVOICE_SLA_MS } from "./enterprise";
import { isoTime, money, type ObjectRef } from "./event";
import { centsOf, eventLines, type Order, type OrderGroup, unitsOf } from "./order";
import { receivePayments } from "./payments";
import type { PostedShipment } from "./postings";
import type { Random } from "./random";
import { mergeLines, type ShipLine } from "./shipment";
import { type ExpectedHandoff, type Fault, keyOf, type Story, type StoryRecord } from "./story";

/** Billing in the ERP: one invoice per order and shipment, or one for several orders in the nightly run; then the journal. */

/** What one invoice is to bill. */
export interface Bill {
  readonly orders: readonly Order[];
  readonly shipments: readonly PostedShipment[];
  readonly lines: readonly ShipLine[];
  readonly billedAt: number;
}

export interface Invoice extends Bill {
  readonly id: string;
  /** As billed, wrong or right. */
  readonly billedLines: readonly ShipLine[];
  readonly record: StoryRecord;
}

const INVOICE_FAULTS = [
  "missingInvoice",
  "duplicateInvoice",
  "wrongAmountInvoice",
  "wrongPeriodInvoice",
  "reversedInvoice",
] as const;

/** Bills every posted shipment of a group; answers the invoices that stand. */
export function bill(story: Story, group: OrderGroup, posted: readonly PostedShipment[]): Invoice[] {
  const billable = posted.flatMap((entry) =>
    entry.postedAt === undefined ? [] : [{ ...entry, postedAt: entry.postedAt }],
  );
  const bills =
    group.kind === "collective" ? collectiveBills(story, group, billable) : singleBills(story, group, billable);
  const invoices = bills.flatMap((each, i) => {
    const invoice = issue(story, each, story.random("billing", group.orders[0]?.index ?? 0, i));
    return invoice === undefined ? [] : [invoice];
  });
  receivePayments(story, invoices);
  return invoices;
}

type Billable = PostedShipment & { readonly postedAt: number };

function singleBills(story: Story, group: OrderGroup, posted: readonly Billable[]): Bill[] {
  return posted.flatMap((entry) =>
    entry.shipment.orders.map((order, i) => {
      const random = story.random("billing run", entry.shipment.id, i);
      const runAt =
        group.orders[0]?.channel === "field-sales"
          ? nextNightly(entry.postedAt + MINUTE, ERP_BATCH.collectiveBillingHour)
          : nextBatch(entry.postedAt + 3 * MINUTE, ERP_BATCH.billingMs);
      return {
        orders: [order],
        shipments: [entry],
        lines: entry.shipment.lines.filter((line) => line.orderId === order.id),
        billedAt: runAt + random.between(5, 420) * SECOND,
      };
    }),
  );
}

/** One invoice for all the shipments of the customer that were posted before the same night's run. */
function collectiveBills(story: Story, group: OrderGroup, posted: readonly Billable[]): Bill[] {
  const nights = new Map<number, Billable[]>();
  for (const entry of posted) {
    const night = nextNightly(entry.postedAt + MINUTE, ERP_BATCH.collectiveBillingHour);
    nights.set(night, [...(nights.get(night) ?? []), entry]);
  }
  return [...nights].map(([night, shipments]) => {
    const ids = new Set(shipments.flatMap((entry) => entry.shipment.orders.map((order) => order.id)));
    const orders = group.orders.filter((order) => ids.has(order.id));
    if (orders.length > 1) for (const order of orders) story.shape(order.id, "collectiveInvoice");
    return {
      orders,
      shipments,
      lines: shipments.flatMap((entry) => entry.shipment.lines),
      billedAt: night + story.random("billing run", night).between(60, 1500) * SECOND,
    };
  });
}

function issue(story: Story, bill: Bill, random: Random): Invoice | undefined {
  const fault = story.world.tally.drawOne(INVOICE_FAULTS, random);
  switch (fault) {
    case "missingInvoice":
      return forget(story, bill);
    case "duplicateInvoice":
      return billTwice(story, bill, random);
    case "wrongAmountInvoice":
      return billWrongly(story, bill, random);
    case "wrongPeriodInvoice":
      return billInWrongPeriod(story, bill);
    case "reversedInvoice":
      return billReverseAndBillAgain(story, bill, random);
    default:
      return post(story, bill, {});
  }
}

interface PostOptions {
  readonly at?: number;
  readonly lines?: readonly ShipLine[];
  readonly period?: string;
}

function post(story: Story, bill: Bill, options: PostOptions): Invoice {
  const lines = options.lines ?? bill.lines;
  const at = options.at ?? bill.billedAt;
  const id = story.world.numbers.invoice();
  const record = invoiceEvent(story, bill, { id, lines, at, period: options.period ?? periodOfBill(bill) });
  book(story, bill, lines, 1, record);
  journal(story, id, centsOf(lines), at, record);
  return { ...bill, id, billedLines: lines, billedAt: at, record };
}

interface Document {
  readonly id: string;
  readonly lines: readonly ShipLine[];
  readonly at: number;
  readonly period: string;
  readonly reverses?: string;
}

/** An invoice item states its sales order; the shipment is quoted as a reference, so a shared one does not mix two orders. */
function invoiceEvent(story: Story, bill: Bill, document: Document): StoryRecord {
  const invoice: ObjectRef = { type: "invoice", id: document.id };
  const erpOrders = bill.orders.map((order): ObjectRef => ({ type: "erp_order", id: order.erpOrder }));
  const { reverses } = document;
  return story.emit("erp", reverses === undefined ? "invoice.posted" : "invoice.reversed", document.at, {
    objects: [
      { ...invoice, qualifier: "subject" },
      ...(reverses === undefined ? [] : [{ type: "invoice", id: reverses, qualifier: "reversed" }]),
      ...erpOrders,
      ...bill.shipments.map(
        (entry): ObjectRef => ({ type: "shipment", id: entry.shipment.id, qualifier: "reference" }),
      ),
      { type: "customer", id: bill.orders[0]?.customer.id ?? "" },
    ],
    links: erpOrders.map((parent) => ({ child: invoice, parent })),
    lines: eventLines(mergeLines(document.lines)),
    amount: money(centsOf(document.lines)),
    currency: CURRENCY,
    posting: { companyCode: COMPANY_CODE, period: document.period, ...(reverses === undefined ? {} : { reverses }) },
    attributes: {
      billingType: reverses === undefined ? "F2" : "S1",
      payerTerms: bill.orders[0]?.channel === "field-sales" ? "NT30" : "0001",
    },
  });
}

/** SAP's default: the billing date is the date of the goods issue, so an invoice belongs to the shipment's period. */
function periodOfBill(bill: Bill): string {
  const period = bill.shipments[0]?.period;
  if (period === undefined) throw new Error("billing: a bill has a shipment");
  return period;
}

function book(story: Story, bill: Bill, lines: readonly ShipLine[], sign: 1 | -1, record: StoryRecord): void {
  for (const order of bill.orders) {
    const own = lines.filter((line) => line.orderId === order.id);
    story.book(order.id, "invoiced", sign * unitsOf(own), sign * centsOf(own), record);
  }
}

/** The nightly job that carries the day's invoices into the general ledger. */
function journal(story: Story, invoice: string, cents: number, billedAt: number, invoiceRecord: StoryRecord): void {
  const run = nextNightly(billedAt, ERP_BATCH.journalHour);
  const at = run + story.random("journal", invoice).between(2, 900) * SECOND;
  story.emit("erp", "journal.posted", at, {
    objects: [
      { type: "journal_entry", id: story.world.numbers.journalEntry(), qualifier: "subject" },
      { type: "invoice", id: invoice },
    ],
    amount: money(cents),
    currency: CURRENCY,
    posting: { companyCode: COMPANY_CODE, period: invoiceRecord.event.data.posting?.period ?? "" },
    attributes: { ledger: "0L", account: "0000800000" },
  });
}

function forget(story: Story, bill: Bill): undefined {
  push(story, bill, {
    kind: "missingInvoice",
    events: bill.shipments.map((entry) => entry.shipment.confirmation),
    expected: expectations(bill, "late", {}),
    why: "the billing run skipped it: billing block set on the sales order",
    detectableAt: isoTime(bill.billedAt + INVOICE_SLA_MS),
  });
  return undefined;
}

function billTwice(story: Story, bill: Bill, random: Random): Invoice {
  const first = post(story, bill, {});
  const second = post(story, bill, { at: bill.billedAt + random.between(1, 20) * MINUTE });
  push(story, bill, {
    kind: "duplicateInvoice",
    events: [first.record, second.record],
    expected: expectations(bill, "duplicate", {}),
    why: `the billing run was restarted: ${first.id} and ${second.id} bill the same delivery`,
    detectableAt: isoTime(second.record.recordedAt),
  });
  return first;
}

function billWrongly(story: Story, bill: Bill, random: Random): Invoice {
  const target = random.int(0, bill.lines.length - 1);
  const factor = random.pick([0.8, 0.9, 1.1, 1.15, 2]);
  const lines = bill.lines.map((line, i) =>
    i === target ? { ...line, priceCents: Math.round(line.priceCents * factor) } : line,
  );
  const invoice = post(story, bill, { lines });
  push(story, bill, {
    kind: "wrongAmountInvoice",
    events: [invoice.record],
    expected: expectations(bill, "mismatched", {
      amount: { expected: money(centsOf(bill.lines)), actual: money(centsOf(lines)), currency: CURRENCY },
    }),
    why: "one item was billed at a condition price that differs from the order",
    detectableAt: isoTime(invoice.record.recordedAt),
  });
  return invoice;
}

function billInWrongPeriod(story: Story, bill: Bill): Invoice {
  const expected = periodOfBill(bill);
  const actual = neighbourPeriod(expected, new Date(bill.billedAt).getUTCDate() <= 15 ? -1 : 1);
  const invoice = post(story, bill, { period: actual });
  push(story, bill, {
    kind: "wrongPeriodInvoice",
    events: [invoice.record],
    expected: expectations(bill, "mismatched", { period: { expected, actual } }),
    why: "the billing date was entered by hand",
    detectableAt: isoTime(invoice.record.recordedAt),
  });
  return invoice;
}

function billReverseAndBillAgain(story: Story, bill: Bill, random: Random): Invoice {
  const first = post(story, bill, {});
  const reversedAt = bill.billedAt + random.between(0.5, 1.5) * DAY;
  const id = story.world.numbers.invoice();
  const record = invoiceEvent(story, bill, {
    id,
    lines: bill.lines,
    at: reversedAt,
    period: periodOfBill(bill),
    reverses: first.id,
  });
  book(story, bill, bill.lines, -1, record);
  journal(story, id, -centsOf(bill.lines), reversedAt, record);
  for (const order of bill.orders) story.shape(order.id, "reversedInvoice");
  return post(story, bill, { at: reversedAt + random.between(2, 15) * MINUTE });
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
  story: Story,
  bill: Bill,
  draft: Omit<Fault, "order" | "events"> & { readonly events: readonly StoryRecord[] },
): void {
  for (const order of bill.orders) story.faults.push({ ...draft, order: order.id, events: draft.events.map(keyOf) });
}
