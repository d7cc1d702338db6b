import type { Random } from "./random";

/**
 * How often each shape and each fault of the simulated enterprise occurs. This is the only place where the rates stand;
 * docs/sandbox.md prints this table (`npm run sandbox -- --frequencies`) and a test holds the two together.
 *
 * `per` is the unit one draw is made for. Only eligible units are drawn: an order of one line cannot be split.
 */
export interface Frequency {
  readonly rate: number;
  readonly per: string;
  readonly means: string;
}

export const FREQUENCIES = {
  // Shapes of an order: unusual, and right.
  holdBeforeRelease: { rate: 0.03, per: "order", means: "fraud or credit hold, released 2 to 20 hours later" },
  changedOrder: { rate: 0.02, per: "order", means: "the customer changes a quantity before allocation" },
  cancelledBeforeRelease: { rate: 0.022, per: "order", means: "cancelled before the warehouse heard of it" },
  cancelledAfterRelease: { rate: 0.012, per: "order", means: "cancelled in the warehouse; the shipment is cancelled" },
  backorder: { rate: 0.05, per: "order not consolidated", means: "a line waits for stock and ships days later" },
  splitOrder: { rate: 0.12, per: "order of 2+ lines not consolidated", means: "lines come from two warehouses" },
  partialShipment: { rate: 0.03, per: "fulfilment of 2+ units", means: "one fulfilment leaves in two shipments" },
  consolidatedShipment: {
    rate: 0.02,
    per: "order with a next one to join",
    means: "2 or 3 orders leave in one shipment",
  },
  collectiveInvoice: { rate: 0.1, per: "field-sales order with a next one", means: "one invoice bills 2 to 5 orders" },
  fulfillmentRejected: { rate: 0.004, per: "fulfilment", means: "the warehouse rejects it; another one ships" },
  shortage: { rate: 0.025, per: "fulfilment of 2+ units", means: "less is found than asked; the rest is cancelled" },
  substitution: { rate: 0.018, per: "fulfilment", means: "another SKU is shipped at the price of the first" },
  carrierException: { rate: 0.025, per: "package", means: "the carrier reports a delay of 1 to 4 days" },
  returnedOrder: {
    rate: 0.06,
    per: "delivered shipment (field sales: a quarter)",
    means: "return, inspection, credit memo",
  },
  refusedReturn: { rate: 0.12, per: "return", means: "inspection refuses the goods; no credit memo is due" },
  collectivePayment: { rate: 0.5, per: "order with 2+ invoices", means: "one payment settles several invoices" },
  repeatedShipment: {
    rate: 0.03,
    per: "fulfilment whose quantities are all even",
    means: "it leaves in two shipments of the very same lines: no duplicate",
  },
  exportOrder: { rate: 0.1, per: "field-sales order", means: "for a site abroad, billed in CAD or EUR" },
  splitGoodsIssue: { rate: 0.02, per: "shipment of 2+ units", means: "posted in 2 or 3 documents" },
  collectiveGoodsIssue: {
    rate: 0.5,
    per: "shipments of one customer on one truck",
    means: "one document for all of them",
  },
  otherUnitGoodsIssue: {
    rate: 0.4,
    per: "shipment with a line of whole dozens or cases",
    means: "posted in DZ or CS, which is right when converted",
  },
  reversedGoodsIssue: { rate: 0.006, per: "shipment", means: "goods issue reversed and posted again" },
  reversedInvoice: { rate: 0.004, per: "invoice", means: "invoice reversed and posted again" },
  // Faults of the enterprise: each is in the truth file.
  missingGoodsIssue: { rate: 0.006, per: "shipment", means: "the ERP never posts it" },
  failedPostingTechnical: { rate: 0.006, per: "shipment", means: "every attempt fails, the message is dead-lettered" },
  failedPostingBusiness: { rate: 0.009, per: "shipment", means: "the ERP refuses the message, it is dead-lettered" },
  lateGoodsIssue: { rate: 0.01, per: "shipment", means: "posted 1 to 30 hours after it was due" },
  wrongQuantityGoodsIssue: { rate: 0.005, per: "shipment", means: "one line posted with another quantity" },
  wrongAmountGoodsIssue: { rate: 0.003, per: "shipment", means: "one line posted with another value" },
  wrongPeriodGoodsIssue: { rate: 0.003, per: "shipment", means: "posted into a neighbouring period" },
  nextPeriodGoodsIssue: {
    rate: 0.08,
    per: "shipment of a month's last two days",
    means: "posted late, in the next period",
  },
  partialGoodsIssue: { rate: 0.004, per: "shipment of 2+ units", means: "a part is posted, the rest never" },
  wrongUnitGoodsIssue: {
    rate: 0.05,
    per: "shipment with a line of whole dozens or cases",
    means: "posted in DZ or CS by a wrong factor",
  },
  mistypedGoodsIssue: {
    rate: 0.003,
    per: "shipment",
    means: "posted by hand under a number that lost its prefix or a zero",
  },
  duplicateGoodsIssue: { rate: 0.005, per: "shipment", means: "a timeout, a resend, two documents" },
  orphanGoodsIssue: { rate: 0.0015, per: "shipment", means: "a manual posting with a mistyped shipment number" },
  failureRepaired: { rate: 0.6, per: "dead-lettered posting", means: "somebody resends it hours later and it posts" },
  missingInvoice: { rate: 0.004, per: "invoice", means: "billing forgets it" },
  duplicateInvoice: { rate: 0.0025, per: "invoice", means: "billed twice under two numbers" },
  wrongAmountInvoice: { rate: 0.005, per: "invoice", means: "one line billed at another price" },
  wrongPeriodInvoice: { rate: 0.002, per: "invoice", means: "billed into a neighbouring period" },
  staleRateInvoice: { rate: 0.05, per: "invoice in CAD or EUR", means: "billed at last year's exchange rate" },
  shortPayment: { rate: 0.008, per: "payment", means: "the customer pays less than billed" },
  missingCreditMemo: { rate: 0.04, per: "accepted return", means: "goods came back, the credit memo never does" },
  missingGoodsReceipt: { rate: 0.01, per: "purchase order", means: "received in the warehouse, never in the ERP" },
  wrongQuantityGoodsReceipt: { rate: 0.015, per: "purchase order", means: "received with another quantity in the ERP" },
  unreferencedTracking: { rate: 0.002, per: "DHL package", means: "the carrier never says which shipment it carries" },
  swappedLabel: {
    rate: 0.1,
    per: "UPS shipment beside another order's",
    means: "a wrong tracking link, later retracted",
  },
  packingLoop: {
    rate: 0.02,
    per: "shipment on a pallet",
    means: "case in pallet and pallet in case: a cycle of links",
  },
  // Transport: how events reach us.
  apiFailure: { rate: 0.02, per: "first API attempt outside incidents", means: "503, 429 or timeout, then a retry" },
  apiIncident: { rate: 0.05, per: "interface and day", means: "10 to 50 minutes in which 90 % of attempts fail" },
  feedOutage: { rate: 0.02, per: "source and day", means: "nothing arrives for 20 to 120 minutes, then all at once" },
  duplicateDelivery: { rate: 0.012, per: "event", means: "the same event delivered 2 or 3 times" },
  lateDelivery: { rate: 0.008, per: "event", means: "delivered 20 minutes to 36 hours late" },
  outOfOrderDelivery: { rate: 0.03, per: "event", means: "delayed by 30 to 300 seconds, overtaken by later ones" },
  lostEvent: { rate: 0.0002, per: "pick or pack event", means: "never delivered: a gap in the source's sequence" },
} as const satisfies Record<string, Frequency>;

export type FrequencyName = keyof typeof FREQUENCIES;

/** What finance has to find; `--faults` makes these more frequent, and only these. */
const FINANCIAL_FAULTS: ReadonlySet<FrequencyName> = new Set<FrequencyName>([
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
  "missingInvoice",
  "duplicateInvoice",
  "wrongAmountInvoice",
  "wrongPeriodInvoice",
  "staleRateInvoice",
  "shortPayment",
  "missingCreditMemo",
  "missingGoodsReceipt",
  "wrongQuantityGoodsReceipt",
  "unreferencedTracking",
]);

/** Counts the draws of each frequency, so that the truth can say how often each shape was possible and happened. */
export class Tally {
  readonly counts = new Map<FrequencyName, { drawn: number; happened: number }>();

  /** `faultScale` multiplies the rates of what finance has to find, for tests that want many in a small company. */
  constructor(private readonly faultScale = 1) {}

  private rateOf(name: FrequencyName): number {
    return FREQUENCIES[name].rate * (FINANCIAL_FAULTS.has(name) ? this.faultScale : 1);
  }

  /** Draws one chance at its listed rate (times `scale`) and counts it. */
  draw(name: FrequencyName, random: Random, scale = 1): boolean {
    const happened = random.chance(this.rateOf(name) * scale);
    this.count(name, happened);
    return happened;
  }

  /** Draws at most one of several exclusive shapes, each at its own listed rate. */
  drawOne<N extends FrequencyName>(names: readonly N[], random: Random): N | undefined {
    let rest = random.unit();
    let chosen: N | undefined;
    for (const name of names) {
      const hit: boolean = chosen === undefined && rest < this.rateOf(name);
      if (hit) chosen = name;
      rest -= this.rateOf(name);
      this.count(name, hit);
    }
    return chosen;
  }

  count(name: FrequencyName, happened: boolean): void {
    const entry = this.counts.get(name) ?? { drawn: 0, happened: 0 };
    entry.drawn += 1;
    if (happened) entry.happened += 1;
    this.counts.set(name, entry);
  }
}

/** The table of docs/sandbox.md, in Markdown. */
export function frequencyTable(): string {
  const rows = Object.entries(FREQUENCIES).map(([name, { rate, per, means }]) => {
    const percent = `${Number((rate * 100).toFixed(3))} %`;
    return `| \`${name}\` | ${percent} | ${per} | ${means} |`;
  });
  return ["| name | rate | per | what happens |", "|---|---:|---|---|", ...rows].join("\n");
}
