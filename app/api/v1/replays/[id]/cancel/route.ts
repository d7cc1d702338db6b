import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { commanding } from "../../../../replay-answer";
import { cancelReplayOperation } from "../../../replay-operations";

export const POST = guardedRoute(cancelReplayOperation, commanding("cancel"));

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
