/** The warehouses: each accepts fulfilments under the number that the OMS gave. */
import { z } from "zod";
import { INTERFACES, WAREHOUSE_SOURCES, type WarehouseSource } from "../enterprise";
import { type Endpoint, malformed } from "./endpoint";

const fulfillment = z.object({
  fulfillment: z.string().trim().min(1),
  lines: z.array(z.object({ sku: z.string().min(1), qty: z.number().positive() })).min(1),
});

const endpointOf = (source: WarehouseSource): Endpoint => ({
  path: `/${source}/fulfillments`,
  mode: "idempotent",
  lookup: "fulfillment",
  okStatus: 201,
  documentNumber: (count) => `${source}-${count}`,
  read(body) {
    const parsed = fulfillment.safeParse(body);
    if (!parsed.success) return malformed(z.prettifyError(parsed.error));
    const { fulfillment: id, lines } = parsed.data;
    return {
      subject: id,
      effect: () => ({
        source,
        type: "fulfillment.accepted",
        data: { kind: "step" as const, objects: [{ type: "fulfillment", id }], interface: INTERFACES.fulfillment },
      }),
      refusal: () => ({ status: 422, code: "NO_SLOT", message: `No pick face for ${lines[0]?.sku}` }),
    };
  },
});

export const WMS_ENDPOINTS: readonly Endpoint[] = WAREHOUSE_SOURCES.map(endpointOf);
