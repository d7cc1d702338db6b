import { filterOf } from "@/lib/queries/handoff-filter";
import { clockOf, type HandoffSort } from "@/lib/queries/handoff-order";
import { handoffTotals, readHandoffPage } from "@/lib/queries/handoffs";
import { InvalidCursor } from "@/lib/queries/orders";
import { invalidCursor } from "../../cursor";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { handoffsOperation } from "../reconciliation-operations";

export const GET = guardedRoute(handoffsOperation, async ({ query, services, now: clock }) => {
  const { limit, cursor = null, sort = "stake", ...parameters } = query;
  const filter = filterOf(parameters);
  const now = clockOf({ cursor, now: clock.toISOString() });
  const order = { sort: sort.replace(/^-/, "") as HandoffSort, reverse: sort.startsWith("-") };
  try {
    const [page, totals] = await Promise.all([
      readHandoffPage(services.store, filter, { limit, cursor, now, ...order }),
      handoffTotals(services.store, filter, now),
    ]);
    return { ...page, total: totals.reduce((sum, { count }) => sum + count, 0), totals };
  } catch (error) {
    if (error instanceof InvalidCursor) throw invalidCursor();
    throw error;
  }
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
