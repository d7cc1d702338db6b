import { filterOf } from "@/lib/queries/exception-filter";
import type { ExceptionSort } from "@/lib/queries/exception-order";
import { listExceptions } from "@/lib/queries/exceptions";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { orderOf, paged } from "../../paged";
import { exceptionsOperation } from "../exception-operations";

export const GET = guardedRoute(exceptionsOperation, async ({ query, services, now }) => {
  const { limit, cursor = null, sort = "rank", ...parameters } = query;
  const options = { limit, cursor, now: now.toISOString(), ...orderOf<ExceptionSort>(sort) };
  return paged(listExceptions(services.store, filterOf(parameters), options));
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
