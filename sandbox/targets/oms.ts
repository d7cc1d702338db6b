/** The OMS: takes an order from the shop or from field sales and numbers it. */
import { z } from "zod";
import { INTERFACES, type InterfaceName } from "../enterprise";
import { type Endpoint, malformed } from "./endpoint";

const order = z.object({
  customer: z.string().min(1),
  lines: z.array(z.object({ sku: z.string().min(1), quantity: z.number().positive() })).min(1),
});

/** Far above what the simulation counts. */
const FIRST_ORDER = 9_000_000;

const orders = (path: string, name: InterfaceName, ordinal: number): Endpoint => ({
  path,
  mode: "idempotent",
  lookup: "customer",
  okStatus: 201,
  // Two doors, one number range: each takes every other number.
  documentNumber: (count) => `SO-${FIRST_ORDER + 2 * count + ordinal}`,
  read(body) {
    const parsed = order.safeParse(body);
    if (!parsed.success) return malformed(z.prettifyError(parsed.error));
    const { customer, lines } = parsed.data;
    return {
      subject: customer,
      effect: (number) => ({
        source: "oms",
        type: "order.created",
        data: {
          kind: "step" as const,
          objects: [
            { type: "order", id: number, qualifier: "subject" },
            { type: "customer", id: customer },
          ],
          interface: name,
          lines: lines.map(({ sku, quantity }) => ({ sku, quantity: String(quantity), uom: "EA" })),
        },
      }),
      refusal: () => ({ status: 422, code: "CREDIT_LIMIT", message: `Customer ${customer} is over the credit limit` }),
    };
  },
});

export const OMS_ENDPOINTS: readonly Endpoint[] = [
  orders("/oms/v2/orders", INTERFACES.ecommerceOrder, 0),
  orders("/oms/v2/sales-orders", INTERFACES.fieldSalesOrder, 1),
];
