import { readHandoff } from "@/lib/queries/handoffs";
import { guardedRoute, otherMethods } from "../../../../../guarded-route";
import { ApiProblem } from "../../../../../problem";
import { handoffOperation } from "../../../../reconciliation-operations";

export const GET = guardedRoute(handoffOperation, async ({ params, services, now }) => {
  const { rule = "", keyType = "", keyId = "" } = params;
  const handoff = await readHandoff(services.store, rule, { type: keyType, id: keyId }, now.toISOString());
  if (handoff) return handoff;
  throw new ApiProblem(404, "No rule of this name says anything about this key. GET /api/v1/handoffs?key= finds any.");
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
