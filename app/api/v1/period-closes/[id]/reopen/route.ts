import { reopenPeriod } from "@/lib/queries/period-close";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { storedClose } from "../../../../period-close-answer";
import { reopenPeriodOperation } from "../../../period-close-operations";

export const POST = guardedRoute(reopenPeriodOperation, async ({ params, body, caller, services, now }) =>
  storedClose(await reopenPeriod(services.store, params.id ?? "", { actor: caller.actor, reason: body.reason, now })),
);

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
