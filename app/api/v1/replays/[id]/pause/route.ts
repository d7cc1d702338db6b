import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { commanding } from "../../../../replay-answer";
import { pauseReplayOperation } from "../../../replay-operations";

export const POST = guardedRoute(pauseReplayOperation, commanding("pause"));

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
