import { closePeriod, listPeriodActs } from "@/lib/queries/period-close";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { storedClose } from "../../period-close-answer";
import { closePeriodOperation, listClosesOperation } from "../period-close-operations";

export const GET = guardedRoute(listClosesOperation, async ({ services }) => ({
  items: await listPeriodActs(services.store),
}));

export const POST = guardedRoute(closePeriodOperation, async ({ body, caller, services, now }) =>
  storedClose(await closePeriod(services.store, body, caller.actor, { ...services, now })),
);

export const { PUT, PATCH, DELETE } = otherMethods("GET", "POST");
