import { auditPage } from "../../audit-page";
import { guardedRoute, otherMethods } from "../../guarded-route";
import { auditOperation } from "../operations";

export const GET = guardedRoute(auditOperation, ({ query, services }) => auditPage(services.store, query));

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
