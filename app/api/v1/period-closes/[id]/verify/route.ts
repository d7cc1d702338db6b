import { verifyRows } from "@/lib/queries/period-close-rows";
import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { requireClose } from "../../../../period-close-answer";
import { verifyCloseOperation } from "../../../period-close-operations";

export const GET = guardedRoute(verifyCloseOperation, async ({ params, services }) =>
  verifyRows(services.store, await requireClose(services.store, params.id)),
);

export const { POST, PUT, PATCH, DELETE } = otherMethods("GET");
