import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { commanding } from "../../../../replay-answer";
import { approveReplayOperation } from "../../../replay-operations";

export const POST = guardedRoute(approveReplayOperation, commanding("approve"));

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
