import { InvalidCursor, listOrders } from "@/lib/queries/orders";
import { invalidCursor } from "../../cursor";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { ordersOperation } from "../operations";

export const GET = guardedRoute(ordersOperation, async ({ query, services, now }) => {
  try {
    return await listOrders(services.store, { ...definedOf(query), now: now.toISOString() });
  } catch (error) {
    if (error instanceof InvalidCursor) throw invalidCursor();
    throw error;
  }
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");

/** Without the members that are undefined: the query fills in what is absent. */
function definedOf<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}
