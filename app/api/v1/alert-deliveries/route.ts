import { listDeliveries } from "@/lib/queries/alerts";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { ALERTS_SHOWN, alertDeliveriesOperation } from "../alert-operations";

export const GET = guardedRoute(alertDeliveriesOperation, async ({ query, services }) => ({
  items: await listDeliveries(services.store, { alertId: query.alert ?? "", limit: ALERTS_SHOWN }),
}));

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
