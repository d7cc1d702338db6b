import { sendTestAlert } from "@/lib/queries/alerts";
import { recordAudit } from "@/lib/queries/audit";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { testAlertOperation } from "../../../alert-operations";

export const POST = guardedRoute(testAlertOperation, async ({ params, body, caller, services, now }) => {
  const { channel = "" } = params;
  const { actor } = caller;
  await recordAudit(services.store, { actor, action: "alert.tested", target: `channel ${channel}` }, now);
  await sendTestAlert(services.store, channel, body.id, actor, now.toISOString());
  return { taken: true };
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
