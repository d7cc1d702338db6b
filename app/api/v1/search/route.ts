import { searchObjects } from "@/lib/queries/search";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { searchOperation } from "../operations";

export const GET = guardedRoute(searchOperation, ({ query, services }) =>
  searchObjects(services.store, services.catalogue, query.q),
);

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
