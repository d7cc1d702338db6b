/** The simulated company: its systems, warehouses and interfaces, and how each system's clock and feed behave. */

export const CURRENCY = "USD";
export const COMPANY_CODE = "1000";
/** Whose months are the company's periods; Toronto's are the same. */
export const COMPANY_TIME_ZONE = "America/New_York";

/** What customers are billed in, and the company's rates: US dollars for one unit. */
export type BillingCurrency = "USD" | "CAD" | "EUR";
/** Customers in Canada are billed by the subsidiary there; what leaves a warehouse is the parent's. */
export const BILLING_COMPANY_CODES: Readonly<Record<BillingCurrency, string>> = {
  USD: COMPANY_CODE,
  CAD: "2000",
  EUR: COMPANY_CODE,
};
export const RATES_TO_USD: Readonly<Record<BillingCurrency, { readonly now: number; readonly lastYear: number }>> = {
  USD: { now: 1, lastYear: 1 },
  CAD: { now: 0.7215, lastYear: 0.7482 },
  EUR: { now: 1.0842, lastYear: 1.0418 },
};

/** What rounding to whole cents of another currency may differ by, per handoff. */
export const ROUNDING_TOLERANCE_CENTS = 5;

/** The ERP's sales units. A case holds 24 pieces, but for what comes in cases of its own. */
export const DOZEN = 12;
export const CASE = 24;
export const CASES_BY_FAMILY: Readonly<Record<string, number>> = { LED: 10, MUG: 6 };

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

export type WarehouseSource = "wms-east" | "wms-central" | "wms-west";
export type CarrierSource = "carrier-dhl" | "carrier-ups";
export type Source = WarehouseSource | CarrierSource | "oms" | "marketplace" | "erp" | "gateway" | "middleware";

export interface SourceProfile {
  /** How far the source's clock is ahead of the true one. */
  readonly clockSkewMs: number;
  /** Median delay between the happening and the source's own record of it. */
  readonly recordDelayMs: number;
  /** Median delay between the record and its first delivery to us. */
  readonly latencyMs: number;
  /** When set, we poll the source and see its events only at these intervals. */
  readonly pollMs?: number;
  /** Whether the source numbers its log without gaps. */
  readonly sequenced: boolean;
}

export const SOURCES: Readonly<Record<Source, SourceProfile>> = {
  oms: { clockSkewMs: 0, recordDelayMs: 120, latencyMs: 900, sequenced: true },
  marketplace: { clockSkewMs: 12 * SECOND, recordDelayMs: 400, latencyMs: 4 * SECOND, sequenced: false },
  erp: { clockSkewMs: 0, recordDelayMs: 20 * SECOND, latencyMs: 25 * SECOND, sequenced: false },
  gateway: { clockSkewMs: 0, recordDelayMs: 15, latencyMs: 2 * SECOND, sequenced: false },
  middleware: { clockSkewMs: 0, recordDelayMs: 40, latencyMs: 700, sequenced: true },
  "wms-east": { clockSkewMs: 0, recordDelayMs: 600, latencyMs: 3 * SECOND, sequenced: true },
  // An old host whose clock nobody sets: it runs 4 min 10 s behind, so its shipments seem to precede their picks' messages.
  "wms-central": { clockSkewMs: -250 * SECOND, recordDelayMs: 900, latencyMs: 6 * SECOND, sequenced: true },
  "wms-west": { clockSkewMs: 35 * SECOND, recordDelayMs: 500, latencyMs: 3 * SECOND, sequenced: true },
  // Drivers' scanners upload when they are next in reach; DHL is polled, UPS pushes.
  "carrier-dhl": {
    clockSkewMs: 0,
    recordDelayMs: 4 * MINUTE,
    latencyMs: 10 * SECOND,
    pollMs: 15 * MINUTE,
    sequenced: false,
  },
  "carrier-ups": { clockSkewMs: 95 * SECOND, recordDelayMs: 6 * MINUTE, latencyMs: 5 * SECOND, sequenced: false },
};

export const SOURCE_NAMES = Object.keys(SOURCES) as readonly Source[];

export interface Warehouse {
  readonly source: WarehouseSource;
  readonly location: string;
  readonly city: string;
  readonly utcOffsetHours: number;
  /** The SAP plant that stands for this warehouse in the ERP. */
  readonly plant: string;
  readonly upsAccount: string;
}

/** Offsets are standard time all year: the sandbox has no daylight saving. */
export const WAREHOUSES: Readonly<Record<WarehouseSource, Warehouse>> = {
  "wms-east": {
    source: "wms-east",
    location: "DC-EAST",
    city: "Allentown PA",
    utcOffsetHours: -5,
    plant: "1710",
    upsAccount: "4E81W6",
  },
  "wms-central": {
    source: "wms-central",
    location: "DC-CENTRAL",
    city: "Joliet IL",
    utcOffsetHours: -6,
    plant: "1720",
    upsAccount: "7R20A3",
  },
  "wms-west": {
    source: "wms-west",
    location: "DC-WEST",
    city: "Reno NV",
    utcOffsetHours: -8,
    plant: "1730",
    upsAccount: "92V4X5",
  },
};

export const WAREHOUSE_SOURCES = Object.keys(WAREHOUSES) as readonly WarehouseSource[];

/** The company's head office, whose clock rules the nightly ERP jobs. */
export const OFFICE_UTC_OFFSET_HOURS = -5;

export const ERP_BATCH = {
  orderMs: 15 * MINUTE,
  goodsIssueMs: 15 * MINUTE,
  billingMs: 30 * MINUTE,
  /** Office hours of the nightly jobs. */
  collectiveBillingHour: 1,
  journalHour: 2.5,
  paymentHour: 7,
} as const;

/** How long after its cause each of these is due. */
export const DUE_MS = {
  goodsIssue: 30 * MINUTE,
  goodsReceipt: 30 * MINUTE,
  invoice: 2 * DAY,
  creditMemo: 2 * DAY,
  carrierPickup: 3 * DAY,
  orderInvoiced: 30 * DAY,
  purchaseOrderReceipt: 45 * DAY,
  payment: 90 * DAY,
} as const;

export const INTERFACES = {
  ecommerceOrder: "ecommerce-to-oms.order",
  fieldSalesOrder: "fieldsales-to-oms.order",
  marketplaceOrder: "marketplace-to-oms.order",
  erpOrder: "oms-to-erp.order",
  fulfillment: "oms-to-wms.fulfillment",
  carrierBooking: "wms-to-carrier.booking",
  shipmentConfirmation: "wms-to-erp.shipment-confirmation",
  tracking: "carrier-to-oms.tracking",
  availability: "ecommerce-to-oms.availability",
  returnReceipt: "wms-to-oms.return-receipt",
  asn: "supplier-to-wms.asn",
  goodsReceipt: "wms-to-erp.goods-receipt",
} as const;

export type InterfaceName = (typeof INTERFACES)[keyof typeof INTERFACES];
