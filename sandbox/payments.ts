import type { Invoice } from "./billing";
import { DAY, fiscalPeriod, nextNightly, SECOND } from "./calendar";
import { dollarCents } from "./currency";
import type { Channel } from "./demand";
import { BILLING_COMPANY_CODES, DUE_MS, ERP_BATCH } from "./enterprise";
import { isoTime, money } from "./event";
import { centsOf } from "./order";
import type { Random } from "./random";
import { keyOf, type Story } from "./story";

/** Money in: cards settle overnight, the marketplace remits within days, businesses pay around their thirty days. */

export function receivePayments(story: Story, invoices: readonly Invoice[]): void {
  const [first] = invoices;
  if (first === undefined) return;
  const random = story.random("payments", first.id);
  const together = invoices.length > 1 && story.world.tally.draw("collectivePayment", random);
  const batches = together ? [invoices] : invoices.map((invoice) => [invoice]);
  batches.forEach((batch, i) => {
    receive(story, batch, story.random("payment", first.id, i));
  });
}

function receive(story: Story, invoices: readonly Invoice[], random: Random): void {
  const channel = invoices[0]?.orders[0]?.channel ?? "ecommerce";
  const lastBilledAt = Math.max(...invoices.map((invoice) => invoice.billedAt));
  const at =
    nextNightly(lastBilledAt + delay(channel, random), ERP_BATCH.paymentHour) + random.between(30, 3000) * SECOND;
  const billed = invoices.reduce((sum, invoice) => sum + invoice.cents, 0);
  const currency = invoices[0]?.currency ?? "USD";
  const isShort = story.world.tally.draw("shortPayment", random);
  const paid = isShort ? billed - Math.max(1, Math.round(billed * random.pick([0.02, 0.05, 0.1]))) : billed;
  const record = story.emit("erp", "payment.received", at, {
    objects: [
      { type: "payment", id: story.world.numbers.payment(), qualifier: "subject" },
      ...invoices.map((invoice) => ({ type: "invoice", id: invoice.id })),
      { type: "customer", id: invoices[0]?.orders[0]?.customer.id ?? "" },
    ],
    amount: money(paid),
    currency,
    posting: { companyCode: BILLING_COMPANY_CODES[currency], period: fiscalPeriod(at) },
    attributes: { method: channel === "ecommerce" ? "card" : channel === "marketplace" ? "remittance" : "ACH" },
  });
  // The books are in dollars.
  let missing = dollarCents(billed - paid, currency);
  for (const invoice of invoices) {
    for (const order of invoice.orders) {
      const cents = centsOf(invoice.billedLines.filter((line) => line.orderId === order.id));
      const cut = Math.min(missing, cents);
      missing -= cut;
      story.book(order.id, "paid", 0, cents - cut, record);
    }
  }
  const orders = new Set(invoices.flatMap((invoice) => invoice.orders));
  if (invoices.length > 1) for (const order of orders) story.shape(order.id, "collectivePayment");
  if (!isShort) return;
  for (const order of orders) {
    story.faults.push({
      kind: "shortPayment",
      order: order.id,
      events: [...invoices.map((invoice) => keyOf(invoice.record)), keyOf(record)],
      expected: invoices.map((invoice) => ({
        rule: "invoice-payment",
        key: { type: "invoice", id: invoice.id },
        state: "mismatched" as const,
        amount: { expected: money(billed), actual: money(paid), currency },
      })),
      why: "the customer deducted a discount that was not agreed",
      // What is missing may still come until it is due.
      detectableAt: isoTime(lastBilledAt + DUE_MS.payment),
    });
  }
}

function delay(channel: Channel, random: Random): number {
  if (channel === "ecommerce") return random.between(0.3, 1.6) * DAY;
  if (channel === "marketplace") return random.between(2, 8) * DAY;
  return Math.min(75, random.lognormal(26, 0.35)) * DAY;
}
