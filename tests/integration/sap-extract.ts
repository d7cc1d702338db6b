/** The SAP order-to-cash extract of the samples, and what it says, read with nothing of the product. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Decimal } from "decimal.js";
import { SAMPLES } from "./erp-import";

export const EXTRACT = join(SAMPLES, "sap-o2c");
export const missing = !existsSync(EXTRACT);
if (missing) console.warn(`Skipped: the SAP extract is not at ${EXTRACT} (set THROUGHLINE_SAMPLES).`);
/** After everything in the extract fell due. */
export const LATER = "2026-01-01T00:00:00.000Z";

export type Row = Record<string, string | null | boolean>;

/** One table of the extract, read with nothing of the product. */
export function table(name: string): Row[] {
  const folder = join(EXTRACT, name);
  return readdirSync(folder)
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"))
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Row);
}

export const of = (row: Row | undefined, field: string): string => String(row?.[field] ?? "");
export const plain = (item: string): string => String(Number(item));

/** Quantities by material, as comparable text. */
export function bag(lines: readonly (readonly [material: string, quantity: string])[]): string {
  const sums = new Map<string, Decimal>();
  for (const [material, quantity] of lines) sums.set(material, (sums.get(material) ?? new Decimal(0)).plus(quantity));
  return [...sums]
    .map(([material, sum]) => `${material} ${sum.toFixed()}`)
    .sort()
    .join(", ");
}

/** The same questions, answered from the raw files by plain loops. */
export function truthOfExtract() {
  const orders = table("sales_order_headers");
  const orderItems = table("sales_order_items");
  const deliveries = table("outbound_delivery_headers");
  const deliveryItems = table("outbound_delivery_items");
  const billings = table("billing_document_headers");
  const billingItems = table("billing_document_items");
  const journal = table("journal_entry_items_accounts_receivable");
  const cleared = table("payments_accounts_receivable");

  const materialOf = new Map(
    orderItems.map((item) => [`${of(item, "salesOrder")}/${plain(of(item, "salesOrderItem"))}`, of(item, "material")]),
  );
  const orderOfDelivery = new Map<string, string>();
  const linesOfOrder = new Map<string, [string, string][]>();
  const linesOfDelivery = new Map<string, [string, string][]>();
  const deliveredOfOrder = new Map<string, [string, string][]>();
  const deliveryOfBilling = new Map<string, string>();
  const linesOfBilling = new Map<string, [string, string][]>();
  const add = (map: Map<string, [string, string][]>, key: string, line: [string, string]) =>
    map.set(key, [...(map.get(key) ?? []), line]);
  for (const item of orderItems)
    add(linesOfOrder, of(item, "salesOrder"), [of(item, "material"), of(item, "requestedQuantity")]);
  for (const item of deliveryItems) {
    const [order, delivery] = [of(item, "referenceSdDocument"), of(item, "deliveryDocument")];
    const material = materialOf.get(`${order}/${plain(of(item, "referenceSdDocumentItem"))}`) ?? "?";
    orderOfDelivery.set(delivery, order);
    add(linesOfDelivery, delivery, [material, of(item, "actualDeliveryQuantity")]);
    add(deliveredOfOrder, order, [material, of(item, "actualDeliveryQuantity")]);
  }
  for (const item of billingItems) {
    deliveryOfBilling.set(of(item, "billingDocument"), of(item, "referenceSdDocument"));
    add(linesOfBilling, of(item, "billingDocument"), [of(item, "material"), of(item, "billingQuantity")]);
  }
  const cancels = billings.filter((row) => of(row, "cancelledBillingDocument") !== "");
  const cancelled = new Set(cancels.map((row) => of(row, "cancelledBillingDocument")));
  const standing = billings.filter(
    (row) => of(row, "cancelledBillingDocument") === "" && !cancelled.has(of(row, "billingDocument")),
  );
  return {
    orders,
    orderItems,
    deliveries,
    billings,
    journal,
    cleared,
    cancels,
    cancelled,
    standing,
    orderOfDelivery,
    linesOfOrder,
    linesOfDelivery,
    deliveredOfOrder,
    deliveryOfBilling,
    linesOfBilling,
  };
}

export type Truth = ReturnType<typeof truthOfExtract>;
