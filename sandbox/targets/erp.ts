/** The ERP: posts a goods issue for a delivery, valued from its own book of deliveries. */
import { Decimal } from "decimal.js";
import { z } from "zod";
import { COMPANY_CODE, INTERFACES, WAREHOUSES, type Warehouse } from "../enterprise";
import type { Line, ObjectRef } from "../event";
import type { DeliveryBook } from "./delivery-book";
import { type Endpoint, malformed, type Refusal, type Request } from "./endpoint";
import type { RejectionReason } from "./fault";

const goodsIssue = z.object({
  delivery: z.string().trim().min(1),
  plant: z.string(),
  postingDate: z.iso.date(),
  items: z
    .array(
      z.object({
        material: z.string().min(1),
        quantity: z.string().regex(/^\d+(\.\d+)?$/),
        uom: z.string().min(1),
      }),
    )
    .min(1),
});
type GoodsIssue = z.output<typeof goodsIssue>;

const PATH = "/erp/goods-issues";
/** SAP's 49… range, far above what the simulation counts. */
const FIRST_DOCUMENT = 4_990_000_000;

export const ERP_ENDPOINTS: readonly Endpoint[] = [
  {
    path: PATH,
    mode: "verifiable",
    lookup: "delivery",
    okStatus: 201,
    documentNumber: (count) => String(FIRST_DOCUMENT + count),
    read: readGoodsIssue,
  },
];

function readGoodsIssue(body: unknown, book: DeliveryBook): Request | Refusal {
  const parsed = goodsIssue.safeParse(body);
  if (!parsed.success) return malformed(z.prettifyError(parsed.error));
  const warehouse = Object.values(WAREHOUSES).find(({ plant }) => plant === parsed.data.plant);
  if (warehouse === undefined)
    return { status: 422, code: "M7001", message: `Plant ${parsed.data.plant} does not exist` };
  return {
    subject: parsed.data.delivery,
    effect: (document) => posted(parsed.data, warehouse, document, book),
    refusal: (reason) => refuse(parsed.data, reason),
  };
}

function posted(message: GoodsIssue, warehouse: Warehouse, number: string, book: DeliveryBook) {
  const document: ObjectRef = { type: "erp_document", id: number };
  const shipment: ObjectRef = { type: "shipment", id: message.delivery };
  const lines = message.items.map(({ material, quantity, uom }): Line => {
    const value = uom === "EA" ? book.valueOf(message.delivery, material, quantity) : undefined;
    return { sku: material, location: warehouse.location, quantity, uom, ...value, direction: "out" };
  });
  const amounts = lines.flatMap(({ amount }) => amount ?? []);
  const currency = lines.find((line) => line.currency !== undefined)?.currency;
  // What it cannot value whole, it does not value: a part of the amount would be a wrong amount.
  const isValued = amounts.length === lines.length && currency !== undefined;
  return {
    source: "erp",
    type: "goods_issue.posted",
    data: {
      kind: "posting" as const,
      objects: [{ ...document, qualifier: "subject" }, shipment, { type: "location", id: warehouse.location }],
      links: [{ child: document, parent: shipment }],
      interface: INTERFACES.shipmentConfirmation,
      lines,
      ...(isValued ? { amount: Decimal.sum(...amounts).toFixed(2), currency } : {}),
      posting: {
        companyCode: COMPANY_CODE,
        period: book.periodOf(message.delivery) ?? message.postingDate.slice(0, 7),
      },
      attributes: { movementType: "601", plant: message.plant },
    },
  };
}

function refuse({ delivery, plant, postingDate, items }: GoodsIssue, reason: RejectionReason): Refusal {
  switch (reason) {
    case "period-closed":
      return {
        status: 422,
        code: "F5201",
        message: `Posting period ${postingDate.slice(5, 7)} ${postingDate.slice(0, 4)} is not open`,
      };
    case "unknown-material":
      return {
        status: 422,
        code: "M3305",
        message: `Material ${items[0]?.material} does not exist in plant ${plant}`,
      };
    case "credit-block":
      return {
        status: 422,
        code: "VL602",
        message: `Delivery ${delivery} is blocked for goods issue: credit check`,
      };
  }
}
