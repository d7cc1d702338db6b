import { createStandingAcceptance, listStandingAcceptances } from "@/lib/queries/standing-acceptances";
import { notFitting } from "../../act-answer";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { createAcceptanceOperation, listAcceptancesOperation } from "../handoff-operations";

export const GET = guardedRoute(listAcceptancesOperation, async ({ services }) => ({
  items: await listStandingAcceptances(services.store),
}));

export const POST = guardedRoute(createAcceptanceOperation, async ({ body, caller, services, now }) => {
  const { store, finance } = services;
  const outcome = await createStandingAcceptance(store, body, { actor: caller.actor, finance, now });
  if (outcome.state === "invalid") throw notFitting(outcome.faults);
  return outcome.acceptance;
});

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
