import { summariseChanges } from "@/lib/queries/period-close";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { requireClose } from "../../../../period-close-answer";
import { CHANGES_SHOWN_MAX, changesOperation } from "../../../period-close-operations";

export const GET = guardedRoute(changesOperation, async ({ params, services, now }) => {
  const close = await requireClose(services.store, params.id);
  return summariseChanges(services.store, close, { now: now.toISOString(), shownMax: CHANGES_SHOWN_MAX });
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
