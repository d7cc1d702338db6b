import { readException } from "@/lib/queries/exception-detail";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { ApiProblem } from "../../../problem";
import { exceptionOperation } from "../../exception-operations";

export const GET = guardedRoute(exceptionOperation, async ({ params, services, now }) => {
  const found = await readException(services.store, params.id ?? "", { now: now.toISOString() });
  if (found) return found;
  throw new ApiProblem(404, "There is no such exception. GET /api/v1/exceptions?q= finds one by any number.");
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
