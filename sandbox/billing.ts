import { MINUTE, nextBatch, nextNightly, SECOND } from "./calendar";
import { billedCents, billedEventLines, type RateOf } from "./currency";
import { BILLING_COMPANY_CODES, type BillingCurrency, ERP_BATCH } from "./enterprise";
import { money, type ObjectRef } from "./event";
import { centsOf, type Order, type OrderGroup, unitsOf } from "./order";
import type { PostedShipment } from "./postings";
import type { ShipLine } from "./shipment";
import type { Story, StoryRecord } from "./story";

/** Billing in the ERP: one invoice per order and shipment, or one for several orders in the nightly run; then the journal. */

/** What one invoice is to bill. */
export interface Bill {
  readonly orders: readonly Order[];
  readonly shipments: readonly PostedShipment[];
  readonly lines: readonly ShipLine[];
  readonly currency: BillingCurrency;
  readonly billedAt: number;
}

export interface Invoice extends Bill {
  readonly id: string;
  /** As billed, wrong or right, at dollar prices. */
  readonly billedLines: readonly ShipLine[];
  /** As billed, in the invoice's currency. */
  readonly cents: number;
  readonly record: StoryRecord;
}

type Billable = PostedShipment & { readonly postedAt: number };

/** What is to be billed of the posted shipments of a group: sets of bills, each apart from the others. Bills of one set share a shipment. */
export function draftBills(story: Story, group: OrderGroup, posted: readonly PostedShipment[]): Bill[][] {
  const billable = posted.flatMap((entry) =>
    entry.postedAt === undefined ? [] : [{ ...entry, postedAt: entry.postedAt }],
  );
  if (group.kind === "collective") return collectiveBills(story, group, billable).map((bill) => [bill]);
  return billable.map((entry) => singleBills(story, group, entry));
}

function singleBills(story: Story, group: OrderGroup, entry: Billable): Bill[] {
  return entry.shipment.orders.map((order, i) => {
    const random = story.random("billing run", entry.shipment.id, i);
    const runAt =
      group.orders[0]?.channel === "field-sales"
        ? nextNightly(entry.postedAt + MINUTE, ERP_BATCH.collectiveBillingHour)
        : nextBatch(entry.postedAt + 3 * MINUTE, ERP_BATCH.billingMs);
    return {
      orders: [order],
      shipments: [entry],
      lines: entry.shipment.lines.filter((line) => line.orderId === order.id),
      currency: order.billedIn,
      billedAt: runAt + random.between(5, 420) * SECOND,
    };
  });
}

/** One invoice for all the shipments of the customer that were posted before the same night's run; two billing dates never share one. */
function collectiveBills(story: Story, group: OrderGroup, posted: readonly Billable[]): Bill[] {
  const runs = new Map<string, Billable[]>();
  for (const entry of posted) {
    const night = nextNightly(entry.postedAt + MINUTE, ERP_BATCH.collectiveBillingHour);
    const run = [night, entry.period, entry.rightPeriod].join(" ");
    runs.set(run, [...(runs.get(run) ?? []), entry]);
  }
  return [...runs].map(([run, shipments]) => {
    const ids = new Set(shipments.flatMap((entry) => entry.shipment.orders.map((order) => order.id)));
    const orders = group.orders.filter((order) => ids.has(order.id));
    if (orders.length > 1) for (const order of orders) story.shape(order.id, "collectiveInvoice");
    const night = Number(run.split(" ")[0]);
    return {
      orders,
      shipments,
      lines: shipments.flatMap((entry) => entry.shipment.lines),
      currency: orders[0]?.billedIn ?? "USD",
      billedAt: night + story.random("billing run", night).between(60, 1500) * SECOND,
    };
  });
}

export interface InvoiceOptions {
  readonly at?: number;
  readonly lines?: readonly ShipLine[];
  readonly period?: string;
  readonly rate?: RateOf;
}

export function postInvoice(story: Story, bill: Bill, options: InvoiceOptions): Invoice {
  const lines = options.lines ?? bill.lines;
  const at = options.at ?? bill.billedAt;
  const rate = options.rate ?? "now";
  const id = story.world.numbers.invoice();
  const record = invoiceEvent(story, bill, { id, lines, at, period: options.period ?? periodOfBill(bill), rate });
  book(story, bill, lines, 1, record);
  journal(story, id, at, record);
  return { ...bill, id, billedLines: lines, cents: billedCents(lines, bill.currency, rate), billedAt: at, record };
}

/** A reversal is a document of its own, with a journal entry of its own. */
export function reverseInvoice(story: Story, invoice: Invoice, at: number): void {
  const id = story.world.numbers.invoice();
  const lines = invoice.billedLines;
  const period = periodOfBill(invoice);
  const record = invoiceEvent(story, invoice, { id, lines, at, period, rate: "now", reverses: invoice.id });
  book(story, invoice, lines, -1, record);
  journal(story, id, at, record);
}

interface Document {
  readonly id: string;
  readonly lines: readonly ShipLine[];
  readonly at: number;
  readonly period: string;
  readonly rate: RateOf;
  readonly reverses?: string;
}

/** An invoice item states its sales order; the shipment is quoted as a reference, so a shared one does not mix two orders. */
function invoiceEvent(story: Story, bill: Bill, document: Document): StoryRecord {
  const invoice: ObjectRef = { type: "invoice", id: document.id };
  const erpOrders = bill.orders.map((order): ObjectRef => ({ type: "erp_order", id: order.erpOrder }));
  const { reverses, lines, rate } = document;
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
    lines: billedEventLines(lines, bill.currency, rate),
    amount: money(billedCents(lines, bill.currency, rate)),
    currency: bill.currency,
    posting: {
      companyCode: BILLING_COMPANY_CODES[bill.currency],
      period: document.period,
      ...(reverses === undefined ? {} : { reverses }),
    },
    attributes: {
      billingType: reverses === undefined ? "F2" : "S1",
      payerTerms: bill.orders[0]?.channel === "field-sales" ? "NT30" : "0001",
    },
  });
}

/** SAP's default: the billing date is the date of the goods issue, so an invoice belongs to the period of its posting. */
export function periodOfBill(bill: Bill): string {
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

/** The nightly job that carries the day's billing documents into the general ledger. */
function journal(story: Story, invoice: string, billedAt: number, { event: { data } }: StoryRecord): void {
  const run = nextNightly(billedAt, ERP_BATCH.journalHour);
  const at = run + story.random("journal", invoice).between(2, 900) * SECOND;
  const isReversal = data.posting?.reverses !== undefined;
  story.emit("erp", "journal.posted", at, {
    objects: [
      { type: "journal_entry", id: story.world.numbers.journalEntry(), qualifier: "subject" },
      { type: "invoice", id: invoice },
    ],
    amount: data.amount ?? "",
    currency: data.currency ?? "",
    posting: { companyCode: data.posting?.companyCode ?? "", period: data.posting?.period ?? "" },
    attributes: { ledger: "0L", account: "0000800000", side: isReversal ? "debit" : "credit" },
  });
}
