import { listAlerts } from "@/lib/queries/alerts";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { ALERTS_SHOWN, alertsOperation } from "../alert-operations";

export const GET = guardedRoute(alertsOperation, async ({ services }) => ({
  items: await listAlerts(services.store, { limit: ALERTS_SHOWN }),
}));

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
