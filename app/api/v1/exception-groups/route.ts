import { filterOf } from "@/lib/queries/exception-filter";
import { listExceptionGroups } from "@/lib/queries/exception-groups";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { paged } from "../../paged";
import { exceptionGroupsOperation } from "../exception-operations";

export const GET = guardedRoute(exceptionGroupsOperation, async ({ query, services, now }) => {
  const { limit, cursor = null, ...parameters } = query;
  const options = { limit, cursor, now: now.toISOString() };
  return paged(listExceptionGroups(services.store, filterOf(parameters), options));
});

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
