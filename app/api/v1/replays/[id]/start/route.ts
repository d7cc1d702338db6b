import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { commanding } from "../../../../replay-answer";
import { startReplayOperation } from "../../../replay-operations";

export const POST = guardedRoute(startReplayOperation, commanding("start"));

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
