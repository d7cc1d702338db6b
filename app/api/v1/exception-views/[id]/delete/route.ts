import { recordAudit } from "@/lib/queries/audit";
import { deleteExceptionView, listExceptionViews } from "@/lib/queries/exception-views";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { ApiProblem } from "../../../../problem";
import { deleteExceptionViewOperation } from "../../../exception-operations";

export const POST = guardedRoute(deleteExceptionViewOperation, async ({ params, caller, services, now }) => {
  const { id = "" } = params;
  const { actor } = caller;
  await recordAudit(services.store, { actor, action: "exception-view.deleted", target: id }, now);
  if (!(await deleteExceptionView(services.store, id, { actor, now })))
    throw new ApiProblem(404, "There is no such view.");
  return { items: await listExceptionViews(services.store) };
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
