import { guardedRoute, otherMethods } from "../../../../../../guarded-route";
import { commanding } from "../../../../../../replay-answer";
import { releaseItemOperation } from "../../../../../replay-operations";

export const POST = guardedRoute(releaseItemOperation, commanding("release"));

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
