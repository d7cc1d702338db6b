import { acknowledgeAlert, listAlerts } from "@/lib/queries/alerts";
import { recordAudit } from "@/lib/queries/audit";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { ApiProblem } from "../../../../problem";
import { ALERTS_SHOWN, acknowledgeAlertOperation } from "../../../alert-operations";

export const POST = guardedRoute(acknowledgeAlertOperation, async ({ params, body, caller, services, now }) => {
  const { id = "" } = params;
  const { store } = services;
  const alerts = await listAlerts(store, { limit: ALERTS_SHOWN });
  if (!alerts.some((alert) => alert.id === id)) throw new ApiProblem(404, "There is no such alert.");
  const { actor } = caller;
  const details = { reason: body.reason };
  await recordAudit(store, { actor, action: "alert.acknowledged", target: `alert ${id}`, details }, now);
  await acknowledgeAlert(store, id, actor, now.toISOString(), body.reason);
  return { taken: true };
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
