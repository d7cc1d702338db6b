import { actOnExceptions } from "@/lib/auth/exception-acts";
import { exceptionActOf, storedExceptionAct } from "../../../exception-act-answer";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { exceptionBulkActOperation } from "../../exception-operations";

export const POST = guardedRoute(exceptionBulkActOperation, async ({ body, caller, services, now }) => {
  const { exceptionIds, filter = {}, act } = body;
  const asked = exceptionActOf(act);
  const selection = exceptionIds === undefined ? { filter } : { exceptionIds };
  return storedExceptionAct(await actOnExceptions({ ...asked, selection }, caller.actor, { ...services, now }), asked);
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
