import { previewStandingAcceptance } from "@/lib/queries/standing-acceptances";
import { guardedRoute, otherMethods } from "../../../guarded-route";
import { previewAcceptanceOperation } from "../../handoff-operations";

export const POST = guardedRoute(previewAcceptanceOperation, async ({ body, services, now }) =>
  previewStandingAcceptance(services.store, body, { finance: services.finance, now }),
);

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
