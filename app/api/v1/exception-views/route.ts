import { recordAudit } from "@/lib/queries/audit";
import { listExceptionViews, saveExceptionView } from "@/lib/queries/exception-views";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { exceptionViewsOperation, saveExceptionViewOperation } from "../exception-operations";

export const GET = guardedRoute(exceptionViewsOperation, async ({ services }) => ({
  items: await listExceptionViews(services.store),
}));

export const POST = guardedRoute(saveExceptionViewOperation, async ({ body, caller, services, now }) => {
  const { actor } = caller;
  await recordAudit(services.store, { actor, action: "exception-view.saved", target: body.name, details: body }, now);
  return saveExceptionView(services.store, body, { actor, now });
});

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
