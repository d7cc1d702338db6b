import { actOnExceptions } from "@/lib/auth/exception-acts";
import { exceptionActOf, storedExceptionAct } from "../../../../exception-act-answer";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { exceptionActOperation } from "../../../exception-operations";

export const POST = guardedRoute(exceptionActOperation, async ({ params, body, caller, services, now }) => {
  const asked = exceptionActOf(body);
  const request = { ...asked, selection: { exceptionIds: [params.id ?? ""] } };
  return storedExceptionAct(await actOnExceptions(request, caller.actor, { ...services, now }), asked);
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
