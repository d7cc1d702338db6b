import { guardedRoute, otherMethods } from "../../../../guarded-route";
import { commanding } from "../../../../replay-answer";
import { resumeReplayOperation } from "../../../replay-operations";

export const POST = guardedRoute(resumeReplayOperation, commanding("resume"));

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
