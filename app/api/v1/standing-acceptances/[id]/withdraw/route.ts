import { withdrawStandingAcceptance } from "@/lib/queries/standing-acceptances";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { ApiProblem } from "../../../../problem";
import { withdrawAcceptanceOperation } from "../../../handoff-operations";

export const POST = guardedRoute(withdrawAcceptanceOperation, async ({ params, body, caller, services, now }) => {
  const by = { actor: caller.actor, reason: body.reason, now };
  const withdrawn = await withdrawStandingAcceptance(services.store, params.id ?? "", by);
  if (!withdrawn) throw new ApiProblem(404, "There is no such standing acceptance.");
  return withdrawn;
});

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
