import { guardedRoute, otherMethods } from "../../../../../../guarded-route";
import { commanding } from "../../../../../../replay-answer";
import { dropItemOperation } from "../../../../../replay-operations";

export const POST = guardedRoute(dropItemOperation, commanding("drop"));

export const { GET, PUT, PATCH, DELETE } = otherMethods("POST");
